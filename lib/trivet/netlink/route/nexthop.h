// Nexthop objects: RTM_NEWNEXTHOP, RTM_DELNEXTHOP and RTM_GETNEXTHOP without a socket.
#ifndef TRIVET_NETLINK_ROUTE_NEXTHOP_H_
#define TRIVET_NETLINK_ROUTE_NEXTHOP_H_

#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// struct nexthop_grp: a member of a group.
struct nexthop_member {
  std::uint32_t id = 0;        ///< of a nexthop object that is no group
  std::uint16_t weight = 1;    ///< from 1; 256 at most before 6.12
  std::uint16_t reserved = 0;  ///< resvd2

  friend bool operator==(const nexthop_member&, const nexthop_member&) = default;
};

/// NHA_GROUP: the members, in the kernel's order.
struct nexthop_group {
  std::vector<nexthop_member> members;  ///< 1 or more

  friend bool operator==(const nexthop_group&, const nexthop_group&) = default;
};

/// NHA_RES_GROUP: how a resilient group moves its buckets. Times are in clock ticks (USER_HZ).
struct resilient_group {
  std::optional<std::uint16_t> buckets;           ///< NHA_RES_GROUP_BUCKETS
  std::optional<std::uint32_t> idle_timer;        ///< NHA_RES_GROUP_IDLE_TIMER
  std::optional<std::uint32_t> unbalanced_timer;  ///< NHA_RES_GROUP_UNBALANCED_TIMER
  std::optional<std::uint64_t> unbalanced_time;   ///< NHA_RES_GROUP_UNBALANCED_TIME: running
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<resilient_group>& policy();
};

/// struct nhmsg and its attributes. A value. Source: linux/nexthop.h, ip-nexthop(8)
struct nexthop {
  std::uint8_t family = 0;    ///< of the gateway; AF_UNSPEC: a group
  std::uint8_t scope = 0;     ///< RT_SCOPE_
  std::uint8_t protocol = 0;  ///< RTPROT_: who added it
  std::uint32_t flags = 0;    ///< RTNH_F_

  std::optional<std::uint32_t> id;           ///< NHA_ID: its identity
  std::optional<nexthop_group> group;        ///< NHA_GROUP
  std::optional<std::uint16_t> group_type;   ///< NHA_GROUP_TYPE: NEXTHOP_GRP_TYPE_
  bool blackhole = false;                    ///< NHA_BLACKHOLE
  std::optional<std::uint32_t> output;       ///< NHA_OIF: index of a link
  std::optional<network_address> gateway;    ///< NHA_GATEWAY
  std::optional<std::uint16_t> encap_type;   ///< NHA_ENCAP_TYPE: LWTUNNEL_ENCAP_
  std::optional<raw_nest> encap;             ///< NHA_ENCAP, by type
  bool groups_only = false;                  ///< NHA_GROUPS, in requests of a dump
  std::optional<std::uint32_t> master;       ///< NHA_MASTER, in requests of a dump
  bool forwarding = false;                   ///< NHA_FDB: for entries of a VXLAN's forwarding table
  std::optional<resilient_group> resilient;  ///< NHA_RES_GROUP
  std::optional<std::uint32_t> operation;    ///< NHA_OP_FLAGS: NHA_OP_FLAG_ (6.9)
  std::vector<raw_attribute> others;

  /// From RTM_NEWNEXTHOP or RTM_DELNEXTHOP; nullopt where the message is shorter than its struct or
  /// a length in it is wrong.
  [[nodiscard]] static std::optional<nexthop> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<nexthop>& policy();
};

/// Whether two states of a nexthop are the same but for running times and unknown attributes.
[[nodiscard]] bool same_state(const nexthop& a, const nexthop& b);

}  // namespace trivet::netlink::rtnl

namespace trivet::netlink {

/// An array of struct nexthop_grp; a piece of one at its end makes it none.
template <>
struct attribute_codec<rtnl::nexthop_group> {
  static bool decode(const attribute& a, rtnl::nexthop_group& into);
  static void encode(attribute_writer& out, std::uint16_t type, const rtnl::nexthop_group& value);
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_NEXTHOP_H_
