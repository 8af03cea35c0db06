// resolve: what needs no name server. RFC 6761 reserves "localhost" and "invalid".
#include "trivet/inet/resolve.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include "trivet/base/error.h"

namespace trivet {
namespace {

TEST(resolve, takes_names_of_hosts_and_of_services) {
  EXPECT_EQ(inet::resolve("localhost", "80").at(0), inet::address::loopback(80));
  EXPECT_EQ(inet6::resolve("::1", "80").at(0), inet6::address::loopback(80));
}

TEST(resolve, takes_numbers_and_each_address_once) {
  EXPECT_EQ(inet::resolve("10.1.2.3", "").size(), 1U);
  EXPECT_EQ(inet::resolve("10.1.2.3", "65535").at(0), inet::address("10.1.2.3", 65535));
  EXPECT_EQ(inet::resolve("", "80").at(0), inet::address::any(80));
  EXPECT_EQ(inet::resolve("", "").at(0), inet::address::any(0));
  EXPECT_EQ(inet6::resolve("", "80").at(0), inet6::address::any(80));
  EXPECT_EQ(inet6::resolve("fe80::1%lo", "80").at(0), inet6::address("fe80::1", 80, 0, 1));
}

TEST(resolve, says_what_getaddrinfo_says) {
  try {
    (void)inet::resolve("fe80::1", "80");
    FAIL() << "an IPv6 number became an IPv4 address";
  } catch (const socket_error& e) {
    EXPECT_EQ(e.code().category(), resolve_category());
    EXPECT_STREQ(e.what(),
                 "resolve 'fe80::1' port '80': Address family for hostname not supported "
                 "(the host has no address of this family)");
  }
  try {
    (void)inet::resolve("127.0.0.1", "no-such-service", SOCK_DGRAM);
    FAIL() << "a service out of nowhere";
  } catch (const socket_error& e) {
    EXPECT_EQ(e.code(), std::error_code(EAI_SERVICE, resolve_category()));
  }
  EXPECT_THROW((void)inet::resolve(std::string_view("a\0b", 3), "80"), socket_error);
  // glibc wraps these around.
  for (const char* port : {"65536", "65616", "99999999999999999999"}) {
    EXPECT_THROW((void)inet::resolve("127.0.0.1", port), socket_error) << port;
  }
}

}  // namespace
}  // namespace trivet
