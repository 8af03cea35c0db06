// Bridges and their ports: the data of the link kind "bridge", on the bridge and on its ports.
#ifndef TRIVET_NETLINK_ROUTE_LINK_BRIDGE_H_
#define TRIVET_NETLINK_ROUTE_LINK_BRIDGE_H_

#include <linux/if_bridge.h>
#include <linux/if_link.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// IFLA_INFO_DATA of a bridge. Times, intervals too, are in clock ticks (USER_HZ); switches are 0
/// or
/// 1. A value. Source: linux/if_link.h, linux/if_bridge.h
struct bridge {
  std::optional<std::uint32_t> forward_delay;  ///< IFLA_BR_FORWARD_DELAY
  std::optional<std::uint32_t> hello_time;     ///< IFLA_BR_HELLO_TIME
  std::optional<std::uint32_t> max_age;        ///< IFLA_BR_MAX_AGE
  std::optional<std::uint32_t> ageing_time;    ///< IFLA_BR_AGEING_TIME
  /// IFLA_BR_STP_STATE: 0 off, 1 in the kernel, 2 in user space
  std::optional<std::uint32_t> stp_state;
  std::optional<std::uint16_t> priority;       ///< IFLA_BR_PRIORITY
  std::optional<std::uint8_t> vlan_filtering;  ///< IFLA_BR_VLAN_FILTERING
  std::optional<std::uint16_t> vlan_protocol;  ///< IFLA_BR_VLAN_PROTOCOL: ETH_P_
  /// IFLA_BR_GROUP_FWD_MASK: bit n: frames to 01:80:c2:00:00:0n are handed on
  std::optional<std::uint16_t> group_forward_mask;
  std::optional<::ifla_bridge_id> root_id;               ///< IFLA_BR_ROOT_ID
  std::optional<::ifla_bridge_id> bridge_id;             ///< IFLA_BR_BRIDGE_ID
  std::optional<std::uint16_t> root_port;                ///< IFLA_BR_ROOT_PORT: number; 0: none
  std::optional<std::uint32_t> root_path_cost;           ///< IFLA_BR_ROOT_PATH_COST
  std::optional<std::uint8_t> topology_change;           ///< IFLA_BR_TOPOLOGY_CHANGE
  std::optional<std::uint8_t> topology_change_detected;  ///< IFLA_BR_TOPOLOGY_CHANGE_DETECTED
  std::optional<std::uint64_t> hello_timer;              ///< IFLA_BR_HELLO_TIMER: running
  std::optional<std::uint64_t> tcn_timer;                ///< IFLA_BR_TCN_TIMER: running
  std::optional<std::uint64_t> topology_change_timer;    ///< IFLA_BR_TOPOLOGY_CHANGE_TIMER: running
  std::optional<std::uint64_t> gc_timer;                 ///< IFLA_BR_GC_TIMER: running
  std::optional<hardware_address> group_address;         ///< IFLA_BR_GROUP_ADDR
  bool flush = false;                                    ///< IFLA_BR_FDB_FLUSH: in requests
  std::optional<std::uint8_t> multicast_router;          ///< IFLA_BR_MCAST_ROUTER: MDB_RTR_TYPE_
  std::optional<std::uint8_t> multicast_snooping;        ///< IFLA_BR_MCAST_SNOOPING
  std::optional<std::uint8_t> multicast_query_use_address;  ///< IFLA_BR_MCAST_QUERY_USE_IFADDR
  std::optional<std::uint8_t> multicast_querier;            ///< IFLA_BR_MCAST_QUERIER
  /// IFLA_BR_MCAST_HASH_ELASTICITY: unused
  std::optional<std::uint32_t> multicast_hash_elasticity;
  std::optional<std::uint32_t> multicast_hash_maximum;          ///< IFLA_BR_MCAST_HASH_MAX: entries
  std::optional<std::uint32_t> multicast_last_member_count;     ///< IFLA_BR_MCAST_LAST_MEMBER_CNT
  std::optional<std::uint32_t> multicast_startup_query_count;   ///< IFLA_BR_MCAST_STARTUP_QUERY_CNT
  std::optional<std::uint64_t> multicast_last_member_interval;  ///< IFLA_BR_MCAST_LAST_MEMBER_INTVL
  std::optional<std::uint64_t> multicast_membership_interval;   ///< IFLA_BR_MCAST_MEMBERSHIP_INTVL
  std::optional<std::uint64_t> multicast_querier_interval;      ///< IFLA_BR_MCAST_QUERIER_INTVL
  std::optional<std::uint64_t> multicast_query_interval;        ///< IFLA_BR_MCAST_QUERY_INTVL
  /// IFLA_BR_MCAST_QUERY_RESPONSE_INTVL
  std::optional<std::uint64_t> multicast_query_response_interval;
  /// IFLA_BR_MCAST_STARTUP_QUERY_INTVL
  std::optional<std::uint64_t> multicast_startup_query_interval;
  std::optional<std::uint8_t> call_iptables;             ///< IFLA_BR_NF_CALL_IPTABLES
  std::optional<std::uint8_t> call_ip6tables;            ///< IFLA_BR_NF_CALL_IP6TABLES
  std::optional<std::uint8_t> call_arptables;            ///< IFLA_BR_NF_CALL_ARPTABLES
  std::optional<std::uint16_t> default_vlan;             ///< IFLA_BR_VLAN_DEFAULT_PVID: 0: none
  std::optional<std::uint8_t> vlan_statistics;           ///< IFLA_BR_VLAN_STATS_ENABLED
  std::optional<std::uint8_t> multicast_statistics;      ///< IFLA_BR_MCAST_STATS_ENABLED
  std::optional<std::uint8_t> igmp_version;              ///< IFLA_BR_MCAST_IGMP_VERSION: 2 or 3
  std::optional<std::uint8_t> mld_version;               ///< IFLA_BR_MCAST_MLD_VERSION: 1 or 2
  std::optional<std::uint8_t> vlan_statistics_per_port;  ///< IFLA_BR_VLAN_STATS_PER_PORT
  std::optional<::br_boolopt_multi> options;  ///< IFLA_BR_MULTI_BOOLOPT: BR_BOOLOPT_ bits
  std::optional<raw_nest> querier_state;      ///< IFLA_BR_MCAST_QUERIER_STATE
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<bridge>& policy();
};

