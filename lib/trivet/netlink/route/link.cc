#include "trivet/netlink/route/link.h"

#include <sys/socket.h>

#include "trivet/netlink/route/link_kinds.h"
#include "trivet/netlink/route/link_structures.h"
#include "trivet/netlink/route/link_values.h"

namespace trivet::netlink {

bool attribute_codec<rtnl::link_properties>::decode(const attribute& a,
                                                    rtnl::link_properties& into) {
  attribute_reader in(a.data);
  for (attribute property; in.next(property);) {
    if (property.type == IFLA_ALT_IFNAME) {
      into.alternative_names.emplace_back(property.text());
    } else {
      into.others.push_back(raw_attribute::of(property));
    }
  }
  return !in.failed();
}

void attribute_codec<rtnl::link_properties>::encode(attribute_writer& out, std::uint16_t type,
                                                    const rtnl::link_properties& value) {
  out.nested(type, [&](attribute_writer& in) {
    for (const std::string& name : value.alternative_names) in.text(IFLA_ALT_IFNAME, name);
    for (const raw_attribute& kept : value.others) in.raw(kept);
  });
}

}  // namespace trivet::netlink

namespace trivet::netlink::rtnl {
namespace {

constexpr value_name icmp6_counter_list[] = {
    {ICMP6_MIB_NUM, "NUM"},
    {ICMP6_MIB_INMSGS, "INMSGS"},
    {ICMP6_MIB_INERRORS, "INERRORS"},
    {ICMP6_MIB_OUTMSGS, "OUTMSGS"},
    {ICMP6_MIB_OUTERRORS, "OUTERRORS"},
    {ICMP6_MIB_CSUMERRORS, "CSUMERRORS"},
    {6, "RATELIMITHOST"},  // ICMP6_MIB_RATELIMITHOST, since 6.0
};
// Source: linux/snmp.h
constexpr value_names icmp6_counters{"ICMP6_MIB_", icmp6_counter_list};

// Later than the headers of 6.1.
constexpr std::uint16_t ifla_devlink_port = 62;
constexpr std::uint16_t ifla_gso_ipv4_max_size = 63;
constexpr std::uint16_t ifla_gro_ipv4_max_size = 64;
constexpr std::uint16_t ifla_dpll_pin = 65;
constexpr std::uint16_t ifla_max_pacing_offload_horizon = 66;
constexpr std::uint16_t ifla_netns_immutable = 67;
constexpr std::uint16_t ifla_headroom = 68;
constexpr std::uint16_t ifla_tailroom = 69;

constexpr attribute_rule<unread> xdp_rules[] = {
    named<unread>(IFLA_XDP_FD, "fd", form::signed_number),
    named<unread>(IFLA_XDP_ATTACHED, "attached", form::number_of(values::xdp_modes)),
    named<unread>(IFLA_XDP_FLAGS, "flags", form::number),
    named<unread>(IFLA_XDP_PROG_ID, "prog-id", form::number),
    named<unread>(IFLA_XDP_DRV_PROG_ID, "drv-prog-id", form::number),
    named<unread>(IFLA_XDP_SKB_PROG_ID, "skb-prog-id", form::number),
    named<unread>(IFLA_XDP_HW_PROG_ID, "hw-prog-id", form::number),
    named<unread>(IFLA_XDP_EXPECTED_FD, "expected-fd", form::signed_number),
};
constexpr attribute_policy<unread> xdp_policy(xdp_rules, "IFLA_XDP_");
constexpr attribute_names xdp_names{&name_among<xdp_policy>};

attribute_name name_of_property(std::uint16_t type, const_bytes /*beside*/) {
  if (type != IFLA_ALT_IFNAME) return {};
  return {"alt-ifname", nullptr, form::text, "IFLA_"};
}
constexpr attribute_names property_names{&name_of_property};

constexpr attribute_rule<inet6_link> inet6_rules[] = {
    rule<&inet6_link::flags>(IFLA_INET6_FLAGS, "flags")
        .as(form::number_of(values::inet6_link_flags)),
    rule<&inet6_link::token, address_by_length>(IFLA_INET6_TOKEN, "token"),
    rule<&inet6_link::address_mode>(IFLA_INET6_ADDR_GEN_MODE, "addr-gen-mode")
        .as(form::number_of(values::address_modes)),
    rule<&inet6_link::router_mtu>(IFLA_INET6_RA_MTU, "ra-mtu"),
    rule<&inet6_link::cache>(IFLA_INET6_CACHEINFO, "cacheinfo", weight::detail)
        .as(form::structure(structures::ifla_cacheinfo)),
    named<inet6_link>(IFLA_INET6_CONF, "conf", form::numbers(4, values::inet6_settings)),
    named<inet6_link>(IFLA_INET6_STATS, "stats", form::numbers(8, values::inet6_counters)),
    named<inet6_link>(IFLA_INET6_MCAST, "mcast", form::bytes),
    named<inet6_link>(IFLA_INET6_ICMP6STATS, "icmp6stats", form::numbers(8, icmp6_counters)),
};
constexpr attribute_policy<inet6_link> inet6_policy(inet6_rules, "IFLA_INET6_");

constexpr attribute_rule<link_families> family_rules[] = {
    rule<&link_families::inet>(AF_INET, "inet"),
    rule<&link_families::inet6, unmarked_nest>(AF_INET6, "inet6"),
};
constexpr attribute_policy<link_families> family_policy(family_rules, "AF_");

constexpr attribute_rule<down_reason> reason_rules[] = {
    rule<&down_reason::mask>(IFLA_PROTO_DOWN_REASON_MASK, "mask"),
    rule<&down_reason::value>(IFLA_PROTO_DOWN_REASON_VALUE, "value"),
};
constexpr attribute_policy<down_reason> reason_policy(reason_rules, "IFLA_PROTO_DOWN_REASON_");

// Some of a kind's data are running timers: link_kinds.h compares the rest.
constexpr attribute_rule<link_info> info_rules[] = {
    rule<&link_info::kind>(IFLA_INFO_KIND, "kind"),
    rule<&link_info::data>(IFLA_INFO_DATA, "data", weight::detail),
    rule<&link_info::slave_kind>(IFLA_INFO_SLAVE_KIND, "slave-kind"),
    rule<&link_info::slave_data>(IFLA_INFO_SLAVE_DATA, "slave-data", weight::detail),
};
constexpr attribute_policy<link_info> info_policy(info_rules, "IFLA_INFO_");

constexpr attribute_rule<link> rules[] = {
    rule<&link::address>(IFLA_ADDRESS, "address"),
    rule<&link::broadcast>(IFLA_BROADCAST, "broadcast"),
    rule<&link::name>(IFLA_IFNAME, "ifname"),
    rule<&link::mtu>(IFLA_MTU, "mtu"),
    rule<&link::link_index>(IFLA_LINK, "link"),
    rule<&link::qdisc>(IFLA_QDISC, "qdisc"),
    rule<&link::master>(IFLA_MASTER, "master"),
    rule<&link::queue_length>(IFLA_TXQLEN, "txqlen"),
    rule<&link::operstate>(IFLA_OPERSTATE, "operstate").as(form::number_of(values::operstates)),
    rule<&link::link_mode>(IFLA_LINKMODE, "linkmode").as(form::number_of(values::link_modes)),
    rule<&link::info, unmarked_nest>(IFLA_LINKINFO, "linkinfo"),
    rule<&link::alias>(IFLA_IFALIAS, "ifalias"),
    rule<&link::group>(IFLA_GROUP, "group"),
    rule<&link::promiscuity>(IFLA_PROMISCUITY, "promiscuity", weight::detail),
    rule<&link::tx_queues>(IFLA_NUM_TX_QUEUES, "num-tx-queues"),
    rule<&link::rx_queues>(IFLA_NUM_RX_QUEUES, "num-rx-queues"),
    rule<&link::carrier>(IFLA_CARRIER, "carrier"),
    rule<&link::carrier_changes>(IFLA_CARRIER_CHANGES, "carrier-changes", weight::detail),
    rule<&link::link_netns>(IFLA_LINK_NETNSID, "link-netnsid"),
    rule<&link::protocol_down>(IFLA_PROTO_DOWN, "proto-down"),
    rule<&link::event>(IFLA_EVENT, "event", weight::detail)
        .as(form::number_of(values::link_events)),
    rule<&link::minimum_mtu>(IFLA_MIN_MTU, "min-mtu"),
    rule<&link::maximum_mtu>(IFLA_MAX_MTU, "max-mtu"),
    rule<&link::properties>(IFLA_PROP_LIST, "prop-list").as(form::nest).within(property_names),
    rule<&link::permanent_address>(IFLA_PERM_ADDRESS, "perm-address"),
    rule<&link::statistics>(IFLA_STATS64, "stats64", weight::detail)
        .as(form::structure(structures::rtnl_link_stats64)),
    rule<&link::families>(IFLA_AF_SPEC, "af-spec", weight::detail),  // it holds counters
    rule<&link::allmulti>(IFLA_ALLMULTI, "allmulti", weight::detail),
    rule<&link::gso_maximum_size>(IFLA_GSO_MAX_SIZE, "gso-max-size"),
    rule<&link::gso_maximum_segments>(IFLA_GSO_MAX_SEGS, "gso-max-segs"),
    rule<&link::gro_maximum_size>(IFLA_GRO_MAX_SIZE, "gro-max-size"),
    rule<&link::tso_maximum_size>(IFLA_TSO_MAX_SIZE, "tso-max-size"),
    rule<&link::tso_maximum_segments>(IFLA_TSO_MAX_SEGS, "tso-max-segs"),
    rule<&link::port_name>(IFLA_PHYS_PORT_NAME, "phys-port-name"),
    rule<&link::port_id>(IFLA_PHYS_PORT_ID, "phys-port-id"),
    rule<&link::switch_id>(IFLA_PHYS_SWITCH_ID, "phys-switch-id"),
    rule<&link::parent_bus>(IFLA_PARENT_DEV_BUS_NAME, "parent-dev-bus-name"),
    rule<&link::parent_device>(IFLA_PARENT_DEV_NAME, "parent-dev-name"),
    rule<&link::protocol_down_reason>(IFLA_PROTO_DOWN_REASON, "proto-down-reason"),
    rule<&link::function_count>(IFLA_NUM_VF, "num-vf", weight::detail),
    rule<&link::functions>(IFLA_VFINFO_LIST, "vfinfo-list", weight::detail),
    rule<&link::new_netns>(IFLA_NEW_NETNSID, "new-netnsid", weight::detail),
    rule<&link::new_index>(IFLA_NEW_IFINDEX, "new-ifindex", weight::detail),
    // Nobody reads these into a link, and a decoder names them.
    named<link>(IFLA_STATS, "stats", form::structure(structures::rtnl_link_stats)),
    named<link>(IFLA_COST, "cost", form::number),
    named<link>(IFLA_PRIORITY, "priority", form::number),
    named<link>(IFLA_WIRELESS, "wireless", form::bytes),
    named<link>(IFLA_PROTINFO, "protinfo", form::nest),
    named<link>(IFLA_MAP, "map", form::structure(structures::rtnl_link_ifmap)),
    named<link>(IFLA_WEIGHT, "weight", form::number),
    named<link>(IFLA_NET_NS_PID, "net-ns-pid", form::number),
    named<link>(IFLA_NET_NS_FD, "net-ns-fd", form::number),
    named<link>(IFLA_VF_PORTS, "vf-ports", form::nest),
    named<link>(IFLA_PORT_SELF, "port-self", form::nest),
    named<link>(IFLA_EXT_MASK, "ext-mask", form::number_of(values::extension_filters)),
    named<link>(IFLA_PAD, "pad", form::bytes),
    named<link>(IFLA_XDP, "xdp", form::nest, &xdp_names),
    named<link>(IFLA_TARGET_NETNSID, "target-netnsid", form::signed_number),
    named<link>(IFLA_CARRIER_UP_COUNT, "carrier-up-count", form::number),
    named<link>(IFLA_CARRIER_DOWN_COUNT, "carrier-down-count", form::number),
    named<link>(IFLA_ALT_IFNAME, "alt-ifname", form::text),
    named<link>(ifla_devlink_port, "devlink-port", form::nest),
    named<link>(ifla_gso_ipv4_max_size, "gso-ipv4-max-size", form::number),
    named<link>(ifla_gro_ipv4_max_size, "gro-ipv4-max-size", form::number),
    named<link>(ifla_dpll_pin, "dpll-pin", form::nest),
    named<link>(ifla_max_pacing_offload_horizon, "max-pacing-offload-horizon", form::number),
    named<link>(ifla_netns_immutable, "netns-immutable", form::number),
    named<link>(ifla_headroom, "headroom", form::number),
    named<link>(ifla_tailroom, "tailroom", form::number),
};
constexpr attribute_policy<link> link_policy(rules, "IFLA_");

}  // namespace

const attribute_policy<inet6_link>& inet6_link::policy() { return inet6_policy; }
const attribute_policy<link_families>& link_families::policy() { return family_policy; }
const attribute_policy<down_reason>& down_reason::policy() { return reason_policy; }
const attribute_policy<link_info>& link_info::policy() { return info_policy; }
const attribute_policy<link>& link::policy() { return link_policy; }

std::optional<link> link::decode(const message_view& message) {
  if (!message.holds<::ifinfomsg>()) return std::nullopt;
  const auto header = message.structure<::ifinfomsg>();
  link result;
  result.family = header.ifi_family;
  result.type = header.ifi_type;
  result.index = header.ifi_index;
  result.flags = header.ifi_flags;
  result.change = header.ifi_change;
  if (!link_policy.decode(message.attributes<::ifinfomsg>(), result)) return std::nullopt;
  return result;
}

void link::encode(message_builder& out) const {
  ::ifinfomsg header{};
  header.ifi_family = family;
  header.ifi_type = type;
  header.ifi_index = index;
  header.ifi_flags = flags;
  header.ifi_change = change;
  out.structure(header);
  link_policy.encode(out.attributes(), *this);
}

bool same_state(const link& a, const link& b) {
  return a.index == b.index && a.type == b.type && a.flags == b.flags &&
         link_policy.same_state(a, b) && (!a.info || !b.info || same_kind_data(*a.info, *b.info));
}

}  // namespace trivet::netlink::rtnl
