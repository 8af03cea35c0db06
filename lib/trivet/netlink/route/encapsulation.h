// What a route or a nexthop object wraps its packets into: RTA_ENCAP and NHA_ENCAP by their type,
// and the metrics of a route.
//
//   if (r.encap_type == LWTUNNEL_ENCAP_MPLS && r.encap) {
//     const auto mpls = read_nest<mpls_encapsulation>(*r.encap);
//   }
#ifndef TRIVET_NETLINK_ROUTE_ENCAPSULATION_H_
#define TRIVET_NETLINK_ROUTE_ENCAPSULATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/label_stack.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// LWTUNNEL_ENCAP_MPLS. Source: linux/mpls_iptunnel.h
struct mpls_encapsulation {
  std::optional<label_stack> destination;  ///< MPLS_IPTUNNEL_DST: the labels
  std::optional<std::uint8_t> ttl;         ///< MPLS_IPTUNNEL_TTL
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<mpls_encapsulation>& policy();
};

/// LWTUNNEL_ENCAP_IP. Source: linux/lwtunnel.h
struct ip_encapsulation {
  std::optional<std::uint64_t> id;             ///< LWTUNNEL_IP_ID: the tunnel's key or VNI
  std::optional<network_address> destination;  ///< LWTUNNEL_IP_DST
  std::optional<network_address> source;       ///< LWTUNNEL_IP_SRC
  std::optional<std::uint8_t> ttl;             ///< LWTUNNEL_IP_TTL
  std::optional<std::uint8_t> tos;             ///< LWTUNNEL_IP_TOS
  std::optional<std::uint16_t> flags;          ///< LWTUNNEL_IP_FLAGS: TUNNEL_, in host byte order
  std::vector<raw_attribute> others;           ///< LWTUNNEL_IP_OPTS too

  [[nodiscard]] static const attribute_policy<ip_encapsulation>& policy();
};

/// LWTUNNEL_ENCAP_IP6. Source: linux/lwtunnel.h
struct ip6_encapsulation {
  std::optional<std::uint64_t> id;             ///< LWTUNNEL_IP6_ID: the tunnel's key or VNI
  std::optional<network_address> destination;  ///< LWTUNNEL_IP6_DST
  std::optional<network_address> source;       ///< LWTUNNEL_IP6_SRC
  std::optional<std::uint8_t> hop_limit;       ///< LWTUNNEL_IP6_HOPLIMIT
  std::optional<std::uint8_t> traffic_class;   ///< LWTUNNEL_IP6_TC
  std::optional<std::uint16_t> flags;          ///< LWTUNNEL_IP6_FLAGS: TUNNEL_, in host byte order
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<ip6_encapsulation>& policy();
};

/// LWTUNNEL_ENCAP_SEG6. Source: linux/seg6_iptunnel.h
struct seg6_encapsulation {
  std::optional<std::vector<std::byte>> header;  ///< SEG6_IPTUNNEL_SRH: a mode, then the header
  std::vector<raw_attribute> others;

  /// SEG6_IPTUN_MODE_
  [[nodiscard]] std::optional<int> mode() const;
  /// The segments in the order of the way, the destination last.
  [[nodiscard]] std::vector<network_address> segments() const;

  [[nodiscard]] static const attribute_policy<seg6_encapsulation>& policy();
};

/// The segments of an IPv6 routing header of type 4 in the order of the way. Source: RFC 8754
[[nodiscard]] std::vector<network_address> segments_of(const_bytes routing_header);

/// The id of the key that signs such a header; nothing where it is not signed. Source: RFC 8754,
/// 2.1.2; linux/seg6_hmac.h
[[nodiscard]] std::optional<std::uint32_t> hmac_key_of(const_bytes routing_header);

/// SEG6_LOCAL_FLAVORS. Source: linux/seg6_local.h, RFC 8986, 4.16; RFC 9800
struct seg6_flavors {
  std::optional<std::uint32_t> operations;  ///< SEG6_LOCAL_FLV_OPERATION: 1 << SEG6_LOCAL_FLV_OP_
  std::optional<std::uint8_t> block_bits;   ///< SEG6_LOCAL_FLV_LCBLOCK_BITS
  std::optional<std::uint8_t> node_function_bits;  ///< SEG6_LOCAL_FLV_LCNODE_FN_BITS
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<seg6_flavors>& policy();
  friend bool operator==(const seg6_flavors&, const seg6_flavors&) = default;
};

