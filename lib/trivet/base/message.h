// What goes into and comes out of a receive or a send, for every family. Values, to be used as any
// other: no object of this file may be written while another thread uses it.
#ifndef TRIVET_BASE_MESSAGE_H_
#define TRIVET_BASE_MESSAGE_H_

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/base/deadline.h"

namespace trivet {

/// How one call behaves, beside the socket's own mode:
///   socket.receive(buffer, {.flags = MSG_PEEK, .until = deadline::after(1s)});
struct io_options {
  /// MSG_ flags of recv(2) or send(2). MSG_NOSIGNAL is added when sending, MSG_CMSG_CLOEXEC when
  /// receiving from AF_UNIX, the only family that hands out descriptors.
  int flags = 0;
  /// Overrides the socket's timeout for this call.
  std::optional<deadline> until{};
};

/// What a receive says of the data. Source: recvmsg(2)
struct receive_result {
  /// Bytes stored.
  std::size_t size = 0;
  /// Bytes of the whole message; more than `size` where it was truncated. Where the family does
  /// not tell (streams, TIPC) the same as `size`.
  std::size_t full_size = 0;
  /// msg_flags: MSG_EOR, MSG_OOB, MSG_ERRQUEUE … Of UDP, TCP, AF_UNIX and AF_NETLINK,
  /// socket_base's receive(buffer) tells MSG_TRUNC alone.
  int flags = 0;

  /// MSG_TRUNC: the buffer was shorter than the message, and the rest is gone (with MSG_PEEK: still
  /// there).
  [[nodiscard]] bool truncated() const noexcept { return (flags & MSG_TRUNC) != 0; }
  /// MSG_CTRUNC: control messages did not fit.
  [[nodiscard]] bool control_truncated() const noexcept { return (flags & MSG_CTRUNC) != 0; }
};

/// The same, with the sender. A sender without an address (an unnamed AF_UNIX socket, the peer of
/// a stream) leaves `from` as it is by default.
template <class Address>
struct received : receive_result {
  Address from{};  ///< who sent it; of an entry of the error queue, to whom it went
};

/// A message in a buffer of its own, as long as the message.
template <class Address>
struct message : received<Address> {
  std::vector<std::byte> data;  ///< all of it, or what there was room for
};

/// One piece of a scatter/gather list.
[[nodiscard]] inline ::iovec buffer(mutable_bytes bytes) noexcept {
  return {bytes.data(), bytes.size()};
}

/// One piece of a gather list; the kernel does not write to it.
[[nodiscard]] inline ::iovec buffer(const_bytes bytes) noexcept {
  return {const_cast<std::byte*>(bytes.data()), bytes.size()};
}

}  // namespace trivet

#endif  // TRIVET_BASE_MESSAGE_H_
