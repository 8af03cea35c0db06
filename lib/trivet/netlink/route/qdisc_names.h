// What TCA_OPTIONS holds, by the kind of queueing discipline or class: names, for whoever describes
// messages.
#ifndef TRIVET_NETLINK_ROUTE_QDISC_NAMES_H_
#define TRIVET_NETLINK_ROUTE_QDISC_NAMES_H_

#include "trivet/base/bytes.h"
#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::rtnl {

/// The name and form of TCA_OPTIONS.
/// @param beside  the bytes of the attributes among which it stands: TCA_KIND decides
/// Source: linux/pkt_sched.h
[[nodiscard]] attribute_name name_of_options(const_bytes beside);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_QDISC_NAMES_H_
