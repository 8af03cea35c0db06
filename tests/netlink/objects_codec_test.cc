// Neighbours, forwarding entries, rules and nexthops as two real kernels sent them: known values,
// and nothing lost when they are encoded again.
#include <gtest/gtest.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_local.h>
#include <sys/socket.h>

#include "tests/netlink/codec_check.h"
#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/namespace_id.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/netconf.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/nexthop_bucket.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::netlink::rtnl {
namespace {

using trivet::testing::capture;
using trivet::testing::decode_all;
using trivet::testing::expect_round_trip;
using trivet::testing::messages_of;

using captured_objects = trivet::testing::captured_test;
INSTANTIATE_CAPTURED_TEST(captured_objects);

TEST_P(captured_objects, nothing_is_lost_when_a_message_is_encoded_again) {
  for (const char* name : {"neigh", "proxy", "fdb", "changes"}) {
    expect_round_trip<neighbour, ::ndmsg>(kernel(), name, {RTM_NEWNEIGH, RTM_DELNEIGH});
  }
  for (const char* name : {"rule", "changes"}) {
    expect_round_trip<rule, ::fib_rule_hdr>(kernel(), name, {RTM_NEWRULE, RTM_DELRULE});
  }
  for (const char* name : {"nexthop", "changes"}) {
    expect_round_trip<nexthop, ::nhmsg>(kernel(), name, {RTM_NEWNEXTHOP, RTM_DELNEXTHOP});
  }
}

TEST_P(captured_objects, buckets_of_nexthop_groups) {
  expect_round_trip<nexthop_bucket, ::nhmsg>(kernel(), "buckets", {RTM_NEWNEXTHOPBUCKET});
  const auto list = decode_all<nexthop_bucket>(kernel(), "buckets", RTM_NEWNEXTHOPBUCKET);
  ASSERT_EQ(list.size(), 11U) << "8 and 2 of two groups, and one that was asked for";
  std::size_t to_second = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const nexthop_bucket& b = list[i];
    ASSERT_TRUE(b.bucket && b.bucket->idle_time) << i;
    EXPECT_EQ(b.group, i == 8 || i == 9 ? 11U : 10U) << i;
    EXPECT_EQ(b.bucket->index, i < 8 ? i : i < 10 ? i - 8 : 5) << i;
    EXPECT_TRUE(b.others.empty() && b.bucket->others.empty()) << i;
    if (i < 8 && b.bucket->nexthop == 2U) ++to_second;
  }
  EXPECT_EQ(to_second, 6U) << "its weight is 3 of 4";
  EXPECT_EQ(list[9].bucket->nexthop, 1U);
  EXPECT_EQ(list[10].bucket->nexthop, list[5].bucket->nexthop);
}

TEST_P(captured_objects, settings_and_numbers_of_namespaces) {
  expect_round_trip<netconf, ::netconfmsg>(kernel(), "netconf", {RTM_NEWNETCONF});
  expect_round_trip<netconf, ::netconfmsg>(kernel(), "changes", {RTM_NEWNETCONF, RTM_DELNETCONF});
  expect_round_trip<namespace_id, ::rtgenmsg>(kernel(), "nsid", {RTM_NEWNSID});
  for (const netconf& n : decode_all<netconf>(kernel(), "netconf", RTM_NEWNETCONF)) {
    EXPECT_TRUE(n.index);
    EXPECT_TRUE(n.others.empty()) << int{n.family};
    EXPECT_TRUE(same_state(n, n));
  }
  const auto ids = decode_all<namespace_id>(kernel(), "nsid", RTM_NEWNSID);
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_EQ(ids[0].id, 0);
}

template <class T, class Match>
T only(const std::vector<T>& list, Match match) {
  const auto found = std::find_if(list.begin(), list.end(), match);
  if (found == list.end()) throw std::runtime_error("no such object in the capture");
  return *found;
}

