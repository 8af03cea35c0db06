#include "tests/fuzz/address_fuzzer.h"
#include "trivet/netlink/address.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return trivet::test::fuzz_address<trivet::netlink::address>(data, size);
}
