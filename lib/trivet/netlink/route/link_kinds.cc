#include "trivet/netlink/route/link_kinds.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "trivet/netlink/route/link_bond.h"
#include "trivet/netlink/route/link_bridge.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/link_stacked.h"
#include "trivet/netlink/route/link_tunnel.h"

namespace trivet::netlink::rtnl {
namespace {

template <class T>
bool same(const raw_nest& a, const raw_nest& b) {
  const auto before = read_nest<T>(a);
  const auto after = read_nest<T>(b);
  if (!before || !after) return !before && !after;
  return T::policy().same_state(*before, *after);
}

struct comparison {
  std::string_view kind;
  bool (*same)(const raw_nest&, const raw_nest&);
};

constexpr comparison kinds[] = {
    {"vlan", same<vlan>},
    {"bridge", same<bridge>},
    {"bond", same<bond>},
    {"macvlan", same<macvlan>},
    {"macvtap", same<macvlan>},
    {"ipvlan", same<ipvlan>},
    {"ipvtap", same<ipvlan>},
    {"vrf", same<vrf>},
    {"vxlan", same<vxlan>},
    {"geneve", same<geneve>},
    {"tun", same<tun>},
    {"xfrm", same<xfrm_link>},
    {"gre", same<gre_tunnel>},
    {"gretap", same<gre_tunnel>},
    {"erspan", same<gre_tunnel>},
    {"ip6gre", same<gre_tunnel>},
    {"ip6gretap", same<gre_tunnel>},
    {"ip6erspan", same<gre_tunnel>},
    {"ipip", same<ip_tunnel>},
    {"sit", same<ip_tunnel>},
    {"ip6tnl", same<ip6_tunnel>},
    {"vti", same<vti_tunnel>},
    {"vti6", same<vti_tunnel>},
};

constexpr comparison slave_kinds[] = {
    {"bridge", same<bridge_port>}, {"bond", same<bond_port>}, {"vrf", same<vrf_port>}};

template <std::size_t N>
bool same_data(const comparison (&known)[N], const std::optional<std::string>& kind,
               const std::optional<raw_nest>& a, const std::optional<raw_nest>& b) {
  if (!kind || !a || !b || a->data == b->data) return true;
  const auto* const found = std::find_if(std::begin(known), std::end(known),
                                         [&](const comparison& one) { return one.kind == *kind; });
  return found == std::end(known) || found->same(*a, *b);
}

}  // namespace

bool same_kind_data(const link_info& a, const link_info& b) {
  return same_data(kinds, a.kind, a.data, b.data) &&
         same_data(slave_kinds, a.slave_kind, a.slave_data, b.slave_data);
}

}  // namespace trivet::netlink::rtnl
