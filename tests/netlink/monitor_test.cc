// The monitor on a real kernel.
#include "trivet/netlink/monitor.h"

#include <gtest/gtest.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <functional>
#include <string>
#include <thread>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "trivet/base/netns.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;
using trivet::lab::net_namespace;

class netlink_monitor : public trivet::lab::namespace_test {
 protected:
  void ip(const std::string& words) {
    trivet::lab::arguments argv{"ip"};
    std::string word;
    for (const char c : words + " ") {
      if (c != ' ') {
        word += c;
      } else if (!word.empty()) {
        argv.push_back(std::exchange(word, ""));
      }
    }
    home().run(argv);
  }

  // One address, and its route and that of the local table, without IPv6 in between.
  void make_links() {
    ip("link add v0 type veth peer name v1");
    for (const char* name : {"v0", "v1"}) {
      trivet::lab::run({"sysctl", "-qw", "net.ipv6.conf." + std::string(name) + ".disable_ipv6=1"});
      ip("link set " + std::string(name) + " up");
    }
    trivet::lab::wait_until_running({home(), "v0"});
  }
};

std::string name_of(const event& e) {
  if (const auto* d = std::get_if<difference<rtnl::link>>(&e.object)) {
    return "link " + d->newest()->name.value_or("?");
  }
  if (const auto* d = std::get_if<difference<rtnl::address>>(&e.object)) {
    return "addr " + d->newest()->own()->to_string();
  }
  if (const auto* d = std::get_if<difference<rtnl::route>>(&e.object)) {
    const rtnl::route r = *d->newest();
    return "route " + (r.destination ? r.destination->to_string() : "default") +
           (r.table == RT_TABLE_LOCAL ? " local" : "");
  }
  if (const auto* d = std::get_if<difference<rtnl::neighbour>>(&e.object)) {
    return "neigh " + d->newest()->destination->to_string();
  }
  if (const auto* d = std::get_if<difference<rtnl::rule>>(&e.object)) {
    return "rule " + std::to_string(d->newest()->priority.value_or(0));
  }
  if (const auto* d = std::get_if<difference<rtnl::nexthop>>(&e.object)) {
    return "nexthop " + std::to_string(d->newest()->id.value_or(0));
  }
  switch (e.kind) {
    case event_kind::overrun:
      return "overrun";
    case event_kind::resync_begin:
      return "begin";
    default:
      return "end";
  }
}

// The next event of that name and kind; others are passed over and kept for the message.
std::optional<event> wait_for(monitor& kernel, event_kind kind, const std::string& name) {
  const deadline until = deadline::after(20s);
  std::string passed;
  while (auto e = kernel.next(until)) {
    if (e->kind == kind && name_of(*e) == name) return e;
    passed += " " + name_of(*e) + ",";
  }
  ADD_FAILURE() << "no " << name << " among" << passed;
  return std::nullopt;
}

TEST_F(netlink_monitor, says_that_it_has_been_moved_from) {
  monitor first({.what = objects::link});
  const monitor second = std::move(first);
  // NOLINTNEXTLINE(bugprone-use-after-move): that is what is tested
  EXPECT_TRUE(first.wake_up().is_never());
  EXPECT_THROW((void)first.next(deadline::immediate()), socket_error);
  EXPECT_FALSE(second.wake_up().is_immediate());
}

TEST_F(netlink_monitor, has_the_state_from_the_start_and_no_news_of_it) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  monitor kernel;
  EXPECT_EQ(kernel.next(deadline::after(200ms)), std::nullopt);
  EXPECT_EQ(kernel.state().links().size(), 3U);
  bool found = false;
  for (const auto& [key, address] : kernel.state().addresses()) {
    found |= address->own()->to_string() == "192.0.2.1";
  }
  EXPECT_TRUE(found);
  EXPECT_GE(kernel.state().route_count(), 3U);
  EXPECT_EQ(kernel.statistics().overruns, 0U);
}

