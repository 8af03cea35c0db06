// The base's receive calls on AF_PACKET, the family that refuses flags which others ignore.
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <array>
#include <chrono>
#include <cstring>

#include "trivet/packet/socket.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;
using packet::address;

// For experiments; nothing else speaks it.
constexpr std::uint16_t protocol = 0x88b5;

class packet_receive : public ::testing::Test {
 protected:
  void SetUp() override {
    ::ifreq interface {};
    std::memcpy(interface.ifr_name, "lo", 3);
    interface.ifr_flags = IFF_UP;
    ASSERT_EQ(::ioctl(tap_.native_handle(), SIOCSIFFLAGS, &interface), 0);
    tap_.bind(address("lo", protocol));
    tap_.set_timeout(5s);
    std::array<std::byte, 60> frame{};
    frame[12] = std::byte{protocol >> 8};
    frame[13] = std::byte{protocol & 0xff};
    for (int i = 0; i < 3; ++i) tap_.send_to(frame, address("lo", protocol));
  }

  packet::socket tap_;
};

TEST_F(packet_receive, takes_a_frame_by_every_call) {
  std::array<std::byte, 20> small;
  const auto cut = tap_.receive_from(mutable_bytes(small));
  EXPECT_EQ(cut.size, 20U);
  EXPECT_EQ(cut.full_size, 60U);
  EXPECT_TRUE(cut.truncated());
  EXPECT_EQ(tap_.receive_message().data.size(), 60U);
  receive_batch<address> batch(1, 2048);
  EXPECT_EQ(tap_.receive(batch), 1U);
}

}  // namespace
}  // namespace trivet
