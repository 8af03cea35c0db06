#include "tests/fuzz/address_fuzzer.h"
#include "trivet/packet/address.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using trivet::packet::address;
  return trivet::test::fuzz_address<address>(data, size,
                                             [](const address& a) { return a.ifname().empty(); });
}
