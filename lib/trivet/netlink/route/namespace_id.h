// Numbers of network namespaces: RTM_NEWNSID, RTM_DELNSID and RTM_GETNSID without a socket.
#ifndef TRIVET_NETLINK_ROUTE_NAMESPACE_ID_H_
#define TRIVET_NETLINK_ROUTE_NAMESPACE_ID_H_

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::rtnl {

/// struct rtgenmsg and its attributes: the number that one namespace has in another. A value.
/// Source: linux/net_namespace.h, ip-netns(8)
struct namespace_id {
  std::optional<std::int32_t> id;        ///< NETNSA_NSID; NETNSA_NSID_NOT_ASSIGNED: none
  std::optional<std::uint32_t> process;  ///< NETNSA_PID, in requests: whose namespace
  std::optional<std::uint32_t> file;     ///< NETNSA_FD, in requests: a descriptor of it
  std::optional<std::int32_t> target;    ///< NETNSA_TARGET_NSID, in requests: where numbers count
  std::optional<std::int32_t> current;   ///< NETNSA_CURRENT_NSID: its number in the own namespace
  std::vector<raw_attribute> others;

  /// From RTM_NEWNSID or RTM_DELNSID; nullopt where the message is shorter than its struct or a
  /// length in it is wrong.
  [[nodiscard]] static std::optional<namespace_id> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<namespace_id>& policy();
};

/// Whether they say the same.
[[nodiscard]] bool same_state(const namespace_id& a, const namespace_id& b);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_NAMESPACE_ID_H_
