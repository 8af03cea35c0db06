// The attributes of data centre bridging, by name and by how they read.
#ifndef TRIVET_NETLINK_ROUTE_DCB_NAMES_H_
#define TRIVET_NETLINK_ROUTE_DCB_NAMES_H_

#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::rtnl {

/// Of RTM_GETDCB and RTM_SETDCB, which dcb(8) and LLDP agents send. Freely shared.
/// Source: linux/dcbnl.h, net/dcb/dcbnl.c
[[nodiscard]] const attribute_names& dcb_names() noexcept;

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_DCB_NAMES_H_
