// A list in pages: each value is where it was put.
#include "trivet/netlink/paged_list.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace trivet::netlink {
namespace {

TEST(paged_list, holds_what_it_was_given_over_all_sizes_of_blocks) {
  constexpr std::uint64_t count = 1'200'000;  // nine megabytes: blocks of a page to a huge page
  paged_list<std::uint64_t> list;
  for (std::uint64_t i = 0; i < count; ++i) {
    list.push_back(i * i);
    ASSERT_EQ(list.size(), i + 1);
    ASSERT_EQ(list[i], i * i);
  }
  for (std::uint64_t i = 0; i < count; ++i) ASSERT_EQ(list[i], i * i) << i;
  list.clear();
  EXPECT_EQ(list.size(), 0U);
  list.push_back(7);
  EXPECT_EQ(list[0], 7U);
}

}  // namespace
}  // namespace trivet::netlink
