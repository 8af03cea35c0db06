// The words of ip-link(8) behind each kind of link, one file for each group of kinds.
#ifndef TOOLS_TRIVET_NETLINK_LINK_DATA_H_
#define TOOLS_TRIVET_NETLINK_LINK_DATA_H_

#include <string>
#include <string_view>

#include "tools/trivet/netlink_line.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {

// Each takes all words and appends what belongs into IFLA_INFO_DATA, or for "bridge_slave" and
// "bond_slave" into IFLA_INFO_SLAVE_DATA. Throws usage_error.
// @param changed  the link that is changed, whose data the kernel is asked for where words alone
//   would reset it; empty: it is made
// @return false, with nothing taken, where the kind is none of these

/// vlan, macvlan, macvtap, ipvlan, ipvtap, vrf.
bool write_stacked_data(std::string_view kind, line_words& words, line_resolver& resolver,
                        netlink::attribute_writer& out);

/// bond, bond_slave.
bool write_bond_data(std::string_view kind, line_words& words, line_resolver& resolver,
                     netlink::attribute_writer& out);

/// bridge, bridge_slave.
bool write_bridge_data(std::string_view kind, line_words& words, line_resolver& resolver,
                       netlink::attribute_writer& out);

/// vxlan, geneve.
bool write_overlay_data(std::string_view kind, line_words& words, line_resolver& resolver,
                        const std::string& changed, netlink::attribute_writer& out);

/// gre, gretap, erspan and those of IPv6; ipip, sit, ip6tnl; vti, vti6; xfrm.
bool write_tunnel_data(std::string_view kind, line_words& words, line_resolver& resolver,
                       const std::string& changed, netlink::attribute_writer& out);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_LINK_DATA_H_
