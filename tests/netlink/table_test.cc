// The table, fed with captures of real kernels and with crafted messages.
#include "trivet/netlink/table.h"

#include <gtest/gtest.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/nexthop.h>
#include <sys/socket.h>

#include <cstring>

#include "tests/netlink/captures.h"

namespace trivet::netlink {
namespace {

using trivet::testing::capture;
using trivet::testing::captured_kernels;
using trivet::testing::messages_of;

constexpr objects with_links = objects::basic | objects::nexthop;

class tables : public ::testing::Test {
 protected:
  objects feed(message_builder& message) {
    changes_.clear();
    const auto bytes = trivet::testing::bytes_of_message(message);
    return table_.apply(messages_of(bytes).at(0), changes_);
  }

  objects link(std::uint16_t type, std::uint32_t flags, std::uint32_t mtu = 1500,
               unsigned char family = AF_UNSPEC) {
    message_builder out(type, 0);
    ::ifinfomsg info{};
    info.ifi_family = family;
    info.ifi_index = 7;
    info.ifi_flags = flags;
    out.structure(info).attributes().text(IFLA_IFNAME, "eth0").value(IFLA_MTU, mtu);
    return feed(out);
  }

  objects address(std::uint16_t type, int family, std::uint8_t last = 1) {
    message_builder out(type, 0);
    ::ifaddrmsg header{};
    header.ifa_family = static_cast<unsigned char>(family);
    header.ifa_prefixlen = 24;
    header.ifa_index = 7;
    std::vector<std::byte> value(family == AF_INET ? 4 : 16);
    value.back() = static_cast<std::byte>(last);
    out.structure(header).attributes().bytes(IFA_ADDRESS, value);
    return feed(out);
  }

  objects route(std::uint16_t type, std::uint32_t flags = 0) {
    message_builder out(type, NLM_F_CREATE | NLM_F_EXCL);
    ::rtmsg header{};
    header.rtm_family = AF_INET;
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_flags = flags;
    out.structure(header).attributes().value(RTA_OIF, std::uint32_t{7});
    return feed(out);
  }

  objects nexthop(std::uint16_t type, std::uint32_t id, unsigned char protocol = RTPROT_STATIC) {
    message_builder out(type, 0);
    ::nhmsg header{};
    header.nh_family = AF_INET;
    header.nh_protocol = protocol;
    out.structure(header).attributes().value(NHA_ID, id);
    return feed(out);
  }

  objects neighbour(std::uint16_t type, std::uint16_t state, std::uint8_t flags = 0) {
    message_builder out(type, 0);
    ::ndmsg header{};
    header.ndm_family = AF_INET;
    header.ndm_ifindex = 7;
    header.ndm_state = state;
    header.ndm_flags = flags;
    out.structure(header).attributes().value(NDA_DST, std::uint32_t{0x0100000a});
    return feed(out);
  }

  objects rule(std::uint16_t type, std::uint32_t priority, std::uint32_t table = RT_TABLE_MAIN) {
    message_builder out(type, 0);
    write_rule(out, priority, table);
    return feed(out);
  }

  static void write_rule(message_builder& out, std::uint32_t priority, std::uint32_t table) {
    ::fib_rule_hdr header{};
    header.family = AF_INET;
    header.action = FR_ACT_TO_TBL;
    out.structure(header).attributes().value(FRA_PRIORITY, priority).value(FRA_TABLE, table);
  }

  static void load_rule(table& into, std::uint32_t priority) {
    message_builder out(RTM_NEWRULE, 0);
    write_rule(out, priority, RT_TABLE_MAIN);
    const auto bytes = trivet::testing::bytes_of_message(out);
    into.load(messages_of(bytes).at(0));
  }

  // A rule about a link, which the kernel has detached from it or not.
  static void about_link(message_builder& out, const char* name, bool detached) {
    ::fib_rule_hdr header{};
    header.family = AF_INET;
    header.action = FR_ACT_TO_TBL;
    header.flags = detached ? FIB_RULE_IIF_DETACHED : 0;
    out.structure(header).attributes().value(FRA_PRIORITY, std::uint32_t{9});
    out.attributes().text(FRA_IIFNAME, name);
  }