/// BRIDGE_QUERIER_: the attributes of IFLA_BR_MCAST_QUERIER_STATE and its like.
extern const attribute_names querier_names;

/// IFLA_INFO_SLAVE_DATA of a bridge's port. Timers are in clock ticks (USER_HZ); switches are 0
/// or 1. A value. Source: linux/if_link.h, linux/if_bridge.h
struct bridge_port {
  std::optional<std::uint8_t> state;                 ///< IFLA_BRPORT_STATE: BR_STATE_
  std::optional<std::uint16_t> priority;             ///< IFLA_BRPORT_PRIORITY: 0 to 63
  std::optional<std::uint32_t> cost;                 ///< IFLA_BRPORT_COST
  std::optional<std::uint8_t> hairpin;               ///< IFLA_BRPORT_MODE
  std::optional<std::uint8_t> guard;                 ///< IFLA_BRPORT_GUARD
  std::optional<std::uint8_t> root_block;            ///< IFLA_BRPORT_PROTECT
  std::optional<std::uint8_t> fast_leave;            ///< IFLA_BRPORT_FAST_LEAVE
  std::optional<std::uint8_t> learning;              ///< IFLA_BRPORT_LEARNING
  std::optional<std::uint8_t> flood;                 ///< IFLA_BRPORT_UNICAST_FLOOD
  std::optional<std::uint8_t> proxy_arp;             ///< IFLA_BRPORT_PROXYARP
  std::optional<std::uint8_t> learning_sync;         ///< IFLA_BRPORT_LEARNING_SYNC
  std::optional<std::uint8_t> proxy_arp_wifi;        ///< IFLA_BRPORT_PROXYARP_WIFI
  std::optional<::ifla_bridge_id> root_id;           ///< IFLA_BRPORT_ROOT_ID
  std::optional<::ifla_bridge_id> bridge_id;         ///< IFLA_BRPORT_BRIDGE_ID
  std::optional<std::uint16_t> designated_port;      ///< IFLA_BRPORT_DESIGNATED_PORT
  std::optional<std::uint16_t> designated_cost;      ///< IFLA_BRPORT_DESIGNATED_COST
  std::optional<std::uint16_t> id;                   ///< IFLA_BRPORT_ID
  std::optional<std::uint16_t> number;               ///< IFLA_BRPORT_NO
  std::optional<std::uint8_t> topology_change_ack;   ///< IFLA_BRPORT_TOPOLOGY_CHANGE_ACK
  std::optional<std::uint8_t> config_pending;        ///< IFLA_BRPORT_CONFIG_PENDING
  std::optional<std::uint64_t> message_age_timer;    ///< IFLA_BRPORT_MESSAGE_AGE_TIMER: running
  std::optional<std::uint64_t> forward_delay_timer;  ///< IFLA_BRPORT_FORWARD_DELAY_TIMER: running
  std::optional<std::uint64_t> hold_timer;           ///< IFLA_BRPORT_HOLD_TIMER: running
  bool flush = false;                                ///< IFLA_BRPORT_FLUSH: in requests
  std::optional<std::uint8_t> multicast_router;  ///< IFLA_BRPORT_MULTICAST_ROUTER: MDB_RTR_TYPE_
  std::optional<std::uint8_t> multicast_flood;   ///< IFLA_BRPORT_MCAST_FLOOD
  std::optional<std::uint8_t> multicast_to_unicast;   ///< IFLA_BRPORT_MCAST_TO_UCAST
  std::optional<std::uint8_t> vlan_tunnel;            ///< IFLA_BRPORT_VLAN_TUNNEL
  std::optional<std::uint8_t> broadcast_flood;        ///< IFLA_BRPORT_BCAST_FLOOD
  std::optional<std::uint16_t> group_forward_mask;    ///< IFLA_BRPORT_GROUP_FWD_MASK
  std::optional<std::uint8_t> neighbour_suppression;  ///< IFLA_BRPORT_NEIGH_SUPPRESS
  std::optional<std::uint8_t> isolated;               ///< IFLA_BRPORT_ISOLATED
  std::optional<std::uint32_t> backup_port;           ///< IFLA_BRPORT_BACKUP_PORT: index of a link
  std::optional<std::uint8_t> ring_open;              ///< IFLA_BRPORT_MRP_RING_OPEN
  std::optional<std::uint8_t> interconnect_open;      ///< IFLA_BRPORT_MRP_IN_OPEN
  std::optional<std::uint32_t> hosts_limit;           ///< IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT
  std::optional<std::uint32_t> hosts_count;  ///< IFLA_BRPORT_MCAST_EHT_HOSTS_CNT: a counter
  std::optional<std::uint8_t> locked;        ///< IFLA_BRPORT_LOCKED
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<bridge_port>& policy();
};

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_LINK_BRIDGE_H_
