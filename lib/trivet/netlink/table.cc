#include "trivet/netlink/table.h"

#include <linux/if.h>
#include <linux/netconf.h>
#include <sys/socket.h>

#include <algorithm>

namespace trivet::netlink {
namespace {

using rtnl::link;
using rtnl::route;

objects address_kind(int family) {
  return family == AF_INET    ? objects::address_v4
         : family == AF_INET6 ? objects::address_v6
                              : objects::none;
}

objects route_kind(int family) {
  return family == AF_INET    ? objects::route_v4
         : family == AF_INET6 ? objects::route_v6
                              : objects::none;
}

// Entries of the routing cache, which are learnt from traffic, are no routes of a table.
bool is_cached(const route& r) { return (r.flags & RTM_F_CLONED) != 0; }

// What else may have changed with a link. With a link that goes down or loses its carrier go IPv4
// routes, nexthop objects and their routes; flags of routes and of IPv6 addresses change; a new MTU
// or master changes IPv6 routes. None of that is told.
objects doubts_of(const link& before, const link& after) {
  constexpr std::uint32_t telling = IFF_UP | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT;
  objects doubts = objects::none;
  if (((before.flags ^ after.flags) & telling) != 0 || before.master != after.master) {
    doubts |= objects::address | objects::route;
  }
  if (before.mtu != after.mtu) doubts |= objects::route;
  return doubts;
}

// A change of a sysctl that decides on RTNH_F_DEAD of routes over links without carrier. The
// message of a new device has all values and is about no change.
objects doubts_of_netconf(const message_view& message) {
  bool linkdown = false;
  bool forwarding = false;
  attribute_reader in(message.attributes<::netconfmsg>());
  for (attribute a; in.next(a);) {
    linkdown |= a.type == NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN;
    forwarding |= a.type == NETCONFA_FORWARDING;
  }
  return linkdown && !forwarding ? objects::route : objects::none;
}

template <class Map, class Same>
void replace_map(Map& map, Map&& newer, bool absent_stay, differences& out,
                 bool (*of_kind)(const typename Map::mapped_type&, objects), objects which,
                 Same same) {
  using object = typename Map::mapped_type;
  for (auto old = map.begin(); old != map.end();) {
    const bool concerned = of_kind(old->second, which);
    if (!concerned || newer.contains(old->first) || absent_stay) {
      ++old;
      continue;
    }
    out.push_back(difference<object>{std::move(old->second), std::nullopt});
    old = map.erase(old);
  }
  for (auto& [key, value] : newer) {
    if (!of_kind(value, which)) continue;
    const auto [place, fresh] = map.try_emplace(key, value);
    if (fresh) {
      out.push_back(difference<object>{std::nullopt, value});
    } else {
      if (!same(place->second, value)) {
        out.push_back(difference<object>{std::move(place->second), value});
      }
      place->second = std::move(value);
    }
  }
}

}  // namespace

address_key address_key::of(const rtnl::address& address) {
  address_key key;
  key.index = address.index;
  key.family = address.family;
  if (address.own() != nullptr) key.own = *address.own();
  // The kernel lets the peer of an IPv6 address be changed, and none of it twice on one link.
  if (address.family == AF_INET) {
    key.prefix_length = address.prefix_length;
    if (address.peer) key.peer = *address.peer;
  }
  return key;
}

route_key route_key::of(const rtnl::route& route) {
  route_key key;
  key.family = route.family;
  key.table = route.table;
  key.destination_length = route.destination_length;
  if (route.destination) key.destination = *route.destination;
  key.source_length = route.source_length;
  if (route.source) key.source = *route.source;
  key.tos = route.tos;
  key.metric = route.metric.value_or(0);
  return key;
}

std::size_t table::route_count() const noexcept {
  std::size_t count = 0;
  for (const auto& [key, list] : routes_) count += list.size();
  return count;
}

const rtnl::link* table::find_link(std::int32_t index) const noexcept {
  const auto found = links_.find(index);
  return found == links_.end() ? nullptr : &found->second;
}

objects table::apply(const message_view& message, differences& out) {
  switch (message.type()) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return apply_link(message, out);
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return apply_address(message, out);
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return apply_route(message, out);
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
      return objects::route;  // with a nexthop object go its routes
    case RTM_NEWQDISC:
    case RTM_DELQDISC:
    case RTM_NEWNSID:
    case RTM_DELNSID:
      return objects::link;  // IFLA_QDISC, IFLA_LINK_NETNSID
    case RTM_NEWNETCONF:
      return doubts_of_netconf(message);
    default:
      return objects::none;
  }
}

