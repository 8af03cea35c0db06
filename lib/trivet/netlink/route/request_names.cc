#include "trivet/netlink/route/request_names.h"

#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/lwtunnel.h>
#include <linux/neighbour.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include <string_view>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_bond.h"
#include "trivet/netlink/route/link_bridge.h"
#include "trivet/netlink/route/link_function.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/link_stacked.h"
#include "trivet/netlink/route/link_structures.h"
#include "trivet/netlink/route/link_tunnel.h"
#include "trivet/netlink/route/link_values.h"
#include "trivet/netlink/route/namespace_id.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/netconf.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/other_names.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::netlink::rtnl {
namespace {

extern const attribute_names link_names;

attribute_name name_in_veth(std::uint16_t type, const_bytes /*beside*/) {
  // A link of its own, with its struct.
  if (type != VETH_INFO_PEER) return {};
  return {"peer", &link_names, form::nest, "VETH_INFO_"};
}
constexpr attribute_names veth_names{&name_in_veth};

struct kind_names {
  std::string_view kind;
  const attribute_names* data;
  const attribute_names* port;  ///< of its slaves
};
constexpr kind_names kinds[] = {
    {"veth", &veth_names, nullptr},
    {"vlan", &policy_names<vlan>, nullptr},
    {"vxlan", &policy_names<vxlan>, nullptr},
    {"geneve", &policy_names<geneve>, nullptr},
    {"macvlan", &policy_names<macvlan>, nullptr},
    {"macvtap", &policy_names<macvlan>, nullptr},
    {"ipvlan", &policy_names<ipvlan>, nullptr},
    {"ipvtap", &policy_names<ipvlan>, nullptr},
    {"vrf", &policy_names<vrf>, &policy_names<vrf_port>},
    {"bridge", &policy_names<bridge>, &policy_names<bridge_port>},
    {"bond", &policy_names<bond>, &policy_names<bond_port>},
    {"gre", &policy_names<gre_tunnel>, nullptr},
    {"gretap", &policy_names<gre_tunnel>, nullptr},
    {"ip6gre", &policy_names<gre_tunnel>, nullptr},
    {"ip6gretap", &policy_names<gre_tunnel>, nullptr},
    {"ipip", &policy_names<ip_tunnel>, nullptr},
    {"sit", &policy_names<ip_tunnel>, nullptr},
    {"ip6tnl", &policy_names<ip6_tunnel>, nullptr},
    {"vti", &policy_names<vti_tunnel>, nullptr},
    {"vti6", &policy_names<vti_tunnel>, nullptr},
    {"erspan", &policy_names<gre_tunnel>, nullptr},
    {"ip6erspan", &policy_names<gre_tunnel>, nullptr},
    {"tun", &policy_names<tun>, nullptr},
    {"xfrm", &policy_names<xfrm_link>, nullptr},
};

const kind_names* names_of_kind(std::string_view kind) {
  for (const kind_names& k : kinds) {
    if (k.kind == kind) return &k;
  }
  return nullptr;
}

attribute_name name_in_link_info(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<link_info>(type, beside);
  if (type == IFLA_INFO_DATA) {
    const kind_names* kind = names_of_kind(find_attribute(beside, IFLA_INFO_KIND).text());
    if (kind != nullptr) result.nest = kind->data;
  } else if (type == IFLA_INFO_SLAVE_DATA) {
    // What programs ask of a slave has its kind as the link's: "bridge_slave".
    std::string_view name = find_attribute(beside, IFLA_INFO_SLAVE_KIND).text();
    if (name.empty()) {
      name = find_attribute(beside, IFLA_INFO_KIND).text();
      name = name.substr(0, name.rfind("_slave"));
    }
    const kind_names* kind = names_of_kind(name);
    if (kind != nullptr) result.nest = kind->port;
  }
  return result;
}
constexpr attribute_names link_info_names{&name_in_link_info};

attribute_name name_of_function(std::uint16_t type, const_bytes /*beside*/) {
  if (type != IFLA_VF_INFO) return {};
  return {"info", &policy_names<virtual_function>, form::nest, "IFLA_VF_"};
}
constexpr attribute_names function_names{&name_of_function};

// IFLA_AF_SPEC, but of AF_BRIDGE: by family.
attribute_name name_in_inet(std::uint16_t type, const_bytes /*beside*/) {
  if (type != IFLA_INET_CONF) return {};
  return {"conf", nullptr, form::numbers(4, values::inet_settings), "IFLA_INET_"};
}
constexpr attribute_names inet_names{&name_in_inet};

attribute_name name_of_family(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<link_families>(type, beside);
  if (type == AF_INET) result.nest = &inet_names;
  return result;
}
constexpr attribute_names family_names{&name_of_family};

constexpr attribute_rule<unread> bridge_spec_rules[] = {
    named<unread>(IFLA_BRIDGE_FLAGS, "flags", form::number_of(values::bridge_flags)),
    named<unread>(IFLA_BRIDGE_MODE, "mode", form::number),
    named<unread>(IFLA_BRIDGE_VLAN_INFO, "vlan-info",
                  form::structure(structures::bridge_vlan_info)),
    named<unread>(IFLA_BRIDGE_VLAN_TUNNEL_INFO, "vlan-tunnel-info", form::nest),
    named<unread>(IFLA_BRIDGE_MRP, "mrp", form::nest),
    named<unread>(IFLA_BRIDGE_CFM, "cfm", form::nest),
    named<unread>(IFLA_BRIDGE_MST, "mst", form::nest),
};
constexpr attribute_policy<unread> bridge_spec_policy(bridge_spec_rules, "IFLA_BRIDGE_");
constexpr attribute_names bridge_spec_names{&name_among<bridge_spec_policy>};

attribute_name name_in_any_link(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<link>(type, beside);
  if (type == IFLA_LINKINFO) result.nest = &link_info_names;
  if (type == IFLA_VFINFO_LIST) result.nest = &function_names;
  return result;
}

attribute_name name_in_link(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_any_link(type, beside);
  if (type == IFLA_AF_SPEC) result.nest = &family_names;
  if (type == IFLA_PROTINFO) result.nest = &policy_names<inet6_link>;
  return result;
}
const attribute_names link_names{&name_in_link, sizeof(::ifinfomsg), nest_layout::attributes,
                                 &structures::ifinfomsg};

// What a bridge says of its port, or is told.
attribute_name name_in_bridge_link(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_any_link(type, beside);
  if (type == IFLA_AF_SPEC) result.nest = &bridge_spec_names;
  if (type == IFLA_PROTINFO) result.nest = &policy_names<bridge_port>;
  return result;
}
constexpr attribute_names bridge_link_names{&name_in_bridge_link, sizeof(::ifinfomsg),
                                            nest_layout::attributes, &structures::ifinfomsg};

// RTA_ENCAP by RTA_ENCAP_TYPE, of routes and their hops; NHA_ENCAP by NHA_ENCAP_TYPE.
const attribute_names* encap_names(const_bytes beside, std::uint16_t type_attribute) {
  switch (find_attribute(beside, type_attribute)
              .number<std::uint16_t>()
              .value_or(LWTUNNEL_ENCAP_NONE)) {
    case LWTUNNEL_ENCAP_MPLS:
      return &policy_names<mpls_encapsulation>;
    case LWTUNNEL_ENCAP_IP:
      return &policy_names<ip_encapsulation>;
    case LWTUNNEL_ENCAP_IP6:
      return &policy_names<ip6_encapsulation>;
    case LWTUNNEL_ENCAP_SEG6:
      return &policy_names<seg6_encapsulation>;
    case LWTUNNEL_ENCAP_SEG6_LOCAL:
      return &policy_names<seg6_local>;
    default:
      return nullptr;
  }
}

attribute_name name_in_hop(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<next_hop>(type, beside);
  if (type == RTA_ENCAP) result.nest = encap_names(beside, RTA_ENCAP_TYPE);
  return result;
}
constexpr attribute_names hop_names{&name_in_hop, 0, nest_layout::hops, &structures::rtnexthop};

attribute_name name_in_route(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<route>(type, beside);
  if (type == RTA_METRICS) result.nest = &policy_names<route_metrics>;
  if (type == RTA_MULTIPATH) result.nest = &hop_names;
  if (type == RTA_ENCAP) result.nest = encap_names(beside, RTA_ENCAP_TYPE);
  return result;
}
constexpr attribute_names route_names{&name_in_route, sizeof(::rtmsg), nest_layout::attributes,
                                      &structures::rtmsg};

attribute_name name_in_nexthop(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<nexthop>(type, beside);
  if (type == NHA_ENCAP) result.nest = encap_names(beside, NHA_ENCAP_TYPE);
  return result;
}
constexpr attribute_names nexthop_names{&name_in_nexthop, sizeof(::nhmsg), nest_layout::attributes,
                                        &structures::nhmsg};

constexpr attribute_names address_names{&name_in_policy<address>, sizeof(::ifaddrmsg),
                                        nest_layout::attributes, &structures::ifaddrmsg};
constexpr attribute_names neighbour_names{&name_in_policy<neighbour>, sizeof(::ndmsg),
                                          nest_layout::attributes, &structures::ndmsg};
constexpr attribute_names rule_names{&name_in_policy<rule>, sizeof(::fib_rule_hdr),
                                     nest_layout::attributes, &structures::fib_rule_hdr};

constexpr attribute_names netconf_names{&name_in_policy<netconf>, sizeof(::netconfmsg),
                                        nest_layout::attributes, &structures::netconfmsg};
constexpr attribute_names namespace_names{&name_in_policy<namespace_id>, sizeof(::rtgenmsg),
                                          nest_layout::attributes, &structures::rtgenmsg};

bool is_of_link(std::uint16_t type) {
  return (type >= RTM_NEWLINK && type <= RTM_SETLINK) ||
         (type >= RTM_NEWLINKPROP && type <= RTM_GETLINKPROP);
}

}  // namespace

