// The control messages of netlink sockets.
#ifndef TRIVET_NETLINK_CONTROL_H_
#define TRIVET_NETLINK_CONTROL_H_

#include "trivet/base/control.h"
#include "trivet/netlink/option.h"

namespace trivet::netlink::control {

/// NETLINK_PKTINFO: the group that a message was sent to; 0 for one sent to this socket alone.
/// Set option::pktinfo to get it. Source: linux/netlink.h (struct nl_pktinfo)
struct pktinfo : trivet::control::plain<pktinfo, SOL_NETLINK, NETLINK_PKTINFO, ::nl_pktinfo> {
  /// The group's number, as socket::join takes it.
  [[nodiscard]] std::uint32_t group() const noexcept { return value.group; }
};

/// NETLINK_LISTEN_ALL_NSID: the nsid, as seen from this socket, of the network namespace that a
/// message comes from; absent for the socket's own. Set option::listen_all_nsid to get it.
struct nsid : trivet::control::plain<nsid, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, int> {};

}  // namespace trivet::netlink::control

#endif  // TRIVET_NETLINK_CONTROL_H_
