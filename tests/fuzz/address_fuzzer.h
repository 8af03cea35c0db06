// What every address promises for any input, read once as text and once as a sockaddr:
//   parse and from_sockaddr give an address, or an address_error that names the field
//   parse(a.to_string()) == a, and from_sockaddr(a.to_sockaddr()) == a
//   from_sockaddr's two forms agree
#ifndef TESTS_FUZZ_ADDRESS_FUZZER_H_
#define TESTS_FUZZ_ADDRESS_FUZZER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tests/fuzz/require.h"
#include "trivet/base/address.h"
#include "trivet/base/error.h"

namespace trivet::test {

/// Calls `read`, which may throw address_error and nothing else.
template <class Read>
auto address_or_error(Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const address_error& e) {
    require(!e.field().empty(), "an address_error names its field");
    require(!e.advice().empty(), "an address_error gives its reason");
    return std::nullopt;
  }
}

/// @param complete  whether the sockaddr holds all of an address: not where a name of an interface
///   still has to be asked for
template <socket_address A, class Complete>
void require_round_trips(const A& address, Complete complete) {
  const std::string text = address.to_string();
  const auto read = address_or_error([&] { return A::parse(text); });
  require(read.has_value(), "what to_string writes can be parsed");
  require(*read == address, "parse(to_string(a)) == a");
  require(read->to_string() == text, "equal addresses have the same text");
  require(std::hash<A>()(*read) == std::hash<A>()(address), "equal addresses have the same hash");
  const sockaddr_bytes sockaddr = address.to_sockaddr();
  require(sockaddr.size() <= sockaddr_bytes::capacity, "a sockaddr fits into sockaddr_storage");
  require(family_of(sockaddr.bytes()) == A::family, "a sockaddr is of its family");
  if (!complete(address)) return;
  require(A::from_sockaddr(sockaddr.bytes()) == address, "from_sockaddr(to_sockaddr(a)) == a");
}

template <socket_address A, class Complete>
int fuzz_address(const std::uint8_t* data, std::size_t size, Complete complete) {
  const const_bytes bytes = std::as_bytes(std::span(data, size));
  if (const auto parsed = address_or_error([&] { return A::parse(text_of(bytes)); })) {
    require_round_trips(*parsed, complete);
  }
  std::error_code ec;
  const A quiet = A::from_sockaddr(bytes, ec);
  const auto loud = address_or_error([&] { return A::from_sockaddr(bytes); });
  require(loud.has_value() == !ec, "both forms of from_sockaddr refuse the same");
  require(quiet == loud.value_or(A()), "both forms of from_sockaddr give the same");
  if (loud) require_round_trips(*loud, complete);
  return 0;
}

template <socket_address A>
int fuzz_address(const std::uint8_t* data, std::size_t size) {
  return fuzz_address<A>(data, size, [](const A&) { return true; });
}

}  // namespace trivet::test

#endif  // TESTS_FUZZ_ADDRESS_FUZZER_H_