TEST_P(captured_objects, neighbours) {
  const auto list = decode_all<neighbour>(kernel(), "neigh", RTM_NEWNEIGH);
  const auto with_address = [&](const std::string& text) {
    return only(list, [&](const neighbour& n) {
      return n.destination && n.destination->to_string() == text;
    });
  };
  const neighbour permanent = with_address("10.0.0.21");
  EXPECT_EQ(permanent.family, AF_INET);
  EXPECT_EQ(permanent.state, NUD_PERMANENT);
  EXPECT_EQ(permanent.link_address->to_string(1), "02:00:00:00:01:01");
  EXPECT_TRUE(permanent.cache);
  EXPECT_EQ(with_address("10.0.0.22").state, NUD_STALE);
  EXPECT_EQ(with_address("10.0.0.24").flags, NTF_EXT_LEARNED);
  EXPECT_EQ(with_address("2001:db8::21").flags, NTF_ROUTER);
  EXPECT_EQ(with_address("2001:db8::22").protocol, 12);  // bird
  EXPECT_EQ(with_address("2001:db8::22").state, NUD_NOARP);
  EXPECT_EQ(with_address("2001:db8::23").extended_flags, std::uint32_t{NTF_EXT_MANAGED});
  const auto proxies = decode_all<neighbour>(kernel(), "proxy", RTM_NEWNEIGH);
  ASSERT_EQ(proxies.size(), 2U);
  for (const neighbour& n : proxies) EXPECT_EQ(n.flags, NTF_PROXY);
}

TEST_P(captured_objects, forwarding_entries) {
  const auto list = decode_all<neighbour>(kernel(), "fdb", RTM_NEWNEIGH);
  const auto with_address = [&](const std::string& text) {
    return only(list, [&](const neighbour& n) {
      return n.link_address && n.link_address->to_string(1) == text;
    });
  };
  const neighbour far = with_address("02:00:00:00:02:04");
  EXPECT_EQ(far.family, AF_BRIDGE);
  EXPECT_EQ(far.destination->to_string(), "10.0.0.77") << "the length tells the family";
  EXPECT_EQ(far.port, 4444);
  EXPECT_EQ(far.vni, 8U);
  EXPECT_TRUE(far.output);
  EXPECT_EQ(far.flags, NTF_SELF);
  EXPECT_EQ(with_address("02:00:00:00:02:05").source_vni, 9U);
  EXPECT_EQ(with_address("02:00:00:00:02:06").next_hop_id, 32U);
  if (kernel() == "linux-6.1") {  // the other one has no bridges
    const neighbour port = with_address("02:00:00:00:02:01");
    EXPECT_EQ(port.vlan, 10);
    EXPECT_TRUE(port.master);
    EXPECT_EQ(port.state, NUD_NOARP);
  }
}

