#include "trivet/netlink/route/neighbour.h"

#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<forwarding_activity> activity_rules[] = {
    rule<&forwarding_activity::notify>(NFEA_ACTIVITY_NOTIFY, "activity-notify"),
    rule<&forwarding_activity::keep_time, presence>(NFEA_DONT_REFRESH, "dont-refresh"),
};
constexpr attribute_policy<forwarding_activity> activity_policy(activity_rules, "NFEA_");

constexpr attribute_rule<neighbour> rules[] = {
    // AF_BRIDGE says nothing of the family of the far end.
    rule<&neighbour::destination, address_by_length>(NDA_DST, "dst"),
    rule<&neighbour::link_address>(NDA_LLADDR, "lladdr"),
    rule<&neighbour::cache>(NDA_CACHEINFO, "cacheinfo", weight::detail)
        .as(form::structure(structures::nda_cacheinfo)),
    rule<&neighbour::probes>(NDA_PROBES, "probes", weight::detail),
    rule<&neighbour::vlan>(NDA_VLAN, "vlan"),
    rule<&neighbour::port, big_endian_number>(NDA_PORT, "port"),
    rule<&neighbour::vni>(NDA_VNI, "vni"),
    rule<&neighbour::output>(NDA_IFINDEX, "ifindex"),
    rule<&neighbour::master>(NDA_MASTER, "master"),
    rule<&neighbour::link_netns>(NDA_LINK_NETNSID, "link-netnsid"),
    rule<&neighbour::source_vni>(NDA_SRC_VNI, "src-vni"),
    rule<&neighbour::protocol>(NDA_PROTOCOL, "protocol").as(form::number_of(values::protocols)),
    rule<&neighbour::next_hop_id>(NDA_NH_ID, "nh-id"),
    rule<&neighbour::activity>(NDA_FDB_EXT_ATTRS, "fdb-ext-attrs"),
    rule<&neighbour::extended_flags>(NDA_FLAGS_EXT, "flags-ext")
        .as(form::number_of(values::neighbour_extended_flags)),
    rule<&neighbour::state_mask>(NDA_NDM_STATE_MASK, "ndm-state-mask")
        .as(form::number_of(values::neighbour_states)),
    rule<&neighbour::flags_mask>(NDA_NDM_FLAGS_MASK, "ndm-flags-mask")
        .as(form::number_of(values::neighbour_flags)),
};
constexpr attribute_policy<neighbour> neighbour_policy(rules, "NDA_");

}  // namespace

const attribute_policy<forwarding_activity>& forwarding_activity::policy() {
  return activity_policy;
}
const attribute_policy<neighbour>& neighbour::policy() { return neighbour_policy; }

std::optional<neighbour> neighbour::decode(const message_view& message) {
  if (!message.holds<::ndmsg>()) return std::nullopt;
  const auto header = message.structure<::ndmsg>();
  neighbour result;
  result.family = header.ndm_family;
  result.index = header.ndm_ifindex;
  result.state = header.ndm_state;
  result.flags = header.ndm_flags;
  result.type = header.ndm_type;
  if (!neighbour_policy.decode(message.attributes<::ndmsg>(), result)) return std::nullopt;
  return result;
}

void neighbour::encode(message_builder& out) const {
  ::ndmsg header{};
  header.ndm_family = family;
  header.ndm_ifindex = index;
  header.ndm_state = state;
  header.ndm_flags = flags;
  header.ndm_type = type;
  out.structure(header);
  neighbour_policy.encode(out.attributes(), *this);
}

bool same_state(const neighbour& a, const neighbour& b) {
  return a.family == b.family && a.index == b.index && a.state == b.state && a.flags == b.flags &&
         a.type == b.type && neighbour_policy.same_state(a, b);
}

}  // namespace trivet::netlink::rtnl
