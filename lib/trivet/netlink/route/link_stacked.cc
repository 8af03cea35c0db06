#include "trivet/netlink/route/link_stacked.h"

#include "trivet/netlink/route/link_structures.h"
#include "trivet/netlink/route/link_values.h"

namespace trivet::netlink::rtnl {
namespace {

attribute_name name_of_mapping(std::uint16_t type, const_bytes /*beside*/) {
  if (type != IFLA_VLAN_QOS_MAPPING) return {};
  return {"qos-mapping", nullptr, form::structure(structures::ifla_vlan_qos_mapping), "IFLA_VLAN_"};
}
constexpr attribute_names mapping_names{&name_of_mapping};

constexpr attribute_rule<vlan> vlan_rules[] = {
    rule<&vlan::id>(IFLA_VLAN_ID, "id"),
    rule<&vlan::flags>(IFLA_VLAN_FLAGS, "flags").as(form::structure(structures::ifla_vlan_flags)),
    rule<&vlan::egress, list_of<IFLA_VLAN_QOS_MAPPING, attribute_codec<::ifla_vlan_qos_mapping>>>(
        IFLA_VLAN_EGRESS_QOS, "egress-qos")
        .within(mapping_names),
    rule<&vlan::ingress, list_of<IFLA_VLAN_QOS_MAPPING, attribute_codec<::ifla_vlan_qos_mapping>>>(
        IFLA_VLAN_INGRESS_QOS, "ingress-qos")
        .within(mapping_names),
    rule<&vlan::protocol, big_endian_number>(IFLA_VLAN_PROTOCOL, "protocol")
        .as(form::number_of(values::ethernet_types, true)),
};
constexpr attribute_policy<vlan> vlan_policy(vlan_rules, "IFLA_VLAN_");

attribute_name name_of_source(std::uint16_t type, const_bytes /*beside*/) {
  if (type != IFLA_MACVLAN_MACADDR) return {};
  return {"macaddr", nullptr, form::hardware_address, "IFLA_MACVLAN_"};
}
constexpr attribute_names source_names{&name_of_source};

constexpr attribute_rule<macvlan> macvlan_rules[] = {
    rule<&macvlan::mode>(IFLA_MACVLAN_MODE, "mode").as(form::number_of(values::macvlan_modes)),
    rule<&macvlan::flags>(IFLA_MACVLAN_FLAGS, "flags"),
    rule<&macvlan::address_mode>(IFLA_MACVLAN_MACADDR_MODE, "macaddr-mode"),
    rule<&macvlan::address>(IFLA_MACVLAN_MACADDR, "macaddr"),
    rule<&macvlan::addresses, list_of<IFLA_MACVLAN_MACADDR, attribute_codec<hardware_address>>>(
        IFLA_MACVLAN_MACADDR_DATA, "macaddr-data")
        .within(source_names),
    rule<&macvlan::address_count>(IFLA_MACVLAN_MACADDR_COUNT, "macaddr-count"),
    rule<&macvlan::queue_length>(IFLA_MACVLAN_BC_QUEUE_LEN, "bc-queue-len"),
    rule<&macvlan::queue_length_used>(IFLA_MACVLAN_BC_QUEUE_LEN_USED, "bc-queue-len-used"),
};
constexpr attribute_policy<macvlan> macvlan_policy(macvlan_rules, "IFLA_MACVLAN_");

constexpr attribute_rule<ipvlan> ipvlan_rules[] = {
    rule<&ipvlan::mode>(IFLA_IPVLAN_MODE, "mode").as(form::number_of(values::ipvlan_modes)),
    rule<&ipvlan::flags>(IFLA_IPVLAN_FLAGS, "flags"),
};
constexpr attribute_policy<ipvlan> ipvlan_policy(ipvlan_rules, "IFLA_IPVLAN_");

constexpr attribute_rule<vrf> vrf_rules[] = {
    rule<&vrf::table>(IFLA_VRF_TABLE, "table"),
};
constexpr attribute_policy<vrf> vrf_policy(vrf_rules, "IFLA_VRF_");

constexpr attribute_rule<vrf_port> vrf_port_rules[] = {
    rule<&vrf_port::table>(IFLA_VRF_PORT_TABLE, "table"),
};
constexpr attribute_policy<vrf_port> vrf_port_policy(vrf_port_rules, "IFLA_VRF_PORT_");

constexpr attribute_rule<tun> tun_rules[] = {
    rule<&tun::owner>(IFLA_TUN_OWNER, "owner"),
    rule<&tun::group>(IFLA_TUN_GROUP, "group"),
    rule<&tun::type>(IFLA_TUN_TYPE, "type"),
    rule<&tun::packet_information>(IFLA_TUN_PI, "pi"),
    rule<&tun::virtual_header>(IFLA_TUN_VNET_HDR, "vnet-hdr"),
    rule<&tun::persistent>(IFLA_TUN_PERSIST, "persist"),
    rule<&tun::multi_queue>(IFLA_TUN_MULTI_QUEUE, "multi-queue"),
    rule<&tun::queues>(IFLA_TUN_NUM_QUEUES, "num-queues"),
    rule<&tun::disabled_queues>(IFLA_TUN_NUM_DISABLED_QUEUES, "num-disabled-queues"),
};
constexpr attribute_policy<tun> tun_policy(tun_rules, "IFLA_TUN_");

constexpr attribute_rule<xfrm_link> xfrm_link_rules[] = {
    rule<&xfrm_link::link>(IFLA_XFRM_LINK, "link"),
    rule<&xfrm_link::id>(IFLA_XFRM_IF_ID, "if-id"),
    rule<&xfrm_link::external, presence>(IFLA_XFRM_COLLECT_METADATA, "collect-metadata"),
};
constexpr attribute_policy<xfrm_link> xfrm_link_policy(xfrm_link_rules, "IFLA_XFRM_");

}  // namespace

const attribute_policy<vlan>& vlan::policy() { return vlan_policy; }
const attribute_policy<macvlan>& macvlan::policy() { return macvlan_policy; }
const attribute_policy<ipvlan>& ipvlan::policy() { return ipvlan_policy; }
const attribute_policy<vrf>& vrf::policy() { return vrf_policy; }
const attribute_policy<vrf_port>& vrf_port::policy() { return vrf_port_policy; }
const attribute_policy<tun>& tun::policy() { return tun_policy; }
const attribute_policy<xfrm_link>& xfrm_link::policy() { return xfrm_link_policy; }

}  // namespace trivet::netlink::rtnl
