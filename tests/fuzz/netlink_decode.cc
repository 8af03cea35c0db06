// A datagram of any netlink protocol, described and printed: every piece lies inside its message,
// what is printed is fit for a terminal, and one message's conversation never ends the process.
// The first byte is the protocol.
#include <linux/netlink.h>

#include <span>
#include <string>
#include <vector>

#include "tests/fuzz/require.h"
#include "tools/trivet/netlink_decode_input.h"
#include "tools/trivet/netlink_message.h"
#include "trivet/base/bytes.h"
#include "trivet/netlink/conversation.h"
#include "trivet/netlink/describe.h"

namespace {

using trivet::const_bytes;
using trivet::test::require;
namespace netlink = trivet::netlink;
namespace tool = trivet::tool;

void check(const std::vector<netlink::node>& nodes, std::size_t size) {
  for (const netlink::node& one : nodes) {
    require(one.offset <= size && one.size <= size - one.offset, "a piece lies in its message");
    require(one.raw.size() <= size, "bytes are not more than there are");
    check(one.children, size);
  }
}

void check_text(const std::string& text) {
  for (const char c : text) {
    const bool is_control = (c >= 0 && c < ' ' && c != '\n') || c == '\x7f';
    require(!is_control, "no message moves the cursor");
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const const_bytes datagram = std::as_bytes(std::span(data, size)).subspan(1);
  const int protocol = data[0] % 32;
  netlink::describer words;
  netlink::conversation talk(words);
  const tool::palette plain(false);
  std::uint64_t number = 0;
  std::size_t told = 0;
  for (netlink::message_description& what : words.describe_datagram(protocol, datagram)) {
    require(what.offset >= told && what.offset <= datagram.size(), "messages come in order");
    told = what.offset;
    const const_bytes rest = datagram.subspan(what.offset);
    check(what.parts, rest.size());
    words.learn(protocol, rest);
    tool::shown_message shown;
    shown.number = ++number;
    shown.time = std::chrono::nanoseconds(number);
    shown.role =
        talk.take({.number = number, .protocol = protocol, .bytes = rest, .time = shown.time});
    shown.ended = shown.role.end;
    shown.what = std::move(what);
    check_text(tool::message_text(shown, plain));
    require(tool::message_json(shown).ends_with("}"), "a document has an end");
  }
  (void)tool::datagram_of_packet(253, datagram);
  (void)tool::datagram_of_packet(276, datagram);
  return 0;
}
