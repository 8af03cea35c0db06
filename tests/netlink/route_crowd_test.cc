// Many routes of one identity in the store: the same as in a plain list, in the time of one.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <random>
#include <string>
#include <vector>

#include "tests/netlink/route_model.h"
#include "trivet/netlink/route_store.h"

namespace trivet::netlink {
namespace {

using rtnl::network_address;
using rtnl::next_hop;
using rtnl::route;

constexpr unsigned appended = NLM_F_CREATE | NLM_F_APPEND;

route v4(std::uint32_t gateway) {
  route r;
  r.family = AF_INET;
  r.destination_length = 24;
  r.table = RT_TABLE_MAIN;
  r.type = RTN_UNICAST;
  r.destination = network_address::parse("198.51.100.0");
  const std::uint32_t address = big_endian(0x0a010000U + gateway);
  r.gateway = {AF_INET, rtnl::short_bytes(std::as_bytes(std::span(&address, 1)))};
  r.output = 2;
  return r;
}

route over(std::uint32_t link) {
  route r;
  r.family = AF_INET6;
  r.destination_length = 64;
  r.table = RT_TABLE_MAIN;
  r.type = RTN_UNICAST;
  r.metric = 256;
  r.destination = network_address::parse("fe80::");
  r.output = link;
  return r;
}

route via(const char* gateway, std::uint32_t link, std::uint8_t protocol = RTPROT_STATIC) {
  route r = over(link);
  r.gateway = network_address::parse(gateway);
  r.protocol = protocol;
  return r;
}

route group(const std::vector<std::uint32_t>& links) {
  route r = over(0);
  r.output.reset();
  r.protocol = RTPROT_STATIC;
  r.next_hops.emplace();
  for (const std::uint32_t link : links) {
    next_hop hop;
    hop.family = AF_INET6;
    hop.index = static_cast<std::int32_t>(link);
    hop.gateway = network_address::parse("fe80::1");
    r.next_hops->hops.push_back(hop);
  }
  return r;
}

std::string text(const route& r) {
  std::string words;
  for (const next_hop& hop : r.hops()) {
    words += (hop.gateway ? hop.gateway->to_string() : "") + "%" + std::to_string(hop.index) + "+";
  }
  return words + "/" + std::to_string(r.flags) + "/" + std::to_string(r.next_hop_id.value_or(0));
}

class crowds : public ::testing::Test {
 protected:
  certainty apply(const route& r, std::uint16_t type, unsigned flags = appended) {
    changes_.clear();
    const route_record record(r);
    message_view event;
    event.header.nlmsg_type = type;
    event.header.nlmsg_flags = static_cast<std::uint16_t>(flags);
    event.payload = record.bytes();
    return store_.apply(event, record.view().key(), changes_);
  }

  // Applies it to both, and compares what is told.
  void apply_to_both(const route& r, std::uint16_t type, unsigned flags) {
    const certainty how = type == RTM_DELROUTE ? model_.remove(r) : model_.add(r, flags);
    ASSERT_EQ(apply(r, type, flags), how) << text(r);
    ASSERT_EQ(changes_.size(), model_.changes.size()) << text(r);
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      const auto& told = std::get<difference<route>>(changes_[i]);
      const auto& expected = model_.changes[i];
      ASSERT_EQ(static_cast<bool>(told.before), expected.before.has_value());
      ASSERT_EQ(static_cast<bool>(told.after), expected.after.has_value());
      if (told.before) {
        ASSERT_EQ(text(*told.before), text(*expected.before));
      }
      if (told.after) {
        ASSERT_EQ(text(*told.after), text(*expected.after));
      }
    }
  }

  void expect_the_same_list() {
    std::vector<std::string> ours, expected;
    for (const route_view r : store_) ours.push_back(text(r.decode()));
    for (const route& r : model_.list) expected.push_back(text(r));
    ASSERT_EQ(ours, expected);
    ASSERT_EQ(store_.size(), expected.size());
  }

