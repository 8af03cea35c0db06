#include "trivet/netlink/diag/local.h"

#include <linux/tipc_netlink.h>
#include <linux/tipc_sockets_diag.h>
#include <sys/socket.h>

#include "trivet/netlink/diag/structures.h"

namespace trivet::netlink::diag {
namespace {

constexpr attribute_rule<unix_socket> unix_rules[] = {
    rule<&unix_socket::name>(UNIX_DIAG_NAME, "name").as(form::socket_name),
    rule<&unix_socket::file>(UNIX_DIAG_VFS, "vfs").as(form::structure(structures::unix_diag_vfs)),
    rule<&unix_socket::peer>(UNIX_DIAG_PEER, "peer"),
    rule<&unix_socket::pending>(UNIX_DIAG_ICONS, "icons"),
    rule<&unix_socket::queue>(UNIX_DIAG_RQLEN, "rqlen", weight::detail)
        .as(form::structure(structures::unix_diag_rqlen)),
    rule<&unix_socket::memory>(UNIX_DIAG_MEMINFO, "meminfo", weight::detail)
        .as(form::numbers(4, values::memory)),
    rule<&unix_socket::shutdown>(UNIX_DIAG_SHUTDOWN, "shutdown"),
    rule<&unix_socket::uid>(UNIX_DIAG_UID, "uid"),
};
constexpr attribute_policy<unix_socket> unix_policy(unix_rules, "UNIX_DIAG_");

constexpr attribute_rule<netlink_socket> netlink_rules[] = {
    rule<&netlink_socket::memory>(NETLINK_DIAG_MEMINFO, "meminfo", weight::detail)
        .as(form::numbers(4, values::memory)),
    rule<&netlink_socket::groups>(NETLINK_DIAG_GROUPS, "groups"),
    rule<&netlink_socket::flags>(NETLINK_DIAG_FLAGS, "flags")
        .as(form::number_of(values::netlink_flags)),
};
constexpr attribute_policy<netlink_socket> netlink_policy(netlink_rules, "NETLINK_DIAG_");

constexpr attribute_rule<packet_socket> packet_rules[] = {
    rule<&packet_socket::info>(PACKET_DIAG_INFO, "info")
        .as(form::structure(structures::packet_diag_info)),
    rule<&packet_socket::rx_ring>(PACKET_DIAG_RX_RING, "rx-ring")
        .as(form::structure(structures::packet_diag_ring)),
    rule<&packet_socket::tx_ring>(PACKET_DIAG_TX_RING, "tx-ring")
        .as(form::structure(structures::packet_diag_ring)),
    rule<&packet_socket::fanout>(PACKET_DIAG_FANOUT, "fanout"),
    rule<&packet_socket::uid>(PACKET_DIAG_UID, "uid"),
    rule<&packet_socket::memory>(PACKET_DIAG_MEMINFO, "meminfo", weight::detail)
        .as(form::numbers(4, values::memory)),
    rule<&packet_socket::filter>(PACKET_DIAG_FILTER, "filter"),
    named<packet_socket>(PACKET_DIAG_MCLIST, "mclist", form::bytes),
};
constexpr attribute_policy<packet_socket> packet_policy(packet_rules, "PACKET_DIAG_");

constexpr attribute_rule<tipc_connection> connection_rules[] = {
    rule<&tipc_connection::node>(TIPC_NLA_CON_NODE, "node"),
    rule<&tipc_connection::port>(TIPC_NLA_CON_SOCK, "sock"),
    rule<&tipc_connection::named>(TIPC_NLA_CON_FLAG, "flag"),
    rule<&tipc_connection::type>(TIPC_NLA_CON_TYPE, "type"),
    rule<&tipc_connection::instance>(TIPC_NLA_CON_INST, "inst"),
};
constexpr attribute_policy<tipc_connection> connection_policy(connection_rules, "TIPC_NLA_CON_");

constexpr attribute_rule<tipc_statistics> statistics_rules[] = {
    rule<&tipc_statistics::receive_queue>(TIPC_NLA_SOCK_STAT_RCVQ, "rcvq"),
    rule<&tipc_statistics::send_queue>(TIPC_NLA_SOCK_STAT_SENDQ, "sendq"),
    rule<&tipc_statistics::link_congested>(TIPC_NLA_SOCK_STAT_LINK_CONG, "link-cong"),
    rule<&tipc_statistics::connection_congested>(TIPC_NLA_SOCK_STAT_CONN_CONG, "conn-cong"),
    rule<&tipc_statistics::drops>(TIPC_NLA_SOCK_STAT_DROP, "drop"),
};
constexpr attribute_policy<tipc_statistics> statistics_policy(statistics_rules,
                                                              "TIPC_NLA_SOCK_STAT_");

constexpr attribute_rule<tipc_socket> tipc_rules[] = {
    rule<&tipc_socket::node>(TIPC_NLA_SOCK_ADDR, "addr"),
    rule<&tipc_socket::port>(TIPC_NLA_SOCK_REF, "ref"),
    rule<&tipc_socket::connection, unmarked_nest>(TIPC_NLA_SOCK_CON, "con"),
    rule<&tipc_socket::has_publications>(TIPC_NLA_SOCK_HAS_PUBL, "has-publ"),
    rule<&tipc_socket::statistics, unmarked_nest>(TIPC_NLA_SOCK_STAT, "stat", weight::detail),
    rule<&tipc_socket::type>(TIPC_NLA_SOCK_TYPE, "type").as(form::number_of(values::types)),
    rule<&tipc_socket::inode>(TIPC_NLA_SOCK_INO, "ino"),
    rule<&tipc_socket::uid>(TIPC_NLA_SOCK_UID, "uid"),
    rule<&tipc_socket::state>(TIPC_NLA_SOCK_TIPC_STATE, "tipc-state"),
    rule<&tipc_socket::cookie>(TIPC_NLA_SOCK_COOKIE, "cookie"),
};
constexpr attribute_policy<tipc_socket> tipc_policy(tipc_rules, "TIPC_NLA_SOCK_");

void split_into(std::uint32_t (&cookie)[2], std::uint64_t value) {
  cookie[0] = static_cast<std::uint32_t>(value);
  cookie[1] = static_cast<std::uint32_t>(value >> 32);
}

std::uint64_t joined(const std::uint32_t (&cookie)[2]) {
  return std::uint64_t{cookie[1]} << 32 | cookie[0];
}

}  // namespace

const attribute_policy<unix_socket>& unix_socket::policy() { return unix_policy; }
const attribute_policy<netlink_socket>& netlink_socket::policy() { return netlink_policy; }
const attribute_policy<packet_socket>& packet_socket::policy() { return packet_policy; }
const attribute_policy<tipc_connection>& tipc_connection::policy() { return connection_policy; }
const attribute_policy<tipc_statistics>& tipc_statistics::policy() { return statistics_policy; }
const attribute_policy<tipc_socket>& tipc_socket::policy() { return tipc_policy; }

std::optional<unix_socket> unix_socket::decode(const message_view& message) {
  if (!message.holds<::unix_diag_msg>()) return std::nullopt;
  const auto raw = message.structure<::unix_diag_msg>();
  if (raw.udiag_family != AF_UNIX) return std::nullopt;
  unix_socket result;
  result.type = raw.udiag_type;
  result.state = raw.udiag_state;
  result.inode = raw.udiag_ino;
  result.cookie = joined(raw.udiag_cookie);
  if (!unix_policy.decode(message.attributes<::unix_diag_msg>(), result)) return std::nullopt;
  return result;
}

void unix_socket::encode(message_builder& out) const {
  ::unix_diag_msg raw{};
  raw.udiag_family = AF_UNIX;
  raw.udiag_type = type;
  raw.udiag_state = state;
  raw.udiag_ino = inode;
  split_into(raw.udiag_cookie, cookie);
  out.structure(raw);
  unix_policy.encode(out.attributes(), *this);
}

std::vector<std::uint32_t> netlink_socket::memberships() const {
  std::vector<std::uint32_t> numbers;
  if (!groups) return numbers;
  constexpr std::size_t word_bits = sizeof(unsigned long) * 8;  // the kernel's words
  for (std::size_t i = 0; i < groups->size() * 8; ++i) {
    const const_bytes from = const_bytes(*groups).subspan(i / word_bits * sizeof(unsigned long));
    const auto word = load_padded<unsigned long>(from);
    if ((word >> (i % word_bits) & 1UL) != 0) numbers.push_back(static_cast<std::uint32_t>(i) + 1);
  }
  return numbers;
}

std::optional<netlink_socket> netlink_socket::decode(const message_view& message) {
  if (!message.holds<::netlink_diag_msg>()) return std::nullopt;
  const auto raw = message.structure<::netlink_diag_msg>();
  if (raw.ndiag_family != AF_NETLINK) return std::nullopt;
  netlink_socket result;
  result.type = raw.ndiag_type;
  result.protocol = raw.ndiag_protocol;
  result.state = raw.ndiag_state;
  result.port = raw.ndiag_portid;
  result.peer_port = raw.ndiag_dst_portid;
  result.peer_group = raw.ndiag_dst_group;
  result.inode = raw.ndiag_ino;
  result.cookie = joined(raw.ndiag_cookie);
  if (!netlink_policy.decode(message.attributes<::netlink_diag_msg>(), result)) {
    return std::nullopt;
  }
  return result;
}

void netlink_socket::encode(message_builder& out) const {
  ::netlink_diag_msg raw{};
  raw.ndiag_family = AF_NETLINK;
  raw.ndiag_type = type;
  raw.ndiag_protocol = protocol;
  raw.ndiag_state = state;
  raw.ndiag_portid = port;
  raw.ndiag_dst_portid = peer_port;
  raw.ndiag_dst_group = peer_group;
  raw.ndiag_ino = inode;
  split_into(raw.ndiag_cookie, cookie);
  out.structure(raw);
  netlink_policy.encode(out.attributes(), *this);
}

std::optional<packet_socket> packet_socket::decode(const message_view& message) {
  if (!message.holds<::packet_diag_msg>()) return std::nullopt;
  const auto raw = message.structure<::packet_diag_msg>();
  if (raw.pdiag_family != AF_PACKET) return std::nullopt;
  packet_socket result;
  result.type = raw.pdiag_type;
  result.protocol = raw.pdiag_num;
  result.inode = raw.pdiag_ino;
  result.cookie = joined(raw.pdiag_cookie);
  if (!packet_policy.decode(message.attributes<::packet_diag_msg>(), result)) return std::nullopt;
  return result;
}

void packet_socket::encode(message_builder& out) const {
  ::packet_diag_msg raw{};
  raw.pdiag_family = AF_PACKET;
  raw.pdiag_type = type;
  raw.pdiag_num = protocol;
  raw.pdiag_ino = inode;
  split_into(raw.pdiag_cookie, cookie);
  out.structure(raw);
  packet_policy.encode(out.attributes(), *this);
}

std::optional<tipc_socket> tipc_socket::decode(const message_view& message) {
  attribute_reader in(message.payload);
  for (attribute a; in.next(a);) {
    if (a.type != TIPC_NLA_SOCK) continue;
    tipc_socket result;
    if (!tipc_policy.decode(a.data, result)) return std::nullopt;
    return result;
  }
  return std::nullopt;
}

void tipc_socket::encode(message_builder& out) const {
  out.attributes().nested_unmarked(TIPC_NLA_SOCK,
                                   [this](attribute_writer& in) { tipc_policy.encode(in, *this); });
}

void ask_for_unix(message_builder& request) {
  ::unix_diag_req raw{};
  raw.sdiag_family = AF_UNIX;
  raw.udiag_states = ~0U;
  raw.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_PEER | UDIAG_SHOW_ICONS |
                   UDIAG_SHOW_RQLEN | UDIAG_SHOW_MEMINFO | UDIAG_SHOW_UID;
  request.structure(raw);
}

void ask_for_netlink(message_builder& request) {
  ::netlink_diag_req raw{};
  raw.sdiag_family = AF_NETLINK;
  raw.sdiag_protocol = NDIAG_PROTO_ALL;
  raw.ndiag_show = NDIAG_SHOW_MEMINFO | NDIAG_SHOW_GROUPS | NDIAG_SHOW_FLAGS;
  request.structure(raw);
}

void ask_for_packet(message_builder& request) {
  ::packet_diag_req raw{};
  raw.sdiag_family = AF_PACKET;
  raw.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_RING_CFG | PACKET_SHOW_FANOUT |
                   PACKET_SHOW_MEMINFO | PACKET_SHOW_FILTER;
  request.structure(raw);
}

void ask_for_tipc(message_builder& request) {
  ::tipc_sock_diag_req raw{};
  raw.sdiag_family = AF_TIPC;
  raw.tidiag_states = ~0U;
  request.structure(raw);
}

}  // namespace trivet::netlink::diag
