// What an event about a route means for the routes of one key. No socket is known here.
//
// The kernel keeps several routes under one destination, type of service and metric, and its events
// do not say in full which of them they are about. These rules follow what the kernel does
// (fib_table_insert of net/ipv4/fib_trie.c, fib6_add_rt2node of net/ipv6/ip6_fib.c), and say
// when an event can be read in two ways, so that the table is read again.
#ifndef TRIVET_NETLINK_ROUTE_RULES_H_
#define TRIVET_NETLINK_ROUTE_RULES_H_

#include <optional>
#include <vector>

#include "trivet/netlink/route/route.h"

namespace trivet::netlink {

/// Whether an event could be read in one way only.
enum class certainty {
  sure,      ///< the list is now the kernel's
  doubtful,  ///< it may not be: read the routes again
};

/// The routes of one key, in the kernel's order.
using route_list = std::vector<rtnl::route>;

/// A route before and after: added has no before, removed no after.
struct route_change {
  std::optional<rtnl::route> before;  ///< none: it was not there
  std::optional<rtnl::route> after;   ///< none: it is gone
};

/// In the order in which they are told.
using route_changes = std::vector<route_change>;

/// Whether the events of a route concern no routes of its key but those of its way: it joins no
/// others, as IPv6 routes with a gateway do, and replaces none. The rules may then be given those
/// alone, and a route that they add stands behind all others.
/// @param flags  of the message; zero for RTM_DELROUTE, which may be about another route all the
///   same where none is removed
[[nodiscard]] bool stands_alone(const rtnl::route& route, unsigned flags);

/// RTM_NEWROUTE.
/// @param flags  nlmsg_flags: NLM_F_EXCL, _REPLACE, _APPEND tell where the route stands
/// @param out    the changes are appended
certainty add_route(route_list& list, rtnl::route&& route, unsigned flags, route_changes& out);

/// RTM_DELROUTE.
certainty remove_route(route_list& list, const rtnl::route& route, route_changes& out);

/// Makes `list` what `newer` is, and appends the changes.
void replace_routes(route_list& list, route_list&& newer, route_changes& out);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_RULES_H_
