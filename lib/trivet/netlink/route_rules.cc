#include "trivet/netlink/route_rules.h"

#include <sys/socket.h>

#include <algorithm>

namespace trivet::netlink {
namespace {

using rtnl::next_hop;
using rtnl::route;
using action = route_edit::action;

constexpr std::size_t none = static_cast<std::size_t>(-1);

// Where the first stands that the predicate takes, or none.
template <class Predicate>
std::size_t find(const route_list& list, Predicate is) {
  const auto found = std::find_if(list.begin(), list.end(), is);
  return found == list.end() ? none : static_cast<std::size_t>(found - list.begin());
}

route_reading only(action what, std::size_t which = 0, certainty how = certainty::sure) {
  return {how, {{what, which, std::nullopt}}};
}

certainty sure_if(bool known) { return known ? certainty::sure : certainty::doubtful; }

std::size_t find_configuration(const route_list& list, const route& wanted) {
  const std::size_t exact =
      find(list, [&](const route& known) { return rtnl::same_state(known, wanted); });
  if (exact != none) return exact;
  return find(list, [&](const route& known) { return rtnl::same_configuration(known, wanted); });
}

std::size_t find_next_hop_id(const route_list& list, const route& wanted) {
  if (!wanted.next_hop_id) return none;
  return find(list, [&](const route& known) { return known.next_hop_id == wanted.next_hop_id; });
}

// Whether it was joined.
bool is_group(const route& r) { return !r.next_hop_id && r.next_hops.has_value(); }

// Whether it says that it is of a router advertisement. Programs say so, too, of routes that join.
bool is_advertised(const route& r) { return r.protocol == RTPROT_RA; }

// Whether all that have not been joined with one that may join are known not to be of its kind.
bool told_apart(const route_list& list) {
  return std::all_of(list.begin(), list.end(),
                     [](const route& r) { return !may_join(r) || is_advertised(r); });
}

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

route_reading add_v4(const route_list& list, unsigned flags, const route& added, bool others) {
  if ((flags & NLM_F_REPLACE) != 0) {
    // A replacing request takes the first; a nexthop object that changes takes its own routes.
    const std::size_t by_id = find_next_hop_id(list, added);
    return only(action::write, by_id != none ? by_id : 0, sure_if(list.size() == 1 && !others));
  }
  if ((flags & NLM_F_EXCL) != 0) {
    // There was no route of this key: those that we know were deleted without an event.
    route_reading reading;
    for (std::size_t i = 0; i < list.size(); ++i) {
      reading.edits.push_back({action::erase, i, std::nullopt});
    }
    reading.edits.push_back({action::insert_last, 0, std::nullopt});
    return reading;
  }
  return only((flags & NLM_F_APPEND) != 0 ? action::insert_last : action::insert_first, 0,
              sure_if((flags & NLM_F_CREATE) != 0));
}

// The kernel takes the first that joins as the new one does or does not, and the first of all where
// there is none.
route_reading replace_v6(const route_list& list, const route& added) {
  const bool joining = may_join(added);
  const auto is_alike = [=](const route& r) { return joining ? is_group(r) : !may_join(r); };
  const auto may_be_alike = [=](const route& r) { return joining ? may_join(r) : !is_group(r); };
  const std::size_t by_id = find_next_hop_id(list, added);
  const std::size_t first = find(list, may_be_alike);
  const std::size_t alike = find(list, is_alike);
  const bool known_place =
      list.size() == 1 || (by_id == none && first != none && first == alike &&
                           std::count_if(list.begin(), list.end(), is_alike) == 1);
  std::size_t place = 0;
  for (const std::size_t better : {first, alike, by_id}) {
    if (better != none) place = better;
  }
  return only(action::write, place, sure_if(known_place));
}

// A route of several hops, which an event shows all. Of those that join the kernel makes one.
route_reading add_group(const route_list& list, const route& added) {
  const auto is_part = [&](const route& r) { return is_group(r) || is_hop_of(added, r); };
  const std::size_t first = find(list, is_part);
  // Those that it has not joined are of router advertisements, or gone.
  if (first == none) return only(action::insert_last, 0, sure_if(told_apart(list)));
  route_reading reading;
  for (std::size_t i = first + 1; i < list.size(); ++i) {
    if (is_part(list[i])) reading.edits.push_back({action::erase, i, std::nullopt});
  }
  reading.how = sure_if(reading.edits.empty());
  reading.edits.push_back({action::write, first, std::nullopt});
  return reading;
}

route_reading add_v6(const route_list& list, unsigned flags, const route& added) {
  if ((flags & NLM_F_REPLACE) != 0) return replace_v6(list, added);
  if (is_group(added)) return add_group(list, added);
  const std::size_t place = find(list, [&](const route& known) {
    return known.output == added.output && known.type == added.type &&
           known.gateway == added.gateway && known.via == added.via &&
           known.next_hop_id == added.next_hop_id && !known.next_hops && !added.next_hops;
  });
  if (place != none) return only(action::write, place);
  // One hop beside others: one or the other is of a router advertisement, or ours are gone.
  return only(action::insert_last, 0,
              sure_if(!may_join(added) || is_advertised(added) || told_apart(list)));
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

route_reading remove_hop(const route_list& list, const next_hop& hop) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].next_hops) continue;
    route after = list[i];
    std::vector<next_hop>& hops = after.next_hops->hops;
    const auto gone =
        std::find_if(hops.begin(), hops.end(), [&](const next_hop& h) { return same_way(h, hop); });
    if (gone == hops.end()) continue;
    hops.erase(gone);
    if (hops.empty()) break;
    if (hops.size() == 1) collapse(after);
    return {certainty::sure, {{action::write, i, std::move(after)}}};
  }
  return {certainty::doubtful, {}};
}

}  // namespace

