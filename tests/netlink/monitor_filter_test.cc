// What a monitor has no use for does not wake it: the kernel keeps it to itself.
#include <gtest/gtest.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "tests/lab/namespace_test.h"
#include "tests/netlink/monitor_lab.h"
#include "trivet/netlink/monitor.h"
#include "trivet/netlink/notification_filter.h"
#include "trivet/netlink/socket.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

class monitor_filter : public trivet::lab::namespace_test {
 protected:
  void SetUp() override {
    ip("link add v0 type veth peer name v1\nlink set v1 up\nlink set v0 up\n"
       "addr add 192.0.2.1/24 dev v0\naddr add 2001:db8::1/64 dev v0 nodad");
  }
  void ip(const std::string& lines) { home().run({"ip", "-batch", "-"}, lines + "\n"); }
  void settle(monitor& kernel) {
    do {
      while (kernel.next(deadline::after(50ms))) continue;
    } while (!kernel.wake_up().is_never());
  }

  // Whether a monitor of these kinds receives a notification; it counts as foreign, because the
  // kernel sends it for a process.
  bool hears(objects what, int group, message_builder& notification) {
    monitor kernel({.what = what});
    settle(kernel);
    socket forger(NETLINK_ROUTE);
    forger.bind(address());
    message_builder last(RTM_NEWLINK, 0);
    last.structure(::ifinfomsg{});
    // In order: what was sent first comes first, and the last one in any case.
    forger.send_to(notification.finish(), address(0, 1U << (group - 1)));
    forger.send_to(last.finish(), address(0, 1U << (RTNLGRP_LINK - 1)));
    settle(kernel);
    EXPECT_GE(kernel.statistics().foreign, 1U);
    return kernel.statistics().foreign > 1;
  }
  bool hears(objects what, int group, int type, unsigned char family) {
    message_builder forged(static_cast<std::uint16_t>(type), 0);
    ::tcmsg body{};
    body.tcm_family = family;
    forged.structure(body);
    return hears(what, group, forged);
  }
  bool hears_neighbour(std::uint8_t flags) {
    message_builder forged(RTM_NEWNEIGH, 0);
    ::ndmsg body{};
    body.ndm_family = AF_INET;
    body.ndm_flags = flags;
    forged.structure(body);
    return hears(objects::neighbour_v4, RTNLGRP_NEIGH, forged);
  }
  // @param which  the attributes that it has
  bool hears_sysctl(std::initializer_list<std::uint16_t> which) {
    message_builder forged(RTM_NEWNETCONF, 0);
    attribute_writer& attributes = forged.structure(::netconfmsg{AF_INET}).attributes();
    attributes.value(NETCONFA_IFINDEX, std::int32_t{2});
    for (const std::uint16_t type : which) attributes.value(type, std::int32_t{1});
    return hears(objects::route_v4, RTNLGRP_IPV4_NETCONF, forged);
  }
};

TEST_F(monitor_filter, bridges_and_proxies_are_no_neighbours) {
  ip("link add br0 type bridge\nlink set v0 master br0\nlink set br0 up");
  monitor kernel({.what = objects::neighbour_v4});
  settle(kernel);
  const auto before = kernel.statistics().messages;
  std::string entries, proxies;
  for (int i = 10; i < 50; ++i) {
    entries += "fdb add 02:00:00:00:00:" + std::to_string(i) + " dev v0 master\n";
    proxies += "neigh add proxy 192.0.2." + std::to_string(i) + " dev v0\n";
  }
  home().run({"bridge", "-batch", "-"}, entries + "link set dev v0 learning off\n");
  ip(proxies);
  home().run(
      {"ip", "-6", "neigh", "add", "2001:db8::9", "lladdr", "02:00:00:00:00:09", "dev", "v0"});
  home().run({"ip", "neigh", "add", "192.0.2.9", "lladdr", "02:00:00:00:00:09", "dev", "v0"});
  const auto e = kernel.next(deadline::after(20s));
  ASSERT_TRUE(e);
  const auto* const d = std::get_if<difference<rtnl::neighbour>>(&e->object);
  ASSERT_NE(d, nullptr);
  EXPECT_EQ(d->newest()->destination->to_string(), "192.0.2.9");
  // The kernel has neighbours of its own for multicast groups.
  EXPECT_LT(kernel.statistics().messages - before, 10U);
}

