// Routing rules: RTM_NEWRULE, RTM_DELRULE and RTM_GETRULE without a socket.
#ifndef TRIVET_NETLINK_ROUTE_RULE_H_
#define TRIVET_NETLINK_ROUTE_RULE_H_

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// struct fib_rule_hdr and its attributes. A value. Source: rtnetlink(7), linux/fib_rules.h
struct rule {
  std::uint8_t family = 0;              ///< AF_INET, AF_INET6; RTNL_FAMILY_IPMR, RTNL_FAMILY_IP6MR
  std::uint8_t destination_length = 0;  ///< bits; 0: any
  std::uint8_t source_length = 0;       ///< bits; 0: any
  std::uint8_t tos = 0;                 ///< 0: any, or as FRA_DSCP says
  std::uint8_t action = 0;              ///< FR_ACT_
  std::uint32_t flags = 0;              ///< FIB_RULE_
  std::uint32_t table = 0;              ///< RT_TABLE_; FRA_TABLE holds more than the struct can

  std::optional<network_address> destination;  ///< FRA_DST
  std::optional<network_address> source;       ///< FRA_SRC
  std::optional<std::string> input;  ///< FRA_IIFNAME: a name, whether there is such a link or not
  std::optional<std::uint32_t> target;  ///< FRA_GOTO: the priority of another rule
  /// FRA_PRIORITY: lower ones first; the kernel leaves it out where it is 0
  std::optional<std::uint32_t> priority;
  std::optional<std::uint32_t> mark;              ///< FRA_FWMARK
  std::optional<std::uint32_t> mark_mask;         ///< FRA_FWMASK
  std::optional<std::uint32_t> flow;              ///< FRA_FLOW: realms
  std::optional<std::uint64_t> tunnel_id;         ///< FRA_TUN_ID
  std::optional<std::int32_t> suppress_group;     ///< FRA_SUPPRESS_IFGROUP; -1: none
  std::optional<std::int32_t> suppress_length;    ///< FRA_SUPPRESS_PREFIXLEN; -1: none
  std::optional<std::string> output;              ///< FRA_OIFNAME: what a socket is bound to
  std::optional<std::uint8_t> l3mdev;             ///< FRA_L3MDEV: 1: the table is the VRF's
  std::optional<::fib_rule_uid_range> uid_range;  ///< FRA_UID_RANGE: both included
  std::optional<std::uint8_t> protocol;           ///< FRA_PROTOCOL: RTPROT_, who added it
  std::optional<std::uint8_t> ip_protocol;        ///< FRA_IP_PROTO: IPPROTO_
  /// FRA_SPORT_RANGE: both included, in host byte order
  std::optional<::fib_rule_port_range> source_ports;
  std::optional<::fib_rule_port_range> destination_ports;  ///< FRA_DPORT_RANGE
  std::optional<std::uint8_t> dscp;                        ///< FRA_DSCP (6.13)
  std::optional<std::uint8_t> dscp_mask;                   ///< FRA_DSCP_MASK (6.15)
  std::optional<std::uint32_t> flow_label;                 ///< FRA_FLOWLABEL (6.14)
  std::optional<std::uint32_t> flow_label_mask;            ///< FRA_FLOWLABEL_MASK (6.14)
  std::optional<std::uint16_t> source_port_mask;           ///< FRA_SPORT_MASK (6.15)
  std::optional<std::uint16_t> destination_port_mask;      ///< FRA_DPORT_MASK (6.15)
  std::vector<raw_attribute> others;

  /// From RTM_NEWRULE or RTM_DELRULE; nullopt where the message is shorter than its struct or a
  /// length in it is wrong.
  [[nodiscard]] static std::optional<rule> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<rule>& policy();
};

/// Whether they are one rule: the same but for unknown attributes and for FIB_RULE_UNRESOLVED,
/// FIB_RULE_IIF_DETACHED and FIB_RULE_OIF_DETACHED, which the kernel sets and clears in silence.
[[nodiscard]] bool same_rule(const rule& a, const rule& b);

/// Whether two states of a rule are the same but for unknown attributes.
[[nodiscard]] bool same_state(const rule& a, const rule& b);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_RULE_H_