bool may_join(const route& r) {
  return r.family == AF_INET6 && !r.next_hop_id && (r.next_hops || r.gateway || r.via);
}

bool stands_alone(const route& r) { return r.family == AF_INET6 && !may_join(r); }

reach reach_of(const route& route, std::optional<unsigned> flags) {
  const bool replacing = flags && (*flags & NLM_F_REPLACE) != 0;
  if (route.family != AF_INET6) {
    if (!flags) return reach::way;
    return replacing ? reach::place : (*flags & NLM_F_EXCL) != 0 ? reach::all : reach::way;
  }
  if (replacing) return reach::all;
  if (!flags) return reach::joined;
  return may_join(route) && (is_group(route) || !is_advertised(route)) ? reach::joined : reach::way;
}

bool any_same(const route_list& list, const route& route) {
  return std::any_of(list.begin(), list.end(), [&](const rtnl::route& known) {
    return rtnl::same_configuration(known, route);
  });
}

route_reading read_addition(const route_list& list, const route& added, unsigned flags,
                            bool others) {
  const std::size_t same = find_configuration(list, added);
  if (same != none) return only(action::write, same);
  if (list.empty() && !others) return only(action::insert_last);
  return added.family == AF_INET6 ? add_v6(list, flags, added) : add_v4(list, flags, added, others);
}

route_reading read_removal(const route_list& list, const route& gone, bool others) {
  const std::size_t same = find_configuration(list, gone);
  if (same != none) return only(action::erase, same);
  if (list.empty() && !others) return {};
  if (gone.family == AF_INET6 && !gone.next_hops) {
    const std::vector<next_hop> hops = gone.hops();
    if (!hops.empty()) return remove_hop(list, hops.front());
  }
  return {certainty::doubtful, {}};
}

void replace_routes(route_list& list, route_list&& newer, route_changes& out) {
  // What is the same drops out, then what differs in flags alone, then one against one.
  std::vector<bool> matched(newer.size());
  const auto match = [&](auto same) {
    for (auto old = list.begin(); old != list.end();) {
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
