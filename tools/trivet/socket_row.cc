#include "tools/trivet/socket_row.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

namespace diag = netlink::diag;

// TCP_ESTABLISHED is 1. TIPC and AF_UNIX use the same numbers.
constexpr std::string_view states[] = {
    "UNKNOWN", "ESTAB",      "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2",  "TIME-WAIT",
    "UNCONN",  "CLOSE-WAIT", "LAST-ACK", "LISTEN",   "CLOSING",    "NEW-SYN-RECV"};

std::string state_name(std::uint32_t state) {
  return state < std::size(states) ? std::string(states[state]) : fmt::format("{}", state);
}

// The names of ss(8), which are those of /etc/iproute2/nl_protos without that file.
constexpr std::string_view netlink_protocols[] = {
    "rtnl",  "unused",   "usersock",   "fw",        "tcpdiag", "nflog",  "xfrm",   "selinux",
    "iscsi", "audit",    "fiblookup",  "connector", "nft",     "ip6fw",  "dec-rt", "uevent",
    "genl",  "leftover", "scsi-trans", "ecryptfs",  "rdma",    "crypto", "smc"};

std::string port_text(std::uint16_t port) { return port == 0 ? "*" : std::to_string(port); }

/// @param both  a socket of AF_INET6 for AF_INET, too, whose :: is any address of either
std::string endpoint_text(const diag::inet_endpoint& end, const std::string& interface, bool both) {
  const std::string address = end.address.to_string();
  if (both && end.address.is_zero()) return "*:" + port_text(end.port);
  const std::string scope = interface.empty() ? "" : "%" + interface;
  const std::string host = end.address.family == AF_INET6 ? "[" + address + "]" : address;
  return fmt::format("{}{}:{}", host, scope, port_text(end.port));
}

std::string_view type_name(std::uint32_t type) {
  switch (type) {
    case SOCK_STREAM:
      return "stream";
    case SOCK_DGRAM:
      return "dgram";
    case SOCK_RAW:
      return "raw";
    case SOCK_RDM:
      return "rdm";
    case SOCK_SEQPACKET:
      return "seqpacket";
    default:
      return "unknown";
  }
}

void write_drops(json_writer& json, const std::optional<diag::memory>& memory) {
  if (memory) json.member("drops", memory->drops);
}

std::string drops_text(const std::optional<diag::memory>& memory) {
  return memory && memory->drops > 0 ? fmt::format(" drops {}", memory->drops) : "";
}

std::string ring_text(std::string_view name, const std::optional<::packet_diag_ring>& ring) {
  if (!ring) return "";
  return fmt::format(" {} {}x{}", name, ring->pdr_block_nr, ring->pdr_block_size);
}

void write_ring(json_writer& json, std::string_view name,
                const std::optional<::packet_diag_ring>& ring) {
  if (!ring) return;
  json.key(name).begin_object().member("block_size", ring->pdr_block_size);
  json.member("block_nr", ring->pdr_block_nr).member("frame_size", ring->pdr_frame_size);
  json.member("frame_nr", ring->pdr_frame_nr).end_object();
}

}  // namespace

socket_row row_of(const diag::inet_socket& s, const std::string& netid, const row_names& names) {
  socket_row row{netid, state_name(s.state), s.receive_queue, s.send_queue, {}, {}, s.inode, s.uid,
                 {}};
  const std::string interface = s.interface == 0 ? "" : names.interface(s.interface);
  const bool both = s.family == AF_INET6 && s.v6only == 0;
  row.local = endpoint_text(s.local, interface, both);
  row.peer = endpoint_text(s.peer, "", both);
  row.more = drops_text(s.memory);
  if (s.mark && *s.mark != 0) row.more += fmt::format(" fwmark {:#x}", *s.mark);
  row.members = [s, interface](json_writer& json) {
    json.member("local", s.local.address.to_string()).member("local_port", s.local.port);
    json.member("peer", s.peer.address.to_string()).member("peer_port", s.peer.port);
    if (!interface.empty()) json.member("ifname", interface);
    write_drops(json, s.memory);
    json.member("tos", s.tos).member("tclass", s.traffic_class).member("cong", s.congestion);
    if (s.v6only) json.member("v6only", *s.v6only != 0);
    json.member("fwmark", s.mark).member("protocol", s.protocol);
  };
  return row;
}

socket_row row_of(const diag::unix_socket& s) {
  const std::string_view netid = s.type == SOCK_STREAM  ? "u_str"
                                 : s.type == SOCK_DGRAM ? "u_dgr"
                                                        : "u_seq";
  const ::unix_diag_rqlen queue = s.queue.value_or(::unix_diag_rqlen{});
  socket_row row{std::string(netid),
                 state_name(s.state),
                 queue.udiag_rqueue,
                 queue.udiag_wqueue,
                 {},
                 {},
                 s.inode,
                 s.uid,
                 {}};
  std::string name = s.name ? std::string(text_of(*s.name)) : "";
  if (!name.empty() && name.front() == '\0') {
    name.front() = '@';
  } else if (name.ends_with('\0')) {
    name.pop_back();
  }
  row.local = fmt::format("{} {}", name.empty() ? "*" : printable(name), s.inode);
  row.peer = fmt::format("* {}", s.peer.value_or(0));
  row.more = drops_text(s.memory);
  row.members = [s, name](json_writer& json) {
    if (!name.empty()) json.member("path", valid_utf8(name));
    json.member("peer_inode", s.peer);
    write_drops(json, s.memory);
  };
  return row;
}

