// What the tests of every family's address ask in the same way.
#ifndef TESTS_ADDRESS_TESTING_H_
#define TESTS_ADDRESS_TESTING_H_

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>

#include "trivet/base/address.h"
#include "trivet/base/error.h"

namespace trivet::test {

/// The field that parse blames, or what it read where it blames none.
template <socket_address A>
std::string blamed(std::string_view text) {
  try {
    return "read " + A::parse(text).to_string();
  } catch (const address_error& e) {
    EXPECT_EQ(e.code(), errno_code(EINVAL));
    EXPECT_FALSE(e.advice().empty()) << "no reason given for " << text;
    return e.field();
  }
}

/// Whether from_sockaddr refuses the bytes, in both its forms.
template <socket_address A>
bool refuses(const_bytes sockaddr) {
  std::error_code ec;
  const A result = A::from_sockaddr(sockaddr, ec);
  try {
    const A thrown = A::from_sockaddr(sockaddr);
    EXPECT_FALSE(ec) << "only the form with an error code refuses";
    EXPECT_EQ(thrown, result);
    return false;
  } catch (const address_error& e) {
    EXPECT_EQ(ec, errno_code(EINVAL)) << "only the throwing form refuses";
    EXPECT_EQ(e.field(), "sockaddr");
    EXPECT_EQ(result, A());
    return true;
  }
}

/// That a value comes back from its text and its sockaddr, prints as `text`, and hashes as equal.
template <socket_address A>
void expect_round_trip(const A& address, std::string_view text) {
  SCOPED_TRACE(text);
  EXPECT_EQ(address.to_string(), text);
  EXPECT_EQ(A::parse(text), address);
  EXPECT_EQ(A::from_sockaddr(address.to_sockaddr().bytes()), address);
  std::ostringstream printed;
  printed << address;
  EXPECT_EQ(printed.str(), text);
  const A copy = address;
  EXPECT_EQ(std::hash<A>()(copy), std::hash<A>()(address));
  EXPECT_TRUE((copy <=> address) == 0);
}

/// The first `size` bytes of a sockaddr, followed by zeros where that is longer.
inline std::string resized(const sockaddr_bytes& sockaddr, std::size_t size) {
  std::string bytes(text_of(sockaddr.bytes()));
  bytes.resize(size);
  return bytes;
}

/// Bytes as lower-case hex.
inline std::string hex(const_bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) {
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

}  // namespace trivet::test

#endif  // TESTS_ADDRESS_TESTING_H_