TEST_P(captured_objects, rules) {
  const auto list = decode_all<rule>(kernel(), "rule", RTM_NEWRULE);
  const auto with_priority = [&](std::uint32_t priority, int family = AF_INET) {
    return only(list, [=](const rule& r) {
      return r.family == family && r.priority.value_or(0) == priority;
    });
  };
  // A VRF brings a rule of that priority too.
  const rule usual = only(
      list, [](const rule& r) { return r.family == AF_INET && r.priority == 1000U && r.source; });
  EXPECT_EQ(usual.action, FR_ACT_TO_TBL);
  EXPECT_EQ(usual.table, 100U);
  EXPECT_EQ(usual.source->to_string(), "192.0.2.0");
  EXPECT_EQ(usual.source_length, 24);
  EXPECT_EQ(usual.destination->to_string(), "198.51.100.0");
  EXPECT_EQ(usual.suppress_length, -1);
  const rule marked = with_priority(1001);
  EXPECT_EQ(marked.input, "v0");
  EXPECT_EQ(marked.output, "v2");
  EXPECT_EQ(marked.mark, 0x10U);
  EXPECT_EQ(marked.mark_mask, 0xffU);
  EXPECT_EQ(marked.table, 1234U) << "more than the struct can hold";
  EXPECT_EQ(marked.protocol, 12);
  EXPECT_EQ(with_priority(1002).flags & FIB_RULE_INVERT, FIB_RULE_INVERT);
  EXPECT_EQ(with_priority(1002).action, FR_ACT_BLACKHOLE);
  EXPECT_EQ(with_priority(1002).tos, 0x10);
  EXPECT_EQ(with_priority(1003).target, 32766U);
  EXPECT_EQ(with_priority(1003).flags & FIB_RULE_UNRESOLVED, 0U);
  EXPECT_NE(with_priority(1004).flags & FIB_RULE_UNRESOLVED, 0U);
  const rule ranges = with_priority(1005);
  EXPECT_EQ(ranges.uid_range->start, 100U);
  EXPECT_EQ(ranges.uid_range->end, 200U);
  EXPECT_EQ(ranges.ip_protocol, 6);
  EXPECT_EQ(ranges.source_ports->start, 80);
  EXPECT_EQ(ranges.destination_ports->end, 2000);
  EXPECT_EQ(with_priority(1006).suppress_length, 0);
  EXPECT_EQ(with_priority(1006).suppress_group, 7);
  EXPECT_EQ(with_priority(1007).l3mdev, 1);
  EXPECT_EQ(with_priority(1008).flow, 0x30004U);
  EXPECT_EQ(with_priority(1009).tunnel_id, 9U);
  EXPECT_EQ(with_priority(1001, AF_INET6).action, FR_ACT_PROHIBIT);
  EXPECT_EQ(with_priority(1001, AF_INET6).source->to_string(), "2001:db8:3::1");
}

TEST_P(captured_objects, nexthops) {
  const auto list = decode_all<nexthop>(kernel(), "nexthop", RTM_NEWNEXTHOP);
  const auto with_id = [&](std::uint32_t id) {
    return only(list, [=](const nexthop& n) { return n.id == id; });
  };
  EXPECT_EQ(with_id(1).gateway->to_string(), "10.0.0.41");
  EXPECT_TRUE(with_id(1).output);
  EXPECT_EQ(with_id(2).flags & RTNH_F_ONLINK, unsigned{RTNH_F_ONLINK});
  EXPECT_EQ(with_id(2).protocol, 12);
  EXPECT_FALSE(with_id(3).gateway);
  EXPECT_TRUE(with_id(4).blackhole);
  const nexthop group = with_id(9);
  ASSERT_EQ(group.group->members.size(), 2U);
  EXPECT_EQ(group.group->members[0], (nexthop_member{1, 1, 0}));
  EXPECT_EQ(group.group->members[1], (nexthop_member{2, 3, 0}));
  const nexthop resilient = with_id(10);
  EXPECT_EQ(resilient.group_type, NEXTHOP_GRP_TYPE_RES);
  EXPECT_EQ(resilient.resilient->buckets, 32);
  EXPECT_EQ(resilient.resilient->idle_timer, 6000U);
  EXPECT_EQ(resilient.resilient->unbalanced_timer, 30000U);
  EXPECT_TRUE(resilient.resilient->unbalanced_time);
  EXPECT_EQ(with_id(21).family, AF_INET6);
  EXPECT_TRUE(with_id(31).forwarding);
  if (kernel() == "linux-6.1") {  // the other one has no MPLS
    EXPECT_EQ(with_id(41).encap_type, 1);
    EXPECT_TRUE(with_id(41).encap);
  }
}

TEST(codec, a_weight_has_sixteen_bits) {
  for (const int weight : {1, 255, 256, 257, 65535}) {
    nexthop n;
    n.group = nexthop_group{{{7, static_cast<std::uint16_t>(weight), 0}}};
    message_builder out(RTM_NEWNEXTHOP, 0);
    n.encode(out);
    const auto bytes = trivet::testing::bytes_of_message(out);
    EXPECT_EQ(nexthop::decode(messages_of(bytes).at(0))->group, n.group) << weight;
  }
}

