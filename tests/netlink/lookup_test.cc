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

  // Compares these addresses in the table main: destination, metric, gateway and nexthop object.
  void compare_each(std::initializer_list<const char*> addresses) {
    const monitor watching;
    for (const char* const text : addresses) {
      const network_address to = network_address::parse(text);
      const auto known = watching.state().lookup(RT_TABLE_MAIN, to);
      const std::optional<route> theirs = ask(to);
      EXPECT_EQ(known.has_value(), theirs.has_value()) << text;
      if (!known || !theirs) continue;
      const route ours = known->decode();
      EXPECT_EQ(ours.destination, theirs->destination) << text;
      EXPECT_EQ(int{ours.destination_length}, int{theirs->destination_length}) << text;
      EXPECT_EQ(ours.metric, theirs->metric) << text;
      EXPECT_EQ(ours.gateway, theirs->gateway) << text;
      EXPECT_EQ(ours.next_hop_id, theirs->next_hop_id) << text;
      EXPECT_EQ(ours.next_hops.has_value(), theirs->next_hops.has_value()) << text;
    }
  }

  // v0 as above, and w0, which stays up: routes of several hops over each and over both.
  void make_hops() {
    make_link();
    home().run({"ip", "-batch", "-"},
               "link add w0 type veth peer name w1\nlink set w1 up\nlink set w0 up\n"
               "addr add 10.1.0.1/24 dev w0\naddr add 2001:db8:1::1/64 dev w0 nodad\n"
               "route add default via 10.1.0.9\n"
               "route add 10.9.1.0/24 nexthop via 10.0.0.2 nexthop via 10.0.0.3\n"
               "route add 10.9.2.0/24 nexthop via 10.0.0.2 nexthop via 10.1.0.2\n"
               "route add 10.9.3.0/24 via 10.0.0.2 metric 1\n"
               "route add 10.9.3.0/24 via 10.1.0.2 metric 2\n"
               "route add 10.9.4.0/24 tos 0x10 via 10.1.0.2\n"
               "route add 10.9.0.0/16 via 10.1.0.3\n"
               "route add 10.9.1.0/25 via 10.1.0.4 table 77\n"
               "route add default via 2001:db8:1::9\n"
               "route add 2001:db8:91::/48 nexthop via 2001:db8::2 nexthop via 2001:db8::3\n"
               "route add 2001:db8:92::/48 nexthop via 2001:db8::2 nexthop via 2001:db8:1::2\n"
               "route add 2001:db8:93::/48 via 2001:db8::2 metric 1\n"
               "route add 2001:db8:93::/48 via 2001:db8:1::2 metric 2\n"
               "route add 2001:db8:94::/48 dev w0 metric 3 pref low\n"
               "route append 2001:db8:94::/48 via 2001:db8:1::4 metric 3\n"
               "route add 2001:db8:95::/48 dev w0 metric 3\n"
               "route append 2001:db8:95::/48 via 2001:db8:1::4 metric 3 pref high\n");
    trivet::lab::wait_until_running({home(), "w0"});
  }

  // Routes of nexthop objects: of one, of a group over v0, of one over both. For IPv6 the kernel
  // may answer with another route of the same object, whose hop it has looked up before.
  void make_objects() {
    home().run({"ip", "-batch", "-"},
               "nexthop add id 1 via 10.0.0.2 dev v0\nnexthop add id 2 via 10.0.0.3 dev v0\n"
               "nexthop add id 3 via 10.1.0.2 dev w0\n"
               "nexthop add id 11 group 1/2\nnexthop add id 12 group 1/3\n"
               "nexthop add id 4 via 2001:db8::2 dev v0\nnexthop add id 5 via 2001:db8::3 dev v0\n"
               "nexthop add id 6 via 2001:db8::4 dev v0\nnexthop add id 7 via 2001:db8::5 dev v0\n"
               "nexthop add id 8 via 2001:db8:1::2 dev w0\n"
               "nexthop add id 14 group 5/6\nnexthop add id 15 group 7/8\n"
               "route add 10.9.5.0/24 nhid 1\nroute add 10.9.6.0/24 nhid 11\n"
               "route add 10.9.7.0/24 nhid 12\n"
               "route add 2001:db8:96::/48 nhid 4\nroute add 2001:db8:97::/48 nhid 14\n"
               "route add 2001:db8:98::/48 nhid 15\n");
  }

  void compare_all() {
    compare_each({"10.0.0.77",      "10.9.0.1",       "10.9.1.1",       "10.9.2.1",
                  "10.9.3.1",       "10.9.4.1",       "10.9.5.1",       "10.9.6.1",
                  "10.9.7.1",       "10.8.0.1",       "2001:db8::77",   "2001:db8:91::1",
                  "2001:db8:92::1", "2001:db8:93::1", "2001:db8:94::1", "2001:db8:95::1",
                  "2001:db8:96::1", "2001:db8:97::1", "2001:db8:98::1", "2001:db8:99::1"});
  }

  void lose_carrier() {
    home().run({"sysctl", "-qw", "net.ipv4.conf.v0.ignore_routes_with_linkdown=1",
                "net.ipv6.conf.v0.ignore_routes_with_linkdown=1"});
    home().run({"ip", "link", "set", "v1", "down"});
    // The kernel marks routes, and those of IPv6 after those of IPv4, when it comes to it.
    const auto marked = [&] {
      return home().run({"ip", "-6", "route", "show", "2001:db8:93::/48"}).find("linkdown") !=
                 std::string::npos &&
             home().run({"ip", "route", "show", "10.9.3.0/24"}).find("linkdown") !=
                 std::string::npos;
    };
    ASSERT_TRUE(trivet::lab::wait_until(marked, trivet::lab::after(trivet::lab::patience)));
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

TEST_F(lookups, find_what_the_kernel_finds_among_hops_tables_metrics_and_preferences) {
  make_hops();
  make_objects();
  compare_all();
}

TEST_F(lookups, pass_over_what_the_kernel_passes_over_where_hops_have_no_carrier) {
  make_hops();
  make_objects();
  lose_carrier();
  compare_all();
}

}  // namespace
}  // namespace trivet::netlink
