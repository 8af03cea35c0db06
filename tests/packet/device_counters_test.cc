// What an interface counted itself, from the text of /proc/net/dev.
#include "trivet/packet/device_counters.h"

#include <gtest/gtest.h>

namespace trivet::packet {
namespace {

constexpr std::string_view text =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets\n"
    "    lo:    1234      12    0    0    0     0          0         0     1234      12\n"
    "eth0.5: 9 8 7 6 5 4 3 2 1 0\n"
    "  eth0:18446744073709551615 18446744073709551614    1    3    2     0          0\n";

TEST(device_counters, finds_the_line_of_an_interface) {
  EXPECT_EQ(parse_device_counters(text, "lo")->received, 12U);
  EXPECT_EQ(parse_device_counters(text, "eth0")->received, 18446744073709551614U);
  EXPECT_EQ(parse_device_counters(text, "eth0")->dropped, 3U);
  EXPECT_EQ(parse_device_counters(text, "eth0.5")->received, 8U);
}

TEST(device_counters, has_nothing_for_what_is_not_there) {
  EXPECT_FALSE(parse_device_counters(text, "eth"));
  EXPECT_FALSE(parse_device_counters(text, ""));
  EXPECT_FALSE(parse_device_counters("", "lo"));
  EXPECT_FALSE(parse_device_counters("lo: 1 2", "lo"));
  EXPECT_FALSE(parse_device_counters("lo: x 2 3 4 5", "lo"));
  EXPECT_FALSE(device_counters("nosuch0").read());
}

TEST(device_counters, reads_the_kernels_text_again_and_again) {
  const device_counters lo("lo");
  ASSERT_TRUE(lo.read());
  EXPECT_TRUE(lo.read());
}

}  // namespace
}  // namespace trivet::packet
