// AF_INET sockets: UDP, TCP and raw IPv4.
//
//   inet::socket receiver(SOCK_DGRAM);
//   receiver.bind(inet::address("127.0.0.1", 0));
//   inet::socket(SOCK_DGRAM).send_to(bytes_of("hello"), receiver.local_address());
#ifndef TRIVET_INET_SOCKET_H_
#define TRIVET_INET_SOCKET_H_

#include <cerrno>
#include <string_view>
#include <utility>

#include "trivet/base/basic_socket.h"
#include "trivet/inet/address.h"

namespace trivet::inet {

/// socket(AF_INET). Thread safety as socket_base. Source: ip(7), udp(7), tcp(7), raw(7)
class socket final : public basic_socket<socket, address> {
 public:
  /// @param type  SOCK_DGRAM, SOCK_STREAM or SOCK_RAW (needs CAP_NET_RAW); SOCK_NONBLOCK may be
  ///   added
  /// @param protocol  0 for the type's own (UDP, TCP); an IPPROTO_ number for SOCK_RAW
  explicit socket(int type = SOCK_STREAM, int protocol = 0) : basic_socket(type, protocol) {}

  /// Takes over an open AF_INET socket.
  explicit socket(descriptor fd) : basic_socket(std::move(fd)) {}

  /// What can be done about an error: for basic_socket's messages.
  [[nodiscard]] static std::string_view advice_for(std::string_view call,
                                                   std::error_code ec) noexcept {
    if (ec.value() != EACCES) return {};
    return call == "bind" ? "a port below net.ipv4.ip_unprivileged_port_start needs "
                            "CAP_NET_BIND_SERVICE"
                          : "a broadcast address wants so::broadcast; else a route or a firewall "
                            "forbids it";
  }
};

}  // namespace trivet::inet

#endif  // TRIVET_INET_SOCKET_H_
