// The version of the library and of the command, stated once.
#ifndef TRIVET_BASE_VERSION_H_
#define TRIVET_BASE_VERSION_H_

#include <string_view>

namespace trivet {

/// The version of Trivet, as `trivet --version` and trivet.pc print it (semantic versioning).
inline constexpr std::string_view version = "0.1.0";

}  // namespace trivet

#endif  // TRIVET_BASE_VERSION_H_
