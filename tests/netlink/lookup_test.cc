// The table's longest prefix against the kernel's own, among routes at random.
#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstdio>
#include <functional>
#include <random>
#include <sstream>
#include <string>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/monitor.h"

namespace trivet::netlink {
namespace {

using rtnl::network_address;
using rtnl::route;

std::string hex(unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, "%x", value);
  return text;
}

class lookups : public trivet::lab::namespace_test {
 protected:
  void make_link() {
    home().run({"ip", "-batch", "-"},
               "link add v0 type veth peer name v1\nlink set v1 up\nlink set v0 up\n"
               "addr add 10.0.0.1/24 dev v0\naddr add 2001:db8::1/64 dev v0 nodad\n");
    trivet::lab::wait_until_running({home(), "v0"});
  }

  // The route that the kernel takes, or nothing where it has none, or refuses.
  std::optional<route> ask(const network_address& to) {
    message_builder request(RTM_GETROUTE);
    ::rtmsg header{};
    header.rtm_family = to.family;
    header.rtm_dst_len = static_cast<unsigned char>(rtnl::host_bits(to.family));
    header.rtm_flags = RTM_F_FIB_MATCH;
    request.structure(header).attributes().bytes(RTA_DST, to.bytes());
    std::optional<route> answer;
    (void)kernel_.request(request, [&](const message_view& m) { answer = route::decode(m); });
    return answer;
  }

  // Compares as many addresses. @return how many have a route
  int compare(int family, int count, const std::function<network_address()>& any) {
    const monitor watching;
    int found = 0;
    for (int i = 0; i < count; ++i) {
      const network_address to = any();
      const auto known = watching.state().lookup(RT_TABLE_MAIN, to);
      std::optional<route> ours;
      if (known) ours = known->decode();
      const std::optional<route> theirs = ask(to);
      // What refuses is an error for IPv4; `throw` goes on to a table that is empty.
      if (ours && ours->type != RTN_UNICAST && (family == AF_INET || ours->type == RTN_THROW)) {
        EXPECT_FALSE(theirs) << to.to_string() << " is of type " << int{ours->type};
        continue;
      }
      EXPECT_EQ(ours.has_value(), theirs.has_value()) << to.to_string();
      if (!ours || !theirs) continue;
      ++found;
      EXPECT_EQ(int{ours->destination_length}, int{theirs->destination_length}) << to.to_string();
      EXPECT_EQ(ours->destination, theirs->destination) << to.to_string();
      EXPECT_EQ(ours->metric, theirs->metric) << to.to_string();
      EXPECT_EQ(ours->gateway, theirs->gateway) << to.to_string();
      if (HasFailure()) break;
    }
    return found;
  }

  std::mt19937 random_{7};
  client kernel_{NETLINK_ROUTE};
};

TEST_F(lookups, find_what_the_kernel_finds_for_ipv4) {
  make_link();
  const auto any_address = [&] {
    return "10.64." + std::to_string(random_() % 5) + "." + std::to_string(random_() % 256);
  };
  std::string lines = "route add default via 10.0.0.254\n";
  const char* const kinds[] = {"", "", "", "", "", "blackhole ", "unreachable ", "throw "};
  for (int i = 0; i < 400; ++i) {
    const std::string kind = kinds[random_() % 8];
    const std::string way =
        kind.empty() ? " via 10.0.0." + std::to_string(2 + random_() % 200) : "";
    std::uint32_t address = 0x0a400000U | static_cast<std::uint32_t>(random_() % 1024);
    const auto length = static_cast<unsigned>(20 + random_() % 13);
    if (length < 32) address &= ~(0xffffffffU >> length);
    const std::uint32_t wire = big_endian(address);
    const network_address prefix{AF_INET, rtnl::short_bytes(std::as_bytes(std::span(&wire, 1)))};
    std::ostringstream line;
    line << "route append " << kind << prefix.to_string() << '/' << length << way << " metric "
         << random_() % 4 << '\n';
    // The kernel takes none twice.
    if (lines.find(line.str()) == std::string::npos) lines += line.str();
  }
  home().run({"ip", "-batch", "-"}, lines);
  EXPECT_GT(compare(AF_INET, 1500, [&] { return network_address::parse(any_address()); }), 200);
}

TEST_F(lookups, find_what_the_kernel_finds_for_ipv6) {
  make_link();
  std::string lines;
  for (int i = 0; i < 300; ++i) {
    const auto length = static_cast<unsigned>(104 + random_() % 25);
    unsigned value = static_cast<unsigned>(random_() % 1024);
    if (length < 128) value &= ~(0xffffffU >> (length - 104));
    // One for each prefix and metric: of several the kernel asks which neighbour is reachable.
    lines += "route replace 2001:db8:64::" + hex(value) + "/" + std::to_string(length) +
             " via 2001:db8::" + hex(2 + static_cast<unsigned>(random_() % 200)) +
             " dev v0 metric " + std::to_string(1 + random_() % 4) + "\n";
  }
  home().run({"ip", "-batch", "-"}, lines);
  const int found = compare(AF_INET6, 1000, [&] {
    return network_address::parse("2001:db8:64::" + hex(static_cast<unsigned>(random_() % 1024)));
  });
  EXPECT_GT(found, 200);
}

}  // namespace
}  // namespace trivet::netlink
