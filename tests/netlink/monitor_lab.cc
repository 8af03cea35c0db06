#include "tests/netlink/monitor_lab.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "trivet/netlink/batch.h"
#include "trivet/netlink/monitor.h"
#include "trivet/netlink/object_kinds.h"

namespace trivet::netlink {

route_maker::route_maker(int family, const std::string& link)
    : family_(family), link_(::if_nametoindex(link.c_str())) {}

void route_maker::add(std::uint32_t first, std::uint32_t count) {
  write(RTM_NEWROUTE, first, count);
}

void route_maker::remove(std::uint32_t first, std::uint32_t count) {
  write(RTM_DELROUTE, first, count);
}

void route_maker::write(int type, std::uint32_t first, std::uint32_t count) {
  std::size_t refused = 0;
  batch all(kernel_, [&](std::size_t, const outcome& end) { refused += !end.ok(); });
  for (std::uint32_t number = first; number < first + count; ++number) {
    rtnl::route route;
    route.family = static_cast<std::uint8_t>(family_);
    const bool v4 = family_ == AF_INET;
    route.destination_length = v4 ? 32 : 48;
    route.table = RT_TABLE_MAIN;
    route.protocol = RTPROT_STATIC;
    route.type = RTN_UNICAST;
    route.scope = v4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    char text[64];
    std::snprintf(text, sizeof text, v4 ? "10.%u.%u.%u" : "2001:%x:%x::",
                  v4 ? number >> 16 & 255 : 0xdb8 + (number >> 16),
                  v4 ? number >> 8 & 255 : number & 0xffff, number & 255);
    route.destination = rtnl::network_address::parse(text);
    route.output = link_;
    message_builder request(static_cast<std::uint16_t>(type),
                            type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0);
    route.encode(request);
    all.add(request);
  }
  all.flush();
  if (refused > 0) throw std::runtime_error("routes were refused");
}

namespace {

template <class Routes>
std::string difference_of_orders(const Routes& live, const Routes& now) {
  for (const route_view one : live) {
    const auto here = live.find(one.key());
    const auto there = now.find(one.key());
    if (!std::equal(here.begin(), here.end(), there.begin(), there.end(),
                    [](route_view a, route_view b) { return same_state(a, b); })) {
      return "the order of the routes to " + one.decode().destination.value().to_string();
    }
  }
  return "";
}

bool same_order(const rule_list& live, const rule_list& now) {
  return std::equal(live.begin(), live.end(), now.begin(), now.end(),
                    [](const auto& a, const auto& b) { return rtnl::same_state(*a, *b); });
}

bool same_but_for_state(const difference<rtnl::neighbour>& d) {
  if (!d.before || !d.after) return false;
  rtnl::neighbour before = *d.before;
  before.state = d.after->state;
  return rtnl::same_state(before, *d.after);
}

}  // namespace

std::string difference_from_kernel(const table& live) {
  const monitor fresh({.what = live.kept(), .tables = live.tables()});
  const table& now = fresh.state();
  table copy = live;
  differences differing;
  copy.replace(live.kept(), table(now), objects::none, differing);
  for (const any_difference& one : differing) {
    const auto* const neighbour = std::get_if<difference<rtnl::neighbour>>(&one);
    if (neighbour != nullptr && same_but_for_state(*neighbour)) continue;
    std::string text = std::to_string(differing.size()) + " objects differ, the first of kind " +
                       std::to_string(static_cast<unsigned>(kind_of(one)));
    if (const auto* const a = std::get_if<difference<rtnl::address>>(&one)) {
      text += " " + a->newest()->own()->to_string() + " if " + std::to_string(a->newest()->index) +
              " flags " + std::to_string(a->before ? a->before->flags : 0xffffffff) + " -> " +
              std::to_string(a->after ? a->after->flags : 0xffffffff);
    }
    return text;
  }
  if (!same_order(live.rules_v4(), now.rules_v4()) ||
      !same_order(live.rules_v6(), now.rules_v6())) {
    return "the order of the rules";
  }
  return difference_of_orders(live.routes_v4(), now.routes_v4()) +
         difference_of_orders(live.routes_v6(), now.routes_v6());
}

}  // namespace trivet::netlink