const attribute_names* names_of_request(std::uint16_t type) {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
    case RTM_GETLINK:
    case RTM_SETLINK:
    case RTM_NEWLINKPROP:
    case RTM_DELLINKPROP:
    case RTM_GETLINKPROP:
      return &link_names;
    case RTM_NEWADDR:
    case RTM_DELADDR:
    case RTM_GETADDR:
    case RTM_GETMULTICAST:
    case RTM_GETANYCAST:
    case RTM_GETMULTICAST - 2:  // RTM_NEWMULTICAST, since 6.15, as the three that follow
    case RTM_GETMULTICAST - 1:  // RTM_DELMULTICAST
    case RTM_GETANYCAST - 2:    // RTM_NEWANYCAST
    case RTM_GETANYCAST - 1:    // RTM_DELANYCAST
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
    case RTM_NEWNEXTHOPBUCKET:
    case RTM_DELNEXTHOPBUCKET:
    case RTM_GETNEXTHOPBUCKET:
      return &nexthop_names;
    case RTM_NEWNETCONF:
    case RTM_DELNETCONF:
    case RTM_GETNETCONF:
      return &netconf_names;
    case RTM_NEWNSID:
    case RTM_DELNSID:
    case RTM_GETNSID:
      return &namespace_names;
    default:
      return other_names(type);
  }
}

const attribute_names* names_of_message(std::uint16_t type, const_bytes payload) {
  if (is_of_link(type) && !payload.empty() && payload[0] == std::byte{AF_BRIDGE}) {
    return &bridge_link_names;
  }
  if (type == RTM_NEWCACHEREPORT && !payload.empty() &&
      payload[0] == std::byte{RTNL_FAMILY_IP6MR}) {
    return &ip6_report_names();
  }
  return names_of_request(type);
}

}  // namespace trivet::netlink::rtnl
