#include "trivet/netlink/route/request_names.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/neighbour.h>
#include <linux/veth.h>

#include <iterator>
#include <string_view>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::netlink::rtnl {
namespace {

// Names that no codec has, by number.
struct row {
  std::uint16_t type;
  std::string_view name;
};

template <const auto& Rows>
attribute_name name_in_rows(std::uint16_t type, const_bytes /*beside*/) {
  for (const row& r : Rows) {
    if (r.type == type) return {r.name, nullptr};
  }
  return {};
}

constexpr row vlan_rows[] = {{IFLA_VLAN_ID, "id"},
                             {IFLA_VLAN_FLAGS, "flags"},
                             {IFLA_VLAN_EGRESS_QOS, "egress-qos"},
                             {IFLA_VLAN_INGRESS_QOS, "ingress-qos"},
                             {IFLA_VLAN_PROTOCOL, "protocol"}};
constexpr row vxlan_rows[] = {{IFLA_VXLAN_ID, "id"},
                              {IFLA_VXLAN_GROUP, "group"},
                              {IFLA_VXLAN_LINK, "link"},
                              {IFLA_VXLAN_LOCAL, "local"},
                              {IFLA_VXLAN_TTL, "ttl"},
                              {IFLA_VXLAN_TOS, "tos"},
                              {IFLA_VXLAN_LEARNING, "learning"},
                              {IFLA_VXLAN_AGEING, "ageing"},
                              {IFLA_VXLAN_LIMIT, "limit"},
                              {IFLA_VXLAN_PORT_RANGE, "port-range"},
                              {IFLA_VXLAN_PORT, "port"},
                              {IFLA_VXLAN_GROUP6, "group6"},
                              {IFLA_VXLAN_LOCAL6, "local6"},
                              {IFLA_VXLAN_LABEL, "label"}};
constexpr row macvlan_rows[] = {{IFLA_MACVLAN_MODE, "mode"}, {IFLA_MACVLAN_FLAGS, "flags"}};
constexpr row ipvlan_rows[] = {{IFLA_IPVLAN_MODE, "mode"}, {IFLA_IPVLAN_FLAGS, "flags"}};
constexpr row vrf_rows[] = {{IFLA_VRF_TABLE, "table"}};
constexpr row bridge_rows[] = {{IFLA_BR_FORWARD_DELAY, "forward-delay"},
                               {IFLA_BR_HELLO_TIME, "hello-time"},
                               {IFLA_BR_MAX_AGE, "max-age"},
                               {IFLA_BR_AGEING_TIME, "ageing-time"},
                               {IFLA_BR_STP_STATE, "stp-state"},
                               {IFLA_BR_PRIORITY, "priority"},
                               {IFLA_BR_VLAN_FILTERING, "vlan-filtering"},
                               {IFLA_BR_VLAN_PROTOCOL, "vlan-protocol"},
                               {IFLA_BR_VLAN_DEFAULT_PVID, "vlan-default-pvid"},
                               {IFLA_BR_MCAST_SNOOPING, "mcast-snooping"}};
constexpr row bond_rows[] = {
    {IFLA_BOND_MODE, "mode"},           {IFLA_BOND_ACTIVE_SLAVE, "active-slave"},
    {IFLA_BOND_MIIMON, "miimon"},       {IFLA_BOND_UPDELAY, "updelay"},
    {IFLA_BOND_DOWNDELAY, "downdelay"}, {IFLA_BOND_XMIT_HASH_POLICY, "xmit-hash-policy"},
    {IFLA_BOND_PRIMARY, "primary"},     {IFLA_BOND_AD_LACP_RATE, "ad-lacp-rate"}};
constexpr row metric_rows[] = {
    {RTAX_LOCK, "lock"},         {RTAX_MTU, "mtu"},           {RTAX_WINDOW, "window"},
    {RTAX_RTT, "rtt"},           {RTAX_RTTVAR, "rttvar"},     {RTAX_SSTHRESH, "ssthresh"},
    {RTAX_CWND, "cwnd"},         {RTAX_ADVMSS, "advmss"},     {RTAX_REORDERING, "reordering"},
    {RTAX_HOPLIMIT, "hoplimit"}, {RTAX_INITCWND, "initcwnd"}, {RTAX_FEATURES, "features"},
    {RTAX_RTO_MIN, "rto-min"},   {RTAX_INITRWND, "initrwnd"}, {RTAX_QUICKACK, "quickack"},
    {RTAX_CC_ALGO, "cc-algo"}};
constexpr row mpls_rows[] = {{MPLS_IPTUNNEL_DST, "dst"}, {MPLS_IPTUNNEL_TTL, "ttl"}};
constexpr row ip_encap_rows[] = {{LWTUNNEL_IP_ID, "id"},   {LWTUNNEL_IP_DST, "dst"},
                                 {LWTUNNEL_IP_SRC, "src"}, {LWTUNNEL_IP_TTL, "ttl"},
                                 {LWTUNNEL_IP_TOS, "tos"}, {LWTUNNEL_IP_FLAGS, "flags"}};

template <const auto& Rows>
constexpr attribute_names names_of{&name_in_rows<Rows>};

extern const attribute_names link_names;

attribute_name name_in_veth(std::uint16_t type, const_bytes /*beside*/) {
  // A link of its own, with its struct.
  return type == VETH_INFO_PEER ? attribute_name{"peer", &link_names} : attribute_name{};
}
constexpr attribute_names veth_names{&name_in_veth};

struct kind_names {
  std::string_view kind;
  const attribute_names* names;
};
constexpr kind_names kinds[] = {
    {"veth", &veth_names},
    {"vlan", &names_of<vlan_rows>},
    {"vxlan", &names_of<vxlan_rows>},
    {"macvlan", &names_of<macvlan_rows>},
    {"macvtap", &names_of<macvlan_rows>},
    {"ipvlan", &names_of<ipvlan_rows>},
    {"ipvtap", &names_of<ipvlan_rows>},
    {"vrf", &names_of<vrf_rows>},
    {"bridge", &names_of<bridge_rows>},
    {"bond", &names_of<bond_rows>},
};

// The first attribute of a type among its neighbours.
attribute find(const_bytes beside, std::uint16_t type) {
  attribute_reader in(beside);
  for (attribute a; in.next(a);) {
    if (a.type == type) return a;
  }
  return {};
}

attribute_name name_in_link_info(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<link_info>(type, beside);
  if (type != IFLA_INFO_DATA) return result;
  const std::string_view kind = find(beside, IFLA_INFO_KIND).text();
  for (const kind_names& k : kinds) {
    if (k.kind == kind) result.nest = k.names;
  }
  return result;
}
constexpr attribute_names link_info_names{&name_in_link_info};

attribute_name name_in_link(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<link>(type, beside);
  if (type == IFLA_LINKINFO) result.nest = &link_info_names;
  return result;
}
const attribute_names link_names{&name_in_link, sizeof(::ifinfomsg)};

// RTA_ENCAP by RTA_ENCAP_TYPE, of routes and their hops; NHA_ENCAP by NHA_ENCAP_TYPE.
const attribute_names* encap_names(const_bytes beside, std::uint16_t type_attribute) {
  switch (find(beside, type_attribute).number<std::uint16_t>().value_or(LWTUNNEL_ENCAP_NONE)) {
    case LWTUNNEL_ENCAP_MPLS:
      return &names_of<mpls_rows>;
    case LWTUNNEL_ENCAP_IP:
      return &names_of<ip_encap_rows>;
    default:
      return nullptr;
  }
}

attribute_name name_in_hop(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<next_hop>(type, beside);
  if (type == RTA_ENCAP) result.nest = encap_names(beside, RTA_ENCAP_TYPE);
  return result;
}
constexpr attribute_names hop_names{&name_in_hop, 0, nest_layout::hops};

attribute_name name_in_route(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<route>(type, beside);
  if (type == RTA_METRICS) result.nest = &names_of<metric_rows>;
  if (type == RTA_MULTIPATH) result.nest = &hop_names;
  if (type == RTA_ENCAP) result.nest = encap_names(beside, RTA_ENCAP_TYPE);
  return result;
}
constexpr attribute_names route_names{&name_in_route, sizeof(::rtmsg)};

attribute_name name_in_nexthop(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<nexthop>(type, beside);
  if (type == NHA_ENCAP) result.nest = encap_names(beside, NHA_ENCAP_TYPE);
  return result;
}
constexpr attribute_names nexthop_names{&name_in_nexthop, sizeof(::nhmsg)};

constexpr attribute_names address_names{&name_in_policy<address>, sizeof(::ifaddrmsg)};
constexpr attribute_names neighbour_names{&name_in_policy<neighbour>, sizeof(::ndmsg)};
constexpr attribute_names rule_names{&name_in_policy<rule>, sizeof(::fib_rule_hdr)};

}  // namespace

const attribute_names* names_of_request(std::uint16_t type) {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
    case RTM_GETLINK:
    case RTM_SETLINK:
    case RTM_NEWLINKPROP:
    case RTM_DELLINKPROP:
      return &link_names;
    case RTM_NEWADDR:
    case RTM_DELADDR:
    case RTM_GETADDR:
      return &address_names;
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
    case RTM_GETROUTE:
      return &route_names;
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
    case RTM_GETNEIGH:
      return &neighbour_names;
    case RTM_NEWRULE:
    case RTM_DELRULE:
    case RTM_GETRULE:
      return &rule_names;
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
    case RTM_GETNEXTHOP:
      return &nexthop_names;
    default:
      return nullptr;
  }
}

}  // namespace trivet::netlink::rtnl
