#include "trivet/netlink/address.h"

#include <gtest/gtest.h>
#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "trivet/base/error.h"

namespace trivet::netlink {
namespace {

static_assert(socket_address<address>);

std::string field_of(const char* text) {
  try {
    (void)address::parse(text);
  } catch (const address_error& error) {
    return error.field();
  }
  return "accepted";
}

TEST(netlink_address, prints_and_parses_pythons_tuple) {
  EXPECT_EQ(address().to_string(), "(0, 0)");
  EXPECT_EQ(address(4294967295, 0x80000001).to_string(), "(4294967295, 2147483649)");
  EXPECT_EQ(address::parse("(17, 5)"), address(17, 5));
  EXPECT_EQ(address::parse(" 17,0x5 "), address(17, 5));
  EXPECT_EQ(address::parse("(4294967295, 4294967295)"), address(~0U, ~0U));
}

TEST(netlink_address, names_the_field_that_is_wrong) {
  EXPECT_EQ(field_of("(-1, 0)"), "pid");
  EXPECT_EQ(field_of("(4294967296, 0)"), "pid");
  EXPECT_EQ(field_of("('1', 0)"), "pid");
  EXPECT_EQ(field_of(""), "pid");
  EXPECT_EQ(field_of("(1)"), "groups");
  EXPECT_EQ(field_of("(1, )"), "groups");
  EXPECT_EQ(field_of("(1, 4294967296)"), "groups");
  EXPECT_EQ(field_of("(1, 2, 3)"), "tuple");
  EXPECT_EQ(field_of("(1, 2"), "tuple");
}

TEST(netlink_address, goes_through_sockaddr) {
  const address a(0x01020304, 0x10);
  const sockaddr_bytes raw = a.to_sockaddr();
  EXPECT_EQ(raw.size(), sizeof(::sockaddr_nl));
  EXPECT_EQ(address::from_sockaddr(raw.bytes()), a);
  // A buffer may be longer than the struct.
  std::array<std::byte, 32> longer{};
  std::copy(raw.bytes().begin(), raw.bytes().end(), longer.begin());
  EXPECT_EQ(address::from_sockaddr(longer), a);
}

TEST(netlink_address, refuses_a_sockaddr_that_is_short_or_of_another_family) {
  const sockaddr_bytes raw = address(1, 2).to_sockaddr();
  for (std::size_t size = 0; size < raw.size(); ++size) {
    std::error_code ec;
    EXPECT_EQ(address::from_sockaddr(raw.bytes().first(size), ec), address());
    EXPECT_EQ(ec, std::errc::invalid_argument) << size;
  }
  ::sockaddr_nl other{};
  other.nl_family = AF_UNIX;
  EXPECT_THROW((void)address::from_sockaddr(sockaddr_bytes(other).bytes()), address_error);
}

TEST(netlink_address, compares_hashes_and_binds) {
  EXPECT_LT(address(1, 9), address(2, 0));
  EXPECT_LT(address(1, 1), address(1, 2));
  const std::unordered_set<address> set{address(1, 2), address(1, 2), address(2, 1)};
  EXPECT_EQ(set.size(), 2U);
  const auto [pid, groups] = address(3, 4);
  EXPECT_EQ(pid, 3U);
  EXPECT_EQ(groups, 4U);
}

}  // namespace
}  // namespace trivet::netlink
