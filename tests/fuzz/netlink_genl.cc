// A datagram of the generic netlink controller: families and the policies that it dumps.
#include <span>

#include "tests/fuzz/require.h"
#include "trivet/netlink/generic/family.h"
#include "trivet/netlink/generic/family_policy.h"
#include "trivet/netlink/message.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using trivet::test::require;
  namespace generic = trivet::netlink::generic;
  trivet::netlink::message_reader in(std::as_bytes(std::span(data, size)));
  generic::family_policies policies;
  for (trivet::netlink::message_view message; in.next(message);) {
    if (const auto family = generic::family::decode(message)) {
      const generic::multicast_group* const group = family->find_group("notify");
      require(group == nullptr || group->name == "notify", "a group is found by its name");
    }
    (void)policies.load(message);
  }
  for (const auto& [index, attributes] : policies.policies) {
    for (const auto& [type, limits] : attributes) {
      require(!limits.words.empty(), "every attribute is told in words");
    }
  }
  return 0;
}
