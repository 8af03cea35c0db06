// AF_INET6 sockets: UDP, TCP and raw IPv6.
//
//   inet6::socket server(SOCK_STREAM);
//   server.set(ip6::v6only{true});
//   server.bind(inet6::address("::1", 0));
#ifndef TRIVET_INET_SOCKET6_H_
#define TRIVET_INET_SOCKET6_H_

#include <cerrno>
#include <string_view>
#include <utility>

#include "trivet/base/basic_socket.h"
#include "trivet/inet/address6.h"

namespace trivet::inet6 {

/// socket(AF_INET6). Thread safety as socket_base. Source: ipv6(7), udp(7), tcp(7), raw(7)
class socket final : public basic_socket<socket, address> {
 public:
  /// @param type  SOCK_DGRAM, SOCK_STREAM or SOCK_RAW (needs CAP_NET_RAW); SOCK_NONBLOCK may be
  ///   added
  /// @param protocol  0 for the type's own (UDP, TCP); an IPPROTO_ number for SOCK_RAW
  explicit socket(int type = SOCK_STREAM, int protocol = 0) : basic_socket(type, protocol) {}

  /// Takes over an open AF_INET6 socket.
  explicit socket(descriptor fd) : basic_socket(std::move(fd)) {}

  /// What can be done about an error: for basic_socket's messages.
  [[nodiscard]] static std::string_view advice_for(std::string_view call,
                                                   std::error_code ec) noexcept {
    if (ec.value() == EACCES && call == "bind") {
      return "a port below net.ipv4.ip_unprivileged_port_start needs CAP_NET_BIND_SERVICE";
    }
    if (ec.value() == EINVAL) return "a link-local host needs a scope, as in 'fe80::1%eth0'";
    if (ec.value() == ENODEV) return "there is no interface of the scope's name or number";
    return {};
  }
};

}  // namespace trivet::inet6

#endif  // TRIVET_INET_SOCKET6_H_
