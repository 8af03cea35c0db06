// The bytes of pcapng blocks, by the specification: draft-ietf-opsawg-pcapng, section 4.
#include "trivet/packet/pcapng.h"

#include <gtest/gtest.h>
#include <linux/if_packet.h>

#include <bit>
#include <string>

namespace trivet::packet::pcapng {
namespace {

using namespace std::literals;

// The numbers below are written as a little-endian machine writes them.
static_assert(std::endian::native == std::endian::little);

template <class Block>
std::string bytes_of_block(const Block& block) {
  std::vector<std::byte> out;
  append(out, block);
  return std::string(text_of(out));
}

constexpr timestamp time{std::chrono::nanoseconds(0x17'9a'bc'de'f0'12'34'56)};

// NOLINTBEGIN(bugprone-string-literal-with-embedded-nul): blocks are full of zeros; ""sv keeps them
TEST(pcapng, section_header) {
  EXPECT_EQ(bytes_of_block(section{}),
            "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0"
            "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0"sv);
  EXPECT_EQ(bytes_of_block(section{.hardware = "x86", .os = "Linux", .application = "t"}),
            "\x0a\x0d\x0d\x0a\x3c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0"
            "\xff\xff\xff\xff\xff\xff\xff\xff"
            "\x02\0\x03\0x86\0"
            "\x03\0\x05\0Linux\0\0\0"
            "\x04\0\x01\0t\0\0\0"
            "\0\0\0\0\x3c\0\0\0"sv);
}

TEST(pcapng, interface_description) {
  EXPECT_EQ(bytes_of_block(interface{.linktype = 1,
                                     .snaplen = 0x40000,
                                     .name = "eth0",
                                     .mac = {{2, 0, 0, 0, 0, 1}},
                                     .speed = 1'000'000'000,
                                     .filter = "arp",
                                     .os = "L"}),
            "\x01\0\0\0\x50\0\0\0\x01\0\0\0\0\0\x04\0"
            "\x02\0\x04\0eth0"
            "\x06\0\x06\0\x02\0\0\0\0\x01\0\0"
            "\x08\0\x08\0\0\xca\x9a\x3b\0\0\0\0"
            "\x09\0\x01\0\x09\0\0\0"
            "\x0b\0\x04\0\0arp"
            "\x0c\0\x01\0L\0\0\0"
            "\0\0\0\0\x50\0\0\0"sv);
}

TEST(pcapng, packet_without_options) {
  EXPECT_EQ(bytes_of_block(packet{.time = time, .data = trivet::bytes_of("abcde"), .wire_size = 9}),
            "\x06\0\0\0\x28\0\0\0\0\0\0\0\xde\xbc\x9a\x17\x56\x34\x12\xf0"
            "\x05\0\0\0\x09\0\0\0abcde\0\0\0\x28\0\0\0"sv);
}

TEST(pcapng, packet_with_direction_and_losses) {
  EXPECT_EQ(bytes_of_block(packet{.interface = 3,
                                  .time = time,
                                  .data = trivet::bytes_of("abcd"),
                                  .wire_size = 4,
                                  .flags = flags_of(PACKET_BROADCAST),
                                  .dropcount = 0x1'0000'0002,
                                  .comment = "hi"}),
            "\x06\0\0\0\x44\0\0\0\x03\0\0\0\xde\xbc\x9a\x17\x56\x34\x12\xf0"
            "\x04\0\0\0\x04\0\0\0abcd"
            "\x02\0\x04\0\x0d\0\0\0"
            "\x04\0\x08\0\x02\0\0\0\x01\0\0\0"
            "\x01\0\x02\0hi\0\0"
            "\0\0\0\0\x44\0\0\0"sv);
}

TEST(pcapng, interface_statistics) {
  EXPECT_EQ(bytes_of_block(statistics{.interface = 1,
                                      .time = time,
                                      .start = time,
                                      .accepted = 5,
                                      .os_dropped = 2,
                                      .delivered = 3}),
            "\x05\0\0\0\x4c\0\0\0\x01\0\0\0\xde\xbc\x9a\x17\x56\x34\x12\xf0"
            "\x02\0\x08\0\xde\xbc\x9a\x17\x56\x34\x12\xf0"
            "\x06\0\x08\0\x05\0\0\0\0\0\0\0"
            "\x07\0\x08\0\x02\0\0\0\0\0\0\0"
            "\x08\0\x08\0\x03\0\0\0\0\0\0\0"
            "\0\0\0\0\x4c\0\0\0"sv);
}

// NOLINTEND(bugprone-string-literal-with-embedded-nul)

TEST(pcapng, flags_tell_direction_and_reception) {
  EXPECT_EQ(flags_of(PACKET_HOST), 0b00101U);
  EXPECT_EQ(flags_of(PACKET_MULTICAST), 0b01001U);
  EXPECT_EQ(flags_of(PACKET_BROADCAST), 0b01101U);
  EXPECT_EQ(flags_of(PACKET_OTHERHOST), 0b10001U);
  EXPECT_EQ(flags_of(PACKET_OUTGOING), 0b00010U);
  EXPECT_EQ(flags_of(99), 0U);
}

TEST(pcapng, every_length_of_data_is_padded) {
  for (std::size_t size = 0; size <= 9; ++size) {
    const std::string data(size, 'x');
    const std::string block = bytes_of_block(packet{.data = trivet::bytes_of(data)});
    EXPECT_EQ(block.size(), 32 + (size + 3) / 4 * 4);
    EXPECT_EQ(block.substr(4, 4), block.substr(block.size() - 4));
  }
}

TEST(pcapng, whole_blocks_are_counted_wherever_a_write_was_cut) {
  std::vector<std::byte> out;
  append(out, section{});
  const std::size_t first = out.size();
  append(out, packet{.data = trivet::bytes_of("abc")});
  const std::size_t second = out.size();
  append(out, packet{.data = trivet::bytes_of("abcdefg")});
  for (std::size_t size = 0; size <= out.size(); ++size) {
    const whole_blocks whole = count_whole(const_bytes(out).first(size));
    const std::size_t expected = size == out.size() ? size
                                 : size >= second   ? second
                                 : size >= first    ? first
                                                    : 0;
    EXPECT_EQ(whole.size, expected) << size;
    EXPECT_EQ(whole.packets, (expected > first) + (expected > second)) << size;
  }
}

}  // namespace
}  // namespace trivet::packet::pcapng
