#include "trivet/netlink/route/link_overlay.h"

#include "trivet/netlink/route/link_structures.h"

namespace trivet::netlink::rtnl {
namespace {

// Later than the headers of 6.1.
constexpr std::uint16_t ifla_vxlan_localbypass = 31;
constexpr std::uint16_t ifla_vxlan_label_policy = 32;
constexpr std::uint16_t ifla_vxlan_reserved_bits = 33;

constexpr attribute_rule<vxlan> vxlan_rules[] = {
    rule<&vxlan::id>(IFLA_VXLAN_ID, "id"),
    rule<&vxlan::group, address_by_length>(IFLA_VXLAN_GROUP, "group"),
    rule<&vxlan::link>(IFLA_VXLAN_LINK, "link"),
    rule<&vxlan::local, address_by_length>(IFLA_VXLAN_LOCAL, "local"),
    rule<&vxlan::ttl>(IFLA_VXLAN_TTL, "ttl"),
    rule<&vxlan::tos>(IFLA_VXLAN_TOS, "tos"),
    rule<&vxlan::learning>(IFLA_VXLAN_LEARNING, "learning"),
    rule<&vxlan::ageing>(IFLA_VXLAN_AGEING, "ageing"),
    rule<&vxlan::limit>(IFLA_VXLAN_LIMIT, "limit"),
    rule<&vxlan::ports>(IFLA_VXLAN_PORT_RANGE, "port-range")
        .as(form::structure(structures::ifla_vxlan_port_range)),
    rule<&vxlan::proxy>(IFLA_VXLAN_PROXY, "proxy"),
    rule<&vxlan::route_short_circuit>(IFLA_VXLAN_RSC, "rsc"),
    rule<&vxlan::l2_miss>(IFLA_VXLAN_L2MISS, "l2miss"),
    rule<&vxlan::l3_miss>(IFLA_VXLAN_L3MISS, "l3miss"),
    rule<&vxlan::port, big_endian_number>(IFLA_VXLAN_PORT, "port"),
    rule<&vxlan::group6, address_by_length>(IFLA_VXLAN_GROUP6, "group6"),
    rule<&vxlan::local6, address_by_length>(IFLA_VXLAN_LOCAL6, "local6"),
    rule<&vxlan::checksum>(IFLA_VXLAN_UDP_CSUM, "udp-csum"),
    rule<&vxlan::zero_checksum6_tx>(IFLA_VXLAN_UDP_ZERO_CSUM6_TX, "udp-zero-csum6-tx"),
    rule<&vxlan::zero_checksum6_rx>(IFLA_VXLAN_UDP_ZERO_CSUM6_RX, "udp-zero-csum6-rx"),
    rule<&vxlan::remote_checksum_tx>(IFLA_VXLAN_REMCSUM_TX, "remcsum-tx"),
    rule<&vxlan::remote_checksum_rx>(IFLA_VXLAN_REMCSUM_RX, "remcsum-rx"),
    rule<&vxlan::group_policy, presence>(IFLA_VXLAN_GBP, "gbp"),
    rule<&vxlan::remote_checksum_partial, presence>(IFLA_VXLAN_REMCSUM_NOPARTIAL,
                                                    "remcsum-nopartial"),
    rule<&vxlan::external>(IFLA_VXLAN_COLLECT_METADATA, "collect-metadata"),
    rule<&vxlan::label, big_endian_number>(IFLA_VXLAN_LABEL, "label"),
    rule<&vxlan::generic_protocol, presence>(IFLA_VXLAN_GPE, "gpe"),
    rule<&vxlan::ttl_inherit>(IFLA_VXLAN_TTL_INHERIT, "ttl-inherit"),
    rule<&vxlan::df>(IFLA_VXLAN_DF, "df"),
    rule<&vxlan::vni_filter>(IFLA_VXLAN_VNIFILTER, "vnifilter"),
    named<vxlan>(ifla_vxlan_localbypass, "localbypass", form::number),
    named<vxlan>(ifla_vxlan_label_policy, "label-policy", form::number),
    named<vxlan>(ifla_vxlan_reserved_bits, "reserved-bits", form::bytes),
};
constexpr attribute_policy<vxlan> vxlan_policy(vxlan_rules, "IFLA_VXLAN_");

constexpr attribute_rule<geneve> geneve_rules[] = {
    rule<&geneve::id>(IFLA_GENEVE_ID, "id"),
    rule<&geneve::remote, address_by_length>(IFLA_GENEVE_REMOTE, "remote"),
    rule<&geneve::ttl>(IFLA_GENEVE_TTL, "ttl"),
    rule<&geneve::tos>(IFLA_GENEVE_TOS, "tos"),
    rule<&geneve::port, big_endian_number>(IFLA_GENEVE_PORT, "port"),
    rule<&geneve::external, presence>(IFLA_GENEVE_COLLECT_METADATA, "collect-metadata"),
    rule<&geneve::remote6, address_by_length>(IFLA_GENEVE_REMOTE6, "remote6"),
    rule<&geneve::checksum>(IFLA_GENEVE_UDP_CSUM, "udp-csum"),
    rule<&geneve::zero_checksum6_tx>(IFLA_GENEVE_UDP_ZERO_CSUM6_TX, "udp-zero-csum6-tx"),
    rule<&geneve::zero_checksum6_rx>(IFLA_GENEVE_UDP_ZERO_CSUM6_RX, "udp-zero-csum6-rx"),
    rule<&geneve::label, big_endian_number>(IFLA_GENEVE_LABEL, "label"),
    rule<&geneve::ttl_inherit>(IFLA_GENEVE_TTL_INHERIT, "ttl-inherit"),
    rule<&geneve::df>(IFLA_GENEVE_DF, "df"),
    rule<&geneve::inherit_protocol, presence>(IFLA_GENEVE_INNER_PROTO_INHERIT,
                                              "inner-proto-inherit"),
};
constexpr attribute_policy<geneve> geneve_policy(geneve_rules, "IFLA_GENEVE_");

}  // namespace

const attribute_policy<vxlan>& vxlan::policy() { return vxlan_policy; }
const attribute_policy<geneve>& geneve::policy() { return geneve_policy; }

}  // namespace trivet::netlink::rtnl
