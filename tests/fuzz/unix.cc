#include "tests/fuzz/address_fuzzer.h"
#include "trivet/unix/address.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return trivet::test::fuzz_address<trivet::unix_domain::address>(data, size);
}
