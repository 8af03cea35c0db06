#include "tools/trivet/netlink_print_table.h"

#include <cstdint>
#include <utility>

#include "tools/trivet/netlink_print_object.h"

namespace trivet::tool {
namespace {

/// Link by link, as `ip -j addr` has them.
void draw_addresses(drawing& d, const event_style& style, const netlink::table& state) {
  const netlink_options nested{.details = style.details};
  drawing addresses{std::move(d.out), std::move(d.names), nested};
  for (const auto& [index, link] : state.links()) {
    if (style.device && !belongs(*link, addresses.names, *style.device)) continue;
    addresses.out.open();
    show_link(addresses, *link, {.for_addresses = true}, {});
    addresses.out.open_list("addr_info");
    const auto number = static_cast<std::uint32_t>(index);
    auto address = state.addresses().lower_bound({.index = number, .own = {}, .peer = {}});
    for (; address != state.addresses().end() && address->first.index == number; ++address) {
      addresses.out.open();
      show_address(addresses, *address->second);
      addresses.out.close();
    }
    addresses.out.close_list();
    addresses.out.close();
  }
  d.out = std::move(addresses.out);
  d.names = std::move(addresses.names);
}

}  // namespace

void draw_table(drawing& d, route_printer& routes, const event_style& style,
                const netlink::table& state) {
  show_writer& out = d.out;
  const auto element = [&](const auto& object) {
    if (!is_shown(style, d.names, object)) return;
    out.open();
    draw_object(d, routes, object);
    out.close();
  };
  const auto list = [&](std::size_t place, const auto& fill) {
    if (!netlink::overlap(monitored_nouns[place].bits, style.shown)) return;
    out.open_list(monitored_nouns[place].name);
    fill();
    out.close_list();
  };
  out.open();
  list(0, [&] {
    for (const auto& [index, link] : state.links()) element(*link);
  });
  list(1, [&] { draw_addresses(d, style, state); });
  list(2, [&] {
    for (const netlink::route_view route : state.routes_v4()) element(route);
    for (const netlink::route_view route : state.routes_v6()) element(route);
  });
  list(3, [&] {
    for (const auto& [key, neighbour] : state.neighbours()) element(*neighbour);
  });
  list(4, [&] {
    for (const auto& rule : state.rules_v4()) element(*rule);
    for (const auto& rule : state.rules_v6()) element(*rule);
  });
  list(5, [&] {
    for (const auto& [id, nexthop] : state.nexthops()) element(*nexthop);
  });
  out.close();
}

}  // namespace trivet::tool
