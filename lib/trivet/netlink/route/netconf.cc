#include "trivet/netlink/route/netconf.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<netconf> rules[] = {
    rule<&netconf::index>(NETCONFA_IFINDEX, "ifindex"),
    rule<&netconf::forwarding>(NETCONFA_FORWARDING, "forwarding"),
    rule<&netconf::reverse_path>(NETCONFA_RP_FILTER, "rp-filter"),
    rule<&netconf::multicast_forwarding>(NETCONFA_MC_FORWARDING, "mc-forwarding"),
    rule<&netconf::proxy>(NETCONFA_PROXY_NEIGH, "proxy-neigh"),
    rule<&netconf::ignore_linkdown>(NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN,
                                    "ignore-routes-with-linkdown"),
    rule<&netconf::input>(NETCONFA_INPUT, "input"),
    rule<&netconf::broadcast_forwarding>(NETCONFA_BC_FORWARDING, "bc-forwarding"),
};
constexpr attribute_policy<netconf> netconf_policy(rules, "NETCONFA_");

}  // namespace

const attribute_policy<netconf>& netconf::policy() { return netconf_policy; }

std::optional<netconf> netconf::decode(const message_view& message) {
  if (!message.holds<::netconfmsg>()) return std::nullopt;
  netconf result;
  result.family = message.structure<::netconfmsg>().ncm_family;
  if (!netconf_policy.decode(message.attributes<::netconfmsg>(), result)) return std::nullopt;
  return result;
}

void netconf::encode(message_builder& out) const {
  ::netconfmsg header{};
  header.ncm_family = family;
  out.structure(header);
  netconf_policy.encode(out.attributes(), *this);
}

bool same_state(const netconf& a, const netconf& b) {
  return a.family == b.family && netconf_policy.same_state(a, b);
}

}  // namespace trivet::netlink::rtnl