TEST_F(netlink_monitor, tells_links_addresses_and_routes_as_they_come_change_and_go) {
  monitor kernel;
  make_links();
  ASSERT_TRUE(wait_for(kernel, event_kind::added, "link v0"));
  ip("link set v0 mtu 1400");
  const auto mtu = wait_for(kernel, event_kind::changed, "link v0");
  ip("addr add 192.0.2.1/24 dev v0");
  ASSERT_TRUE(wait_for(kernel, event_kind::added, "addr 192.0.2.1"));
  ip("route add 198.51.100.0/24 via 192.0.2.2");
  ASSERT_TRUE(wait_for(kernel, event_kind::added, "route 198.51.100.0"));
  ip("route replace 198.51.100.0/24 via 192.0.2.3");
  const auto replaced = wait_for(kernel, event_kind::changed, "route 198.51.100.0");
  ASSERT_TRUE(replaced);
  const auto& change = std::get<difference<rtnl::route>>(replaced->object);
  EXPECT_EQ(change.before->gateway->to_string(), "192.0.2.2");
  EXPECT_EQ(change.after->gateway->to_string(), "192.0.2.3");
  ip("route del 198.51.100.0/24");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "route 198.51.100.0"));
  ip("addr del 192.0.2.1/24 dev v0");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "addr 192.0.2.1"));
  ip("link del v0");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "link v0"));
  // Its other end goes by an event of its own, before or after.
  while (kernel.state().links().size() > 1U) ASSERT_TRUE(kernel.next(deadline::after(5s)));
}

TEST_F(netlink_monitor, finds_the_routes_that_go_with_a_link_that_goes_down) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  ip("route add 198.51.100.0/24 via 192.0.2.2");
  monitor kernel;
  ip("link set v0 down");  // no event says that the route is gone
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "route 198.51.100.0"));
}

TEST_F(netlink_monitor, finds_the_flags_of_routes_when_a_carrier_goes) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  monitor kernel;
  ip("link set v1 down");
  const auto flagged = wait_for(kernel, event_kind::changed, "route 192.0.2.0");
  ASSERT_TRUE(flagged);
  const auto& change = std::get<difference<rtnl::route>>(flagged->object);
  EXPECT_EQ(change.before->flags & RTNH_F_LINKDOWN, 0U);
  EXPECT_EQ(change.after->flags & RTNH_F_LINKDOWN, std::uint32_t{RTNH_F_LINKDOWN});
}

TEST_F(netlink_monitor, finds_the_routes_from_an_address_that_goes) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  ip("addr add 203.0.113.1/32 dev lo");
  ip("route add 198.51.100.0/24 via 192.0.2.2 src 203.0.113.1");
  monitor kernel;
  ip("addr del 203.0.113.1/32 dev lo");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "route 198.51.100.0"));
}

TEST_F(netlink_monitor, a_port_that_leaves_its_bridge_is_no_link_that_goes) {
  make_links();
  ip("link add br0 type bridge");
  ip("link set v1 master br0");
  monitor kernel;
  ip("link set v1 nomaster");
  const auto left = wait_for(kernel, event_kind::changed, "link v1");
  ASSERT_TRUE(left);
  EXPECT_FALSE(std::get<difference<rtnl::link>>(left->object).after->master);
  ip("link set v1 mtu 1300");
  ASSERT_TRUE(wait_for(kernel, event_kind::changed, "link v1")) << "it is still there";
}

TEST_F(netlink_monitor, tells_only_what_it_is_asked_for_but_keeps_the_links) {
  monitor kernel({.what = objects::address});
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  const auto first = kernel.next(deadline::after(20s));
  ASSERT_TRUE(first);
  EXPECT_EQ(name_of(*first), "addr 192.0.2.1");
  EXPECT_EQ(kernel.state().links().size(), 3U);
  EXPECT_EQ(kernel.state().route_count(), 0U);
}

// What `ip` has of IPv4 routes in the main table.
std::size_t count_routes() {
  const std::string lines = trivet::lab::run({"ip", "-4", "route"});
  return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
}

