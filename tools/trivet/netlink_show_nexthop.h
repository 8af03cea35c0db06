// Nexthop objects, for those who show what refers to them.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
#define TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_

#include <cstdint>
#include <map>

#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/nexthop.h"

namespace trivet::tool {

/// Nexthop objects by id.
using nexthop_list = std::map<std::uint32_t, netlink::rtnl::nexthop>;

/// All that there are.
[[nodiscard]] nexthop_list read_nexthops(show_session& session);

/// What the nexthop object of a route is: the member "nh_info"; nothing where it is not listed.
void show_nexthop_of(drawing& d, const nexthop_list& list, std::uint32_t id);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
