#include "tools/trivet/netlink_print_object.h"

#include "tools/trivet/netlink_words.h"

namespace trivet::tool {

void draw_object(drawing& d, route_printer& /*routes*/, const netlink::rtnl::link& link) {
  show_link(d, link, {}, {});
}

void draw_object(drawing& d, route_printer& /*routes*/, const netlink::rtnl::address& address) {
  show_address(d, address);
}

void draw_object(drawing& /*d*/, route_printer& routes, const netlink::route_view& stored) {
  route_view route;
  if (route.parse({.payload = stored.bytes()})) routes.print_members(route);
}

void draw_object(drawing& d, route_printer& /*routes*/, const netlink::rtnl::neighbour& neighbour) {
  show_neighbour(d, neighbour, true);
}

void draw_object(drawing& d, route_printer& /*routes*/, const netlink::rtnl::rule& rule) {
  // `ip rule` is told which family it is to show; here there are both.
  d.out.string("family", "", family_name(rule.family));
  show_rule(d, rule);
}

void draw_object(drawing& d, route_printer& /*routes*/, const netlink::rtnl::nexthop& nexthop) {
  show_nexthop(d, nexthop);
}

}  // namespace trivet::tool
