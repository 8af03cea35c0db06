// Neighbours and forwarding entries: RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH without a socket.
#ifndef TRIVET_NETLINK_ROUTE_NEIGHBOUR_H_
#define TRIVET_NETLINK_ROUTE_NEIGHBOUR_H_

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// NDA_FDB_EXT_ATTRS: what a bridge does about the activity of an entry.
struct forwarding_activity {
  std::optional<std::uint8_t> notify;  ///< NFEA_ACTIVITY_NOTIFY: FDB_NOTIFY_
  bool keep_time = false;              ///< NFEA_DONT_REFRESH
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<forwarding_activity>& policy();
  friend bool operator==(const forwarding_activity&, const forwarding_activity&) = default;
};

/// struct ndmsg and its attributes: an entry of ARP or IPv6 neighbour discovery or, of AF_BRIDGE,
/// one of a bridge's or a VXLAN's forwarding table. A value.
/// Source: rtnetlink(7), linux/neighbour.h
struct neighbour {
  std::uint8_t family = 0;  ///< AF_INET, AF_INET6; AF_BRIDGE: a forwarding entry
  std::int32_t index = 0;   ///< of the link; 0: a proxy entry for all of them
  std::uint16_t state = 0;  ///< NUD_
  std::uint8_t flags = 0;   ///< NTF_
  std::uint8_t type = 0;    ///< RTN_

  std::optional<network_address> destination;    ///< NDA_DST: the neighbour; VXLAN: the far end
  std::optional<hardware_address> link_address;  ///< NDA_LLADDR
  std::optional<::nda_cacheinfo> cache;          ///< NDA_CACHEINFO: ages, in clock ticks
  std::optional<std::uint32_t> probes;           ///< NDA_PROBES: a counter
  std::optional<std::uint16_t> vlan;             ///< NDA_VLAN
  std::optional<std::uint16_t> port;             ///< NDA_PORT: UDP, in host byte order
  std::optional<std::uint32_t> vni;              ///< NDA_VNI
  std::optional<std::uint32_t> output;           ///< NDA_IFINDEX: index of a VXLAN's lower link
  std::optional<std::uint32_t> master;           ///< NDA_MASTER: index of the bridge
  std::optional<std::int32_t> link_netns;        ///< NDA_LINK_NETNSID: where `output` counts
  std::optional<std::uint32_t> source_vni;       ///< NDA_SRC_VNI
  std::optional<std::uint8_t> protocol;          ///< NDA_PROTOCOL: RTPROT_, who added it
  std::optional<std::uint32_t> next_hop_id;      ///< NDA_NH_ID: a nexthop object
  std::optional<forwarding_activity> activity;   ///< NDA_FDB_EXT_ATTRS
  std::optional<std::uint32_t> extended_flags;   ///< NDA_FLAGS_EXT: NTF_EXT_
  std::optional<std::uint16_t> state_mask;       ///< NDA_NDM_STATE_MASK, in requests
  std::optional<std::uint8_t> flags_mask;        ///< NDA_NDM_FLAGS_MASK, in requests
  std::vector<raw_attribute> others;

  /// From RTM_NEWNEIGH or RTM_DELNEIGH; nullopt where the message is shorter than its struct or a
  /// length in it is wrong.
  [[nodiscard]] static std::optional<neighbour> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<neighbour>& policy();
};

/// Whether two states of an entry are the same but for ages, counters and unknown attributes.
[[nodiscard]] bool same_state(const neighbour& a, const neighbour& b);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_NEIGHBOUR_H_
