// Every address family behind one face: text, bytes, and nothing else. What the comparison with
// CPython goes through, in the order of `trivet socket address`.
#ifndef TESTS_ADDRESS_FAMILIES_H_
#define TESTS_ADDRESS_FAMILIES_H_

#include <span>
#include <string>
#include <string_view>

#include "trivet/base/bytes.h"

namespace trivet::test {

/// One family. `fd` is any socket: names of interfaces are those of its network namespace.
struct address_family {
  std::string_view name;
  /// The sockaddr of a text, in hex. Throws address_error.
  std::string (*encode)(std::string_view text, int fd);
  /// The text of a sockaddr. Throws address_error.
  std::string (*decode)(const_bytes sockaddr, int fd);
  /// The text that is printed for a text. Throws address_error.
  std::string (*canonical)(std::string_view text, int fd);
};

/// All ten.
[[nodiscard]] std::span<const address_family> address_families();

/// One of them.
[[nodiscard]] const address_family& family_named(std::string_view name);

}  // namespace trivet::test

#endif  // TESTS_ADDRESS_FAMILIES_H_
