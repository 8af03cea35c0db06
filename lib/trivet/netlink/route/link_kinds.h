// The data of all kinds of links that are known here, compared.
#ifndef TRIVET_NETLINK_ROUTE_LINK_KINDS_H_
#define TRIVET_NETLINK_ROUTE_LINK_KINDS_H_

#include "trivet/netlink/route/link.h"

namespace trivet::netlink::rtnl {

/// Whether two links of the same kind have the same data, their own and what they are to their
/// master, but for running timers and counters. What only one of the two tells is not compared, nor
/// are the data of a kind that is unknown here. Thread-safe.
[[nodiscard]] bool same_kind_data(const link_info& a, const link_info& b);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_LINK_KINDS_H_
