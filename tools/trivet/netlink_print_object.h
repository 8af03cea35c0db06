// One object of any kind that a monitor tells of: what it counts as, whether it is shown, how it is
// drawn.
#ifndef TOOLS_TRIVET_NETLINK_PRINT_OBJECT_H_
#define TOOLS_TRIVET_NETLINK_PRINT_OBJECT_H_

#include <cstddef>

#include "tools/trivet/netlink_drawing.h"
#include "tools/trivet/netlink_monitor_counts.h"
#include "tools/trivet/netlink_print.h"
#include "tools/trivet/netlink_show_route.h"
#include "tools/trivet/netlink_titles.h"

namespace trivet::tool {

/// Where an object's kind stands among monitored_nouns.
template <class Object>
inline constexpr std::size_t place_of = 0;
template <>
inline constexpr std::size_t place_of<netlink::rtnl::address> = 1;
template <>
inline constexpr std::size_t place_of<netlink::route_view> = 2;
template <>
inline constexpr std::size_t place_of<netlink::rtnl::neighbour> = 3;
template <>
inline constexpr std::size_t place_of<netlink::rtnl::rule> = 4;
template <>
inline constexpr std::size_t place_of<netlink::rtnl::nexthop> = 5;

/// Whether the style wants its kind, and its link.
template <class Object>
[[nodiscard]] bool is_shown(const event_style& style, const naming& names, const Object& object) {
  return netlink::overlap(monitored_nouns[place_of<Object>].bits, style.shown) &&
         (!style.device || belongs(object, names, *style.device));
}

// The members of an object, or its words.
void draw_object(drawing& d, route_printer& routes, const netlink::rtnl::link& link);
void draw_object(drawing& d, route_printer& routes, const netlink::rtnl::address& address);
void draw_object(drawing& d, route_printer& routes, const netlink::route_view& stored);
void draw_object(drawing& d, route_printer& routes, const netlink::rtnl::neighbour& neighbour);
void draw_object(drawing& d, route_printer& routes, const netlink::rtnl::rule& rule);
void draw_object(drawing& d, route_printer& routes, const netlink::rtnl::nexthop& nexthop);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_PRINT_OBJECT_H_
