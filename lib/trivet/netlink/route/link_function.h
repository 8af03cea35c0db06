// Virtual functions of a link (SR-IOV): IFLA_VFINFO_LIST.
//
//   for (const virtual_function& f : read_functions(*link.functions)) …
#ifndef TRIVET_NETLINK_ROUTE_LINK_FUNCTION_H_
#define TRIVET_NETLINK_ROUTE_LINK_FUNCTION_H_

#include <linux/if_link.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// IFLA_VF_STATS: counters.
struct function_statistics {
  std::optional<std::uint64_t> rx_packets;  ///< IFLA_VF_STATS_RX_PACKETS
  std::optional<std::uint64_t> tx_packets;  ///< IFLA_VF_STATS_TX_PACKETS
  std::optional<std::uint64_t> rx_bytes;    ///< IFLA_VF_STATS_RX_BYTES
  std::optional<std::uint64_t> tx_bytes;    ///< IFLA_VF_STATS_TX_BYTES
  std::optional<std::uint64_t> broadcast;   ///< IFLA_VF_STATS_BROADCAST
  std::optional<std::uint64_t> multicast;   ///< IFLA_VF_STATS_MULTICAST
  std::optional<std::uint64_t> rx_dropped;  ///< IFLA_VF_STATS_RX_DROPPED
  std::optional<std::uint64_t> tx_dropped;  ///< IFLA_VF_STATS_TX_DROPPED
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<function_statistics>& policy();
};

/// IFLA_VF_INFO: one function. Each struct holds its number. Source: linux/if_link.h
struct virtual_function {
  /// IFLA_VF_MAC: 32 bytes, of which as many count as the link's address has
  std::optional<::ifla_vf_mac> address;
  std::optional<::ifla_vf_vlan> vlan;               ///< IFLA_VF_VLAN
  std::optional<::ifla_vf_tx_rate> tx_rate;         ///< IFLA_VF_TX_RATE: Mbit/s; 0: not limited
  std::optional<::ifla_vf_spoofchk> spoof_check;    ///< IFLA_VF_SPOOFCHK: -1: not known
  std::optional<::ifla_vf_link_state> link_state;   ///< IFLA_VF_LINK_STATE: IFLA_VF_LINK_STATE_
  std::optional<::ifla_vf_rate> rate;               ///< IFLA_VF_RATE: Mbit/s; 0: not limited
  std::optional<::ifla_vf_rss_query_en> rss_query;  ///< IFLA_VF_RSS_QUERY_EN: -1: not known
  std::optional<function_statistics> statistics;    ///< IFLA_VF_STATS
  std::optional<::ifla_vf_trust> trust;             ///< IFLA_VF_TRUST: -1: not known
  /// IFLA_VF_VLAN_LIST: IFLA_VF_VLAN_INFO: struct ifla_vf_vlan_info
  std::optional<raw_nest> vlans;
  std::optional<::ifla_vf_broadcast> broadcast;  ///< IFLA_VF_BROADCAST
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<virtual_function>& policy();
};

/// The functions of IFLA_VFINFO_LIST; those before a length that is wrong.
[[nodiscard]] std::vector<virtual_function> read_functions(const raw_nest& list);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_LINK_FUNCTION_H_
