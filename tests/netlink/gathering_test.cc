// When notifications are let gather.
#include "trivet/netlink/gathering.h"

#include <gtest/gtest.h>

#include <chrono>

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most = 64;

class gathering_pace : public testing::Test {
 protected:
  // A call that gave `count`, so long after the one before.
  void note(std::size_t count, std::chrono::nanoseconds later = 5us) {
    time_ += later;
    pace_.note(count, most, [] { return time_; });
  }
  void flood() {
    for (int i = 0; i < 16 && !pace_.pays(); ++i) note(1);
  }

  gathering pace_;
  static inline deadline::clock::time_point time_{1h};
};

TEST_F(gathering_pace, pays_where_notifications_come_one_by_one_and_quickly) {
  for (int i = 0; i < 16; ++i) {
    EXPECT_FALSE(pace_.pays()) << i;
    note(1);
  }
  EXPECT_TRUE(pace_.pays());
}

TEST_F(gathering_pace, does_not_pay_where_they_come_slowly) {
  for (int i = 0; i < 96; ++i) {
    note(1, 20us);
    ASSERT_FALSE(pace_.pays());
  }
  for (int i = 0; i < 8; ++i) note(1, 19us);
  EXPECT_TRUE(pace_.pays());
}

TEST_F(gathering_pace, does_not_pay_where_they_come_many_at_a_time) {
  for (int i = 0; i < 1000; ++i) {
    note(i % 7 == 0 ? 3 : 1);
    ASSERT_FALSE(pace_.pays());
  }
}

TEST_F(gathering_pace, ends_when_it_has_not_paid) {
  flood();
  note(4);
  EXPECT_TRUE(pace_.pays());
  note(3);
  EXPECT_FALSE(pace_.pays());
  flood();
  EXPECT_TRUE(pace_.pays());
  note(0);
  EXPECT_FALSE(pace_.pays()) << "the deadline passed";
}

TEST_F(gathering_pace, rests_while_more_wait_than_a_call_takes) {
  flood();
  note(most);
  EXPECT_FALSE(pace_.pays());
  note(10);
  EXPECT_TRUE(pace_.pays());
}

TEST_F(gathering_pace, has_a_clock_of_its_own) {
  gathering own;
  // Other processes may take the processor now and then.
  for (int i = 0; i < 100'000 && !own.pays(); ++i) own.note(1, most);
  EXPECT_TRUE(own.pays());
}

}  // namespace
}  // namespace trivet::netlink
