// AF_NETLINK sockets.
//
//   netlink::socket socket(NETLINK_ROUTE);
//   socket.bind(netlink::address());                    // a port of the kernel's choice
//   auto [pid, groups] = socket.local_address();
//   socket.join(RTNLGRP_NEXTHOP);
//
// Not here: messages (message.h), requests and their answers (client.h), events (monitor.h).
#ifndef TRIVET_NETLINK_SOCKET_H_
#define TRIVET_NETLINK_SOCKET_H_

#include <cstdint>
#include <vector>

#include "trivet/base/basic_socket.h"
#include "trivet/netlink/address.h"

namespace trivet::netlink {

/// socket(AF_NETLINK). Its port is known only after bind: bind(address()) and then
/// local_address(). Thread safety as socket_base. Source: netlink(7)
class socket final : public basic_socket<socket, address> {
 public:
  /// @param protocol  NETLINK_ROUTE, NETLINK_GENERIC …
  /// @param type      SOCK_RAW or SOCK_DGRAM, which are the same here; SOCK_NONBLOCK may be added
  /// Throws family_unavailable where the kernel has no such protocol.
  explicit socket(int protocol, int type = SOCK_RAW) : basic_socket(type, protocol) {}

  /// Takes over an open AF_NETLINK socket.
  explicit socket(descriptor fd) : basic_socket(std::move(fd)) {}

  /// setsockopt(NETLINK_ADD_MEMBERSHIP): joins a multicast group by its number, also above 32. Bind
  /// first: the kernel leaves a socket without a port out of its broadcasts.
  /// @param group  1 or more; throws socket_error EINVAL beyond the protocol's last one
  void join(std::uint32_t group);
  void join(std::uint32_t group, std::error_code& ec) noexcept;

  /// setsockopt(NETLINK_DROP_MEMBERSHIP): leaves a group; leaving one not joined is no error.
  void leave(std::uint32_t group);
  void leave(std::uint32_t group, std::error_code& ec) noexcept;

  /// getsockopt(NETLINK_LIST_MEMBERSHIPS): the numbers of the groups joined, in order.
  [[nodiscard]] std::vector<std::uint32_t> groups() const;

  /// recvmmsg(2) into headers that the caller made ready: waits for one message, and takes as many
  /// as are there. @return messages
  using basic_socket::receive_headers;

  // For basic_socket: what to do about an errno.
  [[nodiscard]] static std::string_view advice_for(std::string_view call,
                                                   std::error_code ec) noexcept;
};

/// Whether a read that failed says that notifications were lost: ENOBUFS where there was no room
/// for one, ENOMEM and EMSGSIZE where one could not be made. The socket goes on. Source:
/// netlink_set_err() of net/netlink/af_netlink.c
[[nodiscard]] bool tells_of_loss(const std::error_code& ec) noexcept;

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_SOCKET_H_
