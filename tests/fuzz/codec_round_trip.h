// What every netlink codec promises, for an object that came from arbitrary bytes.
#ifndef TESTS_FUZZ_CODEC_ROUND_TRIP_H_
#define TESTS_FUZZ_CODEC_ROUND_TRIP_H_

#include <vector>

#include "tests/fuzz/require.h"
#include "trivet/netlink/policy.h"

namespace trivet::test {

/// The attributes of an object, by its policy.
template <class T>
[[nodiscard]] std::vector<std::byte> attributes_of(const T& object) {
  byte_buffer bytes;
  netlink::attribute_writer out(bytes);
  T::policy().encode(out, object);
  if (out.failed()) return {};  // longer than an attribute may be
  return bytes.to_vector();
}

/// Decode, encode, decode is the identity.
template <class T>
void require_round_trip(const T& object) {
  const std::vector<std::byte> once = attributes_of(object);
  if (once.empty()) return;
  T second;
  require(T::policy().decode(once, second), "what is encoded can be decoded");
  require(attributes_of(second) == once, "decode, encode, decode is the identity");
}

}  // namespace trivet::test

#endif  // TESTS_FUZZ_CODEC_ROUND_TRIP_H_
