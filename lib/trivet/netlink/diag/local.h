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

/// struct unix_diag_msg and its attributes. A value. Numbers of inodes are those of sockets, as in
/// /proc/PID/fd and /proc/net/unix. Source: sock_diag(7), linux/unix_diag.h
struct unix_socket {
  std::uint8_t type = 0;     ///< SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET
  std::uint8_t state = 0;    ///< TCP_LISTEN, TCP_ESTABLISHED, TCP_CLOSE
  std::uint32_t inode = 0;   ///< as in /proc/PID/fd
  std::uint64_t cookie = 0;  ///< SO_COOKIE: never used again while the machine runs

  std::optional<std::vector<std::byte>> name;  ///< UNIX_DIAG_NAME: a path, or a zero byte and more
  std::optional<::unix_diag_vfs> file;         ///< UNIX_DIAG_VFS: the inode of its path
  std::optional<std::uint32_t> peer;           ///< UNIX_DIAG_PEER: an inode
  std::optional<std::vector<std::byte>> pending;  ///< UNIX_DIAG_ICONS: inodes, 32 bits each
  /// UNIX_DIAG_RQLEN: bytes to be read (of datagrams, those of the first) and memory of what the
  /// peer has not read; of a listener, connections to be accepted and its backlog.
  std::optional<::unix_diag_rqlen> queue;
  std::optional<diag::memory> memory;    ///< UNIX_DIAG_MEMINFO
  std::optional<std::uint8_t> shutdown;  ///< UNIX_DIAG_SHUTDOWN: 1 receiving, 2 sending
  std::optional<std::uint32_t> uid;      ///< UNIX_DIAG_UID: its owner's (5.3)
  std::vector<raw_attribute> others;

  /// From SOCK_DIAG_BY_FAMILY; nullopt where the message is shorter than its struct, of another
  /// family, or a length in it is wrong. So with all that follow.
  [[nodiscard]] static std::optional<unix_socket> decode(const message_view& message);
  /// As the kernel sends it.
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<unix_socket>& policy();
};

/// struct netlink_diag_msg and its attributes. A value. Source: linux/netlink_diag.h,
/// net/netlink/diag.c
struct netlink_socket {
  std::uint8_t type = 0;         ///< SOCK_RAW or SOCK_DGRAM
  std::uint8_t protocol = 0;     ///< NETLINK_ROUTE …
  std::uint8_t state = 0;        ///< 1 connected, 0 not
  std::uint32_t port = 0;        ///< nl_pid; 0: the kernel's, or not bound
  std::uint32_t peer_port = 0;   ///< nl_pid of connect(2); 0: the kernel
  std::uint32_t peer_group = 0;  ///< the lowest group of connect(2); 0: none
  std::uint32_t inode = 0;       ///< as in /proc/PID/fd; 0: the kernel's
  std::uint64_t cookie = 0;      ///< SO_COOKIE

  std::optional<diag::memory> memory;            ///< NETLINK_DIAG_MEMINFO
  std::optional<std::vector<std::byte>> groups;  ///< NETLINK_DIAG_GROUPS: a bit per group, from 1
  std::optional<std::uint32_t> flags;            ///< NETLINK_DIAG_FLAGS: NDIAG_FLAG_
  std::vector<raw_attribute> others;

  /// The numbers of the groups that it is a member of, from 1, in order.
  [[nodiscard]] std::vector<std::uint32_t> memberships() const;

  /// As unix_socket::decode.
  [[nodiscard]] static std::optional<netlink_socket> decode(const message_view& message);
  /// As unix_socket::encode.
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<netlink_socket>& policy();
};

/// struct packet_diag_msg and its attributes. A value. Source: linux/packet_diag.h,
/// net/packet/diag.c
struct packet_socket {
  std::uint8_t type = 0;       ///< SOCK_RAW, SOCK_DGRAM, SOCK_PACKET
  std::uint16_t protocol = 0;  ///< ETH_P_; 0: receives nothing
  std::uint32_t inode = 0;     ///< as in /proc/PID/fd
  std::uint64_t cookie = 0;    ///< SO_COOKIE

  std::optional<::packet_diag_info> info;  ///< PACKET_DIAG_INFO: interface, version, flags
  /// PACKET_DIAG_RX_RING: sizes in bytes, the block's timeout (pdr_retire_tmo) in milliseconds.
  std::optional<::packet_diag_ring> rx_ring;
  std::optional<::packet_diag_ring> tx_ring;  ///< PACKET_DIAG_TX_RING
  std::optional<std::uint32_t> fanout;        ///< PACKET_DIAG_FANOUT: group, mode in the upper half
  std::optional<std::uint32_t> uid;           ///< PACKET_DIAG_UID: its owner's
  std::optional<diag::memory> memory;         ///< PACKET_DIAG_MEMINFO
  /// PACKET_DIAG_FILTER: struct sock_filter, 8 bytes each; told to CAP_NET_ADMIN alone.
  std::optional<std::vector<std::byte>> filter;
  std::vector<raw_attribute> others;

