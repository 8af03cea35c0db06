#include "tests/lab/links.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>
#include <stdexcept>

namespace trivet::lab {
namespace {

bool is_running(const std::string& name) {
  const descriptor socket(check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  check(::ioctl(socket.get(), SIOCGIFFLAGS, &request), "SIOCGIFFLAGS " + name);
  constexpr int wanted = IFF_UP | IFF_RUNNING;
  return (request.ifr_flags & wanted) == wanted;
}

}  // namespace

void join(const device& one, const device& other) {
  one.where.run({"ip", "link", "add", one.name, "up", "type", "veth", "peer", "name", other.name,
                 "netns", other.where.name()});
  other.where.run({"ip", "link", "set", "dev", other.name, "up"});
  wait_until_running(one);
  wait_until_running(other);
}

void add_bridge(const device& bridge) {
  bridge.where.run({"ip", "link", "add", bridge.name, "up", "type", "bridge", "stp_state", "0",
                    "mcast_snooping", "0"});
}

void plug(const device& station, const device& port, const std::string& bridge) {
  join(station, port);
  port.where.run({"ip", "link", "set", "dev", port.name, "master", bridge});
}

void add_address(const device& where, const std::string& address) {
  arguments argv{"ip", "address", "add", address, "dev", where.name};
  const bool v6 = address.find(':') != std::string::npos;
  if (v6) argv.emplace_back("nodad");
  where.where.run(argv);
  if (!v6) return;
  // The kernel adds the route to it from a work queue: what came before would be lost.
  const std::string host = address.substr(0, address.find('/'));
  const auto reachable = [&] {
    return !where.where.run({"ip", "-6", "route", "show", "table", "local", "exact", host}).empty();
  };
  if (!where.where.in([&] { return wait_until(reachable, after(patience)); })) {
    throw std::runtime_error(address + " on " + where.name + " does not come up:\n" +
                             where.where.run({"ip", "-6", "address"}));
  }
}

void wait_until_running(const device& where, deadline until) {
  const bool running =
      where.where.in([&] { return wait_until([&] { return is_running(where.name); }, until); });
  if (!running) {
    throw std::runtime_error(where.name + " in " + where.where.name() + " gets no carrier:\n" +
                             where.where.run({"ip", "-details", "link"}));
  }
}

}  // namespace trivet::lab
