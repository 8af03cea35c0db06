#include "trivet/netlink/table.h"

#include <linux/if.h>
#include <linux/netconf.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace trivet::netlink {
namespace {

using rtnl::link;

// Of two kinds that of a family; none of another one.
objects by_family(int family, objects v4, objects v6) {
  return family == AF_INET ? v4 : family == AF_INET6 ? v6 : objects::none;
}
objects address_kind(int family) {
  return by_family(family, objects::address_v4, objects::address_v6);
}
objects route_kind(int family) { return by_family(family, objects::route_v4, objects::route_v6); }
objects neighbour_kind(int family) {
  return by_family(family, objects::neighbour_v4, objects::neighbour_v6);
}
objects rule_kind(int family) { return by_family(family, objects::rule_v4, objects::rule_v6); }

// What may go with a link without an event.
constexpr objects with_links = objects::basic | objects::nexthop;

// What `ip neigh` shows: entries that are resolved or are being resolved, and no proxies.
bool is_shown(const rtnl::neighbour& n) {
  return n.state != NUD_NONE && (n.state & NUD_NOARP) == 0 && (n.flags & NTF_PROXY) == 0;
}

neighbour_key key_of(const rtnl::neighbour& n) {
  return {n.index, n.destination.value_or(rtnl::network_address())};
}

// What else may have changed with a link. With a link that goes down or loses its carrier go IPv4
// routes, nexthop objects and their routes; flags of routes and of IPv6 addresses change; a new MTU
// or master changes IPv6 routes. None of that is told.
objects doubts_of(const link& before, const link& after) {
  constexpr std::uint32_t telling = IFF_UP | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT;
  objects doubts = objects::none;
  if (((before.flags ^ after.flags) & telling) != 0 || before.master != after.master) {
    doubts |= objects::address | objects::route | objects::nexthop;
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

// An object that was told of: takes the place of the one that is known under its identity.
template <class Map, class T>
void put(Map& map, const typename Map::key_type& key, T&& now, differences& out) {
  using object = std::decay_t<T>;
  auto fresh = std::make_shared<const object>(std::forward<T>(now));
  held<object>& place = map[key];
  if (place && rtnl::same_state(*place, *fresh)) {
    place = std::move(fresh);  // times and counters
    return;
  }
  out.emplace_back(difference<object>{std::exchange(place, fresh), fresh});
}

template <class Map>
void remove(Map& map, const typename Map::key_type& key, differences& out) {
  const auto known = map.find(key);
  if (known == map.end()) return;
  using object = std::remove_const_t<typename Map::mapped_type::element_type>;
  out.emplace_back(difference<object>{std::move(known->second), {}});
  map.erase(known);
}

// Makes those objects of a map that are `concerned` what they are in `newer`.
template <class Map, class Concerned>
void replace_map(Map& map, Map& newer, absences* doubtful, differences& out, Concerned concerned) {
  using object = std::remove_const_t<typename Map::mapped_type::element_type>;
  for (auto old = map.begin(); old != map.end();) {
    if (!concerned(*old->second) || newer.contains(old->first) ||
        (doubtful != nullptr && !doubtful->gone(old->second))) {
      ++old;
      continue;
    }
    out.emplace_back(difference<object>{std::move(old->second), {}});
    old = map.erase(old);
  }
  for (auto& [key, value] : newer) {
    if (!value || !concerned(*value)) continue;  // one that is gone was of another kind
    held<object>& place = map[key];
    if (!place || !rtnl::same_state(*place, *value)) {
      out.emplace_back(difference<object>{std::move(place), value});
    }
    place = std::move(value);
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

const rtnl::link* table::find_link(std::int32_t index) const noexcept {
  const auto found = links_.find(index);
  return found == links_.end() ? nullptr : found->second.get();
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
      return apply_nexthop(message, out);
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
      return apply_neighbour(message, out);
    case RTM_NEWRULE:
    case RTM_DELRULE:
      return apply_rule(message, out);
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
  if (!now) return with_links;
  // A bridge tells of its ports in the same group: its RTM_DELLINK deletes no link.
  if (now->family != AF_UNSPEC) return objects::none;
  const link* const known = find_link(now->index);
  if (message.type() == RTM_DELLINK) {
    const objects rules = known != nullptr ? rules_about(*known) : objects::rule;
    remove(links_, now->index, out);
    return with_links | rules;
  }
  if (!now->name) return objects::link;  // a driver's note about a link, and not its state
  objects doubts = known != nullptr ? doubts_of(*known, *now) : rules_about(*now);
  if (known != nullptr && known->name != now->name)
    doubts |= rules_about(*known) | rules_about(*now);
  put(links_, now->index, std::move(*now), out);
  return doubts;
}

// Rules are detached from a link and attached to it by its name, without an event.
objects table::rules_about(const link& l) const {
  if (!l.name) return objects::rule & kept_;
  return (rules_v4_.any_names(*l.name) ? objects::rule_v4 : objects::none) |
         (rules_v6_.any_names(*l.name) ? objects::rule_v6 : objects::none);
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
  if (removal) {
    remove(addresses_, key, out);
  } else {
    put(addresses_, key, std::move(*now), out);
  }
  return doubts;
}

objects table::apply_neighbour(const message_view& message, differences& out) {
  auto now = rtnl::neighbour::decode(message);
  if (!now) return objects::neighbour;
  if (!overlap(neighbour_kind(now->family), kept_) || (now->flags & NTF_PROXY) != 0) {
    return objects::none;
  }
  const neighbour_key key = key_of(*now);
  if (message.type() == RTM_DELNEIGH || !is_shown(*now)) {
    remove(neighbours_, key, out);
  } else {
    put(neighbours_, key, std::move(*now), out);
  }
  return objects::none;
}

objects table::apply_rule(const message_view& message, differences& out) {
  auto now = rtnl::rule::decode(message);
  if (!now) return objects::rule;
  const objects kind = rule_kind(now->family);
  if (!overlap(kind, kept_)) return objects::none;
  rule_list& rules = now->family == AF_INET ? rules_v4_ : rules_v6_;
  // Rules that go to this one are resolved by it, without an event.
  const objects doubts = rules.any_goes_to(now->priority.value_or(0)) ? kind : objects::none;
  if (message.type() == RTM_DELRULE) return rules.remove(*now, out) ? doubts : kind;
  // Either there are two of them now, or the event is about the one that is known.
  if (rules.contains(*now)) return kind;
  rules.add(std::move(*now), out);
  return doubts;
}

objects table::apply_nexthop(const message_view& message, differences& out) {
  constexpr objects routes = objects::route;  // with a nexthop go its routes
  auto now = rtnl::nexthop::decode(message);
  if (!now || !now->id) return routes | objects::nexthop;
  if (!overlap(objects::nexthop, kept_)) return routes;
  const std::uint32_t id = *now->id;
  if (message.type() == RTM_DELNEXTHOP) {
    remove(nexthops_, id, out);
  } else {
    put(nexthops_, id, std::move(*now), out);
  }
  return routes;
}

void table::look_ahead(std::span<const const_bytes> datagrams) const noexcept {
  struct sought {
    const route_store* store;
    std::uint32_t hash;
  };
  std::array<sought, 64> routes;
  std::size_t count = 0;
  for (const const_bytes datagram : datagrams) {
    message_reader in(datagram);
    message_view message;
    route_key key;
    if (count == routes.size() || !in.next(message)) break;
    if (message.type() != RTM_NEWROUTE && message.type() != RTM_DELROUTE) continue;
    if (!route_key::read(message.payload, key)) continue;
    const sought one{key.family == AF_INET ? &routes_v4_ : &routes_v6_, key.hash()};
    __builtin_prefetch(one.store->first_slot(one.hash), 1);
    routes[count++] = one;
  }
  for (const sought& one : std::span(routes).first(count)) {
    __builtin_prefetch(one.store->first_record(one.hash));
  }
}

// Entries of the routing cache, which are learnt from traffic, are no routes of a table.
bool table::keeps(const_bytes payload, const route_key& key) const noexcept {
  return overlap(route_kind(key.family), kept_) &&
         (tables_.empty() || std::binary_search(tables_.begin(), tables_.end(), key.table)) &&
         (load_padded<::rtmsg>(payload).rtm_flags & RTM_F_CLONED) == 0;
}

objects table::apply_route(const message_view& message, differences& out) {
  route_key key;
  if (!route_key::read(message.payload, key)) return objects::route;
  if (!keeps(message.payload, key)) return objects::none;
  const certainty how = routes_of(key.family).apply(message, key, out);
  return how == certainty::sure ? objects::none : route_kind(key.family);
}

void table_loader::load_route(const message_view& message) {
  const const_bytes payload = message.payload;
  if (payload.size() < sizeof(::rtmsg)) return;
  const auto family = std::to_integer<int>(payload[offsetof(::rtmsg, rtm_family)]);
  (family == AF_INET ? routes_v4_ : routes_v6_).load(payload, [&](const route_key& key) {
    return into_.keeps(payload, key);
  });
}

void table::load(const message_view& message) {
  switch (message.type()) {
    case RTM_NEWROUTE: {
      route_key key;
      if (!route_key::read(message.payload, key) || !keeps(message.payload, key)) return;
      return routes_of(key.family).load(key, message.payload);
    }
    case RTM_NEWLINK:
      if (auto now = link::decode(message)) {
        if (now->family != AF_UNSPEC || !overlap(kept_, objects::link)) return;
        links_[now->index] = std::make_shared<const link>(std::move(*now));
      }
      return;
    case RTM_NEWADDR:
      if (auto now = rtnl::address::decode(message)) {
        if (!overlap(kept_, address_kind(now->family))) return;
        addresses_[address_key::of(*now)] = std::make_shared<const rtnl::address>(std::move(*now));
      }
      return;
    case RTM_NEWNEIGH:
      if (auto now = rtnl::neighbour::decode(message)) {
        if (!overlap(kept_, neighbour_kind(now->family)) || !is_shown(*now)) return;
        const neighbour_key key = key_of(*now);
        neighbours_[key] = std::make_shared<const rtnl::neighbour>(std::move(*now));
      }
      return;
    case RTM_NEWRULE:
      if (auto now = rtnl::rule::decode(message)) {
        if (!overlap(kept_, rule_kind(now->family))) return;
        differences ignored;
        (now->family == AF_INET ? rules_v4_ : rules_v6_).add(std::move(*now), ignored);
      }
      return;
    case RTM_NEWNEXTHOP: {
      differences ignored;
      apply(message, ignored);
      return;
    }
    default:
      return;
  }
}

void table::replace(objects which, table&& newer, objects unsteady, all_absences& doubtful,
                    differences& out) {
  // What is certain of a kind leaves nothing of it suspected.
  for (const objects kind : each_kind) {
    if (!overlap(which, kind)) continue;
    absences& absent = doubtful.of(kind);
    replace_kind(kind, newer, overlap(unsteady, kind) ? &absent : nullptr, out);
    absent.end();
  }
}

void table::replace_kind(objects kind, table& newer, absences* doubtful, differences& out) {
  switch (kind) {
    case objects::link:
      return replace_map(links_, newer.links_, doubtful, out, [](const link&) { return true; });
    case objects::address_v4:
    case objects::address_v6:
      return replace_map(addresses_, newer.addresses_, doubtful, out,
                         [kind](const rtnl::address& a) { return address_kind(a.family) == kind; });
    case objects::neighbour_v4:
    case objects::neighbour_v6:
      return replace_map(
          neighbours_, newer.neighbours_, doubtful, out,
          [kind](const rtnl::neighbour& n) { return neighbour_kind(n.family) == kind; });
    case objects::nexthop:
      return replace_map(nexthops_, newer.nexthops_, doubtful, out,
                         [](const rtnl::nexthop&) { return true; });
    case objects::rule_v4:
      return rules_v4_.replace(std::move(newer.rules_v4_), doubtful, out);
    case objects::rule_v6:
      return rules_v6_.replace(std::move(newer.rules_v6_), doubtful, out);
    case objects::route_v4:
      return routes_v4_.replace(std::move(newer.routes_v4_), doubtful, out);
    case objects::route_v6:
      return routes_v6_.replace(std::move(newer.routes_v6_), doubtful, out);
    default:
      return;
  }
}

}  // namespace trivet::netlink
