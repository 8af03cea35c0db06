#include "trivet/netlink/route_rules.h"

#include <sys/socket.h>

#include <algorithm>

namespace trivet::netlink {
namespace {

using rtnl::next_hop;
using rtnl::route;
using position = route_list::iterator;

// Puts `after` in the place of a route that is known; silent where nothing differs.
void update(route& place, route&& after, route_changes& out) {
  if (rtnl::same_state(place, after)) {
    place = std::move(after);  // times and counters
    return;
  }
  out.push_back(route_change{std::move(place), after});
  place = std::move(after);
}

void insert(route_list& list, position where, route&& added, route_changes& out) {
  out.push_back(route_change{std::nullopt, added});
  list.insert(where, std::move(added));
}

void erase(route_list& list, position where, route_changes& out) {
  out.push_back(route_change{std::move(*where), std::nullopt});
  list.erase(where);
}

position find_configuration(route_list& list, const route& wanted) {
  const auto exact = std::find_if(list.begin(), list.end(), [&](const route& known) {
    return rtnl::same_state(known, wanted);
  });
  if (exact != list.end()) return exact;
  return std::find_if(list.begin(), list.end(),
                      [&](const route& known) { return rtnl::same_configuration(known, wanted); });
}

position find_next_hop_id(route_list& list, const route& wanted) {
  if (!wanted.next_hop_id) return list.end();
  return std::find_if(list.begin(), list.end(),
                      [&](const route& known) { return known.next_hop_id == wanted.next_hop_id; });
}

// Whether the kernel may join an IPv6 route with others to one of several hops: those with a
// gateway and without a nexthop object, but for those of router advertisements (RTF_ADDRCONF;
// rt6_qualify_for_ecmp of include/net/ip6_route.h). The flag is in no message.
bool may_join(const route& r) { return !r.next_hop_id && (r.next_hops || r.gateway || r.via); }

// Whether it was joined.
bool is_group(const route& r) { return !r.next_hop_id && r.next_hops.has_value(); }

// Whether it says that it is of a router advertisement. Programs say so, too, of routes that join.
bool is_advertised(const route& r) { return r.protocol == RTPROT_RA; }

bool same_way(const next_hop& a, const next_hop& b) {
  return a.index == b.index && a.gateway == b.gateway && a.via == b.via;
}

// Whether the only hop of a route is one of several: the kernel has no two routes of one way.
bool is_hop_of(const route& group, const route& single) {
  if (single.next_hop_id || single.next_hops) return false;
  const std::vector<next_hop> hops = single.hops();
  return std::any_of(group.next_hops->hops.begin(), group.next_hops->hops.end(),
                     [&](const next_hop& h) { return !hops.empty() && same_way(h, hops[0]); });
}

certainty add_v4(route_list& list, route&& added, unsigned flags, route_changes& out) {
  const position same = find_configuration(list, added);
  if (same != list.end()) {
    update(*same, std::move(added), out);
    return certainty::sure;
  }
  if (list.empty()) {
    insert(list, list.end(), std::move(added), out);
    return certainty::sure;
  }
  if ((flags & NLM_F_REPLACE) != 0) {
    // A replacing request takes the first; a nexthop object that changes takes its own routes.
    const position by_id = find_next_hop_id(list, added);
    update(by_id != list.end() ? *by_id : list.front(), std::move(added), out);
    return list.size() == 1 ? certainty::sure : certainty::doubtful;
  }
  if ((flags & NLM_F_EXCL) != 0) {
    // There was no route of this key: those that we know were deleted without an event.
    while (!list.empty()) erase(list, list.begin(), out);
    insert(list, list.end(), std::move(added), out);
    return certainty::sure;
  }
  const bool known_place = (flags & NLM_F_CREATE) != 0;
  insert(list, (flags & NLM_F_APPEND) != 0 ? list.end() : list.begin(), std::move(added), out);
  return known_place ? certainty::sure : certainty::doubtful;
}

// The kernel takes the first that joins as the new one does or does not, and the first of all where
// there is none.
certainty replace_v6(route_list& list, route&& added, route_changes& out) {
  if (list.empty()) {
    insert(list, list.end(), std::move(added), out);
    return certainty::sure;
  }
  const bool joining = may_join(added);
  const auto is_alike = [=](const route& r) { return joining ? is_group(r) : !may_join(r); };
  const auto may_be_alike = [=](const route& r) { return joining ? may_join(r) : !is_group(r); };
  const position by_id = find_next_hop_id(list, added);
  const position first = std::find_if(list.begin(), list.end(), may_be_alike);
  const position alike = std::find_if(list.begin(), list.end(), is_alike);
  const bool known_place =
      list.size() == 1 || (by_id == list.end() && first != list.end() && first == alike &&
                           std::count_if(list.begin(), list.end(), is_alike) == 1);
  position place = list.begin();
  for (const position better : {first, alike, by_id}) {
    if (better != list.end()) place = better;
  }
  update(*place, std::move(added), out);
  return known_place ? certainty::sure : certainty::doubtful;
}

// A route of several hops, which an event shows all. Of those that join the kernel makes one.
certainty add_group(route_list& list, route&& added, route_changes& out) {
  const auto is_part = [&](const route& r) { return is_group(r) || is_hop_of(added, r); };
  const position first = std::find_if(list.begin(), list.end(), is_part);
  if (first == list.end()) {
    // Those that it has not joined are of router advertisements, or gone.
    const bool told_apart = std::all_of(
        list.begin(), list.end(), [](const route& r) { return !may_join(r) || is_advertised(r); });
    insert(list, list.end(), std::move(added), out);
    return told_apart ? certainty::sure : certainty::doubtful;
  }
  bool alone = true;
  for (position other = std::next(first); other != list.end();) {
    if (!is_part(*other)) {
      ++other;
      continue;
    }
    alone = false;
    out.push_back(route_change{std::move(*other), std::nullopt});
    other = list.erase(other);
  }
  update(*first, std::move(added), out);
  return alone ? certainty::sure : certainty::doubtful;
}

certainty add_v6(route_list& list, route&& added, unsigned flags, route_changes& out) {
  const position same = find_configuration(list, added);
  if (same != list.end()) {
    update(*same, std::move(added), out);
    return certainty::sure;
  }
  if ((flags & NLM_F_REPLACE) != 0) return replace_v6(list, std::move(added), out);
  if (is_group(added)) return add_group(list, std::move(added), out);
  const position place = std::find_if(list.begin(), list.end(), [&](const route& known) {
    return known.output == added.output && known.type == added.type &&
           known.gateway == added.gateway && known.via == added.via &&
           known.next_hop_id == added.next_hop_id && !known.next_hops && !added.next_hops;
  });
  if (place != list.end()) {
    update(*place, std::move(added), out);
    return certainty::sure;
  }
  // One hop beside others: one or the other is of a router advertisement, or ours are gone.
  const bool told_apart = !may_join(added) || is_advertised(added) ||
                          std::all_of(list.begin(), list.end(), [](const route& r) {
                            return !may_join(r) || is_advertised(r);
                          });
  insert(list, list.end(), std::move(added), out);
  return told_apart ? certainty::sure : certainty::doubtful;
}

// What is left of a route of several hops when all but one are gone, as the kernel shows it then.
void collapse(route& r) {
  const next_hop hop = r.next_hops->hops.front();
  r.next_hops.reset();
  r.flags |= hop.flags;
  r.output = static_cast<std::uint32_t>(hop.index);
  r.gateway = hop.gateway;
  r.via = hop.via;
  r.flow = hop.flow;
  r.new_destination = hop.new_destination;
  r.encap_type = hop.encap_type;
  r.encap = hop.encap;
}

certainty remove_hop(route_list& list, const next_hop& hop, route_changes& out) {
  for (route& known : list) {
    if (!known.next_hops) continue;
    route after = known;
    std::vector<next_hop>& hops = after.next_hops->hops;
    const auto gone =
        std::find_if(hops.begin(), hops.end(), [&](const next_hop& h) { return same_way(h, hop); });
    if (gone == hops.end()) continue;
    hops.erase(gone);
    if (hops.size() == 1) collapse(after);
    if (after.next_hops && hops.empty()) return certainty::doubtful;
    update(known, std::move(after), out);
    return certainty::sure;
  }
  return certainty::doubtful;
}

}  // namespace

bool stands_alone(const route& route, unsigned flags) {
  return route.family == AF_INET6 && !may_join(route) && (flags & NLM_F_REPLACE) == 0;
}

certainty add_route(route_list& list, route&& added, unsigned flags, route_changes& out) {
  return added.family == AF_INET6 ? add_v6(list, std::move(added), flags, out)
                                  : add_v4(list, std::move(added), flags, out);
}

certainty remove_route(route_list& list, const route& gone, route_changes& out) {
  const position same = find_configuration(list, gone);
  if (same != list.end()) {
    erase(list, same, out);
    return certainty::sure;
  }
  if (list.empty()) return certainty::sure;
  if (gone.family == AF_INET6 && !gone.next_hops) {
    const std::vector<next_hop> hops = gone.hops();
    if (!hops.empty()) return remove_hop(list, hops.front(), out);
  }
  return certainty::doubtful;
}

void replace_routes(route_list& list, route_list&& newer, route_changes& out) {
  // What is the same drops out, then what differs in flags alone, then one against one.
  std::vector<bool> matched(newer.size());
  const auto match = [&](auto same) {
    for (position old = list.begin(); old != list.end();) {
      std::size_t i = 0;
      while (i < newer.size() && (matched[i] || !same(*old, newer[i]))) ++i;
      if (i == newer.size()) {
        ++old;
        continue;
      }
      matched[i] = true;
      if (!rtnl::same_state(*old, newer[i])) {
        out.push_back(route_change{std::move(*old), newer[i]});
      }
      old = list.erase(old);
    }
  };
  match([](const route& a, const route& b) { return rtnl::same_state(a, b); });
  match([](const route& a, const route& b) { return rtnl::same_configuration(a, b); });
  if (list.size() == 1 && std::count(matched.begin(), matched.end(), false) == 1) {
    match([](const route&, const route&) { return true; });
  }
  for (route& old : list) out.push_back(route_change{std::move(old), std::nullopt});
  for (std::size_t i = 0; i < newer.size(); ++i) {
    if (!matched[i]) out.push_back(route_change{std::nullopt, newer[i]});
  }
  list = std::move(newer);
}

}  // namespace trivet::netlink
