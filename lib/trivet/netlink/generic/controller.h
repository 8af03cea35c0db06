// Asking the generic netlink controller what families there are, and what they take.
//
//   netlink::client kernel(NETLINK_GENERIC);
//   if (const auto ethtool = generic::find_family(kernel, "ethtool")) {
//     message_builder request(*ethtool->id, NLM_F_REQUEST);
//     request.structure(::genlmsghdr{ETHTOOL_MSG_LINKINFO_GET, ETHTOOL_GENL_VERSION, 0});
//     …
//   }
#ifndef TRIVET_NETLINK_GENERIC_CONTROLLER_H_
#define TRIVET_NETLINK_GENERIC_CONTROLLER_H_

#include <optional>
#include <string_view>
#include <vector>

#include "trivet/netlink/client.h"
#include "trivet/netlink/generic/family.h"
#include "trivet/netlink/generic/family_policy.h"

namespace trivet::netlink::generic {

/// CTRL_CMD_GETFAMILY: the family of a name (at most GENL_NAMSIZ - 1 bytes), or nullopt where this
/// kernel has none. As root the kernel loads the family's module for it.
/// Throws netlink::error, socket_error.
/// @param kernel  a client of NETLINK_GENERIC
[[nodiscard]] std::optional<family> find_family(client& kernel, std::string_view name,
                                                deadline until = deadline::never());

/// CTRL_CMD_GETFAMILY: all of them, in the kernel's order. Throws netlink::error, socket_error.
[[nodiscard]] std::vector<family> list_families(client& kernel, deadline until = deadline::never());

/// CTRL_CMD_GETPOLICY: what a family takes; empty where it has no policy, nullopt where the kernel
/// has no such request (before 5.7). Throws netlink::error, socket_error.
[[nodiscard]] std::optional<family_policies> policies_of(client& kernel, const family& which,
                                                         deadline until = deadline::never());

}  // namespace trivet::netlink::generic

#endif  // TRIVET_NETLINK_GENERIC_CONTROLLER_H_
