// Buckets of resilient nexthop groups: RTM_NEWNEXTHOPBUCKET and RTM_GETNEXTHOPBUCKET without a
// socket.
#ifndef TRIVET_NETLINK_ROUTE_NEXTHOP_BUCKET_H_
#define TRIVET_NETLINK_ROUTE_NEXTHOP_BUCKET_H_

#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::rtnl {

/// NHA_RES_BUCKET: one bucket of a group, and where its packets go.
struct bucket_state {
  std::optional<std::uint16_t> index;      ///< NHA_RES_BUCKET_INDEX: in its group, from 0
  std::optional<std::uint64_t> idle_time;  ///< NHA_RES_BUCKET_IDLE_TIME: in clock ticks (USER_HZ)
  std::optional<std::uint32_t> nexthop;    ///< NHA_RES_BUCKET_NH_ID: a nexthop object, no group
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<bucket_state>& policy();
};

/// struct nhmsg and the attributes that a bucket has, or a request for some. A value.
/// Source: linux/nexthop.h, ip-nexthop(8)
struct nexthop_bucket {
  std::uint8_t family = 0;    ///< AF_UNSPEC
  std::uint8_t scope = 0;     ///< unused
  std::uint8_t protocol = 0;  ///< unused
  std::uint32_t flags = 0;    ///< RTNH_F_OFFLOAD, RTNH_F_TRAP

  std::optional<std::uint32_t> group;   ///< NHA_ID: the nexthop object that is the group
  std::optional<std::uint32_t> output;  ///< NHA_OIF: index of a link, in requests of a dump
  std::optional<std::uint32_t> master;  ///< NHA_MASTER: likewise
  std::optional<bucket_state> bucket;   ///< NHA_RES_BUCKET
  std::vector<raw_attribute> others;

  /// From RTM_NEWNEXTHOPBUCKET; nullopt where the message is shorter than its struct or a length in
  /// it is wrong.
  [[nodiscard]] static std::optional<nexthop_bucket> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<nexthop_bucket>& policy();
};

/// Whether two states of a bucket are the same but for running times and unknown attributes.
[[nodiscard]] bool same_state(const nexthop_bucket& a, const nexthop_bucket& b);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_NEXTHOP_BUCKET_H_
