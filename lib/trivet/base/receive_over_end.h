// Receiving what came before the end of a Bluetooth connection. Not a public header.
//
// A disconnect leaves an error on the socket, at which the kernel looks before the queue, once:
// recvmsg(2) says 0, or fails, while data waits, and the next call receives it. A peek takes that
// error away and no packet, so that the socket is peeked at first.
// Source: l2cap_disconnect_req, l2cap_conn_del, bt_sock_recvmsg, __skb_try_recv_datagram
#ifndef TRIVET_BASE_RECEIVE_OVER_END_H_
#define TRIVET_BASE_RECEIVE_OVER_END_H_

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace trivet {

/// Whether a socket is one of those: packets with connections, as of L2CAP and SCO.
[[nodiscard]] inline bool tells_end_first(int family, int type, int flags) noexcept {
  return family == AF_BLUETOOTH && type == SOCK_SEQPACKET && (flags & MSG_ERRQUEUE) == 0;
}

/// Whether the first packet that waits is not empty. FIONREAD is its length.
[[nodiscard]] inline bool has_data(int fd) noexcept {
  int length = 0;
  return ::ioctl(fd, FIONREAD, &length) == 0 && length > 0;
}

/// @param peek  the call, with MSG_PEEK; @return what it returns
template <class Peek>
[[nodiscard]] long peek_over_end(int fd, Peek peek) noexcept {
  const long length = peek();
  return length <= 0 && has_data(fd) ? peek() : length;
}

/// @param io     io_options
/// @param retry  waits as the options say, and calls: socket_base::retry for POLLIN
/// @param call   receives one message, given flags: its length, or -1 and errno
/// @return what the call returns, or the negative errno
template <class Options, class Retry, class Call>
[[nodiscard]] long receive_over_end(int fd, const Options& io, Retry retry, Call call) noexcept {
  if ((io.flags & MSG_PEEK) != 0) return peek_over_end(fd, [&] { return retry(io, call); });
  const auto peek = [&] {
    ::msghdr nothing{};
    return retry(io, [&](int flags) noexcept -> long {
      return ::recvmsg(fd, &nothing, flags | MSG_PEEK | MSG_TRUNC);
    });
  };
  Options at_once = io;
  at_once.flags |= MSG_DONTWAIT;
  while (true) {
    const long waiting = peek_over_end(fd, peek);
    if (waiting < 0) return waiting;
    // A second peek passes over an empty packet, so that its length is not that of the first one.
    const bool data = has_data(fd);
    long got = retry(at_once, call);
    // Where data waited, an end has come in between.
    if (data && (got == 0 || (got < 0 && got != -EAGAIN))) got = retry(at_once, call);
    if (got != -EAGAIN) return got;
    if (waiting == 0) return 0;  // the peek has accepted a connection (BT_DEFER_SETUP)
    // Another thread has taken it.
  }
}

}  // namespace trivet

#endif  // TRIVET_BASE_RECEIVE_OVER_END_H_
