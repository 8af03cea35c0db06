// A datagram that may answer a request: acknowledgements and ends of dumps, their attributes, and
// the reader that sorts them out. The first two bytes say which answer is awaited.
#include <span>

#include "tests/fuzz/require.h"
#include "trivet/netlink/address.h"
#include "trivet/netlink/answer.h"
#include "trivet/netlink/extended_ack.h"
#include "trivet/netlink/message.h"

namespace {

using namespace trivet::netlink;
using trivet::const_bytes;
using trivet::test::require;

void take(const_bytes datagram, answer_reader answer, const address& from) {
  std::size_t seen = 0;
  const message_visitor visit = [&](const message_view& message) {
    ++seen;
    require(message.header.nlmsg_seq == answer.sequence(), "what is visited answers the request");
  };
  answer.feed(datagram, from, visit);
  if (from.pid() != 0) {
    require(!answer.finished() && seen == 0, "only the kernel answers");
  }
  const outcome result = answer.as_outcome();
  if (!answer.finished()) {
    require(result.status == request_status::unknown, "before the end nothing is known");
  }
  require(result.ok() == (result.status == request_status::done), "done is done");
  if (answer.finished() && result.status == request_status::refused) {
    require(static_cast<bool>(result.error), "what is refused has an error");
  }
  (void)answer.as_dump_end();
  // What follows the end belongs to others.
  if (!answer.finished()) return;
  seen = 0;
  answer.feed(datagram, from, visit);
  require(seen == 0, "nothing comes behind the end");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto kind = static_cast<answer_kind>(data[0] % 3);
  const bool foreign = data[1] % 8 == 0;
  const const_bytes datagram = std::as_bytes(std::span(data, size)).subspan(2);
  const address from(foreign ? 77 : 0);
  message_reader in(datagram);
  std::uint32_t port = 1;
  std::uint32_t sequence = 1;
  bool first = true;
  for (message_view message; in.next(message);) {
    (void)acknowledgement::decode(message);
    (void)dump_done::decode(message);
    (void)extended_ack::decode(message.payload);
    if (!first) continue;
    first = false;
    port = message.header.nlmsg_pid;
    sequence = message.header.nlmsg_seq;
  }
  take(datagram, answer_reader(port, sequence, kind), from);
  return 0;
}
