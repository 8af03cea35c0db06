// The structs of sock_diag, member by member, and what their numbers are called. All is constexpr
// and freely shared. NAME_list and NAME_fields are only the contents of the NAME behind them.
//
// Source for all: sock_diag(7), linux/inet_diag.h, unix_diag.h, netlink_diag.h, packet_diag.h,
// tipc_sockets_diag.h and sock_diag.h.
#ifndef TRIVET_NETLINK_DIAG_STRUCTURES_H_
#define TRIVET_NETLINK_DIAG_STRUCTURES_H_

#include <linux/if_packet.h>
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tipc_sockets_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>

#include <cstddef>

#include "trivet/netlink/protocol.h"
#include "trivet/netlink/route/link_values.h"
#include "trivet/netlink/route/route_values.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink::diag::values {

using rtnl::values::families;
using rtnl::values::ip_protocols;

inline constexpr value_name states_list[] = {
    {1, "ESTABLISHED"}, {2, "SYN_SENT"},  {3, "SYN_RECV"}, {4, "FIN_WAIT1"},
    {5, "FIN_WAIT2"},   {6, "TIME_WAIT"}, {7, "CLOSE"},    {8, "CLOSE_WAIT"},
    {9, "LAST_ACK"},    {10, "LISTEN"},   {11, "CLOSING"}, {12, "NEW_SYN_RECV"},
};
/// States of TCP, which all families borrow. Source: net/tcp_states.h of the kernel
inline constexpr value_names states{"TCP_", states_list};

inline constexpr value_name state_sets_list[] = {
    {0xffffffff, "ALL"},        {1U << 1, "ESTABLISHED"}, {1U << 2, "SYN_SENT"},
    {1U << 3, "SYN_RECV"},      {1U << 4, "FIN_WAIT1"},   {1U << 5, "FIN_WAIT2"},
    {1U << 6, "TIME_WAIT"},     {1U << 7, "CLOSE"},       {1U << 8, "CLOSE_WAIT"},
    {1U << 9, "LAST_ACK"},      {1U << 10, "LISTEN"},     {1U << 11, "CLOSING"},
    {1U << 12, "NEW_SYN_RECV"},
};
/// The states that a question is for, a bit for each: idiag_states, udiag_states. ALL: every bit.
inline constexpr value_names state_sets{"TCPF_", state_sets_list, true};

inline constexpr value_name types_list[] = {
    {SOCK_STREAM, "STREAM"}, {SOCK_DGRAM, "DGRAM"},         {SOCK_RAW, "RAW"},
    {SOCK_RDM, "RDM"},       {SOCK_SEQPACKET, "SEQPACKET"}, {SOCK_DCCP, "DCCP"},
    {SOCK_PACKET, "PACKET"},
};
/// Types of sockets: udiag_type, ndiag_type, pdiag_type. Source: socket(2)
inline constexpr value_names types{"SOCK_", types_list};

inline constexpr value_name netlink_states_list[] = {{0, "UNCONNECTED"}, {1, "CONNECTED"}};
/// ndiag_state. Source: linux/netlink.h
inline constexpr value_names netlink_states{"NETLINK_", netlink_states_list};

inline constexpr value_name unix_shows_list[] = {
    {UDIAG_SHOW_NAME, "NAME"},   {UDIAG_SHOW_VFS, "VFS"},     {UDIAG_SHOW_PEER, "PEER"},
    {UDIAG_SHOW_ICONS, "ICONS"}, {UDIAG_SHOW_RQLEN, "RQLEN"}, {UDIAG_SHOW_MEMINFO, "MEMINFO"},
    {UDIAG_SHOW_UID, "UID"},
};
/// udiag_show: which attributes the answers are to have.
inline constexpr value_names unix_shows{"UDIAG_SHOW_", unix_shows_list, true};

inline constexpr value_name netlink_shows_list[] = {
    {NDIAG_SHOW_MEMINFO, "SHOW_MEMINFO"},
    {NDIAG_SHOW_GROUPS, "SHOW_GROUPS"},
    {NDIAG_SHOW_RING_CFG, "SHOW_RING_CFG"},
    {NDIAG_SHOW_FLAGS, "SHOW_FLAGS"},
};
/// ndiag_show: which attributes the answers are to have.
inline constexpr value_names netlink_shows{"NDIAG_", netlink_shows_list, true};