TEST_F(netlink_monitor, says_that_events_were_lost_and_tells_exactly_what_differs) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  std::string add, remove;
  for (int i = 0; i < 1000; ++i) {
    const std::string prefix =
        "10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".0/24";
    add += "route add " + prefix + " via 192.0.2.2\n";
    if (i % 4 != 0) remove += "route del " + prefix + "\n";
  }
  monitor kernel({.receive_buffer = 4096});
  EXPECT_LT(kernel.receive_buffer(), 65536) << "the buffer is not as small as was asked";
  home().run({"ip", "-batch", "-"}, add);  // nobody reads the events
  home().run({"ip", "-batch", "-"}, remove);

  std::size_t added = 0, removed = 0, between = 0;
  std::uint64_t lost = 0;
  bool within = false, complete = false;
  while (!complete) {
    const auto e = kernel.next(deadline::after(20s));
    ASSERT_TRUE(e) << "no resync";
    added += e->kind == event_kind::added;
    removed += e->kind == event_kind::removed;
    between += within && e->kind == event_kind::added;
    lost += e->lost;
    if (e->kind == event_kind::resync_begin) within = true;
    if (e->kind == event_kind::resync_end) {
      within = false;
      complete = e->complete;
    }
  }
  EXPECT_GE(kernel.statistics().overruns, 1U);
  EXPECT_EQ(kernel.statistics().messages + lost, 1750U)
      << "every event is read, or counted as lost";
  EXPECT_GT(between, 0U);
  EXPECT_EQ(added - removed, 250U);
  EXPECT_EQ(kernel.next(deadline::after(100ms)), std::nullopt) << "and nothing after it";
  std::size_t kept = 0;
  for (const route_view r : kernel.state().routes_v4()) kept += r.table() == RT_TABLE_MAIN;
  EXPECT_EQ(kept, count_routes());
}

TEST_F(netlink_monitor, tells_of_neighbours_rules_and_nexthops) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  ip("neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent");
  monitor kernel({.what = objects::all});
  EXPECT_EQ(kernel.state().neighbours().size(), 1U);
  EXPECT_EQ(kernel.state().rules_v4().size(), 3U) << "local, main, default";

  ip("neigh add 192.0.2.10 lladdr 02:00:00:00:00:0a dev v0 nud permanent");
  ASSERT_TRUE(wait_for(kernel, event_kind::added, "neigh 192.0.2.10"));
  ip("neigh del 192.0.2.9 dev v0");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "neigh 192.0.2.9"));
  ip("rule add pref 77 table 100");
  ASSERT_TRUE(wait_for(kernel, event_kind::added, "rule 77"));
  ip("rule del pref 77 table 100");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "rule 77"));
  ip("nexthop add id 7 via 192.0.2.10 dev v0");
  ASSERT_TRUE(wait_for(kernel, event_kind::added, "nexthop 7"));
  EXPECT_EQ(kernel.state().nexthops().size(), 1U);
  ip("link set v0 down");  // no event says that the nexthop is gone
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "nexthop 7"));
}

TEST_F(netlink_monitor, hands_out_states_that_another_thread_reads_while_it_goes_on) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  monitor kernel;
  std::string lines;
  for (int i = 0; i < 500; ++i) {
    lines += "route add 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
             "/32 via 192.0.2.2\n";
  }
  home().run({"ip", "-batch", "-"}, lines);
  for (int taken = 0; taken < 5; ++taken) {
    const auto state = kernel.state().snapshot();
    std::size_t seen = 0;
    std::thread reader([state, &seen] {
      for (const route_view r : state->routes_v4()) seen += r.decode().destination.has_value();
      EXPECT_TRUE(state->lookup(RT_TABLE_MAIN, rtnl::network_address::parse("192.0.2.77")));
    });
    for (int i = 0; i < 100; ++i) (void)kernel.next(deadline::after(1s));
    reader.join();
    EXPECT_EQ(seen, state->routes_v4().size()) << "all of them have a destination";
    EXPECT_EQ(kernel.state().routes_v4().size(), seen + 100);
  }
}

