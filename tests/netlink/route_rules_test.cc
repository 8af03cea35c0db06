// What events about routes mean, sequence by sequence as the kernel sends them.
#include "trivet/netlink/route_rules.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

#include "tests/netlink/route_model.h"

namespace trivet::netlink {
namespace {

using rtnl::network_address;
using rtnl::next_hop;
using rtnl::route;

constexpr unsigned created = NLM_F_CREATE | NLM_F_EXCL;

route v4(const char* gateway) {
  route r;
  r.family = AF_INET;
  r.table = RT_TABLE_MAIN;
  r.gateway = network_address::parse(gateway);
  r.output = 2;
  return r;
}

route v6(const char* gateway, std::uint32_t link = 2) {
  route r = v4("0.0.0.0");
  r.family = AF_INET6;
  r.gateway = network_address::parse(gateway);
  r.output = link;
  return r;
}

route v6_device(std::uint32_t link) {
  route r = v6("::", link);
  r.gateway.reset();
  return r;
}

route v6_group(std::initializer_list<const char*> gateways) {
  route r = v6("::");
  r.gateway.reset();
  r.output.reset();
  r.next_hops.emplace();
  for (const char* gateway : gateways) {
    next_hop hop;
    hop.family = AF_INET6;
    hop.index = 2;
    hop.gateway = network_address::parse(gateway);
    r.next_hops->hops.push_back(hop);
  }
  return r;
}

// "via A", "group A B", in the order of the list.
std::string text(const route& r) {
  std::string words;
  for (const next_hop& hop : r.hops()) {
    words += (words.empty() ? "" : "+") +
             (hop.gateway ? hop.gateway->to_string() : "dev" + std::to_string(hop.index));
  }
  return words;
}

std::string text(const route_list& list) {
  std::string words;
  for (const route& r : list) words += (words.empty() ? "" : " ") + text(r);
  return words;
}

std::string text(const route_changes& changes) {
  std::string words;
  for (const route_change& d : changes) {
    words += words.empty() ? "" : "; ";
    words += (d.before ? text(*d.before) : "") + ">" + (d.after ? text(*d.after) : "");
  }
  return words;
}

class rules : public ::testing::Test {
 protected:
  certainty add(const route& r, unsigned flags) { return model_.add(r, flags); }
  certainty remove(const route& r) { return model_.remove(r); }

 private:
  trivet::testing::route_model model_;