TEST_F(monitor_filter, what_is_not_wanted_is_not_heard) {
  for (const int type :
       {RTM_NEWTFILTER, RTM_DELTFILTER, RTM_NEWTCLASS, RTM_NEWACTION, RTM_NEWCHAIN}) {
    EXPECT_FALSE(hears(objects::all, RTNLGRP_TC, type, AF_UNSPEC)) << type;
  }
  EXPECT_TRUE(hears(objects::link, RTNLGRP_TC, RTM_NEWQDISC, AF_UNSPEC));
  EXPECT_FALSE(hears(objects::all, RTNLGRP_NEIGH, RTM_NEWNEIGH, AF_BRIDGE));
  EXPECT_FALSE(hears(objects::neighbour_v4, RTNLGRP_NEIGH, RTM_NEWNEIGH, AF_INET6));
  EXPECT_TRUE(hears_neighbour(NTF_ROUTER));
  EXPECT_FALSE(hears_neighbour(NTF_PROXY));
  EXPECT_TRUE(hears(objects::neighbour_v6, RTNLGRP_NEIGH, RTM_DELNEIGH, AF_INET6));
  EXPECT_TRUE(hears(objects::neighbour, RTNLGRP_NEIGH, RTM_NEWNEIGH, AF_INET));
  EXPECT_FALSE(hears(objects::all, RTNLGRP_LINK, RTM_DELLINK, AF_BRIDGE));
  EXPECT_TRUE(hears(objects::route_v4, RTNLGRP_LINK, RTM_DELLINK, AF_UNSPEC));
  EXPECT_TRUE(hears(objects::route_v4, RTNLGRP_IPV4_IFADDR, RTM_NEWADDR, AF_INET));
  EXPECT_TRUE(hears(objects::route_v4, RTNLGRP_NEXTHOP, RTM_NEWNEXTHOP, AF_INET));
  EXPECT_TRUE(hears(objects::rule_v6, RTNLGRP_IPV6_RULE, RTM_NEWRULE, AF_INET6));
  EXPECT_TRUE(hears(objects::route_v6, RTNLGRP_IPV6_ROUTE, RTM_DELROUTE, AF_INET6));
}

TEST_F(monitor_filter, of_sysctls_that_alone_is_heard_which_decides_on_routes) {
  monitor kernel({.what = objects::route_v4});
  settle(kernel);
  const auto before = kernel.statistics();
  home().run({"sysctl", "-qw", "net.ipv4.conf.v0.rp_filter=2", "net.ipv4.conf.v0.proxy_arp=1",
              "net.ipv4.conf.v0.forwarding=1"});
  settle(kernel);
  EXPECT_EQ(kernel.statistics().messages, before.messages);
  home().run({"sysctl", "-qw", "net.ipv4.conf.v0.ignore_routes_with_linkdown=1"});
  while (kernel.statistics().readings == before.readings) {
    (void)kernel.next(deadline::after(100ms));
  }
  EXPECT_EQ(kernel.statistics().messages, before.messages + 1);
}

// What is told of a new device has all values, and is about no change.
TEST_F(monitor_filter, all_sysctls_of_a_new_device_are_not_heard) {
  EXPECT_FALSE(hears_sysctl({NETCONFA_RP_FILTER}));
  EXPECT_FALSE(hears_sysctl({NETCONFA_FORWARDING, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}));
  EXPECT_TRUE(hears_sysctl({NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}));
}

TEST_F(monitor_filter, any_number_of_tables_is_told_apart) {
  for (const std::uint32_t count : {1U, 9U, 256U, 300U}) {
    std::vector<std::uint32_t> tables;
    for (std::uint32_t i = 0; i < count; ++i) tables.push_back(1000 + 7 * i);
    monitor kernel({.what = objects::route_v4, .tables = tables});
    settle(kernel);
    const auto before = kernel.statistics().messages;
    std::string add, remove;
    for (std::uint32_t number = 999; number < 1001 + 7 * count; ++number) {
      const std::string words = "198.51.100.0/24 dev v0 table " + std::to_string(number) + "\n";
      add += "route add " + words;
      remove += "route del " + words;
    }
    ip(add);
    settle(kernel);
    EXPECT_EQ(kernel.state().route_count(), count);
    if (count <= most_filtered_tables) {
      EXPECT_EQ(kernel.statistics().messages - before, count);
    }
    EXPECT_EQ(difference_from_kernel(kernel.state()), "");
    ip(remove);
  }
}

}  // namespace
}  // namespace trivet::netlink