TEST_F(netlink_monitor, hears_nothing_of_tables_that_it_does_not_want) {
  make_links();
  ip("addr add 192.0.2.1/24 dev v0");
  ip("route add 198.51.100.0/24 via 192.0.2.2 table 100000");
  ip("route add 198.51.101.0/24 via 192.0.2.2 table 101");
  monitor kernel({.what = objects::route, .tables = {100'000, 100}});
  EXPECT_EQ(kernel.state().route_count(), 1U);
  const auto messages = [&] { return kernel.statistics().messages; };
  while (kernel.next(deadline::after(50ms))) continue;
  const auto before = messages();
  ip("route add 203.0.113.0/24 via 192.0.2.2");
  ip("route add 203.0.113.0/24 via 192.0.2.2 table 101");
  ip("route add 203.0.113.0/24 via 192.0.2.2 table 100001");
  ip("route add 203.0.113.0/24 via 192.0.2.2 table 100");
  const auto first = kernel.next(deadline::after(20s));
  ASSERT_TRUE(first);
  EXPECT_EQ(name_of(*first), "route 203.0.113.0");
  EXPECT_EQ(std::get<difference<rtnl::route>>(first->object).after->table, 100U);
  EXPECT_EQ(messages(), before + 1) << "the kernel kept the others to itself";
  ip("route del 198.51.100.0/24 table 100000");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "route 198.51.100.0"));
  ip("link set v0 down");
  ASSERT_TRUE(wait_for(kernel, event_kind::removed, "route 203.0.113.0"));
  EXPECT_EQ(kernel.state().route_count(), 0U);
}

TEST_F(netlink_monitor, ignores_what_does_not_come_from_the_kernel) {
  monitor kernel;
  // Root may send to a group as the kernel does.
  socket forger(NETLINK_ROUTE);
  forger.bind(address());
  message_builder forged(RTM_DELLINK, 0);
  ::ifinfomsg info{};
  info.ifi_index = 1;
  forged.structure(info).attributes().text(IFLA_IFNAME, "lo");
  forger.send_to(forged.finish(), address(0, 1U << (RTNLGRP_LINK - 1)));
  ip("link set lo mtu 9000");
  ASSERT_TRUE(wait_for(kernel, event_kind::changed, "link lo")) << "lo is still known";
  EXPECT_EQ(kernel.statistics().foreign, 1U);
}

TEST_F(netlink_monitor, stays_in_the_namespace_where_it_was_opened) {
  const net_namespace other;
  const auto where = network_namespace::by_name(other.name());
  monitor kernel = where.run([] { return monitor(); });
  other.run({"ip", "link", "set", "lo", "mtu", "7000"});
  const auto changed = wait_for(kernel, event_kind::changed, "link lo");
  ASSERT_TRUE(changed);
  EXPECT_EQ(std::get<difference<rtnl::link>>(changed->object).after->mtu, 7000U);
}

TEST_F(netlink_monitor, needs_no_privilege) {
  make_links();
  EXPECT_EQ(trivet::lab::as_nobody([] {
              monitor kernel;
              EXPECT_EQ(kernel.state().links().size(), 3U);
              return 0;
            }),
            0);
}

TEST_F(netlink_monitor, says_when_it_wants_to_be_called) {
  make_links();
  monitor kernel;
  while (kernel.next(deadline::after(50ms))) continue;
  EXPECT_TRUE(kernel.wake_up().is_never()) << "idle means idle";
  ip("link set v0 down");
  // The event is there; reading it puts the routes in doubt.
  while (kernel.wake_up().is_never()) ASSERT_TRUE(kernel.next(deadline::after(20s)));
  EXPECT_LT(kernel.wake_up(), deadline::after(1s));
}

}  // namespace
}  // namespace trivet::netlink
