// When what a dump lacks is taken for gone. No kernel is asked.
#include "trivet/netlink/absences.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <memory>
#include <vector>

namespace trivet::netlink {
namespace {

class absent : public ::testing::Test {
 protected:
  // One dump, which lacks these.
  std::vector<bool> dump(unsigned needed, const std::vector<std::shared_ptr<const void>>& lacks) {
    absences_.begin(needed);
    std::vector<bool> gone;
    gone.reserve(lacks.size());
    for (const auto& one : lacks) gone.push_back(absences_.gone(one));
    absences_.end();
    return gone;
  }
  bool dump_without_route(unsigned needed) {
    absences_.begin(needed);
    const bool gone = absences_.gone(key_, route_record(route_).view());
    absences_.end();
    return gone;
  }

  absences absences_;
  std::shared_ptr<const void> one_ = std::make_shared<int>(1), other_ = std::make_shared<int>(2);
  rtnl::route route_ = [] {
    rtnl::route r;
    r.family = AF_INET;
    r.table = RT_TABLE_MAIN;
    r.destination_length = 32;
    r.destination = rtnl::network_address::parse("192.0.2.1");
    r.output = 1;
    return r;
  }();
  route_key key_ = route_record(route_).view().key();
};

using answers = std::vector<bool>;

TEST_F(absent, what_two_dumps_lack_is_gone) {
  EXPECT_EQ(dump(2, {one_, other_}), (answers{false, false}));
  EXPECT_TRUE(absences_.any());
  EXPECT_FALSE(absences_.found());
  EXPECT_EQ(dump(2, {one_}), answers{true});
  EXPECT_TRUE(absences_.found());
  EXPECT_FALSE(absences_.any());
  EXPECT_EQ(dump(2, {other_}), answers{false}) << "it was there in between";
  EXPECT_FALSE(absences_.found());
}

TEST_F(absent, as_many_dumps_as_are_needed) {
  EXPECT_EQ(dump(3, {one_}), answers{false});
  EXPECT_EQ(dump(3, {one_}), answers{false});
  EXPECT_EQ(dump(3, {one_}), answers{true});
}

TEST_F(absent, a_dump_that_was_given_up_proves_nothing) {
  EXPECT_EQ(dump(2, {one_}), answers{false});
  EXPECT_EQ(dump(0, {one_, other_}), (answers{false, false}));
  EXPECT_EQ(dump(0, {one_, other_}), (answers{false, false}));
  EXPECT_EQ(dump(2, {one_, other_}), (answers{true, false}));
}

TEST_F(absent, an_object_that_an_event_has_replaced_is_another_one) {
  EXPECT_EQ(dump(2, {one_}), answers{false});
  one_ = std::make_shared<int>(1);
  EXPECT_EQ(dump(2, {one_}), answers{false});
}

TEST_F(absent, a_route_is_known_by_its_key_and_its_way) {
  EXPECT_FALSE(dump_without_route(2));
  route_.output = 2;
  EXPECT_FALSE(dump_without_route(2));
  key_.metric = 5;
  EXPECT_FALSE(dump_without_route(2));
  EXPECT_TRUE(dump_without_route(2));
}

// Whose prefixes differ as their metrics do.
TEST_F(absent, neighbours_are_told_apart) {
  key_.family = AF_INET;
  key_.destination_length = 24;
  key_.destination = {std::byte{10}};
  const route_key first = key_;
  for (std::uint32_t i = 1; i < 8; ++i) {
    key_ = first;
    EXPECT_FALSE(dump_without_route(2));
    key_.destination[2] = static_cast<std::byte>(i);
    key_.metric = first.metric ^ i;
    EXPECT_FALSE(dump_without_route(2)) << i;
  }
}

TEST_F(absent, a_route_whose_prefix_had_events_is_looked_at_once_more) {
  absences_.touch_meanwhile(key_.hash());
  EXPECT_FALSE(dump_without_route(2));
  EXPECT_FALSE(dump_without_route(2)) << "while the last one was read";
  EXPECT_TRUE(dump_without_route(2));
  EXPECT_FALSE(dump_without_route(2));
  absences_.touch(key_.hash());
  EXPECT_FALSE(dump_without_route(2)) << "since then";
  EXPECT_TRUE(dump_without_route(2));
}

TEST(all_absences, are_told_apart_by_kind) {
  all_absences all;
  const auto one = std::make_shared<int>(1);
  for (const objects kind : {objects::link, objects::nexthop}) {
    all.of(kind).begin(2);
    EXPECT_FALSE(all.of(kind).gone(one));
    all.of(kind).end();
  }
  EXPECT_EQ(all.suspected(), objects::link | objects::nexthop);
  all.of(objects::link).begin(2);
  EXPECT_TRUE(all.of(objects::link).gone(one));
  all.of(objects::link).end();
  EXPECT_EQ(all.suspected(), objects::nexthop);
  EXPECT_EQ(all.found(), objects::link);
}

}  // namespace
}  // namespace trivet::netlink
