// How the routes of one key differ, by their bytes. No socket is known here.
#ifndef TRIVET_NETLINK_ROUTE_COMPARISON_H_
#define TRIVET_NETLINK_ROUTE_COMPARISON_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "trivet/netlink/event.h"
#include "trivet/netlink/route_record.h"
#include "trivet/netlink/route_rules.h"

namespace trivet::netlink {

/// As many routes are compared each with each; more are told apart by route_view::way() first.
inline constexpr std::size_t few_routes = 16;

/// All of them decoded, in their order.
[[nodiscard]] route_list decoded(const std::vector<route_view>& views);

/// Finds the kernel's own bytes of routes that went through the rules; what the rules made up is
/// encoded. The views hold for as long as this is used.
class original_routes {
 public:
  /// Those that come later count first: they have the present times and counters.
  void add(const std::vector<route_view>& views);
  /// The bytes of a route with that state.
  [[nodiscard]] route_record of(const rtnl::route& wanted) const;
  /// Appends changes as differences with the kernel's bytes.
  void tell(const route_changes& changes, differences& out) const;

 private:
  std::vector<std::pair<rtnl::route, route_view>> known_;
};

/// Takes those out of `old` that a dump of `now` may have passed over, because others of their key
/// went meanwhile: those that stand alone, and of whose way there is none in `now`.
[[nodiscard]] std::vector<route_view> take_missed(std::vector<route_view>& old,
                                                  const std::vector<route_view>& now);

/// Appends how two lists of one key differ, whatever their order. n routes of as many ways take
/// n log n.
void compare_routes(std::vector<route_view> old, std::vector<route_view> now, differences& out);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_COMPARISON_H_