  route_store store_;
  differences changes_;
  trivet::testing::route_model model_;
};

TEST_F(crowds, of_ipv4_are_what_the_rules_make_of_a_list) {
  std::mt19937 random(4);
  for (int i = 0; i < 4'000; ++i) {
    route r = v4(static_cast<std::uint32_t>(random() % 60));
    if (random() % 8 == 0) r.flags = RTNH_F_LINKDOWN;
    if (random() % 16 == 0) r.next_hop_id = static_cast<std::uint32_t>(1 + random() % 3);
    if (random() % 8 == 0) r.mark = 7;  // longer
    const std::uint16_t type = random() % 3 == 0 ? RTM_DELROUTE : RTM_NEWROUTE;
    const unsigned kinds[] = {appended,     appended,     NLM_F_CREATE,
                              NLM_F_CREATE, NLM_F_APPEND, NLM_F_REPLACE};
    unsigned flags = kinds[random() % 6];
    if (random() % 600 == 0) flags = NLM_F_CREATE | NLM_F_EXCL;
    ASSERT_NO_FATAL_FAILURE(apply_to_both(r, type, flags)) << i;
    if (i % 10 == 0) {
      ASSERT_NO_FATAL_FAILURE(expect_the_same_list()) << i;
    }
  }
}

TEST_F(crowds, of_ipv6_are_what_the_rules_make_of_a_list) {
  std::mt19937 random(6);
  const std::vector<std::vector<std::uint32_t>> groups = {
      {1, 2}, {1, 2, 3}, {2, 3}, {3, 1, 2}, {1, 2, 3, 4}};
  std::size_t most = 0;
  for (int i = 0; i < 4'000; ++i) {
    const auto link = static_cast<std::uint32_t>(1 + random() % 60);
    route r = over(link);
    switch (random() % 8) {
      case 0:
        r = via("fe80::1", 1 + link % 4);
        break;
      case 1:
        r = via("fe80::9", link, RTPROT_RA);
        break;
      case 2:
        r = group(groups[random() % groups.size()]);
        break;
      default:
        break;
    }
    if (random() % 8 == 0) r.flags = RTNH_F_LINKDOWN;
    const std::uint16_t type = random() % 3 == 0 ? RTM_DELROUTE : RTM_NEWROUTE;
    const unsigned flags = random() % 20 == 0 ? NLM_F_REPLACE : appended;
    ASSERT_NO_FATAL_FAILURE(apply_to_both(r, type, flags)) << i;
    if (i % 10 == 0) {
      ASSERT_NO_FATAL_FAILURE(expect_the_same_list()) << i;
    }
    most = std::max(most, store_.size());
  }
  EXPECT_GT(most, 2 * route_crowd::few);
}

// To look at all of them for each of them would take an hour.
TEST_F(crowds, of_eight_thousand_take_the_time_of_one_for_each_event) {
  constexpr std::uint32_t count = 8'000;
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(apply(v4(i), RTM_NEWROUTE, i % 2 == 0 ? appended : NLM_F_CREATE), certainty::sure);
    ASSERT_EQ(apply(over(i + 1), RTM_NEWROUTE), certainty::sure);
    ASSERT_EQ(apply(via("fe80::9", i + 1, RTPROT_RA), RTM_NEWROUTE), certainty::sure);
  }
  EXPECT_EQ(store_.size(), 3 * count);
  // A route with a gateway beside them, which joins a second, and leaves it.
  ASSERT_EQ(apply(via("fe80::1", 1), RTM_NEWROUTE), certainty::sure);
  ASSERT_EQ(apply(group({2, 1}), RTM_NEWROUTE), certainty::sure);
  ASSERT_EQ(apply(via("fe80::1", 1), RTM_DELROUTE), certainty::sure);
  ASSERT_EQ(changes_.size(), 1U);
  EXPECT_EQ(text(*std::get<difference<route>>(changes_[0]).after), text(via("fe80::1", 2)));
  for (std::uint32_t i = 0; i < count; ++i) {
    route flagged = v4(i);
    flagged.flags = RTNH_F_LINKDOWN;
    ASSERT_EQ(apply(flagged, RTM_NEWROUTE), certainty::sure);
    ASSERT_EQ(changes_.size(), 1U);
    ASSERT_EQ(apply(v4(i), RTM_DELROUTE), certainty::sure);
    ASSERT_EQ(apply(over(i + 1), RTM_DELROUTE), certainty::sure);
    ASSERT_EQ(apply(via("fe80::9", i + 1, RTPROT_RA), RTM_DELROUTE), certainty::sure);
  }
  EXPECT_EQ(store_.size(), 1U);
}

TEST_F(crowds, of_routes_with_several_hops_are_told_apart_by_these) {
  constexpr std::uint32_t count = 3'000;
  const auto two = [](std::uint32_t i) {
    route r = v4(0);
    r.gateway.reset();
    r.output.reset();
    r.next_hops.emplace();
    for (const std::uint32_t gateway : {2 * i, 2 * i + 1}) {
      next_hop hop;
      hop.family = AF_INET;
      hop.index = 2;
      hop.gateway = v4(gateway).gateway;
      r.next_hops->hops.push_back(hop);
    }
    return r;
  };
  EXPECT_NE(route_record(two(1)).view().way(), route_record(two(2)).view().way());
  for (std::uint32_t i = 0; i < count; ++i) apply(two(i), RTM_NEWROUTE);
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(apply(two(i), RTM_DELROUTE), certainty::sure);
    ASSERT_EQ(changes_.size(), 1U);
  }
  EXPECT_TRUE(store_.empty());
}

TEST_F(crowds, are_known_in_copies_and_when_they_move) {
  for (std::uint32_t i = 0; i < 16'000; ++i) apply(v4(i), RTM_NEWROUTE);
  for (std::uint32_t i = 0; i < 16'000; ++i) {
    if (i % 8 != 0) apply(v4(i), RTM_DELROUTE);  // most, so that what is left is moved
  }
  route_store copy = store_;
  std::swap(copy, store_);
  std::uint32_t expected = 0;
  for (const route_view r : store_) {
    ASSERT_EQ(text(r.decode()), text(v4(expected)));
    expected += 8;
  }
  for (std::uint32_t i = 0; i < 16'000; i += 8) {
    ASSERT_EQ(apply(v4(i), RTM_DELROUTE), certainty::sure);
    ASSERT_EQ(changes_.size(), 1U);
  }
  EXPECT_TRUE(store_.empty());
  EXPECT_EQ(copy.size(), 2'000U);
}

}  // namespace
}  // namespace trivet::netlink
