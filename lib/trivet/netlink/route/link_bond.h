// Bonds and their ports: the data of the link kind "bond", on the bond and on its ports.
#ifndef TRIVET_NETLINK_ROUTE_LINK_BOND_H_
#define TRIVET_NETLINK_ROUTE_LINK_BOND_H_

#include <linux/if_link.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// IFLA_BOND_AD_INFO: what 802.3ad has agreed upon.
struct bond_aggregation {
  std::optional<std::uint16_t> aggregator;          ///< IFLA_BOND_AD_INFO_AGGREGATOR
  std::optional<std::uint16_t> ports;               ///< IFLA_BOND_AD_INFO_NUM_PORTS
  std::optional<std::uint16_t> actor_key;           ///< IFLA_BOND_AD_INFO_ACTOR_KEY
  std::optional<std::uint16_t> partner_key;         ///< IFLA_BOND_AD_INFO_PARTNER_KEY
  std::optional<hardware_address> partner_address;  ///< IFLA_BOND_AD_INFO_PARTNER_MAC
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<bond_aggregation>& policy();
};

/// IFLA_INFO_DATA of a bond. Times are in milliseconds where nothing else is said. A value.
/// Source: linux/if_link.h, linux/if_bonding.h, Documentation/networking/bonding.rst
struct bond {
  std::optional<std::uint8_t> mode;           ///< IFLA_BOND_MODE: BOND_MODE_
  std::optional<std::uint32_t> active_port;   ///< IFLA_BOND_ACTIVE_SLAVE: index of a link
  std::optional<std::uint32_t> miimon;        ///< IFLA_BOND_MIIMON: between two looks at carriers
  std::optional<std::uint32_t> up_delay;      ///< IFLA_BOND_UPDELAY
  std::optional<std::uint32_t> down_delay;    ///< IFLA_BOND_DOWNDELAY
  std::optional<std::uint8_t> use_carrier;    ///< IFLA_BOND_USE_CARRIER
  std::optional<std::uint32_t> arp_interval;  ///< IFLA_BOND_ARP_INTERVAL: between two questions
  std::optional<raw_nest> arp_targets;  ///< IFLA_BOND_ARP_IP_TARGET: IPv4 addresses, by number
  /// IFLA_BOND_ARP_VALIDATE: 0 none, 1 active, 2 backup, 3 all, 4 filter, 5 filter and active,
  /// 6 filter and backup
  std::optional<std::uint32_t> arp_validate;
  std::optional<std::uint32_t> arp_all_targets;  ///< IFLA_BOND_ARP_ALL_TARGETS: 0 any, 1 all
  std::optional<std::uint32_t> primary;          ///< IFLA_BOND_PRIMARY: index of a link
  /// IFLA_BOND_PRIMARY_RESELECT: 0 always, 1 if it is better, 2 on failure
  std::optional<std::uint8_t> primary_reselect;
  /// IFLA_BOND_FAIL_OVER_MAC: 0 none, 1 active, 2 follow
  std::optional<std::uint8_t> fail_over_mac;
  std::optional<std::uint8_t> hash_policy;   ///< IFLA_BOND_XMIT_HASH_POLICY: BOND_XMIT_POLICY_
  std::optional<std::uint32_t> resend_igmp;  ///< IFLA_BOND_RESEND_IGMP: how often
  std::optional<std::uint8_t> peer_notifications;  ///< IFLA_BOND_NUM_PEER_NOTIF: how often
  /// IFLA_BOND_ALL_SLAVES_ACTIVE: 1: what comes by a backup port is taken
  std::optional<std::uint8_t> all_ports_active;
  std::optional<std::uint32_t> minimum_links;  ///< IFLA_BOND_MIN_LINKS: fewer: no carrier
  std::optional<std::uint32_t> lp_interval;    ///< IFLA_BOND_LP_INTERVAL: seconds
  /// IFLA_BOND_PACKETS_PER_SLAVE: before the next port's turn; 0: by chance
  std::optional<std::uint32_t> packets_per_port;
  std::optional<std::uint8_t> lacp_rate;  ///< IFLA_BOND_AD_LACP_RATE: 0 slow (30 s), 1 fast (1 s)
  std::optional<std::uint8_t> selection;  ///< IFLA_BOND_AD_SELECT: 0 stable, 1 bandwidth, 2 count
  std::optional<bond_aggregation> aggregation;           ///< IFLA_BOND_AD_INFO
  std::optional<std::uint16_t> system_priority;          ///< IFLA_BOND_AD_ACTOR_SYS_PRIO
  std::optional<std::uint16_t> user_port_key;            ///< IFLA_BOND_AD_USER_PORT_KEY
  std::optional<hardware_address> system_address;        ///< IFLA_BOND_AD_ACTOR_SYSTEM
  std::optional<std::uint8_t> dynamic_balancing;         ///< IFLA_BOND_TLB_DYNAMIC_LB: 0 or 1
  std::optional<std::uint32_t> peer_notification_delay;  ///< IFLA_BOND_PEER_NOTIF_DELAY
  std::optional<std::uint8_t> lacp_active;               ///< IFLA_BOND_AD_LACP_ACTIVE
  std::optional<std::uint8_t> missed_maximum;            ///< IFLA_BOND_MISSED_MAX: of questions
  std::optional<std::uint8_t> coupled_control;           ///< IFLA_BOND_COUPLED_CONTROL (6.8)
  std::optional<raw_nest> ns_targets;  ///< IFLA_BOND_NS_IP6_TARGET: IPv6 addresses, by number
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<bond>& policy();
};

/// IFLA_INFO_SLAVE_DATA of a bond's port. Source: linux/if_link.h
struct bond_port {
  std::optional<std::uint8_t> state;  ///< IFLA_BOND_SLAVE_STATE: 0 active, 1 backup
  /// IFLA_BOND_SLAVE_MII_STATUS: 0 up, 1 going down, 2 down, 3 going up
  std::optional<std::uint8_t> mii_status;
  std::optional<std::uint32_t> link_failures;  ///< IFLA_BOND_SLAVE_LINK_FAILURE_COUNT: a counter
  std::optional<hardware_address> permanent_address;  ///< IFLA_BOND_SLAVE_PERM_HWADDR
  std::optional<std::uint16_t> queue;                 ///< IFLA_BOND_SLAVE_QUEUE_ID
  std::optional<std::uint16_t> aggregator;            ///< IFLA_BOND_SLAVE_AD_AGGREGATOR_ID
  /// IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE: bits of LACP
  std::optional<std::uint8_t> actor_state;
  /// IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE: bits of LACP
  std::optional<std::uint16_t> partner_state;
  std::optional<std::int32_t> priority;  ///< IFLA_BOND_SLAVE_PRIO
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<bond_port>& policy();
};

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_LINK_BOND_H_
