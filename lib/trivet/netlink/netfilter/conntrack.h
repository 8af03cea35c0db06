// Tracked connections: the messages of nfnetlink's subsystem NFNL_SUBSYS_CTNETLINK without a
// socket.
//
//   if (const auto event = netfilter::event_of(message)) {
//     if (const auto c = netfilter::connection::decode(message)) … c->original->ports …
//   }
#ifndef TRIVET_NETLINK_NETFILTER_CONNTRACK_H_
#define TRIVET_NETLINK_NETFILTER_CONNTRACK_H_

#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/netfilter/nfnetlink.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::netfilter {

/// CTA_TUPLE_IP: where packets of one direction come from and go to, IPv4 or IPv6.
struct tuple_addresses {
  std::optional<rtnl::network_address> source;       ///< CTA_IP_V4_SRC, CTA_IP_V6_SRC
  std::optional<rtnl::network_address> destination;  ///< CTA_IP_V4_DST, CTA_IP_V6_DST
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tuple_addresses>& policy();
  friend bool operator==(const tuple_addresses&, const tuple_addresses&) = default;
};

/// CTA_TUPLE_PROTO: what tells connections of the same addresses apart. Numbers are in host byte
/// order. GRE has its keys in the ports.
struct tuple_protocol {
  std::optional<std::uint8_t> number;             ///< CTA_PROTO_NUM: IPPROTO_
  std::optional<std::uint16_t> source_port;       ///< CTA_PROTO_SRC_PORT
  std::optional<std::uint16_t> destination_port;  ///< CTA_PROTO_DST_PORT
  std::optional<std::uint16_t> icmp_id;           ///< CTA_PROTO_ICMP_ID
  std::optional<std::uint8_t> icmp_type;          ///< CTA_PROTO_ICMP_TYPE
  std::optional<std::uint8_t> icmp_code;          ///< CTA_PROTO_ICMP_CODE
  std::optional<std::uint16_t> icmpv6_id;         ///< CTA_PROTO_ICMPV6_ID
  std::optional<std::uint8_t> icmpv6_type;        ///< CTA_PROTO_ICMPV6_TYPE
  std::optional<std::uint8_t> icmpv6_code;        ///< CTA_PROTO_ICMPV6_CODE
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tuple_protocol>& policy();
  friend bool operator==(const tuple_protocol&, const tuple_protocol&) = default;
};

/// CTA_TUPLE_ORIG, CTA_TUPLE_REPLY, CTA_TUPLE_MASTER: the packets of one direction.
struct connection_tuple {
  std::optional<tuple_addresses> addresses;  ///< CTA_TUPLE_IP
  std::optional<tuple_protocol> protocol;    ///< CTA_TUPLE_PROTO
  std::optional<std::uint16_t> zone;         ///< CTA_TUPLE_ZONE: of this direction alone
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<connection_tuple>& policy();
  friend bool operator==(const connection_tuple&, const connection_tuple&) = default;
};

/// CTA_PROTOINFO_TCP: what is known of a connection of TCP. A value.
struct tcp_state {
  std::optional<std::uint8_t> state;  ///< CTA_PROTOINFO_TCP_STATE: TCP_CONNTRACK_
  /// CTA_PROTOINFO_TCP_WSCALE_ORIGINAL: windows are shifted by so many bits, at most 14
  std::optional<std::uint8_t> window_scale_original;
  std::optional<std::uint8_t> window_scale_reply;  ///< CTA_PROTOINFO_TCP_WSCALE_REPLY
  /// CTA_PROTOINFO_TCP_FLAGS_ORIGINAL: IP_CT_TCP_FLAG_ bits and, in requests, which of them count
  std::optional<::nf_ct_tcp_flags> flags_original;
  std::optional<::nf_ct_tcp_flags> flags_reply;  ///< CTA_PROTOINFO_TCP_FLAGS_REPLY
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tcp_state>& policy();
};

