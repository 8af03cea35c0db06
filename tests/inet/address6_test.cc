// inet6::address: text, sockaddr, scope and comparison. Pure but for the index of lo.
#include "trivet/inet/address6.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <set>
#include <unordered_set>

#include "tests/address/testing.h"
#include "trivet/inet/socket6.h"

namespace trivet::inet6 {
namespace {

using trivet::test::blamed;
using trivet::test::expect_round_trip;
using trivet::test::hex;
using trivet::test::refuses;
using trivet::test::resized;

TEST(inet6_address, goes_to_text_and_sockaddr_and_back) {
  expect_round_trip(address(), "('::', 0, 0, 0)");
  expect_round_trip(address::any(1), "('::', 1, 0, 0)");
  expect_round_trip(address::loopback(80), "('::1', 80, 0, 0)");
  expect_round_trip(address("fe80::1", 65535, 0xfffff, 0xffffffff),
                    "('fe80::1', 65535, 1048575, 4294967295)");
  expect_round_trip(address("1:2:3:4:5:6:7:8", 9), "('1:2:3:4:5:6:7:8', 9, 0, 0)");
  expect_round_trip(address("2001:DB8:0:0:1:0:0:1", 9), "('2001:db8::1:0:0:1', 9, 0, 0)");
  expect_round_trip(address("::ffff:1.2.3.4", 9), "('::ffff:1.2.3.4', 9, 0, 0)");
}

TEST(inet6_address, has_the_bytes_of_sockaddr_in6) {
  EXPECT_EQ(hex(address("fe80::1:2", 0x5060, 0x12345, 7).to_sockaddr().bytes()),
            "0a00"
            "5060"
            "00012345"
            "fe800000000000000000000000010002"
            "07000000");
}

TEST(inet6_address, may_leave_out_flowinfo_and_scopeid) {
  EXPECT_EQ(address::parse("('', 80)"), address::any(80));
  EXPECT_EQ(address::parse("::1, 80"), address::loopback(80));
  EXPECT_EQ(address::parse("('::1', 80, 5)"), address("::1", 80, 5));
  EXPECT_EQ(address::parse("('fe80::1', 80, 5, 6)"), address("fe80::1", 80, 5, 6));
}

TEST(inet6_address, takes_the_scope_in_the_host) {
  EXPECT_EQ(address::parse("('fe80::1%3', 80)"), address("fe80::1", 80, 0, 3));
  EXPECT_EQ(address::parse("('fe80::1%3', 80, 0, 3)"), address("fe80::1", 80, 0, 3));
  EXPECT_EQ(address::parse("('fe80::1%4294967295', 80)").scopeid(), 0xffffffffU);
  EXPECT_EQ(blamed<address>("('fe80::1%3', 80, 0, 4)"), "scopeid");
  EXPECT_EQ(blamed<address>("('fe80::1%4294967296', 80)"), "host");
}

TEST(inet6_address, keeps_the_name_of_a_scope_until_a_socket_resolves_it) {
  const address named = address::parse("('fe80::1%lo', 80)");
  EXPECT_EQ(named.scope_name(), "lo");
  EXPECT_EQ(named.scopeid(), 0U);
  EXPECT_EQ(named.to_string(), "('fe80::1%lo', 80, 0, 0)");
  EXPECT_EQ(address::parse(named.to_string()), named);
  EXPECT_NE(named, address("fe80::1", 80));

  const socket any_socket(SOCK_DGRAM);
  std::error_code ec;
  const address resolved = named.with_index(any_socket.native_handle(), ec);
  EXPECT_FALSE(ec);
  EXPECT_EQ(resolved, address("fe80::1", 80, 0, 1));  // lo is number 1 in every namespace

  const address nowhere("fe80::1%no-such-if", 80);
  EXPECT_EQ(nowhere.with_index(any_socket.native_handle(), ec), nowhere);
  EXPECT_EQ(ec, errno_code(ENODEV));

  for (const char* scope : {"", "sixteen-bytes-xx", "a/b", "a:b", "a b", ".", "..", "a\\0b"}) {
    EXPECT_EQ(blamed<address>("('fe80::1%" + std::string(scope) + "', 80)"), "host") << scope;
  }
  EXPECT_EQ(blamed<address>("('fe80::1%lo', 80, 0, 1)"), "scopeid");
  EXPECT_EQ(blamed<address>("('%lo', 80)"), "host");
}

TEST(inet6_address, names_the_wrong_field) {
  for (const char* host : {"localhost", "1.2.3.4", ":::", "::1::", "12345::", "1:2:3:4:5:6:7",
                           "[::1]", " ::1", "::1\\0", "<broadcast>"}) {
    EXPECT_EQ(blamed<address>("('" + std::string(host) + "', 80)"), "host") << host;
  }
  EXPECT_EQ(blamed<address>("('::1', 65536)"), "port");
  EXPECT_EQ(blamed<address>("('::1', -1)"), "port");
  EXPECT_EQ(blamed<address>("('::1')"), "port");
  EXPECT_EQ(blamed<address>("('::1', 80, 1048576)"), "flowinfo");
  EXPECT_EQ(blamed<address>("('::1', 80, -1)"), "flowinfo");
  EXPECT_EQ(blamed<address>("('::1', 80, ,)"), "flowinfo");
  EXPECT_EQ(blamed<address>("('::1', 80, 0, 4294967296)"), "scopeid");
  EXPECT_EQ(blamed<address>("('::1', 80, 0, -1)"), "scopeid");
  EXPECT_EQ(blamed<address>("('::1', 80, 0, eth0)"), "scopeid");
  EXPECT_EQ(blamed<address>("('::1', 80, 0, 0, 0)"), "tuple");
  EXPECT_THROW(address("::1", 80, 1048576), address_error);
  EXPECT_THROW(address(address::host_bytes{}, 80, 1048576), address_error);
}

TEST(inet6_address, refuses_a_short_sockaddr_and_another_family) {
  const sockaddr_bytes whole = address("fe80::1", 5, 6, 7).to_sockaddr();
  for (std::size_t size = 0; size < 24; ++size) {
    EXPECT_TRUE(refuses<address>(bytes_of(resized(whole, size)))) << size;
  }
  // RFC 2133 has no scope, and a half of one counts as none.
  for (std::size_t size = 24; size < 28; ++size) {
    EXPECT_EQ(address::from_sockaddr(bytes_of(resized(whole, size))), address("fe80::1", 5, 6));
  }
  EXPECT_EQ(address::from_sockaddr(bytes_of(resized(whole, 128))), address("fe80::1", 5, 6, 7));
  std::string other = resized(whole, 28);
  other[0] = AF_INET;
  EXPECT_TRUE(refuses<address>(bytes_of(other)));
}

TEST(inet6_address, leaves_the_traffic_class_out_of_the_flowinfo) {
  std::string raw = resized(address("::1", 5, 0x12345).to_sockaddr(), 28);
  raw[4] = '\x0a';
  raw[5] = '\xb1';
  EXPECT_EQ(address::from_sockaddr(bytes_of(raw)).flowinfo(), 0x12345U);
}

TEST(inet6_address, comes_apart_and_compares) {
  const auto [host, port, flowinfo, scopeid] = address("fe80::1", 80, 5, 6);
  EXPECT_EQ(host, "fe80::1");
  EXPECT_EQ(port, 80);
  EXPECT_EQ(flowinfo, 5U);
  EXPECT_EQ(scopeid, 6U);
  const std::set<address> ordered{address("::2", 1), address("::1", 2), address("::1", 1, 0, 1),
                                  address("::1", 1)};
  EXPECT_EQ(*ordered.begin(), address("::1", 1));
  EXPECT_EQ(*ordered.rbegin(), address("::2", 1));
  const std::unordered_set<address> set(ordered.begin(), ordered.end());
  EXPECT_EQ(set.size(), 4U);
}

TEST(inet6_address, knows_the_kinds_of_hosts) {
  EXPECT_TRUE(address().is_any());
  EXPECT_TRUE(address("::1", 0).is_loopback());
  EXPECT_TRUE(address("febf::1", 0).is_link_local());
  EXPECT_FALSE(address("fec0::1", 0).is_link_local());
  EXPECT_TRUE(address("ff02::1", 0).is_multicast());
}

}  // namespace
}  // namespace trivet::inet6
