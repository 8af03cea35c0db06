// When notifications are let gather.
#include "trivet/netlink/gathering.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace trivet::netlink {
namespace {

constexpr std::size_t most = 64;

// One by one, and quickly. Other processes may take the processor now and then.
void flood(gathering& pace) {
  for (int i = 0; i < 100'000 && !pace.pays(); ++i) pace.note(1, most);
}

TEST(gathering, pays_where_notifications_come_one_by_one_and_quickly) {
  gathering pace;
  for (int i = 0; i < 8; ++i) {
    EXPECT_FALSE(pace.pays()) << "eight may be all";
    pace.note(1, most);
  }
  flood(pace);
  EXPECT_TRUE(pace.pays());
}

TEST(gathering, does_not_pay_where_they_come_slowly) {
  gathering pace;
  for (int i = 0; i < 100; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds(25));
    pace.note(1, most);
    ASSERT_FALSE(pace.pays());
  }
}

TEST(gathering, does_not_pay_where_they_come_many_at_a_time) {
  gathering pace;
  for (int i = 0; i < 100'000; ++i) {
    pace.note(i % 7 == 0 ? 3 : 1, most);
    ASSERT_FALSE(pace.pays());
  }
}

TEST(gathering, ends_when_it_has_not_paid) {
  gathering pace;
  flood(pace);
  pace.note(4, most);
  EXPECT_TRUE(pace.pays());
  pace.note(3, most);
  EXPECT_FALSE(pace.pays());
  flood(pace);
  pace.note(0, most);
  EXPECT_FALSE(pace.pays()) << "the deadline passed";
}

TEST(gathering, rests_while_more_wait_than_a_call_takes) {
  gathering pace;
  flood(pace);
  pace.note(most, most);
  EXPECT_FALSE(pace.pays());
  pace.note(10, most);
  EXPECT_TRUE(pace.pays());
}

}  // namespace
}  // namespace trivet::netlink