objects table::apply_link(const message_view& message, differences& out) {
  auto now = link::decode(message);
  if (!now) return objects::all;
  // A bridge tells of its ports in the same group: its RTM_DELLINK deletes no link.
  if (now->family != AF_UNSPEC) return objects::none;
  const auto known = links_.find(now->index);
  if (message.type() == RTM_DELLINK) {
    if (known != links_.end()) {
      out.push_back(difference<link>{std::move(known->second), std::nullopt});
      links_.erase(known);
    }
    return objects::all;
  }
  if (!now->name) return objects::link;  // a driver's note about a link, and not its state
  if (known == links_.end()) {
    out.push_back(difference<link>{std::nullopt, *now});
    links_.emplace(now->index, std::move(*now));
    return objects::none;
  }
  const objects doubts = doubts_of(known->second, *now);
  if (!rtnl::same_state(known->second, *now)) {
    out.push_back(difference<link>{std::move(known->second), *now});
  }
  known->second = std::move(*now);
  return doubts;
}

objects table::apply_address(const message_view& message, differences& out) {
  auto now = rtnl::address::decode(message);
  if (!now) return objects::address | objects::route;
  const objects kind = address_kind(now->family);
  const objects routes = kind == objects::address_v4 ? objects::route_v4 : objects::route_v6;
  const bool removal = message.type() == RTM_DELADDR;
  // Routes from an address go with it, and a new address revives dead IPv4 routes.
  const objects doubts = removal || kind == objects::address_v4 ? routes : objects::none;
  if (!any(kind)) return objects::none;
  if (!overlap(kind, kept_)) return doubts;
  const address_key key = address_key::of(*now);
  const auto known = addresses_.find(key);
  if (removal) {
    if (known != addresses_.end()) {
      out.push_back(difference<rtnl::address>{std::move(known->second), std::nullopt});
      addresses_.erase(known);
    }
    return doubts;
  }
  if (known == addresses_.end()) {
    out.push_back(difference<rtnl::address>{std::nullopt, *now});
    addresses_.emplace(key, std::move(*now));
    return doubts;
  }
  if (!rtnl::same_state(known->second, *now)) {
    out.push_back(difference<rtnl::address>{std::move(known->second), *now});
  }
  known->second = std::move(*now);
  return doubts;
}

objects table::apply_route(const message_view& message, differences& out) {
  auto now = route::decode(message);
  if (!now) return objects::route;
  const objects kind = route_kind(now->family);
  if (!overlap(kind, kept_) || is_cached(*now)) return objects::none;
  const auto place = routes_.try_emplace(route_key::of(*now)).first;
  const certainty how = message.type() == RTM_DELROUTE ? remove_route(place->second, *now, out)
                                                       : add_route(place->second, std::move(*now),
                                                                   message.header.nlmsg_flags, out);
  if (place->second.empty()) routes_.erase(place);
  return how == certainty::sure ? objects::none : kind;
}

void table::load(const message_view& message) {
  switch (message.type()) {
    case RTM_NEWLINK:
      if (auto now = link::decode(message)) {
        if (now->family == AF_UNSPEC && overlap(kept_, objects::link)) {
          links_.insert_or_assign(now->index, std::move(*now));
        }
      }
      return;
    case RTM_NEWADDR:
      if (auto now = rtnl::address::decode(message)) {
        if (overlap(kept_, address_kind(now->family))) {
          addresses_.insert_or_assign(address_key::of(*now), std::move(*now));
        }
      }
      return;
    case RTM_NEWROUTE:
      if (auto now = route::decode(message)) {
        if (!overlap(kept_, route_kind(now->family)) || is_cached(*now)) return;
        // A dump under way repeats what was moved behind it.
        route_list& list = routes_[route_key::of(*now)];
        const auto repeated = std::find_if(list.begin(), list.end(), [&](const route& known) {
          return rtnl::same_state(known, *now);
        });
        if (repeated == list.end()) list.push_back(std::move(*now));
      }
      return;
    default:
      return;
  }
}

void table::replace(objects which, table&& newer, bool absent_stay, differences& out) {
  if (overlap(which, objects::link)) {
    replace_map(
        links_, std::move(newer.links_), absent_stay, out,
        [](const link&, objects) { return true; }, which,
        [](const link& a, const link& b) { return rtnl::same_state(a, b); });
  }
  replace_map(
      addresses_, std::move(newer.addresses_), absent_stay, out,
      [](const rtnl::address& a, objects kinds) { return overlap(address_kind(a.family), kinds); },
      which, [](const rtnl::address& a, const rtnl::address& b) { return rtnl::same_state(a, b); });
  for (auto old = routes_.begin(); old != routes_.end();) {
    const bool concerned = overlap(route_kind(old->first.family), which);
    if (!concerned || absent_stay || newer.routes_.contains(old->first)) {
      ++old;
      continue;
    }
    replace_routes(old->second, {}, out);
    old = routes_.erase(old);
  }
  for (auto& [key, list] : newer.routes_) {
    if (overlap(route_kind(key.family), which)) {
      replace_routes(routes_[key], std::move(list), out);
    }
  }
}

}  // namespace trivet::netlink
