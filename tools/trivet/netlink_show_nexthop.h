// Nexthop objects as `ip nexthop` shows them.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
#define TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_

#include <cstdint>
#include <map>

#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/nexthop.h"

namespace trivet::tool {

/// The members of one nexthop, or its line without the newline.
void show_nexthop(show_session& session, const netlink::rtnl::nexthop& nexthop);

/// All nexthops by id.
[[nodiscard]] std::map<std::uint32_t, netlink::rtnl::nexthop> read_nexthops(show_session& session);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
