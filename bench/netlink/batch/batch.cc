// Adds and deletes 200,000 routes: by the bare calls, by trivet's batch, by libnl, by `ip -batch`.
// Every round has all of them, so that a machine that slows down slows all; but those that take
// many times as long are in every fifth round alone.
//
// usage: batch ROUTES ROUNDS LINK [TRIVET]    prints ROUND, WORK, CONTENDER, SECONDS, CPU SECONDS
#include "trivet/netlink/batch.h"

#include <fmt/format.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "bench/netlink/batch/bare.h"
#include "trivet/netlink/route/route.h"

namespace {

using trivet::bench::bare_socket;
using trivet::bench::gateway_address;
using trivet::bench::give_up;
using trivet::bench::route_address;
namespace netlink = trivet::netlink;

struct work {
  unsigned count;
  int link;
  std::string link_name;
};

netlink::rtnl::network_address ipv4(std::uint32_t value) {
  const std::uint32_t wire = trivet::big_endian(value);
  return {AF_INET, netlink::rtnl::short_bytes(std::as_bytes(std::span(&wire, 1)))};
}

void by_trivet(std::uint16_t type, const work& what) {
  netlink::client kernel(NETLINK_ROUTE);
  netlink::batch all(kernel);
  netlink::rtnl::route route;
  route.family = AF_INET;
  route.destination_length = 24;
  route.table = RT_TABLE_MAIN;
  route.protocol = RTPROT_STATIC;
  route.type = RTN_UNICAST;
  route.gateway = ipv4(gateway_address);
  route.output = static_cast<std::uint32_t>(what.link);
  netlink::message_builder message(type);
  const unsigned flags = type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0;
  for (unsigned n = 0; n < what.count; ++n) {
    route.destination = ipv4(route_address(n));
    message.restart(type, flags);
    route.encode(message);
    all.add(message);
  }
  all.flush();
  if (!all.totals().ok()) give_up("trivet: a request failed");
}

void by_libnl(std::uint16_t type, const work& what) {
  const std::unique_ptr<::nl_sock, void (*)(::nl_sock*)> socket(::nl_socket_alloc(),
                                                                &::nl_socket_free);
  if (::nl_connect(socket.get(), NETLINK_ROUTE) < 0) give_up("nl_connect");
  const auto make = [](std::uint32_t value) {
    const std::uint32_t wire = trivet::big_endian(value);
    return ::nl_addr_build(AF_INET, &wire, sizeof wire);
  };
  for (unsigned n = 0; n < what.count; ++n) {
    ::rtnl_route* const route = ::rtnl_route_alloc();
    ::nl_addr* const destination = make(route_address(n));
    ::nl_addr_set_prefixlen(destination, 24);
    ::rtnl_route_set_family(route, AF_INET);
    ::rtnl_route_set_dst(route, destination);
    ::rtnl_route_set_table(route, RT_TABLE_MAIN);
    ::rtnl_route_set_protocol(route, RTPROT_STATIC);
    ::rtnl_route_set_scope(route, RT_SCOPE_UNIVERSE);
    ::nl_addr* const gateway = make(gateway_address);
    ::rtnl_nexthop* const hop = ::rtnl_route_nh_alloc();
    ::rtnl_route_nh_set_gateway(hop, gateway);
    ::rtnl_route_nh_set_ifindex(hop, what.link);
    ::rtnl_route_add_nexthop(route, hop);
    const int error = type == RTM_NEWROUTE ? ::rtnl_route_add(socket.get(), route, NLM_F_EXCL)
                                           : ::rtnl_route_delete(socket.get(), route, 0);
    if (error < 0) give_up("libnl");
    ::nl_addr_put(gateway);
    ::nl_addr_put(destination);
    ::rtnl_route_put(route);
  }
}

std::string batch_file(const work& what, bool add) {
  std::string path = "/tmp/trivet-bench-XXXXXX";
  const int fd = ::mkstemp(path.data());
  std::FILE* const file = fd < 0 ? nullptr : ::fdopen(fd, "w");
  if (file == nullptr) give_up("mkstemp");
  for (unsigned n = 0; n < what.count; ++n) {
    const std::uint32_t a = route_address(n);
    fmt::print(file, "route {} {}.{}.{}.0/24 via 10.0.0.2 dev {} proto static\n",
               add ? "add" : "del", a >> 24, a >> 16 & 255, a >> 8 & 255, what.link_name);
  }
  std::fclose(file);
  return path;
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) give_up(command.c_str());
}

// Wall clock and the CPU time of this process and of what it ran.
struct effort {
  double wall;
  double cpu;
};

double cpu_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    ::rusage used{};
    ::getrusage(who, &used);
    for (const ::timeval& t : {used.ru_utime, used.ru_stime}) {
      sum += static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    }
  }
  return sum;
}

effort timed(const std::function<void()>& what) {
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  what();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), cpu_seconds() - cpu};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: batch ROUTES ROUNDS LINK [TRIVET]\n");
    return 2;
  }
  const work what{static_cast<unsigned>(std::atoi(argv[1])),
                  static_cast<int>(::if_nametoindex(argv[3])), argv[3]};
  const int rounds = std::atoi(argv[2]);
  const std::string adds = batch_file(what, true);
  const std::string deletes = batch_file(what, false);
  struct contender {
    std::string name;
    std::function<void(bool add)> run;
    bool slow = false;
  };
  bare_socket bare;
  const auto type = [](bool add) -> std::uint16_t { return add ? RTM_NEWROUTE : RTM_DELROUTE; };
  std::vector<contender> contenders = {
      {"bare sendmsg", [&](bool add) { bare.write_routes(type(add), what.count, what.link); }},
      {"trivet batch", [&](bool add) { by_trivet(type(add), what); }},
      {"libnl", [&](bool add) { by_libnl(type(add), what); }, true},
      {"ip -batch", [&](bool add) { run("ip -batch " + (add ? adds : deletes)); }, true},
  };
  if (argc > 4) {
    const std::string command = std::string(argv[4]) + " netlink batch ";
    contenders.push_back({"trivet netlink batch", [&, command](bool add) {
                            run(command + (add ? adds : deletes) + " 2>/dev/null");
                          }});
  }
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t step = 0; step < contenders.size(); ++step) {
      // Every other round runs backwards: none has a better place.
      const std::size_t place = round % 2 == 0 ? step : contenders.size() - 1 - step;
      if (contenders[place].slow && round % 5 != 0) continue;
      for (const bool add : {true, false}) {
        const effort took = timed([&] { contenders[place].run(add); });
        fmt::print("{}\t{}\t{}\t{:.4f}\t{:.4f}\n", round, add ? "add" : "delete",
                   contenders[place].name, took.wall, took.cpu);
        std::fflush(stdout);
      }
    }
  }
  ::unlink(adds.c_str());
  ::unlink(deletes.c_str());
}
