// A netlink message for people and for programs: what describe.h and conversation.h say of it, as
// lines of text and as a JSON document. Pure.
#ifndef TOOLS_TRIVET_NETLINK_MESSAGE_H_
#define TOOLS_TRIVET_NETLINK_MESSAGE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tools/trivet/palette.h"
#include "trivet/netlink/conversation.h"
#include "trivet/netlink/describe.h"

namespace trivet::tool {

/// All that is known of a message.
struct shown_message {
  std::uint64_t number = 0;
  std::optional<std::chrono::nanoseconds> time{};  ///< since 1970
  netlink::direction way = netlink::direction::unknown;
  netlink::message_description what{};
  netlink::message_role role{};
  /// How it ended, of a request, where whoever prints it has looked ahead.
  std::optional<netlink::request_end> ended{};
  std::uint32_t cut = 0;  ///< bytes that the capture left out
};

/// A line for the message and one for each of its parts, without the last newline.
[[nodiscard]] std::string message_text(const shown_message& message, const palette& paint);

/// One document.
[[nodiscard]] std::string message_json(const shown_message& message);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_MESSAGE_H_
