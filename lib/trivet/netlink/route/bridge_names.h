// What the attributes of a bridge's own messages are called: of its multicast entries and VLANs.
#ifndef TRIVET_NETLINK_ROUTE_BRIDGE_NAMES_H_
#define TRIVET_NETLINK_ROUTE_BRIDGE_NAMES_H_

#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::rtnl {

/// MDBA_: of RTM_NEWMDB and its like, what is told and what is asked. Source: linux/if_bridge.h
extern const attribute_names forwarding_table_names;
/// BRIDGE_VLANDB_: of RTM_NEWVLAN and RTM_DELVLAN. Source: linux/if_bridge.h
extern const attribute_names vlan_table_names;
/// BRIDGE_VLANDB_DUMP_: of RTM_GETVLAN. Source: linux/if_bridge.h
extern const attribute_names vlan_question_names;

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_BRIDGE_NAMES_H_
