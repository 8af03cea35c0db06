// What an event about a route means for the routes of one key. No socket is known here.
//
// The kernel keeps several routes under one destination, type of service and metric, and its events
// do not say in full which of them they are about. These rules follow what the kernel does
// (fib_table_insert of net/ipv4/fib_trie.c, fib6_add_rt2node of net/ipv6/ip6_fib.c), and say
// when an event can be read in two ways, so that the table is read again.
#ifndef TRIVET_NETLINK_ROUTE_RULES_H_
#define TRIVET_NETLINK_ROUTE_RULES_H_

#include <cstddef>
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

/// What an event does to the routes that it was read with.
struct route_edit {
  /// Where the route comes to stand.
  enum class action {
    write,         ///< in the place of one that is known
    erase,         ///< nowhere: one that is known is gone
    insert_first,  ///< before all others of its key
    insert_last,   ///< behind them
  };
  action what = action::write;
  std::size_t which = 0;            ///< write, erase: which of those that are known
  std::optional<rtnl::route> made;  ///< the route, where it is not the event's own
};

/// An event, read: what it does, in the order in which it is told.
struct route_reading {
  certainty how = certainty::sure;
  std::vector<route_edit> edits;
};

/// Which routes of a key an event has to be read with, once none of its way (route_view::way()) is
/// the same but for what the kernel changes in silence. With such a one, those of its way are all.
enum class reach {
  way,     ///< those of its way; whatever others there are
  place,   ///< also the first of the key, and the first of its nexthop object
  joined,  ///< also those that may_join()
  all,     ///< all of them
};

/// @param flags  nlmsg_flags of RTM_NEWROUTE; none: RTM_DELROUTE
[[nodiscard]] reach reach_of(const rtnl::route& route, std::optional<unsigned> flags);

/// Whether the kernel may join an IPv6 route with others to one of several hops: those with a
/// gateway and without a nexthop object, but for those of router advertisements (RTF_ADDRCONF;
/// rt6_qualify_for_ecmp of include/net/ip6_route.h). That flag is in no message.
[[nodiscard]] bool may_join(const rtnl::route& route);

/// Whether a route needs no others of its key to be told from them: those that may not join.
[[nodiscard]] bool stands_alone(const rtnl::route& route);

/// Whether one of them is the same but for what the kernel changes in silence.
[[nodiscard]] bool any_same(const route_list& list, const rtnl::route& route);

/// RTM_NEWROUTE.
/// @param list    the routes of the key, in the kernel's order, or those within reach
/// @param flags   nlmsg_flags: NLM_F_EXCL, _REPLACE, _APPEND tell where the route stands
/// @param others  whether the key has more routes than these
[[nodiscard]] route_reading read_addition(const route_list& list, const rtnl::route& added,
                                          unsigned flags, bool others = false);

/// RTM_DELROUTE. Parameters as above.
[[nodiscard]] route_reading read_removal(const route_list& list, const rtnl::route& gone,
                                         bool others = false);

/// Makes `list` what `newer` is, and appends the changes.
void replace_routes(route_list& list, route_list&& newer, route_changes& out);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_RULES_H_