inline constexpr value_name inet_extensions_list[] = {
    {1U << (INET_DIAG_MEMINFO - 1), "MEMINFO"},
    {1U << (INET_DIAG_INFO - 1), "INFO"},
    {1U << (INET_DIAG_VEGASINFO - 1), "VEGASINFO"},
    {1U << (INET_DIAG_CONG - 1), "CONG"},
    {1U << (INET_DIAG_TOS - 1), "TOS"},
    {1U << (INET_DIAG_TCLASS - 1), "TCLASS"},
    {1U << (INET_DIAG_SKMEMINFO - 1), "SKMEMINFO"},
    {1U << (INET_DIAG_SHUTDOWN - 1), "SHUTDOWN"},
};
/// idiag_ext: which attributes the answers are to have, a bit for each.
inline constexpr value_names inet_extensions{"INET_DIAG_", inet_extensions_list, true};

inline constexpr value_name ring_versions_list[] = {
    {TPACKET_V1, "V1"}, {TPACKET_V2, "V2"}, {TPACKET_V3, "V3"}};
/// pdi_version. Source: linux/if_packet.h
inline constexpr value_names ring_versions{"TPACKET_", ring_versions_list};

inline constexpr value_name packet_shows_list[] = {
    {PACKET_SHOW_INFO, "INFO"},         {PACKET_SHOW_MCLIST, "MCLIST"},
    {PACKET_SHOW_RING_CFG, "RING_CFG"}, {PACKET_SHOW_FANOUT, "FANOUT"},
    {PACKET_SHOW_MEMINFO, "MEMINFO"},   {PACKET_SHOW_FILTER, "FILTER"},
};
/// pdiag_show: which attributes the answers are to have.
inline constexpr value_names packet_shows{"PACKET_SHOW_", packet_shows_list, true};

inline constexpr value_name memory_list[] = {
    {SK_MEMINFO_RMEM_ALLOC, "RMEM_ALLOC"}, {SK_MEMINFO_RCVBUF, "RCVBUF"},
    {SK_MEMINFO_WMEM_ALLOC, "WMEM_ALLOC"}, {SK_MEMINFO_SNDBUF, "SNDBUF"},
    {SK_MEMINFO_FWD_ALLOC, "FWD_ALLOC"},   {SK_MEMINFO_WMEM_QUEUED, "WMEM_QUEUED"},
    {SK_MEMINFO_OPTMEM, "OPTMEM"},         {SK_MEMINFO_BACKLOG, "BACKLOG"},
    {SK_MEMINFO_DROPS, "DROPS"},
};
/// The places of INET_DIAG_SKMEMINFO and its like, 32 bits each; what they count is in memory.h.
inline constexpr value_names memory{"SK_MEMINFO_", memory_list};

inline constexpr value_name netlink_flags_list[] = {
    {NDIAG_FLAG_CB_RUNNING, "CB_RUNNING"},
    {NDIAG_FLAG_PKTINFO, "PKTINFO"},
    {NDIAG_FLAG_BROADCAST_ERROR, "BROADCAST_ERROR"},
    {NDIAG_FLAG_NO_ENOBUFS, "NO_ENOBUFS"},
    {NDIAG_FLAG_LISTEN_ALL_NSID, "LISTEN_ALL_NSID"},
    {NDIAG_FLAG_CAP_ACK, "CAP_ACK"},
    {0x40, "EXT_ACK"},
    {0x80, "STRICT_CHK"},
};
/// NETLINK_DIAG_FLAGS: the options that are set. The two last are younger than Debian 12's headers.
/// Source: net/netlink/diag.c (sk_diag_put_flags)
inline constexpr value_names netlink_flags{"NDIAG_FLAG_", netlink_flags_list, true};

}  // namespace trivet::netlink::diag::values

