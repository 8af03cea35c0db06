#include "trivet/netlink/netfilter/conntrack.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <sys/socket.h>

#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink::netfilter {
namespace {

using rtnl::network_address;

// Later than the headers of 6.1.
constexpr std::uint16_t cta_timestamp_event = 27;

// An address that has attributes of its own in each family: two rows for one member.
template <std::uint8_t Family, std::size_t Size>
struct address_of_family {
  static constexpr value_form form = netlink::form::address;

  static bool decode(const attribute& a, network_address& into) noexcept {
    if (a.data.size() != Size) return false;
    into = {Family, rtnl::short_bytes(a.data)};
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type, const network_address& value) {
    if (value.family == Family) out.bytes(type, value.bytes());
  }
};
using ipv4_address = address_of_family<AF_INET, 4>;
using ipv6_address = address_of_family<AF_INET6, 16>;

constexpr value_name tcp_state_list[] = {
    {TCP_CONNTRACK_NONE, "NONE"},         {TCP_CONNTRACK_SYN_SENT, "SYN_SENT"},
    {TCP_CONNTRACK_SYN_RECV, "SYN_RECV"}, {TCP_CONNTRACK_ESTABLISHED, "ESTABLISHED"},
    {TCP_CONNTRACK_FIN_WAIT, "FIN_WAIT"}, {TCP_CONNTRACK_CLOSE_WAIT, "CLOSE_WAIT"},
    {TCP_CONNTRACK_LAST_ACK, "LAST_ACK"}, {TCP_CONNTRACK_TIME_WAIT, "TIME_WAIT"},
    {TCP_CONNTRACK_CLOSE, "CLOSE"},       {TCP_CONNTRACK_LISTEN, "SYN_SENT2"},
};
constexpr value_names tcp_states{"TCP_CONNTRACK_", tcp_state_list};

constexpr value_name status_list[] = {
    {IPS_EXPECTED, "EXPECTED"},
    {IPS_SEEN_REPLY, "SEEN_REPLY"},
    {IPS_ASSURED, "ASSURED"},
    {IPS_CONFIRMED, "CONFIRMED"},
    {IPS_SRC_NAT, "SRC_NAT"},
    {IPS_DST_NAT, "DST_NAT"},
    {IPS_SEQ_ADJUST, "SEQ_ADJUST"},
    {IPS_SRC_NAT_DONE, "SRC_NAT_DONE"},
    {IPS_DST_NAT_DONE, "DST_NAT_DONE"},
    {IPS_DYING, "DYING"},
    {IPS_FIXED_TIMEOUT, "FIXED_TIMEOUT"},
    {IPS_TEMPLATE, "TEMPLATE"},
    {IPS_UNTRACKED, "UNTRACKED"},
    {IPS_HELPER, "HELPER"},
    {IPS_OFFLOAD, "OFFLOAD"},
    {IPS_HW_OFFLOAD, "HW_OFFLOAD"},
};
constexpr value_names status_flags{"IPS_", status_list, true};

constexpr attribute_rule<tuple_addresses> address_rules[] = {
    rule<&tuple_addresses::source, ipv4_address>(CTA_IP_V4_SRC, "v4-src"),
    rule<&tuple_addresses::destination, ipv4_address>(CTA_IP_V4_DST, "v4-dst"),
    rule<&tuple_addresses::source, ipv6_address>(CTA_IP_V6_SRC, "v6-src"),
    rule<&tuple_addresses::destination, ipv6_address>(CTA_IP_V6_DST, "v6-dst"),
};
constexpr attribute_policy<tuple_addresses> address_policy(address_rules, "CTA_IP_");

constexpr attribute_rule<tuple_protocol> protocol_rules[] = {
    rule<&tuple_protocol::number>(CTA_PROTO_NUM, "num")
        .as(form::number_of(rtnl::values::ip_protocols)),
    rule<&tuple_protocol::source_port, big_endian_number>(CTA_PROTO_SRC_PORT, "src-port"),
    rule<&tuple_protocol::destination_port, big_endian_number>(CTA_PROTO_DST_PORT, "dst-port"),
    rule<&tuple_protocol::icmp_id, big_endian_number>(CTA_PROTO_ICMP_ID, "icmp-id"),
    rule<&tuple_protocol::icmp_type>(CTA_PROTO_ICMP_TYPE, "icmp-type"),
    rule<&tuple_protocol::icmp_code>(CTA_PROTO_ICMP_CODE, "icmp-code"),
    rule<&tuple_protocol::icmpv6_id, big_endian_number>(CTA_PROTO_ICMPV6_ID, "icmpv6-id"),
    rule<&tuple_protocol::icmpv6_type>(CTA_PROTO_ICMPV6_TYPE, "icmpv6-type"),
    rule<&tuple_protocol::icmpv6_code>(CTA_PROTO_ICMPV6_CODE, "icmpv6-code"),
};
constexpr attribute_policy<tuple_protocol> protocol_policy(protocol_rules, "CTA_PROTO_");

constexpr attribute_rule<connection_tuple> tuple_rules[] = {
    rule<&connection_tuple::addresses>(CTA_TUPLE_IP, "ip"),
    rule<&connection_tuple::protocol>(CTA_TUPLE_PROTO, "proto"),
    rule<&connection_tuple::zone, big_endian_number>(CTA_TUPLE_ZONE, "zone"),
};
constexpr attribute_policy<connection_tuple> tuple_policy(tuple_rules, "CTA_TUPLE_");

constexpr attribute_rule<tcp_state> tcp_rules[] = {
    rule<&tcp_state::state>(CTA_PROTOINFO_TCP_STATE, "state").as(form::number_of(tcp_states)),
    rule<&tcp_state::window_scale_original>(CTA_PROTOINFO_TCP_WSCALE_ORIGINAL, "wscale-original"),
    rule<&tcp_state::window_scale_reply>(CTA_PROTOINFO_TCP_WSCALE_REPLY, "wscale-reply"),
    rule<&tcp_state::flags_original>(CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, "flags-original"),
    rule<&tcp_state::flags_reply>(CTA_PROTOINFO_TCP_FLAGS_REPLY, "flags-reply"),
};
constexpr attribute_policy<tcp_state> tcp_policy(tcp_rules, "CTA_PROTOINFO_TCP_");

constexpr attribute_rule<sctp_state> sctp_rules[] = {
    rule<&sctp_state::state>(CTA_PROTOINFO_SCTP_STATE, "state"),
    rule<&sctp_state::tag_original, big_endian_number>(CTA_PROTOINFO_SCTP_VTAG_ORIGINAL,
                                                       "vtag-original"),
    rule<&sctp_state::tag_reply, big_endian_number>(CTA_PROTOINFO_SCTP_VTAG_REPLY, "vtag-reply"),
};
constexpr attribute_policy<sctp_state> sctp_policy(sctp_rules, "CTA_PROTOINFO_SCTP_");

constexpr attribute_rule<dccp_state> dccp_rules[] = {
    rule<&dccp_state::state>(CTA_PROTOINFO_DCCP_STATE, "state"),
    rule<&dccp_state::role>(CTA_PROTOINFO_DCCP_ROLE, "role"),
    rule<&dccp_state::handshake_sequence, big_endian_number>(CTA_PROTOINFO_DCCP_HANDSHAKE_SEQ,
                                                             "handshake-seq"),
};
constexpr attribute_policy<dccp_state> dccp_policy(dccp_rules, "CTA_PROTOINFO_DCCP_");

constexpr attribute_rule<protocol_state> state_rules[] = {
    rule<&protocol_state::tcp>(CTA_PROTOINFO_TCP, "tcp"),
    rule<&protocol_state::dccp>(CTA_PROTOINFO_DCCP, "dccp"),
    rule<&protocol_state::sctp>(CTA_PROTOINFO_SCTP, "sctp"),
};
constexpr attribute_policy<protocol_state> state_policy(state_rules, "CTA_PROTOINFO_");

constexpr attribute_rule<direction_counters> counter_rules[] = {
    rule<&direction_counters::packets, big_endian_number>(CTA_COUNTERS_PACKETS, "packets"),
    rule<&direction_counters::bytes, big_endian_number>(CTA_COUNTERS_BYTES, "bytes"),
};
constexpr attribute_policy<direction_counters> counter_policy(counter_rules, "CTA_COUNTERS_");

constexpr attribute_rule<connection_times> time_rules[] = {
    rule<&connection_times::start, big_endian_number>(CTA_TIMESTAMP_START, "start"),
    rule<&connection_times::stop, big_endian_number>(CTA_TIMESTAMP_STOP, "stop"),
};
constexpr attribute_policy<connection_times> time_policy(time_rules, "CTA_TIMESTAMP_");

constexpr attribute_rule<connection_helper> helper_rules[] = {
    rule<&connection_helper::name>(CTA_HELP_NAME, "name"),
    rule<&connection_helper::info>(CTA_HELP_INFO, "info"),
};
constexpr attribute_policy<connection_helper> helper_policy(helper_rules, "CTA_HELP_");

constexpr attribute_rule<security_context> security_rules[] = {
    rule<&security_context::name>(CTA_SECCTX_NAME, "name"),
};
constexpr attribute_policy<security_context> security_policy(security_rules, "CTA_SECCTX_");

constexpr attribute_rule<syn_proxy> proxy_rules[] = {
    rule<&syn_proxy::initial_sequence, big_endian_number>(CTA_SYNPROXY_ISN, "isn"),
    rule<&syn_proxy::initial_timestamp, big_endian_number>(CTA_SYNPROXY_ITS, "its"),
    rule<&syn_proxy::timestamp_offset, big_endian_number>(CTA_SYNPROXY_TSOFF, "tsoff"),
};
constexpr attribute_policy<syn_proxy> proxy_policy(proxy_rules, "CTA_SYNPROXY_");

constexpr attribute_rule<connection> rules[] = {
    rule<&connection::original>(CTA_TUPLE_ORIG, "tuple-orig"),
    rule<&connection::reply>(CTA_TUPLE_REPLY, "tuple-reply"),
    rule<&connection::status, big_endian_number>(CTA_STATUS, "status")
        .as(form::number_of(status_flags, true)),
    rule<&connection::state>(CTA_PROTOINFO, "protoinfo"),
    rule<&connection::helper>(CTA_HELP, "help"),
    rule<&connection::source_nat>(CTA_NAT_SRC, "nat-src"),
    rule<&connection::timeout, big_endian_number>(CTA_TIMEOUT, "timeout", weight::detail),
    rule<&connection::mark, big_endian_number>(CTA_MARK, "mark"),
    rule<&connection::original_counters>(CTA_COUNTERS_ORIG, "counters-orig", weight::detail),
    rule<&connection::reply_counters>(CTA_COUNTERS_REPLY, "counters-reply", weight::detail),
    rule<&connection::uses, big_endian_number>(CTA_USE, "use", weight::detail),
    rule<&connection::id, big_endian_number>(CTA_ID, "id"),
    rule<&connection::destination_nat>(CTA_NAT_DST, "nat-dst"),
    rule<&connection::master>(CTA_TUPLE_MASTER, "tuple-master"),
    rule<&connection::original_sequence_adjustment>(CTA_SEQ_ADJ_ORIG, "seq-adj-orig"),
    rule<&connection::reply_sequence_adjustment>(CTA_SEQ_ADJ_REPLY, "seq-adj-reply"),
    rule<&connection::zone, big_endian_number>(CTA_ZONE, "zone"),
    rule<&connection::security>(CTA_SECCTX, "secctx"),
    rule<&connection::times>(CTA_TIMESTAMP, "timestamp"),
    rule<&connection::mark_mask, big_endian_number>(CTA_MARK_MASK, "mark-mask"),
    rule<&connection::labels>(CTA_LABELS, "labels"),
    rule<&connection::labels_mask>(CTA_LABELS_MASK, "labels-mask"),
    rule<&connection::proxy>(CTA_SYNPROXY, "synproxy"),
    rule<&connection::filter>(CTA_FILTER, "filter"),
    rule<&connection::status_mask, big_endian_number>(CTA_STATUS_MASK, "status-mask"),
    rule<&connection::event_time, big_endian_number>(cta_timestamp_event, "timestamp-event",
                                                     weight::detail),
};
constexpr attribute_policy<connection> connection_policy(rules, "CTA_");

constexpr attribute_rule<connection_count> count_rules[] = {
    rule<&connection_count::entries, big_endian_number>(CTA_STATS_GLOBAL_ENTRIES, "entries"),
    rule<&connection_count::most, big_endian_number>(CTA_STATS_GLOBAL_MAX_ENTRIES, "max-entries"),
};
constexpr attribute_policy<connection_count> count_policy(count_rules, "CTA_STATS_GLOBAL_");

bool is(const message_view& message, std::uint8_t kind) noexcept {
  return message.type() == type_of(NFNL_SUBSYS_CTNETLINK, kind) && message.holds<::nfgenmsg>();
}

}  // namespace

