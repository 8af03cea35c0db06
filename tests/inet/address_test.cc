// inet::address: text, sockaddr and comparison. Pure.
#include "trivet/inet/address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <set>
#include <unordered_set>

#include "tests/address/testing.h"

namespace trivet::inet {
namespace {

using trivet::test::blamed;
using trivet::test::expect_round_trip;
using trivet::test::hex;
using trivet::test::refuses;
using trivet::test::resized;

TEST(inet_address, goes_to_text_and_sockaddr_and_back) {
  expect_round_trip(address(), "('0.0.0.0', 0)");
  expect_round_trip(address::any(65535), "('0.0.0.0', 65535)");
  expect_round_trip(address::loopback(80), "('127.0.0.1', 80)");
  expect_round_trip(address::broadcast(9), "('255.255.255.255', 9)");
  expect_round_trip(address("1.2.3.4", 5), "('1.2.3.4', 5)");
}

TEST(inet_address, has_the_bytes_of_sockaddr_in) {
  EXPECT_EQ(hex(address("1.2.3.4", 0x5060).to_sockaddr().bytes()),
            "0200"
            "5060"
            "01020304"
            "0000000000000000");
}

TEST(inet_address, reads_the_forms_that_python_takes) {
  EXPECT_EQ(address::parse("('', 80)"), address::any(80));
  EXPECT_EQ(address::parse("('<broadcast>', 80)"), address::broadcast(80));
  EXPECT_EQ(address::parse("127.0.0.1, 80"), address::loopback(80));
  EXPECT_EQ(address::parse(" ( \"127.0.0.1\" , 0x50 , ) "), address::loopback(80));
}

TEST(inet_address, names_the_wrong_field) {
  for (const char* host : {"localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04", "::1",
                           " 1.2.3.4", "1.2.3.4\\0", "0x7f.0.0.1", "<any>"}) {
    EXPECT_EQ(blamed<address>("('" + std::string(host) + "', 80)"), "host") << host;
  }
  for (const char* port : {"65536", "-1", "http", "''", "'80'", "8 0", "99999999999999999999"}) {
    EXPECT_EQ(blamed<address>("('1.2.3.4', " + std::string(port) + ")"), "port") << port;
  }
  EXPECT_EQ(blamed<address>("('1.2.3.4')"), "port");
  EXPECT_EQ(blamed<address>("('1.2.3.4',)"), "port");
  EXPECT_EQ(blamed<address>(""), "host");
  EXPECT_EQ(blamed<address>("()"), "host");
  EXPECT_EQ(blamed<address>("('1.2.3.4, 80)"), "host");
  EXPECT_EQ(blamed<address>("('1.2.3.4', 80"), "tuple");
  EXPECT_EQ(blamed<address>("('1.2.3.4', 80, 0)"), "tuple");
  EXPECT_THROW(address("localhost", 80), address_error);
}

TEST(inet_address, refuses_a_short_sockaddr_and_another_family) {
  const sockaddr_bytes whole = address("1.2.3.4", 5).to_sockaddr();
  for (std::size_t size = 0; size < sizeof(::sockaddr_in); ++size) {
    EXPECT_TRUE(refuses<address>(bytes_of(resized(whole, size)))) << size;
  }
  EXPECT_FALSE(refuses<address>(bytes_of(resized(whole, 128))));
  std::string other = resized(whole, 28);
  other[0] = AF_INET6;
  EXPECT_TRUE(refuses<address>(bytes_of(other)));
}

TEST(inet_address, comes_apart_and_compares) {
  const auto [host, port] = address("10.0.0.1", 80);
  EXPECT_EQ(host, "10.0.0.1");
  EXPECT_EQ(port, 80);
  const std::set<address> ordered{address("10.0.0.2", 1), address("9.0.0.1", 2),
                                  address("10.0.0.1", 3), address("10.0.0.1", 2)};
  EXPECT_EQ(ordered.begin()->host(), "9.0.0.1");
  EXPECT_EQ(ordered.rbegin()->host(), "10.0.0.2");
  const std::unordered_set<address> set(ordered.begin(), ordered.end());
  EXPECT_EQ(set.size(), 4U);
  EXPECT_TRUE(set.contains(address("10.0.0.1", 3)));
}

TEST(inet_address, knows_the_kinds_of_hosts) {
  EXPECT_TRUE(address().is_any());
  EXPECT_TRUE(address("127.9.9.9", 0).is_loopback());
  EXPECT_FALSE(address("128.0.0.1", 0).is_loopback());
  EXPECT_TRUE(address("224.0.0.1", 0).is_multicast());
  EXPECT_TRUE(address("239.255.255.255", 0).is_multicast());
  EXPECT_FALSE(address::broadcast(0).is_multicast());
}

}  // namespace
}  // namespace trivet::inet
