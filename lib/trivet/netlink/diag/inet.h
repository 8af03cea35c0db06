// Sockets of AF_INET and AF_INET6 as sock_diag lists them. No socket is known here.
#ifndef TRIVET_NETLINK_DIAG_INET_H_
#define TRIVET_NETLINK_DIAG_INET_H_

#include <linux/inet_diag.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/diag/memory.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::diag {

/// One end of a connection: struct inet_diag_sockid has both.
struct inet_endpoint {
  rtnl::network_address address;  ///< 0.0.0.0 or :: for any
  std::uint16_t port = 0;         ///< 0 for any; of SOCK_RAW the protocol

  friend bool operator==(const inet_endpoint&, const inet_endpoint&) = default;
};

/// struct inet_diag_msg and its attributes. A value. Source: sock_diag(7), linux/inet_diag.h
struct inet_socket {
  std::uint8_t family = 0;          ///< AF_INET or AF_INET6
  std::uint8_t state = 0;           ///< TCP_ESTABLISHED …, also for UDP: TCP_CLOSE is unconnected
  std::uint8_t timer = 0;           ///< 0 none, 1 retransmission, 2 keepalive, 3 TIME_WAIT, 4 probe
  std::uint8_t retransmits = 0;     ///< of the timer
  inet_endpoint local;              ///< idiag_src, idiag_sport
  inet_endpoint peer;               ///< idiag_dst, idiag_dport; of a listener all zero
  std::uint32_t interface = 0;      ///< SO_BINDTODEVICE: index of a link; 0: none
  std::uint64_t cookie = 0;         ///< SO_COOKIE: never used again while the machine runs
  std::uint32_t expires = 0;        ///< until the timer ends, milliseconds
  std::uint32_t receive_queue = 0;  ///< bytes; of a listener, connections to be accepted
  std::uint32_t send_queue = 0;     ///< bytes; of a listener, its backlog
  std::uint32_t uid = 0;            ///< its owner's
  std::uint32_t inode = 0;          ///< as in /proc/PID/fd; 0: no process has it

  std::optional<diag::memory> memory;         ///< INET_DIAG_SKMEMINFO, where it was asked for
  std::optional<std::uint8_t> shutdown;       ///< INET_DIAG_SHUTDOWN: 1 receiving, 2 sending
  std::optional<std::uint8_t> tos;            ///< INET_DIAG_TOS
  std::optional<std::uint8_t> traffic_class;  ///< INET_DIAG_TCLASS
  std::optional<std::uint8_t> v6only;         ///< INET_DIAG_SKV6ONLY
  std::optional<std::string> congestion;      ///< INET_DIAG_CONG
  std::optional<std::uint8_t> protocol;       ///< INET_DIAG_PROTOCOL, of SOCK_RAW
  std::optional<std::uint32_t> mark;          ///< INET_DIAG_MARK, with CAP_NET_ADMIN
  std::optional<std::uint64_t> cgroup;        ///< INET_DIAG_CGROUP_ID
  std::vector<raw_attribute> others;

  /// From SOCK_DIAG_BY_FAMILY; nullopt where it is shorter than its struct, of another family, or
  /// a length in it is wrong.
  [[nodiscard]] static std::optional<inet_socket> decode(const message_view& message);
  /// As the kernel sends it.
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<inet_socket>& policy();
  friend bool operator==(const inet_socket&, const inet_socket&) = default;
};

/// struct inet_diag_req_v2: all sockets of a family and protocol, in any state, with their memory.
/// @param request   of type SOCK_DIAG_BY_FAMILY, empty so far; for client::dump
/// @param family    AF_INET or AF_INET6
/// @param protocol  IPPROTO_TCP, IPPROTO_UDP, IPPROTO_RAW (SOCK_RAW of any protocol) …
void ask_for_inet(message_builder& request, std::uint8_t family, std::uint8_t protocol);

}  // namespace trivet::netlink::diag

#endif  // TRIVET_NETLINK_DIAG_INET_H_
