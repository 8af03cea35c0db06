// Memory for messages that are built.
#include "trivet/base/byte_buffer.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace trivet {
namespace {

void add(byte_buffer& buffer, std::size_t size, std::byte what) {
  std::memset(buffer.extend(size), std::to_integer<int>(what), size);
}

TEST(byte_buffer, keeps_what_it_has_when_it_grows) {
  byte_buffer buffer;
  std::vector<std::byte> expected;
  for (std::size_t size = 1; size < 400; ++size) {
    const auto what = static_cast<std::byte>(size);
    add(buffer, size, what);
    expected.insert(expected.end(), size, what);
    ASSERT_EQ(buffer.size(), expected.size());
  }
  EXPECT_EQ(buffer.to_vector(), expected);
}

TEST(byte_buffer, begins_again_in_the_same_memory) {
  byte_buffer buffer;
  add(buffer, 1000, std::byte{1});
  const std::byte* const memory = buffer.data();
  buffer.shrink(2);
  add(buffer, 900, std::byte{2});
  EXPECT_EQ(buffer.data(), memory);
  EXPECT_EQ(const_bytes(buffer)[1], std::byte{1});
  EXPECT_EQ(const_bytes(buffer)[2], std::byte{2});
  buffer.shrink(0);
  EXPECT_TRUE(buffer.empty());
}

TEST(byte_buffer, goes_on_behind_a_copy) {
  const std::vector<std::byte> start(3, std::byte{7});
  byte_buffer buffer{const_bytes(start)};
  add(buffer, 1, std::byte{8});
  EXPECT_EQ(buffer.to_vector(),
            (std::vector{std::byte{7}, std::byte{7}, std::byte{7}, std::byte{8}}));
  byte_buffer other = buffer;
  add(other, 1, std::byte{9});
  EXPECT_EQ(buffer.size(), 4U);
}

TEST(byte_buffer, is_empty_after_a_move) {
  byte_buffer buffer;
  add(buffer, 12, std::byte{1});
  byte_buffer other = std::move(buffer);
  EXPECT_EQ(other.size(), 12U);
  // NOLINTNEXTLINE(bugprone-use-after-move): that is what is tested
  EXPECT_TRUE(buffer.empty());
  add(buffer, 1, std::byte{2});
  other = std::move(buffer);
  EXPECT_EQ(other.to_vector(), std::vector{std::byte{2}});
}

TEST(byte_buffer, refuses_what_no_memory_has) {
  byte_buffer buffer;
  add(buffer, 4, std::byte{1});
  EXPECT_THROW((void)buffer.extend(std::numeric_limits<std::size_t>::max() - 2), std::length_error);
  EXPECT_EQ(buffer.size(), 4U);
}

}  // namespace
}  // namespace trivet