/// CTA_PROTOINFO_SCTP: what is known of an association of SCTP; the tags are those that packets of
/// each direction must carry. A value.
struct sctp_state {
  std::optional<std::uint8_t> state;          ///< CTA_PROTOINFO_SCTP_STATE: SCTP_CONNTRACK_
  std::optional<std::uint32_t> tag_original;  ///< CTA_PROTOINFO_SCTP_VTAG_ORIGINAL
  std::optional<std::uint32_t> tag_reply;     ///< CTA_PROTOINFO_SCTP_VTAG_REPLY
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<sctp_state>& policy();
};

/// CTA_PROTOINFO_DCCP; kernels since 6.16 track no DCCP.
struct dccp_state {
  std::optional<std::uint8_t> state;                ///< CTA_PROTOINFO_DCCP_STATE: CT_DCCP_
  std::optional<std::uint8_t> role;                 ///< CTA_PROTOINFO_DCCP_ROLE: CT_DCCP_ROLE_
  std::optional<std::uint64_t> handshake_sequence;  ///< CTA_PROTOINFO_DCCP_HANDSHAKE_SEQ
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<dccp_state>& policy();
};

/// CTA_PROTOINFO: what the protocol's own state machine knows.
struct protocol_state {
  std::optional<tcp_state> tcp;    ///< CTA_PROTOINFO_TCP
  std::optional<dccp_state> dccp;  ///< CTA_PROTOINFO_DCCP
  std::optional<sctp_state> sctp;  ///< CTA_PROTOINFO_SCTP
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<protocol_state>& policy();
};

/// CTA_COUNTERS_ORIG, CTA_COUNTERS_REPLY; with sysctl net.netfilter.nf_conntrack_acct alone.
struct direction_counters {
  std::optional<std::uint64_t> packets;  ///< CTA_COUNTERS_PACKETS
  std::optional<std::uint64_t> bytes;    ///< CTA_COUNTERS_BYTES: with the headers of IP
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<direction_counters>& policy();
};

/// CTA_TIMESTAMP, in nanoseconds since 1970; with net.netfilter.nf_conntrack_timestamp alone.
struct connection_times {
  std::optional<std::uint64_t> start;  ///< CTA_TIMESTAMP_START
  std::optional<std::uint64_t> stop;   ///< CTA_TIMESTAMP_STOP: once it has ended
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<connection_times>& policy();
};

/// CTA_HELP: the helper that reads the connection, as that of FTP.
struct connection_helper {
  std::optional<std::string> name;  ///< CTA_HELP_NAME
  std::optional<raw_nest> info;     ///< CTA_HELP_INFO: the helper's own
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<connection_helper>& policy();
};

/// CTA_SECCTX: the label of a security module.
struct security_context {
  std::optional<std::string> name;  ///< CTA_SECCTX_NAME
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<security_context>& policy();
};

/// CTA_SYNPROXY: what a SYN proxy adds to sequence numbers.
struct syn_proxy {
  std::optional<std::uint32_t> initial_sequence;   ///< CTA_SYNPROXY_ISN
  std::optional<std::uint32_t> initial_timestamp;  ///< CTA_SYNPROXY_ITS
  std::optional<std::uint32_t> timestamp_offset;   ///< CTA_SYNPROXY_TSOFF
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<syn_proxy>& policy();
};

/// struct nfgenmsg and its attributes: one connection. A value; numbers are in host byte order.
/// What it needs not say is left out: an event about a mark may have nothing but the mark.
/// Source: linux/netfilter/nfnetlink_conntrack.h, net/netfilter/nf_conntrack_netlink.c
struct connection {
  std::uint8_t family = 0;     ///< AF_INET, AF_INET6
  std::uint8_t version = 0;    ///< NFNETLINK_V0
  std::uint16_t resource = 0;  ///< of struct nfgenmsg; the zone in old kernels