 protected:
  route_list& list_ = model_.list;
  route_changes& changes_ = model_.changes;
};

TEST_F(rules, ipv4_append_and_prepend_stand_where_the_kernel_puts_them) {
  EXPECT_EQ(add(v4("10.0.0.1"), created), certainty::sure);
  EXPECT_EQ(add(v4("10.0.0.2"), NLM_F_CREATE | NLM_F_APPEND), certainty::sure);
  EXPECT_EQ(add(v4("10.0.0.3"), NLM_F_CREATE), certainty::sure);
  EXPECT_EQ(text(list_), "10.0.0.3 10.0.0.1 10.0.0.2");
  EXPECT_EQ(text(changes_), ">10.0.0.3");
}

TEST_F(rules, ipv4_replace_takes_the_only_one_for_sure_and_the_first_in_doubt) {
  add(v4("10.0.0.1"), created);
  EXPECT_EQ(add(v4("10.0.0.2"), NLM_F_REPLACE), certainty::sure);
  EXPECT_EQ(text(changes_), "10.0.0.1>10.0.0.2");
  add(v4("10.0.0.3"), NLM_F_CREATE | NLM_F_APPEND);
  EXPECT_EQ(add(v4("10.0.0.4"), NLM_F_REPLACE), certainty::doubtful)
      << "a nexthop object that changes is told in the same way";
  EXPECT_EQ(text(list_), "10.0.0.4 10.0.0.3");
}

TEST_F(rules, ipv4_replace_by_a_nexthop_object_takes_its_own_route) {
  add(v4("10.0.0.1"), created);
  route object = v4("10.0.0.2");
  object.next_hop_id = 7;
  add(object, NLM_F_CREATE | NLM_F_APPEND);
  object.gateway = network_address::parse("10.0.0.3");
  add(object, NLM_F_REPLACE);
  EXPECT_EQ(text(list_), "10.0.0.1 10.0.0.3");
}

TEST_F(rules, ipv4_delete_takes_the_one_that_is_meant) {
  add(v4("10.0.0.1"), created);
  add(v4("10.0.0.2"), NLM_F_CREATE | NLM_F_APPEND);
  EXPECT_EQ(remove(v4("10.0.0.2")), certainty::sure);
  EXPECT_EQ(text(list_), "10.0.0.1");
  EXPECT_EQ(remove(v4("10.0.0.9")), certainty::doubtful) << "not the one that is known";
  EXPECT_EQ(text(list_), "10.0.0.1");
}

TEST_F(rules, a_route_is_found_though_its_silent_flags_have_changed) {
  add(v4("10.0.0.1"), created);
  route dead = v4("10.0.0.1");
  dead.flags = RTNH_F_DEAD | RTNH_F_LINKDOWN;
  EXPECT_EQ(remove(dead), certainty::sure);
  EXPECT_TRUE(list_.empty());
}

TEST_F(rules, an_exclusive_creation_shows_that_the_others_went_in_silence) {
  add(v4("10.0.0.1"), created);
  EXPECT_EQ(add(v4("10.0.0.2"), created), certainty::sure);
  EXPECT_EQ(text(list_), "10.0.0.2");
  EXPECT_EQ(text(changes_), "10.0.0.1>; >10.0.0.2");
}

TEST_F(rules, what_is_told_twice_is_one) {
  add(v4("10.0.0.1"), created);
  EXPECT_EQ(add(v4("10.0.0.1"), created), certainty::sure);
  EXPECT_TRUE(changes_.empty());
  route flagged = v4("10.0.0.1");
  flagged.flags = RTM_F_OFFLOAD;
  add(flagged, NLM_F_REPLACE);
  EXPECT_EQ(text(changes_), "10.0.0.1>10.0.0.1") << "the mark of offloading is a change";
}

TEST_F(rules, a_removal_of_what_is_not_known_is_no_news) {
  EXPECT_EQ(remove(v4("10.0.0.1")), certainty::sure);
  EXPECT_TRUE(changes_.empty());
}

TEST_F(rules, ipv6_hops_that_are_appended_join_one_route) {
  add(v6("fe80::1"), created);
  EXPECT_EQ(add(v6_group({"fe80::2", "fe80::1"}), NLM_F_CREATE | NLM_F_APPEND), certainty::sure);
  EXPECT_EQ(text(changes_), "fe80::1>fe80::2+fe80::1");
  EXPECT_EQ(list_.size(), 1U);
}

TEST_F(rules, ipv6_hops_leave_one_by_one_and_the_last_becomes_a_plain_route) {
  add(v6_group({"fe80::1", "fe80::2", "fe80::3"}), created);
  EXPECT_EQ(remove(v6("fe80::2")), certainty::sure);
  EXPECT_EQ(text(list_), "fe80::1+fe80::3");
  EXPECT_EQ(remove(v6("fe80::1")), certainty::sure);
  ASSERT_EQ(list_.size(), 1U);
  EXPECT_FALSE(list_[0].next_hops);
  EXPECT_TRUE(rtnl::same_state(list_[0], v6("fe80::3")));
  EXPECT_EQ(remove(v6("fe80::3")), certainty::sure);
  EXPECT_TRUE(list_.empty());
}

TEST_F(rules, ipv6_hops_go_together_when_the_kernel_says_so) {
  add(v6_group({"fe80::1", "fe80::2"}), created);
  EXPECT_EQ(remove(v6_group({"fe80::2", "fe80::1"})), certainty::sure) << "in whatever order";
  EXPECT_TRUE(list_.empty());
}

TEST_F(rules, ipv6_device_routes_stand_beside_each_other) {
  add(v6_device(2), created);
  EXPECT_EQ(add(v6_device(3), NLM_F_CREATE), certainty::sure);
  EXPECT_EQ(text(list_), "dev2 dev3");
  EXPECT_EQ(remove(v6_device(2)), certainty::sure);
  EXPECT_EQ(text(list_), "dev3");
}

TEST_F(rules, ipv6_replace_takes_its_like) {
  add(v6_device(3), created);
  add(v6_group({"fe80::1", "fe80::2"}), NLM_F_CREATE);
  EXPECT_EQ(add(v6("fe80::9"), NLM_F_REPLACE), certainty::sure);
  EXPECT_EQ(text(list_), "dev3 fe80::9");
  EXPECT_EQ(add(v6_device(4), NLM_F_REPLACE), certainty::sure);
  EXPECT_EQ(text(list_), "dev4 fe80::9");
}

TEST_F(rules, an_ipv6_hop_on_its_own_beside_a_group_is_doubtful) {
  add(v6_group({"fe80::1", "fe80::2"}), created);
  EXPECT_EQ(add(v6("fe80::3"), NLM_F_CREATE), certainty::doubtful);
  EXPECT_EQ(list_.size(), 2U);
}

// The mark of a router advertisement's route, RTF_ADDRCONF, is in no message.
TEST_F(rules, an_ipv6_group_takes_the_route_that_it_contains_and_no_other) {
  add(v6("fe80::99"), created);
  EXPECT_EQ(add(v6("fe80::11"), NLM_F_CREATE | NLM_F_APPEND), certainty::doubtful);
  EXPECT_EQ(add(v6_group({"fe80::12", "fe80::11"}), NLM_F_CREATE | NLM_F_APPEND), certainty::sure);
  EXPECT_EQ(text(changes_), "fe80::11>fe80::12+fe80::11");
  EXPECT_EQ(text(list_), "fe80::99 fe80::12+fe80::11");
  EXPECT_EQ(add(v6_group({"fe80::13", "fe80::11", "fe80::12"}), NLM_F_CREATE | NLM_F_APPEND),
            certainty::sure);
  EXPECT_EQ(text(list_), "fe80::99 fe80::13+fe80::11+fe80::12");
}

TEST_F(rules, an_ipv6_group_that_contains_none_stands_beside_them_in_doubt) {
  add(v6("fe80::99"), created);
  EXPECT_EQ(add(v6_group({"fe80::1", "fe80::2"}), NLM_F_CREATE), certainty::doubtful);
  EXPECT_EQ(text(list_), "fe80::99 fe80::1+fe80::2");
}

TEST_F(rules, of_the_ipv6_routes_that_a_group_contains_one_is_left) {
  add(v6("fe80::1"), created);
  add(v6("fe80::9"), NLM_F_CREATE);
  add(v6("fe80::2"), NLM_F_CREATE);
  EXPECT_EQ(add(v6_group({"fe80::3", "fe80::1", "fe80::2"}), NLM_F_CREATE), certainty::doubtful);
  EXPECT_EQ(text(list_), "fe80::3+fe80::1+fe80::2 fe80::9");
}

TEST_F(rules, ipv6_routes_of_router_advertisements_stand_beside_each_other_and_beside_a_group) {
  const auto advertised = [](const char* gateway) {
    route r = v6(gateway);
    r.protocol = RTPROT_RA;
    return r;
  };
  add(advertised("fe80::91"), created);
  EXPECT_EQ(add(advertised("fe80::92"), NLM_F_CREATE), certainty::sure);
  EXPECT_EQ(add(v6("fe80::1"), NLM_F_CREATE), certainty::sure);
  EXPECT_EQ(add(v6_group({"fe80::2", "fe80::1"}), NLM_F_CREATE), certainty::sure);
  EXPECT_EQ(add(advertised("fe80::93"), NLM_F_CREATE), certainty::sure);
  EXPECT_EQ(text(list_), "fe80::91 fe80::92 fe80::2+fe80::1 fe80::93");
}

TEST_F(rules, ipv6_replace_is_in_doubt_where_it_may_be_about_a_router_advertisement) {
  add(v6("fe80::99"), created);
  add(v6_device(3), NLM_F_CREATE);
  EXPECT_EQ(add(v6_device(4), NLM_F_REPLACE), certainty::doubtful);
  EXPECT_EQ(add(v6("fe80::1"), NLM_F_REPLACE), certainty::doubtful);
}

TEST_F(rules, a_reading_tells_what_differs_and_no_more) {
  route_list known{v4("10.0.0.1"), v4("10.0.0.2")};
  route flagged = v4("10.0.0.2");
  flagged.flags = RTNH_F_LINKDOWN;
  route_changes changes;
  replace_routes(known, {v4("10.0.0.1"), flagged, v4("10.0.0.3")}, changes);
  EXPECT_EQ(text(changes), "10.0.0.2>10.0.0.2; >10.0.0.3");
  changes.clear();
  replace_routes(known, {v4("10.0.0.1"), flagged, v4("10.0.0.4")}, changes);
  EXPECT_EQ(text(changes), "10.0.0.3>10.0.0.4") << "one for one is a change";
  changes.clear();
  replace_routes(known, {}, changes);
  EXPECT_EQ(changes.size(), 3U);
  EXPECT_TRUE(known.empty());
}

}  // namespace
}  // namespace trivet::netlink
