// Which message answers which request, among all that a capture shows. Pure.
//
//   conversation talk;
//   const message_role role = talk.take({.number = 7, .protocol = NETLINK_ROUTE, .bytes = message,
//                                        .way = direction::to_user, .time = when});
//   if (role.kind == role_kind::acknowledgement) … role.request->number, role.end->extended.path
//
// Requests and answers belong together by protocol, port and sequence number. Many programs leave
// the port of a request zero, and the kernel fills it in nowhere that a capture shows; some fill in
// a number that is not their socket's. Such a request is found by its sequence number alone. Where
// several are open with the same one, what the answer itself says decides (open_requests.h); where
// that does not, the oldest is taken, and all that is said of them says so (`ambiguous`).
//
// A notification carries the port and the sequence number of the request that caused it, as an
// answer does. It is told apart by what was asked: only a question is answered with objects.
#ifndef TRIVET_NETLINK_CONVERSATION_H_
#define TRIVET_NETLINK_CONVERSATION_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "trivet/netlink/describe.h"
#include "trivet/netlink/extended_ack.h"
#include "trivet/netlink/open_requests.h"

namespace trivet::netlink {

/// Which way a message goes, where a capture says so: sll_pkttype of linux/if_packet.h.
enum class direction : std::uint8_t {
  unknown,    ///< PACKET_OUTGOING, which nlmon devices give everything
  to_kernel,  ///< PACKET_KERNEL
  to_user,    ///< PACKET_USER
};

/// A message of a capture. A view: the bytes belong to the caller.
struct captured_message {
  std::uint64_t number = 0;            ///< its place in the capture, as answers refer to it
  int protocol = 0;                    ///< NETLINK_ROUTE …: numbers of one say nothing of another
  const_bytes bytes;                   ///< from its header on; its length is not trusted
  direction way = direction::unknown;  ///< not needed: NLM_F_REQUEST tells what is a request
  /// Since whenever, the same for all; only differences are told.
  std::optional<std::chrono::nanoseconds> time{};
};

/// What a message is in a conversation.
enum class role_kind : std::uint8_t {
  request,          ///< NLM_F_REQUEST
  reply,            ///< an object that was asked for
  acknowledgement,  ///< NLMSG_ERROR: done, or refused
  end_of_dump,      ///< NLMSG_DONE
  notification,     ///< told without having been asked for, to whoever listens
  stray,            ///< answers a request that was not captured
};

/// A request as its answers refer to it. A value.
struct request_reference {
  std::uint64_t number = 0;  ///< its place in the capture
  std::string name;          ///< "RTM_NEWLINK"
};

/// How a request ended. A value.
struct request_end {
  std::uint64_t number = 0;   ///< the message that ended it
  std::error_code error;      ///< none: it was done, or nobody knows
  bool cut = false;           ///< the error number is missing in that message: nobody knows
  extended_ack extended;      ///< with the paths of attributes
  bool dump = false;          ///< NLM_F_DUMP of a question
  bool interrupted = false;   ///< NLM_F_DUMP_INTR in any of its replies
  std::uint64_t replies = 0;  ///< objects
  /// From the request to this message; nothing where the capture lacks the time of either.
  std::optional<std::chrono::nanoseconds> after{};
};

/// What take() found out. A value.
struct message_role {
  role_kind kind = role_kind::stray;           ///< device events are notifications
  std::optional<request_reference> request{};  ///< that it answers, or that caused it
  bool ambiguous = false;                      ///< it may be another with this sequence number
  std::optional<request_end> end{};            ///< where this message ends that request
};

/// Follows the conversations of all sockets of a capture. Holds at most 4096 requests that are
/// open, with their bytes, and 64 with the same sequence number; the oldest is given up for more,
/// and counted. Not shared between threads.
/// Source: Documentation/userspace-api/netlink/intro.rst
class conversation {
 public:
  /// @param words  for names; outlives it
  explicit conversation(const describer& words) : words_(words) {}

  /// The next message of the capture, in its order.
  message_role take(const captured_message& message);

  /// Requests that asked for an answer and have none, the given up included.
  [[nodiscard]] std::uint64_t unanswered() const noexcept { return open_.unanswered(); }
  /// Requests, and notifications that named none of them, so far.
  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }
  /// Requests that ended with an error, so far.
  [[nodiscard]] std::uint64_t failed() const noexcept { return failed_; }
  /// Requests of which nobody knows how they ended, because their answer is cut, so far.
  [[nodiscard]] std::uint64_t cut() const noexcept { return cut_; }

 private:
  message_role begin(const captured_message& message, const ::nlmsghdr& header);
  message_role object(const captured_message& message, const ::nlmsghdr& header,
                      const open_requests::match& found);
  message_role finish(const captured_message& message, const ::nlmsghdr& header,
                      const open_requests::match& found);

  const describer& words_;
  open_requests open_;
  std::uint64_t requests_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t cut_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_CONVERSATION_H_