  std::optional<connection_tuple> original;              ///< CTA_TUPLE_ORIG
  std::optional<connection_tuple> reply;                 ///< CTA_TUPLE_REPLY
  std::optional<std::uint32_t> status;                   ///< CTA_STATUS: IPS_
  std::optional<protocol_state> state;                   ///< CTA_PROTOINFO
  std::optional<connection_helper> helper;               ///< CTA_HELP
  std::optional<raw_nest> source_nat;                    ///< CTA_NAT_SRC, in requests
  std::optional<std::uint32_t> timeout;                  ///< CTA_TIMEOUT: seconds
  std::optional<std::uint32_t> mark;                     ///< CTA_MARK
  std::optional<direction_counters> original_counters;   ///< CTA_COUNTERS_ORIG
  std::optional<direction_counters> reply_counters;      ///< CTA_COUNTERS_REPLY
  std::optional<std::uint32_t> uses;                     ///< CTA_USE: references
  std::optional<std::uint32_t> id;                       ///< CTA_ID: of this entry
  std::optional<raw_nest> destination_nat;               ///< CTA_NAT_DST, in requests
  std::optional<connection_tuple> master;                ///< CTA_TUPLE_MASTER: who expected it
  std::optional<raw_nest> original_sequence_adjustment;  ///< CTA_SEQ_ADJ_ORIG
  std::optional<raw_nest> reply_sequence_adjustment;     ///< CTA_SEQ_ADJ_REPLY
  std::optional<std::uint16_t> zone;                     ///< CTA_ZONE: of both directions
  std::optional<security_context> security;              ///< CTA_SECCTX
  std::optional<connection_times> times;                 ///< CTA_TIMESTAMP
  std::optional<std::uint32_t> mark_mask;                ///< CTA_MARK_MASK, in requests
  std::optional<std::vector<std::byte>> labels;          ///< CTA_LABELS: bits
  std::optional<std::vector<std::byte>> labels_mask;     ///< CTA_LABELS_MASK, in requests
  std::optional<syn_proxy> proxy;                        ///< CTA_SYNPROXY
  std::optional<raw_nest> filter;                        ///< CTA_FILTER, in requests
  std::optional<std::uint32_t> status_mask;              ///< CTA_STATUS_MASK, in requests
  std::optional<std::uint64_t> event_time;               ///< CTA_TIMESTAMP_EVENT: ns (6.14)
  std::vector<raw_attribute> others;

  /// From IPCTNL_MSG_CT_NEW or IPCTNL_MSG_CT_DELETE of NFNL_SUBSYS_CTNETLINK; nullopt where the
  /// message is another one or shorter than its struct, or a length in it is wrong.
  [[nodiscard]] static std::optional<connection> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<connection>& policy();
};

/// What a notification says of a connection.
enum class connection_event {
  added,      ///< group NFNLGRP_CONNTRACK_NEW
  updated,    ///< group NFNLGRP_CONNTRACK_UPDATE
  destroyed,  ///< group NFNLGRP_CONNTRACK_DESTROY
};

/// The event that a notification is; nullopt where it is no message about a connection. (The
/// entries of a dump look like updates.)
[[nodiscard]] std::optional<connection_event> event_of(const message_view& message) noexcept;

/// The answer to IPCTNL_MSG_CT_GET_STATS: how full the table is.
struct connection_count {
  std::optional<std::uint32_t> entries;  ///< CTA_STATS_GLOBAL_ENTRIES
  std::optional<std::uint32_t> most;     ///< CTA_STATS_GLOBAL_MAX_ENTRIES (4.18)
  std::vector<raw_attribute> others;

  /// nullopt where the message is another one, or a length in it is wrong.
  [[nodiscard]] static std::optional<connection_count> decode(const message_view& message);

  [[nodiscard]] static const attribute_policy<connection_count>& policy();
};

}  // namespace trivet::netlink::netfilter

#endif  // TRIVET_NETLINK_NETFILTER_CONNTRACK_H_
