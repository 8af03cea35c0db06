// unix_domain::address: text, sockaddr, the 108 bytes and zero bytes within them. Pure.
#include "trivet/unix/address.h"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <set>
#include <string>
#include <unordered_set>

#include "tests/address/testing.h"

namespace trivet::unix_domain {
namespace {

using namespace std::string_literals;
using trivet::test::blamed;
using trivet::test::expect_round_trip;
using trivet::test::hex;
using trivet::test::refuses;

// The size of sun_family, where sun_path starts.
constexpr std::size_t path_offset = offsetof(::sockaddr_un, sun_path);

std::string raw(std::string_view path, char family = AF_UNIX) {
  return std::string{family, '\0'}.append(path);
}

TEST(unix_address, goes_to_text_and_sockaddr_and_back) {
  expect_round_trip(address(), "");
  expect_round_trip(address("/run/app.sock"), "/run/app.sock");
  expect_round_trip(address(" a, (b) "), " a, (b) ");
  expect_round_trip(address("/tmp/\xc3\xa4"), "/tmp/\xc3\xa4");
  expect_round_trip(address("/tmp/\xff\n"), "/tmp/\\xff\\n");
  expect_round_trip(address("a\\b"), "a\\\\b");
  expect_round_trip(address::abstract("bus"), "@bus");
  expect_round_trip(address::abstract(""), "@");
  expect_round_trip(address::abstract("a\0b\0"s), "@a\\x00b\\x00");
}

TEST(unix_address, tells_a_path_from_what_looks_like_a_name_or_a_literal) {
  expect_round_trip(address("@bus"), "'@bus'");
  expect_round_trip(address("'a'"), "\"'a'\"");
  expect_round_trip(address("b'a'"), "\"b'a'\"");
  expect_round_trip(address("\"a'\""), "'\"a\\'\"'");
  expect_round_trip(address::abstract("@bus"), "@@bus");
}

TEST(unix_address, reads_pythons_literals) {
  EXPECT_EQ(address::parse("'/run/app.sock'"), address("/run/app.sock"));
  EXPECT_EQ(address::parse("b'\\x00bus'"), address::abstract("bus"));
  EXPECT_EQ(address::parse("\"\\0bus\""), address::abstract("bus"));
  EXPECT_EQ(address::parse("''"), address());
  EXPECT_EQ(address::parse("\\x00bus"), address::abstract("bus"));
}

TEST(unix_address, has_the_bytes_of_sockaddr_un) {
  EXPECT_EQ(hex(address().to_sockaddr().bytes()), "0100");
  EXPECT_EQ(hex(address("/a").to_sockaddr().bytes()),
            "0100"
            "2f61"
            "00");
  EXPECT_EQ(hex(address::abstract("a\0"s).to_sockaddr().bytes()),
            "0100"
            "00"
            "6100");
}

TEST(unix_address, uses_all_108_bytes_and_no_more) {
  const std::string whole(address::capacity, 'p');
  EXPECT_EQ(address(whole).path(), whole);
  EXPECT_EQ(address(whole).to_sockaddr().size(), path_offset + 108);            // no terminator
  EXPECT_EQ(address(whole.substr(1)).to_sockaddr().size(), path_offset + 108);  // with one
  expect_round_trip(address(whole), whole);
  expect_round_trip(address::abstract(whole.substr(1)), "@" + whole.substr(1));
  EXPECT_THROW(address(whole + "p"), address_error);
  EXPECT_THROW((void)address::abstract(whole), address_error);
  EXPECT_EQ(blamed<address>(whole + "p"), "path");
  EXPECT_EQ(blamed<address>("@" + whole), "path");
}

TEST(unix_address, refuses_what_is_no_path) {
  EXPECT_THROW(address(""), address_error);
  EXPECT_THROW(address("a\0b"s), address_error);
  EXPECT_EQ(blamed<address>("a\\x00b"), "path");
  EXPECT_EQ(blamed<address>("a\\"), "path");
  EXPECT_EQ(blamed<address>("@\\xg0"), "path");
  EXPECT_EQ(blamed<address>("'a' b'"), "path");
  EXPECT_EQ(blamed<address>("'a','b'"), "tuple");
}

TEST(unix_address, reads_the_sockaddrs_that_the_kernel_writes) {
  const auto from = [](std::string_view path) {
    return address::from_sockaddr(bytes_of(raw(path)));
  };
  EXPECT_EQ(from(""), address());
  EXPECT_EQ(from("/a\0"s), address("/a"));
  EXPECT_EQ(from("/a\0garbage"s), address("/a"));
  EXPECT_EQ(from("/a"), address("/a"));
  EXPECT_EQ(from("\0a\0"s), address::abstract("a\0"s));
  EXPECT_EQ(from(std::string(108, 'p')), address(std::string(108, 'p')));
  // getsockname of such a path counts a terminator beyond the struct.
  EXPECT_EQ(from(std::string(108, 'p') + '\0'), address(std::string(108, 'p')));
  EXPECT_EQ(from("\0"s + std::string(107, 'p')), address::abstract(std::string(107, 'p')));
}

TEST(unix_address, refuses_a_short_or_long_sockaddr_and_another_family) {
  EXPECT_TRUE(refuses<address>({}));
  EXPECT_TRUE(refuses<address>(bytes_of("\1"s)));
  EXPECT_FALSE(refuses<address>(bytes_of(raw(""))));
  EXPECT_FALSE(refuses<address>(bytes_of(raw(std::string(109, 'p')))));
  EXPECT_TRUE(refuses<address>(bytes_of(raw(std::string(110, 'p')))));
  EXPECT_TRUE(refuses<address>(bytes_of(raw("/a", AF_INET))));
}

TEST(unix_address, comes_apart_and_compares) {
  const address one("/run/a");
  const auto [path] = one;
  EXPECT_EQ(path, "/run/a");
  const std::set<address> ordered{address("b"), address("a"), address::abstract("z"), address()};
  EXPECT_TRUE(ordered.begin()->is_unnamed());
  EXPECT_TRUE(std::next(ordered.begin())->is_abstract());
  EXPECT_EQ(*ordered.rbegin(), address("b"));
  const std::unordered_set<address> set(ordered.begin(), ordered.end());
  EXPECT_EQ(set.size(), 4U);
  EXPECT_NE(address::abstract("a"), address::abstract("a\0"s));
}

}  // namespace
}  // namespace trivet::unix_domain
