// The attributes of rtnetlink's messages that have no codec, by name and by how they read.
#ifndef TRIVET_NETLINK_ROUTE_OTHER_NAMES_H_
#define TRIVET_NETLINK_ROUTE_OTHER_NAMES_H_

#include <cstdint>

#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::rtnl {

/// By message type: queueing disciplines and their like, tables of neighbours, statistics,
/// multicast groups and VLANs of bridges, labels, VNIs of tunnels, data centre bridging and the
/// like; nullptr for others. Source: rtnetlink(7)
[[nodiscard]] const attribute_names* other_names(std::uint16_t type);

/// Of RTM_NEWCACHEREPORT where its family is RTNL_FAMILY_IP6MR. Source: linux/mroute6.h
[[nodiscard]] const attribute_names& ip6_report_names() noexcept;

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_OTHER_NAMES_H_
