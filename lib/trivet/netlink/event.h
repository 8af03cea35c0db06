// What a monitor tells.
#ifndef TRIVET_NETLINK_EVENT_H_
#define TRIVET_NETLINK_EVENT_H_

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/rule.h"
#include "trivet/netlink/route_record.h"

namespace trivet::netlink {

/// What a monitor tells of.
enum class event_kind {
  added,         ///< an object that was not there before
  changed,       ///< the same object, and another state of it
  removed,       ///< it is gone
  overrun,       ///< events were lost: the kernel had no room to keep them
  resync_begin,  ///< the state is being read again; what differs follows
  resync_end,    ///< all that differed has been told, unless it is not complete
};

namespace detail {
template <class T>
struct held {
  using type = std::shared_ptr<const T>;
};
template <>
struct held<rtnl::route> {
  using type = route_record;
};
}  // namespace detail

/// An object as tables and events keep it: shared, never changed, and for routes their bytes. It
/// reads like a pointer; a route is decoded by each `*` and `->`.
template <class T>
using held = typename detail::held<T>::type;

/// An object before and after: added has no before, removed no after, changed both.
template <class T>
struct difference {
  held<T> before;  ///< none: it was not there
  held<T> after;   ///< none: it is gone

  /// Whichever there is, the newer one first.
  [[nodiscard]] const held<T>& newest() const noexcept { return after ? after : before; }
  /// added, changed or removed.
  [[nodiscard]] event_kind kind() const noexcept {
    if (!before) return event_kind::added;
    return after ? event_kind::changed : event_kind::removed;
  }
};

/// An object that changed, or nothing.
using any_difference =
    std::variant<std::monostate, difference<rtnl::link>, difference<rtnl::address>,
                 difference<rtnl::route>, difference<rtnl::neighbour>, difference<rtnl::rule>,
                 difference<rtnl::nexthop>>;

/// One event. A value; nothing in it is decoded before it is looked at.
struct event {
  event_kind kind = event_kind::overrun;  ///< says which of the others count
  any_difference object;                  ///< nothing for overrun, resync_begin and resync_end
  std::uint64_t lost = 0;  ///< overrun: how many datagrams, 0 where the kernel does not say
  bool complete = true;  ///< resync_end: false: changes kept coming; there is another resync later
};

/// What a message or a resync has changed, in the order in which it is told.
using differences = std::vector<any_difference>;

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_EVENT_H_
