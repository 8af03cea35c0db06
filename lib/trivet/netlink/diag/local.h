// Sockets of AF_UNIX, AF_NETLINK, AF_PACKET and AF_TIPC as sock_diag lists them. No socket is known
// here.
#ifndef TRIVET_NETLINK_DIAG_LOCAL_H_
#define TRIVET_NETLINK_DIAG_LOCAL_H_

#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/unix_diag.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/diag/memory.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::diag {

/// struct unix_diag_msg and its attributes. Source: sock_diag(7), linux/unix_diag.h
struct unix_socket {
  std::uint8_t type = 0;     ///< SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET
  std::uint8_t state = 0;    ///< TCP_LISTEN, TCP_ESTABLISHED, TCP_CLOSE
  std::uint32_t inode = 0;   ///< as in /proc/PID/fd
  std::uint64_t cookie = 0;  ///< SO_COOKIE

  std::optional<std::vector<std::byte>> name;  ///< UNIX_DIAG_NAME: a path, or a zero byte and more
  std::optional<::unix_diag_vfs> file;         ///< UNIX_DIAG_VFS: the inode of its path
  std::optional<std::uint32_t> peer;           ///< UNIX_DIAG_PEER: an inode
  std::optional<std::vector<std::byte>> pending;  ///< UNIX_DIAG_ICONS: inodes, 32 bits each
  std::optional<::unix_diag_rqlen> queue;  ///< UNIX_DIAG_RQLEN; of a listener, pending and backlog
  std::optional<diag::memory> memory;      ///< UNIX_DIAG_MEMINFO
  std::optional<std::uint8_t> shutdown;    ///< UNIX_DIAG_SHUTDOWN: 1 receiving, 2 sending
  std::optional<std::uint32_t> uid;        ///< UNIX_DIAG_UID
  std::vector<raw_attribute> others;

  /// nullopt where the message is shorter than its struct, of another family, or a length is wrong.
  [[nodiscard]] static std::optional<unix_socket> decode(const message_view& message);
  [[nodiscard]] static const attribute_policy<unix_socket>& policy();
};

/// struct netlink_diag_msg and its attributes. Source: linux/netlink_diag.h
struct netlink_socket {
  std::uint8_t type = 0;         ///< SOCK_RAW or SOCK_DGRAM
  std::uint8_t protocol = 0;     ///< NETLINK_ROUTE …
  std::uint8_t state = 0;        ///< 1 connected, 0 not
  std::uint32_t port = 0;        ///< nl_pid; 0: the kernel's, or not bound
  std::uint32_t peer_port = 0;   ///< connect(2)
  std::uint32_t peer_group = 0;  ///< the same
  std::uint32_t inode = 0;       ///< as in /proc/PID/fd; 0: the kernel's
  std::uint64_t cookie = 0;

  std::optional<diag::memory> memory;            ///< NETLINK_DIAG_MEMINFO
  std::optional<std::vector<std::byte>> groups;  ///< NETLINK_DIAG_GROUPS: a bit per group, from 1
  std::optional<std::uint32_t> flags;            ///< NETLINK_DIAG_FLAGS: NDIAG_FLAG_
  std::vector<raw_attribute> others;

  /// The numbers of the groups that it is a member of.
  [[nodiscard]] std::vector<std::uint32_t> memberships() const;

  [[nodiscard]] static std::optional<netlink_socket> decode(const message_view& message);
  [[nodiscard]] static const attribute_policy<netlink_socket>& policy();
};

/// struct packet_diag_msg and its attributes. Source: linux/packet_diag.h
struct packet_socket {
  std::uint8_t type = 0;       ///< SOCK_RAW, SOCK_DGRAM, SOCK_PACKET
  std::uint16_t protocol = 0;  ///< ETH_P_; 0: receives nothing
  std::uint32_t inode = 0;     ///< as in /proc/PID/fd
  std::uint64_t cookie = 0;