const attribute_policy<tuple_addresses>& tuple_addresses::policy() { return address_policy; }
const attribute_policy<tuple_protocol>& tuple_protocol::policy() { return protocol_policy; }
const attribute_policy<connection_tuple>& connection_tuple::policy() { return tuple_policy; }
const attribute_policy<tcp_state>& tcp_state::policy() { return tcp_policy; }
const attribute_policy<sctp_state>& sctp_state::policy() { return sctp_policy; }
const attribute_policy<dccp_state>& dccp_state::policy() { return dccp_policy; }
const attribute_policy<protocol_state>& protocol_state::policy() { return state_policy; }
const attribute_policy<direction_counters>& direction_counters::policy() { return counter_policy; }
const attribute_policy<connection_times>& connection_times::policy() { return time_policy; }
const attribute_policy<connection_helper>& connection_helper::policy() { return helper_policy; }
const attribute_policy<security_context>& security_context::policy() { return security_policy; }
const attribute_policy<syn_proxy>& syn_proxy::policy() { return proxy_policy; }
const attribute_policy<connection>& connection::policy() { return connection_policy; }
const attribute_policy<connection_count>& connection_count::policy() { return count_policy; }

std::optional<connection> connection::decode(const message_view& message) {
  if (!is(message, IPCTNL_MSG_CT_NEW) && !is(message, IPCTNL_MSG_CT_DELETE)) return std::nullopt;
  const auto raw = message.structure<::nfgenmsg>();
  connection result;
  result.family = raw.nfgen_family;
  result.version = raw.version;
  result.resource = big_endian(raw.res_id);
  if (!connection_policy.decode(message.attributes<::nfgenmsg>(), result)) return std::nullopt;
  return result;
}

void connection::encode(message_builder& out) const {
  out.structure(::nfgenmsg{family, version, big_endian(resource)});
  connection_policy.encode(out.attributes(), *this);
}

std::optional<connection_event> event_of(const message_view& message) noexcept {
  if (is(message, IPCTNL_MSG_CT_DELETE)) return connection_event::destroyed;
  if (!is(message, IPCTNL_MSG_CT_NEW)) return std::nullopt;
  return message.has(NLM_F_CREATE) ? connection_event::added : connection_event::updated;
}

std::optional<connection_count> connection_count::decode(const message_view& message) {
  if (!is(message, IPCTNL_MSG_CT_GET_STATS)) return std::nullopt;
  connection_count result;
  if (!count_policy.decode(message.attributes<::nfgenmsg>(), result)) return std::nullopt;
  return result;
}

}  // namespace trivet::netlink::netfilter
