// A datagram of nfnetlink: no length is trusted, and a connection is the same once encoded.
#include <span>

#include "tests/fuzz/codec_round_trip.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/netfilter/conntrack.h"

namespace {

namespace netfilter = trivet::netlink::netfilter;

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  trivet::netlink::message_reader in(std::as_bytes(std::span(data, size)));
  for (trivet::netlink::message_view message; in.next(message);) {
    if (const auto connection = netfilter::connection::decode(message)) {
      trivet::test::require(netfilter::event_of(message).has_value(),
                            "what is a connection is an event, too");
      trivet::test::require_round_trip(*connection);
    }
    if (const auto count = netfilter::connection_count::decode(message)) {
      trivet::test::require_round_trip(*count);
    }
  }
  return 0;
}