namespace trivet::netlink::diag::structures {

inline constexpr value_field inet_diag_sockid_fields[] = {
    {"idiag_sport", offsetof(::inet_diag_sockid, idiag_sport), 2, form::big_endian},
    {"idiag_dport", offsetof(::inet_diag_sockid, idiag_dport), 2, form::big_endian},
    {"idiag_src", offsetof(::inet_diag_sockid, idiag_src), 16, form::address},
    {"idiag_dst", offsetof(::inet_diag_sockid, idiag_dst), 16, form::address},
    {"idiag_if", offsetof(::inet_diag_sockid, idiag_if), 4, form::number},
    {"idiag_cookie", offsetof(::inet_diag_sockid, idiag_cookie), 8, form::number},
};
/// Both ends of a connection, ports and addresses in network byte order: of AF_INET the first word
/// of an address counts, of AF_INET6 all. idiag_cookie is SO_COOKIE, or ~0 in a question for any.
inline constexpr structure_form inet_diag_sockid{"inet_diag_sockid", sizeof(::inet_diag_sockid),
                                                 inet_diag_sockid_fields};

inline constexpr value_field inet_diag_req_v2_fields[] = {
    {"sdiag_family", offsetof(::inet_diag_req_v2, sdiag_family),
     sizeof(::inet_diag_req_v2::sdiag_family), form::number_of(values::families)},
    {"sdiag_protocol", offsetof(::inet_diag_req_v2, sdiag_protocol),
     sizeof(::inet_diag_req_v2::sdiag_protocol), form::number_of(values::ip_protocols)},
    {"idiag_ext", offsetof(::inet_diag_req_v2, idiag_ext), sizeof(::inet_diag_req_v2::idiag_ext),
     form::number_of(values::inet_extensions)},
    {"idiag_states", offsetof(::inet_diag_req_v2, idiag_states),
     sizeof(::inet_diag_req_v2::idiag_states), form::number_of(values::state_sets)},
    {"id", offsetof(::inet_diag_req_v2, id), sizeof(::inet_diag_req_v2::id),
     form::structure(inet_diag_sockid)},
};
/// A question for sockets of AF_INET, AF_INET6.
inline constexpr structure_form inet_diag_req_v2{"inet_diag_req_v2", sizeof(::inet_diag_req_v2),
                                                 inet_diag_req_v2_fields};

inline constexpr value_field inet_diag_msg_fields[] = {
    {"idiag_family", offsetof(::inet_diag_msg, idiag_family), sizeof(::inet_diag_msg::idiag_family),
     form::number_of(values::families)},
    {"idiag_state", offsetof(::inet_diag_msg, idiag_state), sizeof(::inet_diag_msg::idiag_state),
     form::number_of(values::states)},
    {"idiag_timer", offsetof(::inet_diag_msg, idiag_timer), sizeof(::inet_diag_msg::idiag_timer),
     form::number},
    {"idiag_retrans", offsetof(::inet_diag_msg, idiag_retrans),
     sizeof(::inet_diag_msg::idiag_retrans), form::number},
    {"id", offsetof(::inet_diag_msg, id), sizeof(::inet_diag_msg::id),
     form::structure(inet_diag_sockid)},
    {"idiag_expires", offsetof(::inet_diag_msg, idiag_expires),
     sizeof(::inet_diag_msg::idiag_expires), form::number},
    {"idiag_rqueue", offsetof(::inet_diag_msg, idiag_rqueue), sizeof(::inet_diag_msg::idiag_rqueue),
     form::number},
    {"idiag_wqueue", offsetof(::inet_diag_msg, idiag_wqueue), sizeof(::inet_diag_msg::idiag_wqueue),
     form::number},
    {"idiag_uid", offsetof(::inet_diag_msg, idiag_uid), sizeof(::inet_diag_msg::idiag_uid),
     form::number},
    {"idiag_inode", offsetof(::inet_diag_msg, idiag_inode), sizeof(::inet_diag_msg::idiag_inode),
     form::number},
};
/// A socket of AF_INET, AF_INET6. idiag_expires is in milliseconds; the queues are in bytes, of a
/// listener in connections.
inline constexpr structure_form inet_diag_msg{"inet_diag_msg", sizeof(::inet_diag_msg),
                                              inet_diag_msg_fields};

inline constexpr value_field unix_diag_req_fields[] = {
    {"sdiag_family", offsetof(::unix_diag_req, sdiag_family), sizeof(::unix_diag_req::sdiag_family),
     form::number_of(values::families)},
    {"sdiag_protocol", offsetof(::unix_diag_req, sdiag_protocol),
     sizeof(::unix_diag_req::sdiag_protocol), form::number},
    {"udiag_states", offsetof(::unix_diag_req, udiag_states), sizeof(::unix_diag_req::udiag_states),
     form::number_of(values::state_sets)},
    {"udiag_ino", offsetof(::unix_diag_req, udiag_ino), sizeof(::unix_diag_req::udiag_ino),
     form::number},
    {"udiag_show", offsetof(::unix_diag_req, udiag_show), sizeof(::unix_diag_req::udiag_show),
     form::number_of(values::unix_shows)},
    {"udiag_cookie", offsetof(::unix_diag_req, udiag_cookie), sizeof(::unix_diag_req::udiag_cookie),
     form::number},
};
/// A question for sockets of AF_UNIX. udiag_ino, udiag_cookie: of one; not of a dump.
inline constexpr structure_form unix_diag_req{"unix_diag_req", sizeof(::unix_diag_req),
                                              unix_diag_req_fields};

inline constexpr value_field unix_diag_msg_fields[] = {
    {"udiag_family", offsetof(::unix_diag_msg, udiag_family), sizeof(::unix_diag_msg::udiag_family),
     form::number_of(values::families)},
    {"udiag_type", offsetof(::unix_diag_msg, udiag_type), sizeof(::unix_diag_msg::udiag_type),
     form::number_of(values::types)},
    {"udiag_state", offsetof(::unix_diag_msg, udiag_state), sizeof(::unix_diag_msg::udiag_state),
     form::number_of(values::states)},
    {"udiag_ino", offsetof(::unix_diag_msg, udiag_ino), sizeof(::unix_diag_msg::udiag_ino),
     form::number},
    {"udiag_cookie", offsetof(::unix_diag_msg, udiag_cookie), sizeof(::unix_diag_msg::udiag_cookie),
     form::number},
};
/// A socket of AF_UNIX.
inline constexpr structure_form unix_diag_msg{"unix_diag_msg", sizeof(::unix_diag_msg),
                                              unix_diag_msg_fields};

inline constexpr value_field netlink_diag_req_fields[] = {
    {"sdiag_family", offsetof(::netlink_diag_req, sdiag_family),
     sizeof(::netlink_diag_req::sdiag_family), form::number_of(values::families)},
    {"sdiag_protocol", offsetof(::netlink_diag_req, sdiag_protocol),
     sizeof(::netlink_diag_req::sdiag_protocol), form::number_of(protocols)},
    {"ndiag_ino", offsetof(::netlink_diag_req, ndiag_ino), sizeof(::netlink_diag_req::ndiag_ino),
     form::number},
    {"ndiag_show", offsetof(::netlink_diag_req, ndiag_show), sizeof(::netlink_diag_req::ndiag_show),
     form::number_of(values::netlink_shows)},
    {"ndiag_cookie", offsetof(::netlink_diag_req, ndiag_cookie),
     sizeof(::netlink_diag_req::ndiag_cookie), form::number},
};
/// A question for sockets of AF_NETLINK.
inline constexpr structure_form netlink_diag_req{"netlink_diag_req", sizeof(::netlink_diag_req),
                                                 netlink_diag_req_fields};

inline constexpr value_field netlink_diag_msg_fields[] = {
    {"ndiag_family", offsetof(::netlink_diag_msg, ndiag_family),
     sizeof(::netlink_diag_msg::ndiag_family), form::number_of(values::families)},
    {"ndiag_type", offsetof(::netlink_diag_msg, ndiag_type), sizeof(::netlink_diag_msg::ndiag_type),
     form::number_of(values::types)},
    {"ndiag_protocol", offsetof(::netlink_diag_msg, ndiag_protocol),
     sizeof(::netlink_diag_msg::ndiag_protocol), form::number_of(protocols)},
    {"ndiag_state", offsetof(::netlink_diag_msg, ndiag_state),
     sizeof(::netlink_diag_msg::ndiag_state), form::number_of(values::netlink_states)},
    {"ndiag_portid", offsetof(::netlink_diag_msg, ndiag_portid),
     sizeof(::netlink_diag_msg::ndiag_portid), form::number},
    {"ndiag_dst_portid", offsetof(::netlink_diag_msg, ndiag_dst_portid),
     sizeof(::netlink_diag_msg::ndiag_dst_portid), form::number},
    {"ndiag_dst_group", offsetof(::netlink_diag_msg, ndiag_dst_group),
     sizeof(::netlink_diag_msg::ndiag_dst_group), form::number},
    {"ndiag_ino", offsetof(::netlink_diag_msg, ndiag_ino), sizeof(::netlink_diag_msg::ndiag_ino),
     form::number},
    {"ndiag_cookie", offsetof(::netlink_diag_msg, ndiag_cookie),
     sizeof(::netlink_diag_msg::ndiag_cookie), form::number},
};
/// A socket of AF_NETLINK.
inline constexpr structure_form netlink_diag_msg{"netlink_diag_msg", sizeof(::netlink_diag_msg),
                                                 netlink_diag_msg_fields};

inline constexpr value_field packet_diag_req_fields[] = {
    {"sdiag_family", offsetof(::packet_diag_req, sdiag_family),
     sizeof(::packet_diag_req::sdiag_family), form::number_of(values::families)},
    {"sdiag_protocol", offsetof(::packet_diag_req, sdiag_protocol),
     sizeof(::packet_diag_req::sdiag_protocol), form::number},
    {"pdiag_ino", offsetof(::packet_diag_req, pdiag_ino), sizeof(::packet_diag_req::pdiag_ino),
     form::number},
    {"pdiag_show", offsetof(::packet_diag_req, pdiag_show), sizeof(::packet_diag_req::pdiag_show),
     form::number_of(values::packet_shows)},
    {"pdiag_cookie", offsetof(::packet_diag_req, pdiag_cookie),
     sizeof(::packet_diag_req::pdiag_cookie), form::number},
};
/// A question for sockets of AF_PACKET.
inline constexpr structure_form packet_diag_req{"packet_diag_req", sizeof(::packet_diag_req),
                                                packet_diag_req_fields};

inline constexpr value_field packet_diag_msg_fields[] = {
    {"pdiag_family", offsetof(::packet_diag_msg, pdiag_family),
     sizeof(::packet_diag_msg::pdiag_family), form::number_of(values::families)},
    {"pdiag_type", offsetof(::packet_diag_msg, pdiag_type), sizeof(::packet_diag_msg::pdiag_type),
     form::number_of(values::types)},
    {"pdiag_num", offsetof(::packet_diag_msg, pdiag_num), sizeof(::packet_diag_msg::pdiag_num),
     form::number},
    {"pdiag_ino", offsetof(::packet_diag_msg, pdiag_ino), sizeof(::packet_diag_msg::pdiag_ino),
     form::number},
    {"pdiag_cookie", offsetof(::packet_diag_msg, pdiag_cookie),
     sizeof(::packet_diag_msg::pdiag_cookie), form::number},
};
/// A socket of AF_PACKET.
inline constexpr structure_form packet_diag_msg{"packet_diag_msg", sizeof(::packet_diag_msg),
                                                packet_diag_msg_fields};

inline constexpr value_field tipc_sock_diag_req_fields[] = {
    {"sdiag_family", offsetof(::tipc_sock_diag_req, sdiag_family),
     sizeof(::tipc_sock_diag_req::sdiag_family), form::number_of(values::families)},
    {"tidiag_states", offsetof(::tipc_sock_diag_req, tidiag_states),
     sizeof(::tipc_sock_diag_req::tidiag_states), form::number},
};
/// A question for sockets of AF_TIPC.
inline constexpr structure_form tipc_sock_diag_req{
    "tipc_sock_diag_req", sizeof(::tipc_sock_diag_req), tipc_sock_diag_req_fields};

inline constexpr value_field unix_diag_vfs_fields[] = {
    {"udiag_vfs_ino", offsetof(::unix_diag_vfs, udiag_vfs_ino),
     sizeof(::unix_diag_vfs::udiag_vfs_ino), form::number},
    {"udiag_vfs_dev", offsetof(::unix_diag_vfs, udiag_vfs_dev),
     sizeof(::unix_diag_vfs::udiag_vfs_dev), form::number},
};
/// UNIX_DIAG_VFS: the file that a path leads to, by st_ino and the kernel's form of st_dev.
inline constexpr structure_form unix_diag_vfs{"unix_diag_vfs", sizeof(::unix_diag_vfs),
                                              unix_diag_vfs_fields};

inline constexpr value_field unix_diag_rqlen_fields[] = {
    {"udiag_rqueue", offsetof(::unix_diag_rqlen, udiag_rqueue),
     sizeof(::unix_diag_rqlen::udiag_rqueue), form::number},
    {"udiag_wqueue", offsetof(::unix_diag_rqlen, udiag_wqueue),
     sizeof(::unix_diag_rqlen::udiag_wqueue), form::number},
};
/// UNIX_DIAG_RQLEN: as unix_socket::queue of local.h.
inline constexpr structure_form unix_diag_rqlen{"unix_diag_rqlen", sizeof(::unix_diag_rqlen),
                                                unix_diag_rqlen_fields};

inline constexpr value_field packet_diag_info_fields[] = {
    {"pdi_index", offsetof(::packet_diag_info, pdi_index), sizeof(::packet_diag_info::pdi_index),
     form::number},
    {"pdi_version", offsetof(::packet_diag_info, pdi_version),
     sizeof(::packet_diag_info::pdi_version), form::number_of(values::ring_versions)},
    {"pdi_reserve", offsetof(::packet_diag_info, pdi_reserve),
     sizeof(::packet_diag_info::pdi_reserve), form::number},
    {"pdi_copy_thresh", offsetof(::packet_diag_info, pdi_copy_thresh),
     sizeof(::packet_diag_info::pdi_copy_thresh), form::number},
    {"pdi_tstamp", offsetof(::packet_diag_info, pdi_tstamp), sizeof(::packet_diag_info::pdi_tstamp),
     form::number},
    {"pdi_flags", offsetof(::packet_diag_info, pdi_flags), sizeof(::packet_diag_info::pdi_flags),
     form::number},
};
/// PACKET_DIAG_INFO: pdi_index of a link, 0 for all; pdi_version TPACKET_; pdi_reserve and
/// pdi_copy_thresh in bytes; pdi_flags PDI_.
inline constexpr structure_form packet_diag_info{"packet_diag_info", sizeof(::packet_diag_info),
                                                 packet_diag_info_fields};

inline constexpr value_field packet_diag_ring_fields[] = {
    {"pdr_block_size", offsetof(::packet_diag_ring, pdr_block_size),
     sizeof(::packet_diag_ring::pdr_block_size), form::number},
    {"pdr_block_nr", offsetof(::packet_diag_ring, pdr_block_nr),
     sizeof(::packet_diag_ring::pdr_block_nr), form::number},
    {"pdr_frame_size", offsetof(::packet_diag_ring, pdr_frame_size),
     sizeof(::packet_diag_ring::pdr_frame_size), form::number},
    {"pdr_frame_nr", offsetof(::packet_diag_ring, pdr_frame_nr),
     sizeof(::packet_diag_ring::pdr_frame_nr), form::number},
    {"pdr_retire_tmo", offsetof(::packet_diag_ring, pdr_retire_tmo),
     sizeof(::packet_diag_ring::pdr_retire_tmo), form::number},
    {"pdr_sizeof_priv", offsetof(::packet_diag_ring, pdr_sizeof_priv),
     sizeof(::packet_diag_ring::pdr_sizeof_priv), form::number},
    {"pdr_features", offsetof(::packet_diag_ring, pdr_features),
     sizeof(::packet_diag_ring::pdr_features), form::number},
};
/// PACKET_DIAG_RX_RING, PACKET_DIAG_TX_RING: sizes in bytes, numbers of blocks and frames,
/// pdr_retire_tmo in milliseconds, pdr_features TP_FT_REQ_.
inline constexpr structure_form packet_diag_ring{"packet_diag_ring", sizeof(::packet_diag_ring),
                                                 packet_diag_ring_fields};

}  // namespace trivet::netlink::diag::structures

#endif  // TRIVET_NETLINK_DIAG_STRUCTURES_H_
