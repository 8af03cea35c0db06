// Nexthop objects, for those who show what refers to them.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
#define TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_

#include <cstdint>
#include <map>

#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/nexthop.h"

namespace trivet::tool {

/// All nexthops by id.
[[nodiscard]] std::map<std::uint32_t, netlink::rtnl::nexthop> read_nexthops(show_session& session);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