socket_row row_of(const diag::netlink_socket& s) {
  const std::uint32_t waiting = s.memory ? s.memory->received : 0;
  const std::uint32_t sending = s.memory ? s.memory->sent : 0;
  socket_row row{"nl", s.state == 1 ? "CONN" : "UNCONN", waiting, sending, {}, {}, s.inode, {}, {}};
  const std::string protocol = s.protocol < std::size(netlink_protocols)
                                   ? std::string(netlink_protocols[s.protocol])
                                   : std::to_string(s.protocol);
  row.local = fmt::format("{}:{}", protocol, s.port);
  row.peer = s.state == 1 ? fmt::format("{}:{}", protocol, s.peer_port) : "*";
  const std::vector<std::uint32_t> groups = s.memberships();
  row.more = drops_text(s.memory);
  if (!groups.empty()) row.more += fmt::format(" groups {}", fmt::join(groups, ","));
  row.members = [s, protocol, groups](json_writer& json) {
    json.member("protocol", protocol).member("pid", s.port).key("groups").begin_array();
    for (const std::uint32_t group : groups) json.value(group);
    json.end_array();
    if (s.state == 1) json.member("peer_pid", s.peer_port);
    write_drops(json, s.memory);
  };
  return row;
}

socket_row row_of(const diag::packet_socket& s, const row_names& names) {
  const std::uint32_t waiting = s.memory ? s.memory->received : 0;
  socket_row row{
      s.type == SOCK_DGRAM ? "p_dgr" : "p_raw", "UNCONN", waiting, 0, {}, "*", s.inode, s.uid, {}};
  const std::uint32_t index = s.info ? s.info->pdi_index : 0;
  const std::string interface = index == 0 ? "*" : names.interface(index);
  const std::string protocol = s.protocol == 3   ? "*"
                               : s.protocol == 0 ? "none"
                                                 : fmt::format("{:#06x}", s.protocol);
  row.local = fmt::format("{}:{}", protocol, interface);
  row.more = ring_text("rx-ring", s.rx_ring) + ring_text("tx-ring", s.tx_ring);
  if (s.fanout) {
    row.more += fmt::format(" fanout {} mode {}", *s.fanout & 0xffff, *s.fanout >> 16 & 0xff);
  }
  if (s.filter && !s.filter->empty()) row.more += fmt::format(" filter {}", s.filter->size() / 8);
  row.more += drops_text(s.memory);
  row.members = [s, index, interface](json_writer& json) {
    json.member("protocol", s.protocol);
    if (index != 0) json.member("ifname", interface);
    write_ring(json, "rx_ring", s.rx_ring);
    write_ring(json, "tx_ring", s.tx_ring);
    if (s.fanout) {
      json.key("fanout").begin_object().member("group", *s.fanout & 0xffff);
      json.member("mode", *s.fanout >> 16 & 0xff).end_object();
    }
    if (s.filter) json.member("filter_instructions", s.filter->size() / 8);
    write_drops(json, s.memory);
  };
  return row;
}

socket_row row_of(const diag::tipc_socket& s) {
  const diag::tipc_statistics counted = s.statistics.value_or(diag::tipc_statistics{});
  socket_row row{"tipc",
                 state_name(s.state.value_or(0)),
                 counted.receive_queue.value_or(0),
                 counted.send_queue.value_or(0),
                 fmt::format("{:x}:{}", s.node.value_or(0), s.port.value_or(0)),
                 "*",
                 s.inode.value_or(0),
                 s.uid,
                 {}};
  if (s.connection) {
    row.peer =
        fmt::format("{:x}:{}", s.connection->node.value_or(0), s.connection->port.value_or(0));
  }
  row.more = fmt::format(" {}", type_name(s.type.value_or(0)));
  if (s.has_publications) row.more += " bound";
  if (counted.drops.value_or(0) > 0) row.more += fmt::format(" drops {}", *counted.drops);
  row.members = [s, counted](json_writer& json) {
    json.member("type", type_name(s.type.value_or(0))).member("node", s.node);
    json.member("port", s.port).member("bound", s.has_publications.has_value());
    if (s.connection) {
      json.member("peer_node", s.connection->node).member("peer_port", s.connection->port);
      json.member("service_type", s.connection->type);
      json.member("service_instance", s.connection->instance);
    }
    json.member("drops", counted.drops);
  };
  return row;
}

}  // namespace trivet::tool
