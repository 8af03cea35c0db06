// Settings of interfaces: RTM_NEWNETCONF, RTM_DELNETCONF and RTM_GETNETCONF without a socket.
#ifndef TRIVET_NETLINK_ROUTE_NETCONF_H_
#define TRIVET_NETLINK_ROUTE_NETCONF_H_

#include <linux/netconf.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::rtnl {

/// struct netconfmsg and its attributes: some of the sysctls of one interface, or of all: 0 or 1
/// each, but for reverse_path. A value.
/// Source: linux/netconf.h, ip-netconf(8)
struct netconf {
  std::uint8_t family = 0;  ///< AF_INET, AF_INET6, AF_MPLS

  std::optional<std::int32_t> index;         ///< NETCONFA_IFINDEX, or NETCONFA_IFINDEX_ALL …
  std::optional<std::int32_t> forwarding;    ///< NETCONFA_FORWARDING
  std::optional<std::int32_t> reverse_path;  ///< NETCONFA_RP_FILTER: 0 off, 1 strict, 2 loose
  std::optional<std::int32_t> multicast_forwarding;  ///< NETCONFA_MC_FORWARDING
  std::optional<std::int32_t> proxy;                 ///< NETCONFA_PROXY_NEIGH
  std::optional<std::int32_t> ignore_linkdown;       ///< NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN
  std::optional<std::int32_t> input;                 ///< NETCONFA_INPUT: MPLS is taken in
  std::optional<std::int32_t> broadcast_forwarding;  ///< NETCONFA_BC_FORWARDING
  std::vector<raw_attribute> others;

  /// From RTM_NEWNETCONF or RTM_DELNETCONF; nullopt where the message is shorter than its struct or
  /// a length in it is wrong.
  [[nodiscard]] static std::optional<netconf> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<netconf>& policy();
};

/// Whether all settings are the same.
[[nodiscard]] bool same_state(const netconf& a, const netconf& b);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_NETCONF_H_
