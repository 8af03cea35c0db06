// The words of ip-link(8) behind the kinds of links that carry packets in packets.
#ifndef TOOLS_TRIVET_NETLINK_LINK_TUNNELS_H_
#define TOOLS_TRIVET_NETLINK_LINK_TUNNELS_H_

#include <string>
#include <string_view>

#include "tools/trivet/netlink_line.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {

// Each takes all words and appends what belongs into IFLA_INFO_DATA. Throws usage_error.
// @return false, with nothing taken, where the kind is none of these

/// vxlan, geneve.
/// @param changed  the link that is changed; empty: it is made
bool write_overlay(std::string_view kind, line_words& words, line_resolver& resolver,
                   const std::string& changed, netlink::attribute_writer& out);

/// gre, gretap, erspan and those of IPv6; ipip, sit, ip6tnl; vti, vti6; xfrm.
/// @param changed  the tunnel that is changed, whose data the kernel is asked for; empty: it is
/// made
bool write_tunnel(std::string_view kind, line_words& words, line_resolver& resolver,
                  const std::string& changed, netlink::attribute_writer& out);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_LINK_TUNNELS_H_
