// What a receive on a TIPC socket can mean: data is only one of four things, and recvmsg(2) tells
// them apart by lengths, flags and control messages.
//
//   tipc::event_buffer buffer;
//   const tipc::received_event got = socket.receive_event(buffer);
//   if (const auto* message = std::get_if<tipc::delivery>(&got)) use(message->data);
//   if (const auto* back = std::get_if<tipc::rejection>(&got)) resend(back->returned);
//   if (const auto* member = std::get_if<tipc::member_event>(&got)) …
//   if (const auto* end = std::get_if<tipc::disconnection>(&got)) …
#ifndef TRIVET_TIPC_EVENT_H_
#define TRIVET_TIPC_EVENT_H_

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "trivet/base/message.h"
#include "trivet/tipc/address.h"
#include "trivet/tipc/control.h"

namespace trivet::tipc {

/// A message that somebody sent.
struct delivery : receive_result {
  /// Valid until the buffer is used again. Shorter than the message where truncated().
  const_bytes data{};
  /// The socket that sent it: what to answer to.
  socket_id from{};
  /// The service or range it was sent to; nothing for a socket address, a broadcast in a group and
  /// socketpair(2).
  std::optional<service_range> destination{};
  /// In a group: the group's type and the sender's member number.
  std::optional<service> member{};
};

/// A message of this socket that could not be delivered; RDM and DGRAM with dest_droppable off.
struct rejection {
  reject_reason reason = reject_reason::none;  ///< why
  /// The first 1024 bytes of it; the rest does not come back. Valid until the buffer is used again.
  const_bytes returned{};
  /// The socket that it had reached, or the node alone where it reached none.
  socket_id from{};
  /// The service or range it had been sent to; nothing for a socket address.
  std::optional<service_range> destination{};

  /// Whether the message may have been longer than what came back.
  [[nodiscard]] bool may_be_cut() const noexcept {
    return returned.size() >= control::retdata::most;
  }
};

/// A socket joined or left the group; only with group_request::events. With loopback a socket's
/// own join is reported, too. May come before messages that were sent earlier.
struct member_event {
  bool joined = false;  ///< false: it left, or its node is gone
  socket_id socket{};   ///< of the member
  /// The group's type and the member's number.
  service member{};
};

/// The connection has ended (STREAM, SEQPACKET); what came before it has all been received.
struct disconnection {
  /// connection_shutdown and no_port: the other side ended it, by shutdown(2) or close(2). Anything
  /// else: it broke.
  reject_reason reason = reject_reason::none;
  /// The first message that the other side had not received, up to 1024 bytes of it; later ones are
  /// gone. Valid until the buffer is used again.
  const_bytes returned{};
  socket_id peer{};  ///< the other side

  /// Whether the other side meant it.
  [[nodiscard]] bool orderly() const noexcept {
    return reason == reject_reason::connection_shutdown || reason == reject_reason::no_port;
  }
};

/// What a receive can mean.
using received_event = std::variant<delivery, rejection, member_event, disconnection>;

/// Room for one event. Reusable; can be moved, which keeps an event's views valid; not shared
/// between threads.
class event_buffer {
 public:
  /// @param size  1 or more; the default holds every message. Throws socket_error EINVAL for 0,
  /// which the kernel refuses on every receive.
  explicit event_buffer(std::size_t size = address::max_message);

  /// For recvmsg(2): room for the message and for what comes beside it.
  [[nodiscard]] mutable_bytes data() noexcept { return data_; }
  [[nodiscard]] control_buffer& control() noexcept { return *control_; }

 private:
  std::vector<std::byte> data_;
  std::unique_ptr<control_buffer> control_;
};

/// What one recvmsg(2) means.
/// @param connected  STREAM and SEQPACKET
/// @param name       msg_name as the kernel filled it: one struct sockaddr_tipc, or two in a group
/// Pure. Source: the kernel's net/tipc/socket.c (tipc_recvmsg, tipc_sk_set_orig_addr)
[[nodiscard]] received_event interpret(bool connected, const receive_result& result,
                                       const_bytes data, const_bytes name,
                                       const control_buffer& control) noexcept;

}  // namespace trivet::tipc

#endif  // TRIVET_TIPC_EVENT_H_