  std::optional<::packet_diag_info> info;     ///< PACKET_DIAG_INFO: interface, version, flags
  std::optional<::packet_diag_ring> rx_ring;  ///< PACKET_DIAG_RX_RING
  std::optional<::packet_diag_ring> tx_ring;  ///< PACKET_DIAG_TX_RING
  std::optional<std::uint32_t> fanout;        ///< PACKET_DIAG_FANOUT: group, mode in the upper half
  std::optional<std::uint32_t> uid;           ///< PACKET_DIAG_UID
  std::optional<diag::memory> memory;         ///< PACKET_DIAG_MEMINFO
  std::optional<std::vector<std::byte>> filter;  ///< PACKET_DIAG_FILTER, with CAP_NET_ADMIN
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<packet_socket> decode(const message_view& message);
  [[nodiscard]] static const attribute_policy<packet_socket>& policy();
};

/// Whether an attribute without a value is there.
struct presence {
  friend bool operator==(const presence&, const presence&) = default;
};

/// TIPC_NLA_SOCK_CON: a connection's other end. Source: linux/tipc_netlink.h
struct tipc_connection {
  std::optional<std::uint32_t> node;      ///< TIPC_NLA_CON_NODE
  std::optional<std::uint32_t> port;      ///< TIPC_NLA_CON_SOCK
  std::optional<std::uint32_t> type;      ///< TIPC_NLA_CON_TYPE: by what service it was reached
  std::optional<std::uint32_t> instance;  ///< TIPC_NLA_CON_INST
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tipc_connection>& policy();
};

/// TIPC_NLA_SOCK_STAT: queues, in messages.
struct tipc_statistics {
  std::optional<std::uint32_t> receive_queue;    ///< TIPC_NLA_SOCK_STAT_RCVQ
  std::optional<std::uint32_t> send_queue;       ///< TIPC_NLA_SOCK_STAT_SENDQ
  std::optional<presence> link_congested;        ///< TIPC_NLA_SOCK_STAT_LINK_CONG
  std::optional<presence> connection_congested;  ///< TIPC_NLA_SOCK_STAT_CONN_CONG
  std::optional<std::uint32_t> drops;            ///< TIPC_NLA_SOCK_STAT_DROP
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tipc_statistics>& policy();
};

/// TIPC_NLA_SOCK: one socket. Source: linux/tipc_netlink.h, net/tipc/socket.c
struct tipc_socket {
  std::optional<std::uint32_t> node;          ///< TIPC_NLA_SOCK_ADDR: this node's number
  std::optional<std::uint32_t> port;          ///< TIPC_NLA_SOCK_REF
  std::optional<tipc_connection> connection;  ///< TIPC_NLA_SOCK_CON
  std::optional<presence> has_publications;   ///< TIPC_NLA_SOCK_HAS_PUBL: it is bound
  std::optional<tipc_statistics> statistics;  ///< TIPC_NLA_SOCK_STAT
  std::optional<std::uint32_t> type;          ///< TIPC_NLA_SOCK_TYPE: SOCK_RDM …
  std::optional<std::uint32_t> inode;         ///< TIPC_NLA_SOCK_INO
  std::optional<std::uint32_t> uid;           ///< TIPC_NLA_SOCK_UID
  std::optional<std::uint32_t> state;         ///< TIPC_NLA_SOCK_TIPC_STATE
  std::optional<std::uint64_t> cookie;        ///< TIPC_NLA_SOCK_COOKIE
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<tipc_socket> decode(const message_view& message);
  [[nodiscard]] static const attribute_policy<tipc_socket>& policy();
};

/// All sockets of the family, with everything that can be asked for.
void ask_for_unix(message_builder& request);
void ask_for_netlink(message_builder& request);
void ask_for_packet(message_builder& request);
void ask_for_tipc(message_builder& request);

}  // namespace trivet::netlink::diag

namespace trivet::netlink {

template <>
struct attribute_codec<diag::presence> {
  static constexpr value_form form = netlink::form::presence;

  static bool decode(const attribute&, diag::presence&) noexcept { return true; }
  static void encode(attribute_writer& out, std::uint16_t type, const diag::presence&) {
    out.flag(type);
  }
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_DIAG_LOCAL_H_