TEST(codec, keeps_a_group_of_odd_length_and_a_flag_with_a_payload) {
  message_builder out(RTM_NEWNEXTHOP, 0);
  out.structure(::nhmsg{}).attributes().bytes(NHA_GROUP, std::vector<std::byte>(12));
  out.attributes().value(NHA_BLACKHOLE, std::uint32_t{1});
  const auto bytes = trivet::testing::bytes_of_message(out);
  const auto n = nexthop::decode(messages_of(bytes).at(0));
  EXPECT_FALSE(n->group);
  EXPECT_FALSE(n->blackhole);
  EXPECT_EQ(n->others.size(), 2U);
}

TEST(same_state, of_neighbours_ignores_their_age) {
  neighbour n;
  n.cache = ::nda_cacheinfo{1, 2, 3, 4};
  neighbour aged = n;
  aged.cache->ndm_used = 99;
  EXPECT_TRUE(same_state(n, aged));
  aged.state = NUD_STALE;
  EXPECT_FALSE(same_state(n, aged));
}

TEST(same_state, of_rules_tells_what_changes_in_silence_and_it_is_the_same_rule) {
  rule r;
  rule detached = r;
  detached.flags = FIB_RULE_IIF_DETACHED;
  EXPECT_FALSE(same_state(r, detached));
  EXPECT_TRUE(same_rule(r, detached));
  detached.flags = FIB_RULE_INVERT;
  EXPECT_FALSE(same_rule(r, detached));
}

// Where packets are counted, and how many there have been.
raw_nest counting(std::uint64_t packets, const char* next_hop = "2001:db8::1") {
  seg6_local local;
  local.action = SEG6_LOCAL_ACTION_END_DX6;
  local.next_hop6 = network_address::parse(next_hop);
  local.counters = seg6_counters{packets, 100 * packets, 0, {}};
  return keep_nest(local);
}

template <class T>
T through(const std::optional<raw_nest>& encap) {
  T result;
  result.encap_type = LWTUNNEL_ENCAP_SEG6_LOCAL;
  result.encap = encap;
  return result;
}

template <class T>
void expect_that_counters_are_no_state() {
  const T one = through<T>(counting(1));
  EXPECT_TRUE(same_state(one, through<T>(counting(2))));
  EXPECT_FALSE(same_state(one, through<T>(counting(1, "2001:db8::2"))));
  EXPECT_FALSE(same_state(one, through<T>(std::nullopt)));

  seg6_local local = *read_nest<seg6_local>(counting(1));
  local.others.push_back({99, {}});
  EXPECT_FALSE(same_state(one, through<T>(keep_nest(local)))) << "what is unknown is compared";
  local.others.clear();
  local.counters.reset();
  EXPECT_FALSE(same_state(one, through<T>(keep_nest(local)))) << "it counts no more";

  T other = through<T>(counting(2));
  other.encap_type = LWTUNNEL_ENCAP_SEG6;
  T same_type = through<T>(counting(1));
  same_type.encap_type = LWTUNNEL_ENCAP_SEG6;
  EXPECT_FALSE(same_state(other, same_type)) << "of another type the bytes are state";
}

TEST(same_state, of_routes_ignores_what_their_encapsulation_has_counted) {
  expect_that_counters_are_no_state<route>();
}

TEST(same_state, of_hops_ignores_what_their_encapsulation_has_counted) {
  const auto over = [](const raw_nest& encap) {
    route result;
    result.family = AF_INET6;
    result.next_hops = multipath{{through<next_hop>(encap), next_hop()}};
    return result;
  };
  EXPECT_TRUE(same_state(over(counting(1)), over(counting(2))));
  EXPECT_FALSE(same_state(over(counting(1)), over(counting(1, "2001:db8::2"))));
}

TEST(same_state, of_nexthops_ignores_what_their_encapsulation_has_counted) {
  expect_that_counters_are_no_state<nexthop>();
}

TEST(same_state, of_nexthops_tells_of_a_link_that_is_down) {
  nexthop h;
  nexthop dead = h;
  dead.flags = RTNH_F_DEAD;
  EXPECT_FALSE(same_state(h, dead));
}

}  // namespace
}  // namespace trivet::netlink::rtnl
