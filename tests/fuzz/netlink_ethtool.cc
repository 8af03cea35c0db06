// A datagram of ethtool's family: no length is trusted, what is decoded is the same once encoded,
// and a set of bits ends where its bytes do.
#include <span>
#include <variant>

#include "tests/fuzz/codec_round_trip.h"
#include "trivet/netlink/generic/ethtool.h"
#include "trivet/netlink/message.h"

namespace {

using trivet::test::require;
namespace ethtool = trivet::netlink::generic::ethtool;

void look_at(const std::optional<ethtool::bitset>& set) {
  if (!set) return;
  const std::uint32_t end = set->end();
  for (const std::uint32_t bit : {0U, end / 2, end, end + 1, 0xffffffffU}) {
    if (bit >= end) require(!set->value(bit), "no bit is set behind the end");
    (void)set->mask(bit);
    (void)set->name(bit);
  }
}

void look_into(const ethtool::link_modes& modes) {
  look_at(modes.ours);
  look_at(modes.peer);
}
void look_into(const ethtool::features& features) {
  look_at(features.hardware);
  look_at(features.wanted);
  look_at(features.active);
  look_at(features.no_change);
}
template <class Other>
void look_into(const Other&) {}

template <class T>
void take(const std::optional<T>& object) {
  if (!object) return;
  trivet::test::require_round_trip(*object);
  look_into(*object);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  trivet::netlink::message_reader in(std::as_bytes(std::span(data, size)));
  for (trivet::netlink::message_view message; in.next(message);) {
    take(ethtool::link_info::decode(message));
    take(ethtool::link_modes::decode(message));
    take(ethtool::link_state::decode(message));
    take(ethtool::features::decode(message));
    take(ethtool::rings::decode(message));
    take(ethtool::channels::decode(message));
    take(ethtool::string_sets::decode(message));
    (void)ethtool::decode_any(message);
  }
  return 0;
}
