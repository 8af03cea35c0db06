#include "trivet/netlink/route/rule.h"

#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink::rtnl {
namespace {

using netlink::big_endian_number;

// Later than the headers of 6.1.
constexpr std::uint16_t fra_dscp = 25;
constexpr std::uint16_t fra_flowlabel = 26;
constexpr std::uint16_t fra_flowlabel_mask = 27;
constexpr std::uint16_t fra_sport_mask = 28;
constexpr std::uint16_t fra_dport_mask = 29;
constexpr std::uint16_t fra_dscp_mask = 30;

constexpr attribute_rule<rule> rules[] = {
    netlink::rule<&rule::table>(FRA_TABLE, "table").as(form::number_of(values::tables)),
    netlink::rule<&rule::destination>(FRA_DST, "dst"),
    netlink::rule<&rule::source>(FRA_SRC, "src"),
    netlink::rule<&rule::input>(FRA_IIFNAME, "iifname"),
    netlink::rule<&rule::target>(FRA_GOTO, "goto"),
    netlink::rule<&rule::priority>(FRA_PRIORITY, "priority"),
    netlink::rule<&rule::mark>(FRA_FWMARK, "fwmark"),
    netlink::rule<&rule::mark_mask>(FRA_FWMASK, "fwmask"),
    netlink::rule<&rule::flow>(FRA_FLOW, "flow"),
    netlink::rule<&rule::tunnel_id, big_endian_number>(FRA_TUN_ID, "tun-id"),
    netlink::rule<&rule::suppress_group>(FRA_SUPPRESS_IFGROUP, "suppress-ifgroup"),
    netlink::rule<&rule::suppress_length>(FRA_SUPPRESS_PREFIXLEN, "suppress-prefixlen"),
    netlink::rule<&rule::output>(FRA_OIFNAME, "oifname"),
    netlink::rule<&rule::l3mdev>(FRA_L3MDEV, "l3mdev"),
    netlink::rule<&rule::uid_range>(FRA_UID_RANGE, "uid-range")
        .as(form::structure(structures::fib_rule_uid_range)),
    netlink::rule<&rule::protocol>(FRA_PROTOCOL, "protocol").as(form::number_of(values::protocols)),
    netlink::rule<&rule::ip_protocol>(FRA_IP_PROTO, "ip-proto")
        .as(form::number_of(values::ip_protocols)),
    netlink::rule<&rule::source_ports>(FRA_SPORT_RANGE, "sport-range")
        .as(form::structure(structures::fib_rule_port_range)),
    netlink::rule<&rule::destination_ports>(FRA_DPORT_RANGE, "dport-range")
        .as(form::structure(structures::fib_rule_port_range)),
    netlink::rule<&rule::dscp>(fra_dscp, "dscp"),
    netlink::rule<&rule::dscp_mask>(fra_dscp_mask, "dscp-mask"),
    netlink::rule<&rule::flow_label, big_endian_number>(fra_flowlabel, "flowlabel"),
    netlink::rule<&rule::flow_label_mask, big_endian_number>(fra_flowlabel_mask, "flowlabel-mask"),
    netlink::rule<&rule::source_port_mask>(fra_sport_mask, "sport-mask"),
    netlink::rule<&rule::destination_port_mask>(fra_dport_mask, "dport-mask"),
    named<rule>(FRA_PAD, "pad", form::bytes),
};
constexpr attribute_policy<rule> rule_policy(rules, "FRA_");

constexpr std::uint32_t silent_flags =
    FIB_RULE_UNRESOLVED | FIB_RULE_IIF_DETACHED | FIB_RULE_OIF_DETACHED;

}  // namespace

const attribute_policy<rule>& rule::policy() { return rule_policy; }

std::optional<rule> rule::decode(const message_view& message) {
  if (!message.holds<::fib_rule_hdr>()) return std::nullopt;
  const auto header = message.structure<::fib_rule_hdr>();
  rule result;
  result.family = header.family;
  result.destination_length = header.dst_len;
  result.source_length = header.src_len;
  result.tos = header.tos;
  result.table = header.table;
  result.action = header.action;
  result.flags = header.flags;
  if (!rule_policy.decode(message.attributes<::fib_rule_hdr>(), result)) return std::nullopt;
  return result;
}

void rule::encode(message_builder& out) const {
  ::fib_rule_hdr header{};
  header.family = family;
  header.dst_len = destination_length;
  header.src_len = source_length;
  header.tos = tos;
  header.table = static_cast<std::uint8_t>(table < 256 ? table : RT_TABLE_COMPAT);
  header.action = action;
  header.flags = flags;
  out.structure(header);
  rule_policy.encode(out.attributes(), *this);
}

bool same_rule(const rule& a, const rule& b) {
  return a.family == b.family && a.destination_length == b.destination_length &&
         a.source_length == b.source_length && a.tos == b.tos && a.action == b.action &&
         ((a.flags ^ b.flags) & ~silent_flags) == 0 && rule_policy.same_state(a, b);
}

bool same_state(const rule& a, const rule& b) { return a.flags == b.flags && same_rule(a, b); }

}  // namespace trivet::netlink::rtnl
