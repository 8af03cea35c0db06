// What is in the options of the queueing disciplines that nest attributes: gred, mqprio and taprio.
#ifndef TRIVET_NETLINK_ROUTE_QDISC_NEST_NAMES_H_
#define TRIVET_NETLINK_ROUTE_QDISC_NEST_NAMES_H_

#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::rtnl {

/// TCA_GRED_, TCA_MQPRIO_ and TCA_TAPRIO_ATTR_. Source: linux/pkt_sched.h
extern const attribute_names gred_names;
extern const attribute_names mqprio_names;
extern const attribute_names taprio_names;

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_QDISC_NEST_NAMES_H_
