// What a fuzz target promises.
#ifndef TESTS_FUZZ_REQUIRE_H_
#define TESTS_FUZZ_REQUIRE_H_

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace trivet::test {

/// Ends the process with a line that says which promise is broken. libFuzzer keeps the input, and
/// the driver prints it.
inline void require(bool kept, std::string_view promise) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
  std::abort();
}

}  // namespace trivet::test

#endif  // TESTS_FUZZ_REQUIRE_H_