/// SEG6_LOCAL_COUNTERS. Source: linux/seg6_local.h
struct seg6_counters {
  std::optional<std::uint64_t> packets;  ///< SEG6_LOCAL_CNT_PACKETS
  std::optional<std::uint64_t> bytes;    ///< SEG6_LOCAL_CNT_BYTES
  std::optional<std::uint64_t> errors;   ///< SEG6_LOCAL_CNT_ERRORS: packets
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<seg6_counters>& policy();
  friend bool operator==(const seg6_counters&, const seg6_counters&) = default;
};

/// LWTUNNEL_ENCAP_SEG6_LOCAL. Source: linux/seg6_local.h
struct seg6_local {
  std::optional<std::uint32_t> action;           ///< SEG6_LOCAL_ACTION: SEG6_LOCAL_ACTION_
  std::optional<std::vector<std::byte>> header;  ///< SEG6_LOCAL_SRH: a routing header
  std::optional<std::uint32_t> table;            ///< SEG6_LOCAL_TABLE: RT_TABLE_
  std::optional<network_address> next_hop4;      ///< SEG6_LOCAL_NH4
  std::optional<network_address> next_hop6;      ///< SEG6_LOCAL_NH6
  std::optional<std::uint32_t> input;            ///< SEG6_LOCAL_IIF: index of a link
  std::optional<std::uint32_t> output;           ///< SEG6_LOCAL_OIF: index of a link
  std::optional<std::uint32_t> vrf_table;        ///< SEG6_LOCAL_VRFTABLE
  std::optional<seg6_counters> counters;         ///< SEG6_LOCAL_COUNTERS
  std::optional<seg6_flavors> flavors;           ///< SEG6_LOCAL_FLAVORS
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<seg6_local>& policy();
};

/// Whether two encapsulations of one type are the same but for what their counters show. Bytes that
/// are no attributes are the same only where they are equal.
/// @param type  LWTUNNEL_ENCAP_
[[nodiscard]] bool same_encapsulation(std::uint16_t type, const raw_nest& a, const raw_nest& b);

/// The row of the member `encap`, in a struct that has the type of it as `encap_type`.
template <class S>
[[nodiscard]] constexpr attribute_rule<S> encapsulation_rule(std::uint16_t type) {
  attribute_rule<S> result = netlink::rule<&S::encap>(type, "encap");
  result.equal = [](const S& a, const S& b) {
    if (!a.encap || !b.encap) return a.encap.has_value() == b.encap.has_value();
    return same_encapsulation(a.encap_type.value_or(0), *a.encap, *b.encap);
  };
  return result;
}

/// RTA_METRICS: RTAX_ attributes. Times of round trips are in their kernel's fractions: 1/8 and 1/4
/// of a millisecond. Source: rtnetlink(7), linux/rtnetlink.h
struct route_metrics {
  std::optional<std::uint32_t> lock;                    ///< RTAX_LOCK: bits 1 << RTAX_
  std::optional<std::uint32_t> mtu;                     ///< RTAX_MTU: bytes
  std::optional<std::uint32_t> window;                  ///< RTAX_WINDOW: bytes
  std::optional<std::uint32_t> rtt;                     ///< RTAX_RTT
  std::optional<std::uint32_t> rtt_variance;            ///< RTAX_RTTVAR
  std::optional<std::uint32_t> slow_start;              ///< RTAX_SSTHRESH
  std::optional<std::uint32_t> congestion_window;       ///< RTAX_CWND: segments
  std::optional<std::uint32_t> advertised_mss;          ///< RTAX_ADVMSS: bytes
  std::optional<std::uint32_t> reordering;              ///< RTAX_REORDERING
  std::optional<std::uint32_t> hop_limit;               ///< RTAX_HOPLIMIT
  std::optional<std::uint32_t> initial_window;          ///< RTAX_INITCWND: segments
  std::optional<std::uint32_t> features;                ///< RTAX_FEATURES: RTAX_FEATURE_
  std::optional<std::uint32_t> minimum_timeout;         ///< RTAX_RTO_MIN, milliseconds
  std::optional<std::uint32_t> initial_receive_window;  ///< RTAX_INITRWND: segments
  std::optional<std::uint32_t> quick_ack;               ///< RTAX_QUICKACK: 0 or 1
  std::optional<std::string> congestion_control;        ///< RTAX_CC_ALGO
  std::optional<std::uint32_t> no_cookie;               ///< RTAX_FASTOPEN_NO_COOKIE: 0 or 1
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<route_metrics>& policy();
};

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_ENCAPSULATION_H_
