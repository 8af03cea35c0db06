#include "trivet/netlink/route/request_names.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/lwtunnel.h>
#include <linux/neighbour.h>
#include <linux/veth.h>

#include <string_view>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_bond.h"
#include "trivet/netlink/route/link_bridge.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/link_stacked.h"
#include "trivet/netlink/route/link_tunnel.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::netlink::rtnl {
namespace {

extern const attribute_names link_names;

attribute_name name_in_veth(std::uint16_t type, const_bytes /*beside*/) {
  // A link of its own, with its struct.
  return type == VETH_INFO_PEER ? attribute_name{"peer", &link_names} : attribute_name{};
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
};

const kind_names* names_of_kind(std::string_view kind) {
  for (const kind_names& k : kinds) {
    if (k.kind == kind) return &k;
  }
  return nullptr;
}

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
  if (type == IFLA_INFO_DATA) {
    const kind_names* kind = names_of_kind(find(beside, IFLA_INFO_KIND).text());
    if (kind != nullptr) result.nest = kind->data;
  } else if (type == IFLA_INFO_SLAVE_DATA) {
    const kind_names* kind = names_of_kind(find(beside, IFLA_INFO_SLAVE_KIND).text());
    if (kind != nullptr) result.nest = kind->port;
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
constexpr attribute_names hop_names{&name_in_hop, 0, nest_layout::hops};

attribute_name name_in_route(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_in_policy<route>(type, beside);
  if (type == RTA_METRICS) result.nest = &policy_names<route_metrics>;
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
