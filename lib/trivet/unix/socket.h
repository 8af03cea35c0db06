// AF_UNIX sockets: stream, datagram and sequenced packets within one machine.
//
//   auto [a, b] = unix_domain::socket::pair(SOCK_SEQPACKET);
//   a.send(bytes_of("hello"));
//   auto got = b.receive_message();
#ifndef TRIVET_UNIX_SOCKET_H_
#define TRIVET_UNIX_SOCKET_H_

#include "trivet/base/basic_socket.h"
#include "trivet/unix/address.h"

namespace trivet::unix_domain {

/// socket(AF_UNIX). Thread safety as socket_base. Source: unix(7)
class socket final : public basic_socket<socket, address> {
 public:
  /// @param type  SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET; SOCK_NONBLOCK may be added
  explicit socket(int type = SOCK_STREAM) : basic_socket(type, 0) {}

  /// Takes over an open AF_UNIX socket.
  explicit socket(descriptor fd) : basic_socket(std::move(fd)) {}

  /// socketpair(2).
  [[nodiscard]] static socket_pair<socket> pair(int type = SOCK_STREAM) {
    return open_pair(type, 0);
  }
};

}  // namespace trivet::unix_domain

#endif  // TRIVET_UNIX_SOCKET_H_