  objects bridge(std::uint32_t forward_delay, std::uint64_t timer) {
    message_builder out(RTM_NEWLINK, 0);
    ::ifinfomsg info{};
    info.ifi_index = 7;
    out.structure(info).attributes().text(IFLA_IFNAME, "br0");
    out.attributes().nested(IFLA_LINKINFO, [&](attribute_writer& in) {
      in.text(IFLA_INFO_KIND, "bridge").nested(IFLA_INFO_DATA, [&](attribute_writer& data) {
        data.value(IFLA_BR_FORWARD_DELAY, forward_delay).value(IFLA_BR_GC_TIMER, timer);
      });
    });
    return feed(out);
  }

  objects simple(std::uint16_t type) {
    message_builder out(type, 0);
    out.structure(std::uint32_t{0});
    return feed(out);
  }

  objects netconf(std::initializer_list<std::uint16_t> attributes) {
    message_builder out(RTM_NEWNETCONF, 0);
    out.structure(::netconfmsg{});
    for (const std::uint16_t type : attributes) out.attributes().value(type, std::int32_t{1});
    return feed(out);
  }

  table table_;
  differences changes_;
};

TEST_F(tables, a_link_is_added_changed_and_removed) {
  EXPECT_EQ(link(RTM_NEWLINK, 0), objects::none);
  ASSERT_EQ(changes_.size(), 1U);
  EXPECT_EQ(std::get<difference<rtnl::link>>(changes_[0]).kind(), event_kind::added);

  EXPECT_EQ(link(RTM_NEWLINK, 0), objects::none) << "the same once more is no change";
  EXPECT_TRUE(changes_.empty());

  link(RTM_NEWLINK, 0, 1400);
  const auto& changed = std::get<difference<rtnl::link>>(changes_.at(0));
  EXPECT_EQ(changed.before->mtu, 1500U);
  EXPECT_EQ(changed.after->mtu, 1400U);

  EXPECT_EQ(link(RTM_DELLINK, 0), with_links) << "everything of it goes, and peers change";
  EXPECT_TRUE(table_.links().empty());
}

TEST_F(tables, a_bridge_that_tells_of_its_port_deletes_no_link) {
  link(RTM_NEWLINK, IFF_UP);
  EXPECT_EQ(link(RTM_DELLINK, IFF_UP, 1500, AF_BRIDGE), objects::none);
  EXPECT_EQ(table_.links().size(), 1U);
  EXPECT_TRUE(changes_.empty());
  link(RTM_NEWLINK, IFF_UP, 9000, AF_BRIDGE);
  EXPECT_EQ(table_.find_link(7)->mtu, 1500U);
}

TEST_F(tables, a_note_without_a_name_is_no_state) {
  link(RTM_NEWLINK, IFF_UP);
  message_builder out(RTM_NEWLINK, 0);
  ::ifinfomsg info{};
  info.ifi_index = 7;
  out.structure(info).attributes().bytes(IFLA_WIRELESS, std::vector<std::byte>(8));
  EXPECT_EQ(feed(out), objects::link);
  EXPECT_EQ(table_.find_link(7)->name, "eth0");
}

TEST_F(tables, a_neighbour_is_known_by_link_and_address) {
  EXPECT_EQ(neighbour(RTM_NEWNEIGH, NUD_REACHABLE), objects::none);
  neighbour(RTM_NEWNEIGH, NUD_STALE);
  ASSERT_EQ(changes_.size(), 1U);
  EXPECT_EQ(std::get<difference<rtnl::neighbour>>(changes_[0]).kind(), event_kind::changed);
  neighbour(RTM_NEWNEIGH, NUD_PERMANENT, NTF_PROXY);
  EXPECT_TRUE(changes_.empty()) << "a proxy is another thing";
  EXPECT_EQ(table_.neighbours().size(), 1U);
  neighbour(RTM_NEWNEIGH, NUD_NOARP);
  EXPECT_TRUE(table_.neighbours().empty()) << "ip shows none that needs no resolution";
  neighbour(RTM_NEWNEIGH, NUD_FAILED);
  neighbour(RTM_DELNEIGH, NUD_FAILED);
  EXPECT_TRUE(table_.neighbours().empty());
}

TEST_F(tables, the_data_of_a_kind_are_compared_but_for_its_timers) {
  (void)bridge(1500, 7);
  (void)bridge(1500, 9);
  EXPECT_TRUE(changes_.empty()) << "a timer runs";
  (void)bridge(400, 9);
  ASSERT_EQ(changes_.size(), 1U);
  EXPECT_EQ(std::get<difference<rtnl::link>>(changes_[0]).kind(), event_kind::changed);
}

TEST_F(tables, a_rule_is_detached_from_its_link_in_silence) {
  link(RTM_NEWLINK, 0);
  message_builder attached(RTM_NEWRULE, 0);
  about_link(attached, "eth0", false);
  (void)feed(attached);
  EXPECT_EQ(link(RTM_DELLINK, 0), with_links | objects::rule_v4) << "read them again";
  EXPECT_EQ(link(RTM_NEWLINK, 0), objects::rule_v4) << "and again: it is attached";

  table newer;
  std::swap(newer, table_);
  message_builder detached(RTM_NEWRULE, 0);
  about_link(detached, "eth0", true);
  (void)feed(detached);
  std::swap(newer, table_);
  differences changes;
  table_.replace(objects::rule, std::move(newer), objects::none, changes);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(std::get<difference<rtnl::rule>>(changes[0]).kind(), event_kind::changed);

  message_builder gone(RTM_DELRULE, 0);
  about_link(gone, "eth0", false);
  EXPECT_EQ(feed(gone), objects::none) << "attached or not, it is that rule";
  EXPECT_EQ(table_.rules_v4().size(), 0U);
}

TEST_F(tables, a_rule_that_is_gone_to_raises_doubts_about_the_one_that_goes) {
  message_builder jump(RTM_NEWRULE, 0);
  ::fib_rule_hdr header{};
  header.family = AF_INET;
  header.action = FR_ACT_GOTO;
  header.flags = FIB_RULE_UNRESOLVED;
  jump.structure(header).attributes().value(FRA_PRIORITY, std::uint32_t{5});
  jump.attributes().value(FRA_GOTO, std::uint32_t{100});
  EXPECT_EQ(feed(jump), objects::none);
  EXPECT_EQ(rule(RTM_NEWRULE, 100), objects::rule_v4);
  EXPECT_EQ(rule(RTM_NEWRULE, 101), objects::none);
  EXPECT_EQ(rule(RTM_DELRULE, 100), objects::rule_v4);
}

TEST_F(tables, the_same_rule_may_be_there_twice) {
  rule(RTM_NEWRULE, 200);
  rule(RTM_NEWRULE, 100);
  EXPECT_EQ(rule(RTM_NEWRULE, 100), objects::rule_v4) << "a second one, or the one that is known?";
  EXPECT_TRUE(changes_.empty());
  table dump;
  for (const std::uint32_t priority : {100U, 100U, 200U, 200U}) load_rule(dump, priority);
  table_.replace(objects::rule, std::move(dump), objects::none, changes_);
  EXPECT_EQ(changes_.size(), 2U) << "a dump tells";
  rule(RTM_NEWRULE, 100, 77);
  std::string order;
  for (const auto& one : table_.rules_v4()) {
    order += std::to_string(*one->priority) + "/" + std::to_string(one->table) + " ";
  }
  EXPECT_EQ(order, "100/254 100/254 100/77 200/254 200/254 ");
  EXPECT_EQ(rule(RTM_DELRULE, 100), objects::none);
  EXPECT_EQ(changes_.size(), 1U);
  EXPECT_EQ(table_.rules_v4().size(), 4U) << "the other one stays";
  EXPECT_EQ(rule(RTM_DELRULE, 300), objects::rule_v4) << "one that was not known";

  table newer;
  std::swap(newer, table_);
  load_rule(table_, 100);
  load_rule(table_, 100);
  differences changes;
  table held = table_;
  held.replace(objects::all, table(newer), objects::rule, changes);
  EXPECT_EQ(changes.size(), 2U) << "one that is there twice may have been read twice";
  EXPECT_EQ(held.rules_v4().size(), 4U) << "what a reading that may be wrong lacks is kept";
  changes.clear();
  table_.replace(objects::all, std::move(newer), objects::none, changes);
  EXPECT_EQ(changes.size(), 4U) << "one gone, three new";
}

TEST_F(tables, a_nexthop_is_known_by_its_number) {
  nexthop(RTM_NEWNEXTHOP, 5);
  nexthop(RTM_NEWNEXTHOP, 6);
  nexthop(RTM_NEWNEXTHOP, 5, RTPROT_BOOT);
  ASSERT_EQ(changes_.size(), 1U);
  EXPECT_EQ(std::get<difference<rtnl::nexthop>>(changes_[0]).kind(), event_kind::changed);
  nexthop(RTM_DELNEXTHOP, 6);
  EXPECT_EQ(table_.nexthops().size(), 1U);
  EXPECT_EQ(table_.nexthops().begin()->first, 5U);
}

TEST_F(tables, routes_of_other_tables_are_not_kept) {
  table_ = table(objects::all, {77});
  route(RTM_NEWROUTE);
  EXPECT_TRUE(changes_.empty());
  EXPECT_EQ(table_.route_count(), 0U);
}

// Rows of routes that are alike, wanted and not, of both families.
TEST_F(tables, a_loader_keeps_what_is_kept_one_by_one) {
  table expected(objects::route, {100, 300});
  table loaded(objects::route, {100, 300});
  {
    table_loader loader(loaded);
    for (std::uint32_t i = 0; i < 4'000; ++i) {
      const int family = i / 8 % 3 == 0 ? AF_INET6 : AF_INET;
      const std::uint32_t to_table = (i / 16 % 4) * 100;
      message_builder out(RTM_NEWROUTE, 0);
      ::rtmsg header{};
      header.rtm_family = static_cast<unsigned char>(family);
      header.rtm_dst_len = family == AF_INET ? 32 : 128;
      header.rtm_flags = i / 32 % 5 == 4 ? RTM_F_CLONED : 0U;
      std::vector<std::byte> to(family == AF_INET ? 4 : 16);
      std::memcpy(to.data(), &i, sizeof i);
      out.structure(header).attributes().value(RTA_TABLE, to_table).bytes(RTA_DST, to);
      const auto bytes = trivet::testing::bytes_of_message(out);
      const message_view message = messages_of(bytes).at(0);
      expected.load(message);
      loader.load(message);
    }
    loader.finish();
  }
  EXPECT_GT(expected.route_count(), 1'000U);
  EXPECT_EQ(loaded.route_count(), expected.route_count());
  for (const route_store* store : {&loaded.routes_v4(), &loaded.routes_v6()}) {
    for (const route_view r : *store) {
      const bool v4 = store == &loaded.routes_v4();
      EXPECT_EQ(r.family(), v4 ? AF_INET : AF_INET6);
      EXPECT_EQ((v4 ? expected.routes_v4() : expected.routes_v6()).find(r.key()).size(), 1U);
      EXPECT_EQ(r.header().rtm_flags & RTM_F_CLONED, 0U);
    }
  }
}

TEST_F(tables, a_snapshot_stays_as_it_was) {
  route(RTM_NEWROUTE);
  const auto before = table_.snapshot();
  route(RTM_DELROUTE);
  EXPECT_EQ(before->route_count(), 1U);
  EXPECT_EQ(table_.route_count(), 0U);
}

TEST_F(tables, what_goes_in_silence_is_put_in_doubt) {
  link(RTM_NEWLINK, IFF_UP | IFF_RUNNING);
  EXPECT_EQ(link(RTM_NEWLINK, IFF_UP), objects::address | objects::route | objects::nexthop)
      << "no carrier";
  EXPECT_EQ(link(RTM_NEWLINK, 0), objects::address | objects::route | objects::nexthop) << "down";
  EXPECT_EQ(link(RTM_NEWLINK, 0, 1280), objects::route) << "MTU";
  EXPECT_EQ(address(RTM_NEWADDR, AF_INET), objects::route_v4);
  EXPECT_EQ(address(RTM_DELADDR, AF_INET), objects::route_v4);
  EXPECT_EQ(address(RTM_DELADDR, AF_INET6), objects::route_v6);
  EXPECT_EQ(nexthop(RTM_NEWNEXTHOP, 5), objects::route);
  EXPECT_EQ(nexthop(RTM_DELNEXTHOP, 5), objects::route);
  EXPECT_EQ(simple(RTM_NEWQDISC), objects::link);
  EXPECT_EQ(simple(RTM_NEWNSID), objects::link);
  EXPECT_EQ(netconf({NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}), objects::route);
  EXPECT_EQ(netconf({NETCONFA_FORWARDING, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}), objects::none)
      << "a new device";
}

TEST_F(tables, what_is_malformed_is_put_in_doubt) {
  for (const auto& [type, doubts] : {std::pair{RTM_NEWLINK, with_links},
                                     {RTM_NEWNEIGH, objects::neighbour},
                                     {RTM_NEWRULE, objects::rule},
                                     {RTM_NEWNEXTHOP, objects::route | objects::nexthop},
                                     {RTM_NEWADDR, objects::address | objects::route},
                                     {RTM_NEWROUTE, objects::route}}) {
    message_builder out(static_cast<std::uint16_t>(type), 0);
    EXPECT_EQ(feed(out), doubts) << "an empty message of type " << type;
  }
}

TEST_F(tables, a_cached_route_is_none) {
  route(RTM_NEWROUTE, RTM_F_CLONED);
  EXPECT_TRUE(changes_.empty());
  EXPECT_EQ(table_.route_count(), 0U);
}

TEST_F(tables, kinds_that_are_not_kept_still_raise_doubts) {
  table_ = table(objects::link | objects::route);
  EXPECT_EQ(address(RTM_DELADDR, AF_INET), objects::route_v4);
  EXPECT_TRUE(changes_.empty());
  EXPECT_TRUE(table_.addresses().empty());
}

TEST_F(tables, an_ipv4_address_has_its_prefix_in_its_identity_and_an_ipv6_address_has_not) {
  rtnl::address a;
  a.family = AF_INET;
  a.local = rtnl::network_address::parse("10.0.0.1");
  a.peer = rtnl::network_address::parse("10.0.0.2");
  rtnl::address b = a;
  b.peer = rtnl::network_address::parse("10.0.0.9");
  EXPECT_NE(address_key::of(a), address_key::of(b));
  for (rtnl::address* each : {&a, &b}) {
    each->family = AF_INET6;
    each->local = rtnl::network_address::parse("2001:db8::1");
  }
  EXPECT_EQ(address_key::of(a), address_key::of(b));
}

// The captures were taken in this order: dumps, then changes.
TEST_F(tables, captured_events_lead_to_an_empty_network) {
  for (const std::string_view kernel : captured_kernels) {
    table now;
    for (const char* name : {"link", "addr", "route4", "route6"}) {
      const auto bytes = capture(kernel, name);
      for (const message_view& message : messages_of(bytes)) now.load(message);
    }
    EXPECT_EQ(now.links().size(), 4U) << kernel;
    const auto bytes = capture(kernel, "events");
    differences changes;
    objects doubts = objects::none;
    for (const message_view& message : messages_of(bytes)) doubts |= now.apply(message, changes);
    EXPECT_EQ(now.links().size(), 1U) << "lo";
    EXPECT_EQ(doubts & objects::basic, objects::basic);
    std::size_t removed = 0;
    for (const any_difference& change : changes) {
      const auto* link = std::get_if<difference<rtnl::link>>(&change);
      removed += link != nullptr && link->kind() == event_kind::removed;
    }
    EXPECT_EQ(removed, 3U) << "v0, v1 and br0, each once";
    for (const auto& [key, address] : now.addresses()) {
      EXPECT_EQ(address->index, 1U) << address->own()->to_string();
    }
  }
}

TEST_F(tables, a_reading_of_one_kind_leaves_the_others_alone) {
  link(RTM_NEWLINK, IFF_UP);
  address(RTM_NEWADDR, AF_INET);
  address(RTM_NEWADDR, AF_INET6);
  route(RTM_NEWROUTE);
  differences changes;
  table_.replace(objects::address_v4, table(), objects::none, changes);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(std::get<difference<rtnl::address>>(changes[0]).before->family, AF_INET);
  EXPECT_EQ(table_.addresses().size(), 1U);
  EXPECT_EQ(table_.links().size(), 1U);
  EXPECT_EQ(table_.route_count(), 1U);
}

TEST_F(tables, what_a_doubtful_reading_lacks_stays) {
  link(RTM_NEWLINK, IFF_UP);
  route(RTM_NEWROUTE);
  differences changes;
  table_.replace(objects::all, table(), objects::all, changes);
  EXPECT_TRUE(changes.empty());
  EXPECT_EQ(table_.route_count(), 1U);
  table_.replace(objects::all, table(), objects::none, changes);
  EXPECT_EQ(changes.size(), 2U);
}

TEST_F(tables, a_dump_that_repeats_a_route_has_it_once) {
  const auto bytes = capture(captured_kernels[0], "route4");
  table once;
  for (const message_view& message : messages_of(bytes)) once.load(message);
  const std::size_t count = once.route_count();
  for (const message_view& message : messages_of(bytes)) once.load(message);
  EXPECT_GT(count, 10U);
  EXPECT_EQ(once.route_count(), count);
}

}  // namespace
}  // namespace trivet::netlink