  /// As unix_socket::decode.
  [[nodiscard]] static std::optional<packet_socket> decode(const message_view& message);
  /// As unix_socket::encode.
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<packet_socket>& policy();
};

/// An attribute without a value: that it is there is what it says. For optional members.
struct presence {
  friend bool operator==(const presence&, const presence&) = default;
};

/// TIPC_NLA_SOCK_CON: a connection's other end. A value. Source: linux/tipc_netlink.h
struct tipc_connection {
  std::optional<std::uint32_t> node;      ///< TIPC_NLA_CON_NODE: the number of its node
  std::optional<std::uint32_t> port;      ///< TIPC_NLA_CON_SOCK: its number on that node
  std::optional<presence> named;          ///< TIPC_NLA_CON_FLAG: it was reached by a service
  std::optional<std::uint32_t> type;      ///< TIPC_NLA_CON_TYPE: by which service
  std::optional<std::uint32_t> instance;  ///< TIPC_NLA_CON_INST
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tipc_connection>& policy();
};

/// TIPC_NLA_SOCK_STAT: queues, in messages. A value. Source: linux/tipc_netlink.h
struct tipc_statistics {
  std::optional<std::uint32_t> receive_queue;    ///< TIPC_NLA_SOCK_STAT_RCVQ
  std::optional<std::uint32_t> send_queue;       ///< TIPC_NLA_SOCK_STAT_SENDQ
  std::optional<presence> link_congested;        ///< TIPC_NLA_SOCK_STAT_LINK_CONG
  std::optional<presence> connection_congested;  ///< TIPC_NLA_SOCK_STAT_CONN_CONG
  std::optional<std::uint32_t> drops;  ///< TIPC_NLA_SOCK_STAT_DROP: messages, for want of room
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tipc_statistics>& policy();
};

/// TIPC_NLA_SOCK: one socket. A value. Source: linux/tipc_netlink.h, net/tipc/socket.c
struct tipc_socket {
  std::optional<std::uint32_t> node;          ///< TIPC_NLA_SOCK_ADDR: this node's number
  std::optional<std::uint32_t> port;          ///< TIPC_NLA_SOCK_REF: its number on this node
  std::optional<tipc_connection> connection;  ///< TIPC_NLA_SOCK_CON
  std::optional<presence> has_publications;   ///< TIPC_NLA_SOCK_HAS_PUBL: it is bound
  std::optional<tipc_statistics> statistics;  ///< TIPC_NLA_SOCK_STAT
  std::optional<std::uint32_t> type;          ///< TIPC_NLA_SOCK_TYPE: SOCK_RDM …
  std::optional<std::uint32_t> inode;         ///< TIPC_NLA_SOCK_INO: as in /proc/PID/fd
  std::optional<std::uint32_t> uid;           ///< TIPC_NLA_SOCK_UID
  /// TIPC_NLA_SOCK_TIPC_STATE: TCP_CLOSE open, TCP_LISTEN, TCP_SYN_SENT connecting,
  /// TCP_ESTABLISHED, TCP_CLOSE_WAIT disconnecting.
  std::optional<std::uint32_t> state;
  std::optional<std::uint64_t> cookie;  ///< TIPC_NLA_SOCK_COOKIE: SO_COOKIE
  std::vector<raw_attribute> others;

  /// As unix_socket::decode.
  [[nodiscard]] static std::optional<tipc_socket> decode(const message_view& message);
  /// As unix_socket::encode.
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<tipc_socket>& policy();
};

/// struct unix_diag_req: all sockets of the family, in any state, with everything that can be asked
/// for. So with those that follow.
/// @param request  of type SOCK_DIAG_BY_FAMILY, empty so far; for client::dump
void ask_for_unix(message_builder& request);
/// struct netlink_diag_req: those of every protocol.
void ask_for_netlink(message_builder& request);
/// struct packet_diag_req.
void ask_for_packet(message_builder& request);
/// struct tipc_sock_diag_req.
void ask_for_tipc(message_builder& request);

}  // namespace trivet::netlink::diag

namespace trivet::netlink {

/// A flag of which the presence counts; bytes in it are passed over.
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
