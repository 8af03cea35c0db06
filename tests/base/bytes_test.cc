// Reading and writing bytes that nobody vouches for.
#include "trivet/base/bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace trivet {
namespace {

constexpr std::size_t huge = std::numeric_limits<std::size_t>::max();

std::vector<std::byte> numbered(std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = std::byte(i + 1);
  return bytes;
}

TEST(byte_reader, reads_values_at_any_offset) {
  const auto bytes = numbered(16);
  byte_reader in(bytes);
  EXPECT_EQ(in.read<std::uint8_t>(), 1);
  EXPECT_EQ(in.read_big_endian<std::uint16_t>(), 0x0203);
  EXPECT_EQ(in.read_big_endian<std::uint32_t>(), 0x04050607U);
  EXPECT_EQ(in.read_big_endian<std::uint64_t>(), 0x08090a0b0c0d0e0fU);
  EXPECT_EQ(in.rest().size(), 1U);
  EXPECT_FALSE(in.failed());
}

TEST(byte_reader, gives_zeros_from_the_first_read_beyond_the_end_on) {
  const auto bytes = numbered(5);
  byte_reader in(bytes);
  EXPECT_NE(in.read<std::uint32_t>(), 0U);
  EXPECT_EQ(in.read<std::uint32_t>(), 0U) << "one byte is no uint32_t";
  EXPECT_TRUE(in.failed());
  EXPECT_EQ(in.read<std::uint8_t>(), 0) << "a byte is left, but the reader has failed";
  EXPECT_TRUE(in.take(0).empty());
  EXPECT_EQ(in.rest().size(), 1U);
}

TEST(byte_reader, survives_every_length_that_a_peer_may_claim) {
  const auto bytes = numbered(8);
  for (const std::size_t claimed : {std::size_t{9}, huge, huge - 7, huge / 2 + 1}) {
    byte_reader in(bytes);
    EXPECT_TRUE(in.take(claimed).empty()) << claimed;
    EXPECT_TRUE(in.failed()) << claimed;
  }
  byte_reader in(bytes);
  EXPECT_EQ(in.take(8).size(), 8U);
  EXPECT_TRUE(in.take(0).empty());
  EXPECT_FALSE(in.failed()) << "nothing was asked of what was left: nothing";
}

TEST(byte_reader, reads_nothing_from_nothing) {
  byte_reader in({});
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(in.read<std::uint64_t>(), 0U);
  EXPECT_TRUE(in.failed());
}

TEST(byte_writer, writes_until_full_and_then_nothing) {
  std::array<std::byte, 8> room{};
  byte_writer out(room);
  out.write_big_endian(std::uint16_t{0x0102});
  out.write_zeros(1);
  out.write_bytes(bytes_of("abc"));
  EXPECT_EQ(text_of(out.written()), std::string("\1\2\0abc", 6));
  out.write(std::uint32_t{0xffffffff});
  EXPECT_TRUE(out.failed());
  out.write(std::uint8_t{1});
  EXPECT_EQ(out.written().size(), 6U) << "a later write fits, but must not hide the gap";
  EXPECT_EQ(room[6], std::byte{0});
  EXPECT_EQ(room[7], std::byte{0});
}

TEST(byte_writer, survives_every_count) {
  std::array<std::byte, 4> room{};
  for (const std::size_t count : {std::size_t{5}, huge, huge - 3}) {
    byte_writer out(room);
    out.write(std::uint8_t{1});
    out.write_zeros(count);
    EXPECT_TRUE(out.failed()) << count;
    EXPECT_EQ(out.written().size(), 1U);
  }
  byte_writer none({});
  none.write_bytes({});
  none.write_zeros(0);
  EXPECT_FALSE(none.failed());
}

TEST(load_padded, fills_a_short_struct_with_zeros_and_ignores_an_excess) {
  struct pair {
    std::uint32_t first;
    std::uint32_t second;
  };
  const std::array<std::uint32_t, 3> words{7, 8, 9};
  const const_bytes bytes = std::as_bytes(std::span(words));
  EXPECT_EQ(load_padded<pair>(bytes).second, 8U);
  EXPECT_EQ(load_padded<pair>(bytes.first(4)).first, 7U);
  EXPECT_EQ(load_padded<pair>(bytes.first(4)).second, 0U);
  EXPECT_EQ(load_padded<pair>({}).first, 0U);
}

TEST(big_endian, is_its_own_inverse) {
  EXPECT_EQ(big_endian(big_endian(std::uint64_t{0x0102030405060708})), 0x0102030405060708U);
  EXPECT_EQ(big_endian(std::uint8_t{0xab}), 0xab);
  const std::uint16_t port = big_endian(std::uint16_t{0x1f90});
  std::array<unsigned char, 2> bytes;
  std::memcpy(bytes.data(), &port, sizeof port);
  EXPECT_EQ(bytes[0], 0x1f);
}

}  // namespace
}  // namespace trivet
