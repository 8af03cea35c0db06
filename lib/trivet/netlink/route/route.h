// Routes: RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE without a socket.
#ifndef TRIVET_NETLINK_ROUTE_ROUTE_H_
#define TRIVET_NETLINK_ROUTE_ROUTE_H_

#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/label_stack.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// struct rtnexthop and its attributes: one hop of a multipath route.
struct next_hop {
  std::uint8_t family = 0;  ///< the route's: not part of the struct
  std::uint8_t flags = 0;   ///< RTNH_F_
  std::uint8_t hops = 0;    ///< the weight less one
  std::int32_t index = 0;   ///< of the link

  std::optional<network_address> gateway;      ///< RTA_GATEWAY
  std::optional<network_address> via;          ///< RTA_VIA: a gateway of another family
  std::optional<std::uint32_t> flow;           ///< RTA_FLOW: realms
  std::optional<label_stack> new_destination;  ///< RTA_NEWDST: the outgoing MPLS labels
  std::optional<std::uint16_t> encap_type;     ///< RTA_ENCAP_TYPE: LWTUNNEL_ENCAP_
  std::optional<raw_nest> encap;               ///< RTA_ENCAP, by type
  std::vector<raw_attribute> others;

  /// 1 to 256: how much it takes, compared with the others.
  [[nodiscard]] unsigned weight() const noexcept { return hops + 1U; }

  [[nodiscard]] static const attribute_policy<next_hop>& policy();
  friend bool operator==(const next_hop&, const next_hop&) = default;
};

/// RTA_MULTIPATH: the hops, in the kernel's order.
struct multipath {
  std::vector<next_hop> hops;  ///< 1 or more, in what the kernel sends

  friend bool operator==(const multipath&, const multipath&) = default;
};

/// struct rtmsg and its attributes. A value. Source: rtnetlink(7), linux/rtnetlink.h
struct route {
  std::uint8_t family = 0;              ///< AF_INET, AF_INET6, AF_MPLS …
  std::uint8_t destination_length = 0;  ///< bits
  std::uint8_t source_length = 0;       ///< bits; IPv6 only
  std::uint8_t tos = 0;                 ///< IPv4 only
  std::uint8_t protocol = 0;            ///< RTPROT_: who added it
  std::uint8_t scope = 0;               ///< RT_SCOPE_
  std::uint8_t type = 0;                ///< RTN_
  std::uint32_t flags = 0;              ///< RTM_F_ and, for a single hop, RTNH_F_
  std::uint32_t table = 0;              ///< RT_TABLE_; RTA_TABLE holds more than the struct can

  std::optional<network_address> destination;       ///< RTA_DST
  std::optional<network_address> source;            ///< RTA_SRC
  std::optional<std::uint32_t> input;               ///< RTA_IIF: index of a link
  std::optional<std::uint32_t> output;              ///< RTA_OIF: index of a link
  std::optional<network_address> gateway;           ///< RTA_GATEWAY
  std::optional<std::uint32_t> metric;              ///< RTA_PRIORITY: lower ones first; none: 0
  std::optional<network_address> preferred_source;  ///< RTA_PREFSRC
  std::optional<raw_nest> metrics;             ///< RTA_METRICS: route_metrics of encapsulation.h
  std::optional<multipath> next_hops;          ///< RTA_MULTIPATH
  std::optional<std::uint32_t> flow;           ///< RTA_FLOW: realms
  std::optional<::rta_cacheinfo> cache;        ///< RTA_CACHEINFO
  std::optional<std::uint32_t> mark;           ///< RTA_MARK
  std::optional<network_address> via;          ///< RTA_VIA: a gateway of another family
  std::optional<label_stack> new_destination;  ///< RTA_NEWDST: the outgoing MPLS labels
  std::optional<std::uint8_t> preference;      ///< RTA_PREF: ICMPV6_ROUTER_PREF_
  std::optional<std::uint16_t> encap_type;     ///< RTA_ENCAP_TYPE: LWTUNNEL_ENCAP_
  std::optional<raw_nest> encap;               ///< RTA_ENCAP, by type
  std::optional<std::uint32_t> expires;        ///< RTA_EXPIRES, in requests: seconds
  std::optional<std::uint32_t> uid;            ///< RTA_UID
  std::optional<std::uint8_t> ttl_propagate;   ///< RTA_TTL_PROPAGATE (MPLS): 0 or 1
  std::optional<std::uint32_t> next_hop_id;    ///< RTA_NH_ID: a nexthop object
  std::vector<raw_attribute> others;

  /// The hops whichever way they came: those of RTA_MULTIPATH, or the one of the route itself;
  /// none where the route has no link, as blackhole.
  [[nodiscard]] std::vector<next_hop> hops() const;

  /// From RTM_NEWROUTE or RTM_DELROUTE; nullopt where the message is shorter than its struct or a
  /// length in it is wrong, that of a hop included.
  [[nodiscard]] static std::optional<route> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<route>& policy();
};

/// Whether the same can be said of two routes by RTA_CACHEINFO, whose times and counters move by
/// themselves: what error they give, and whether they expire.
[[nodiscard]] bool same_state(const ::rta_cacheinfo& a, const ::rta_cacheinfo& b) noexcept;

/// Whether two states of a route are the same but for times, counters and unknown attributes. The
/// order of the hops of an IPv6 route means nothing: a dump and an event give it differently.
[[nodiscard]] bool same_state(const route& a, const route& b);

/// The same, not looking at what the kernel changes in a route without telling: RTNH_F_DEAD,
/// RTNH_F_LINKDOWN and the marks of offloading.
[[nodiscard]] bool same_configuration(const route& a, const route& b);

}  // namespace trivet::netlink::rtnl

namespace trivet::netlink {

/// An array of struct rtnexthop, each with its attributes; a wrong length in it makes it none.
template <>
struct attribute_codec<rtnl::multipath> {
  static bool decode(const attribute& a, std::uint8_t family, rtnl::multipath& into);
  static void encode(attribute_writer& out, std::uint16_t type, const rtnl::multipath& value);
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_ROUTE_H_
