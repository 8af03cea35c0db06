#include "tests/fuzz/address_fuzzer.h"
#include "trivet/bluetooth/address.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return trivet::test::fuzz_address<trivet::bluetooth::rfcomm_address>(data, size);
}
