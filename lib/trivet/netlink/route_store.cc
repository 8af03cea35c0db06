#include "trivet/netlink/route_store.h"

#include <algorithm>

#include "trivet/netlink/route_comparison.h"

namespace trivet::netlink {
namespace {

using rtnl::route;

bool has_only_one(const record_arena& arena, record_handle h) noexcept {
  return arena.next(h) == no_record;
}

}  // namespace

std::vector<route_view> route_store::list_from(record_handle h) const {
  std::vector<route_view> list;
  for (; h != no_record; h = arena_.next(h)) list.push_back(at(h));
  return list;
}

std::vector<route_view> route_store::find(const route_key& key) const {
  const auto where = locate(key, key.hash());
  return where ? list_from(index_.at(*where)) : std::vector<route_view>();
}

route_store::crowd route_store::gather(record_handle first) const {
  crowd all{.first = first};
  for (record_handle h = first; h != no_record; h = arena_.next(h)) {
    all.by_way.emplace(at(h).way(), h);
    all.last = h;
  }
  return all;
}

// Puts a record behind the last of a list.
void route_store::append(record_handle last, record_handle added) {
  arena_.set_first(added, false);
  arena_.set_next(last, added);
  ++size_;
}

void route_store::load_handle(const route_key& key, std::uint32_t hash, record_handle added,
                              crowd& known) {
  const auto where = locate(key, hash);
  if (!where) {
    add_first(key, hash, added);
    return;
  }
  const record_handle first = index_.at(*where);
  const route_view route = at(added);
  record_handle last = first;
  if (known.first != first) {
    std::size_t count = 0;
    for (record_handle h = first; h != no_record && count < few_routes;
         h = arena_.next(h), ++count) {
      if (same_state(at(h), route)) return arena_.remove(added);  // it moved during the dump
      last = h;
    }
    if (count < few_routes) return append(last, added);
    known = gather(first);
  }
  const std::uint64_t way = route.way();
  const auto [begin, end] = known.by_way.equal_range(way);
  if (std::any_of(begin, end, [&](const auto& one) { return same_state(at(one.second), route); })) {
    return arena_.remove(added);
  }
  append(known.last, added);
  known.last = added;
  known.by_way.emplace(way, added);
}

certainty route_store::apply(const message_view& message, const route_key& key, differences& out) {
  const certainty how =
      message.type() == RTM_DELROUTE ? remove(message, key, out) : add(message, key, out);
  if (arena_.thin()) evacuate();
  return how;
}

certainty route_store::add(const message_view& message, const route_key& key, differences& out) {
  const std::uint32_t hash = key.hash();
  const auto where = locate(key, hash);
  if (!where) {
    add_first(key, hash, arena_.add(message.payload));
    out.emplace_back(difference<route>{{}, route_record(message.payload)});
    return certainty::sure;
  }
  const record_handle known = index_.at(*where);
  if (has_only_one(arena_, known)) {
    if (same_state(at(known), route_view(message.payload))) {
      write(*where, known, message.payload);  // times and counters
      return certainty::sure;
    }
    if (message.has(NLM_F_REPLACE)) {
      out.emplace_back(difference<route>{route_record(at(known)), route_record(message.payload)});
      write(*where, known, message.payload);
      return certainty::sure;
    }
  }
  if (const auto how = by_way(*where, message, key, out)) return *how;
  return by_rules(*where, message, key, out);
}

certainty route_store::remove(const message_view& message, const route_key& key, differences& out) {
  const auto where = locate(key, key.hash());
  if (!where) return certainty::sure;
  const record_handle known = index_.at(*where);
  if (has_only_one(arena_, known) && same_state(at(known), route_view(message.payload))) {
    out.emplace_back(difference<route>{route_record(at(known)), {}});
    erase_list(*where, key);
    return certainty::sure;
  }
  if (const auto how = by_way(*where, message, key, out)) return *how;
  return by_rules(*where, message, key, out);
}

// The rules for a route that stands alone: of thousands in a list, they look at one or two.
// @return nothing where they found none, and have to be asked about all of them
std::optional<certainty> route_store::by_way(place where, const message_view& message,
                                             const route_key& key, differences& out) {
  const bool removing = message.type() == RTM_DELROUTE;
  const route_view told(message.payload);
  route one = told.decode();
  if (!stands_alone(one, removing ? 0 : message.header.nlmsg_flags)) return std::nullopt;
  const std::uint64_t way = told.way();
  std::vector<record_handle> handles;
  std::vector<route_view> views;
  record_handle last = no_record;
  for (record_handle h = index_.at(where); h != no_record; h = arena_.next(h)) {
    last = h;
    if (at(h).way() != way) continue;
    handles.push_back(h);
    views.push_back(at(h));
  }
  original_routes known;
  known.add(views);
  known.add({told});
  const route_list before = decoded(views);
  route_list list = before;
  route_changes changes;
  const certainty how = removing ? remove_route(list, one, changes)
                                 : add_route(list, route(one), message.header.nlmsg_flags, changes);
  if (removing && list.size() == before.size()) return std::nullopt;
  known.tell(changes, out);
  if (list.size() > before.size()) {
    append(last, arena_.add(message.payload));
    return how;
  }
  const auto same = [](const route& a, const route& b) { return rtnl::same_state(a, b); };
  auto which = std::mismatch(before.begin(), before.end(), list.begin(), list.end(), same).first;
  if (which == before.end()) {  // times and counters
    which =
        std::find_if(before.begin(), before.end(), [&](const route& r) { return same(r, one); });
  }
  const record_handle concerned = handles[static_cast<std::size_t>(which - before.begin())];
  if (removing) {
    erase(where, concerned, key);
  } else {
    write(where, concerned, message.payload);
  }
  return how;
}

certainty route_store::by_rules(place where, const message_view& message, const route_key& key,
                                differences& out) {
  const route_view told(message.payload);
  const std::vector<route_view> before = list_from(index_.at(where));
  original_routes known;
  known.add(before);
  known.add({told});
  route_list list = decoded(before);
  route_changes changes;
  const certainty how = message.type() == RTM_DELROUTE
                            ? remove_route(list, told.decode(), changes)
                            : add_route(list, told.decode(), message.header.nlmsg_flags, changes);
  known.tell(changes, out);

  std::vector<route_record> after;
  after.reserve(list.size());
  for (const route& r : list) after.push_back(known.of(r));
  erase_list(where, key);
  record_handle last = no_record;
  for (const route_record& r : after) {
    if (last == no_record) {
      last = arena_.add(r.bytes());
      add_first(key, key.hash(), last);
      continue;
    }
    const record_handle added = arena_.add(r.bytes());
    append(last, added);
    last = added;
  }
  return how;
}

// The record before another one of its list, which is not the first.
record_handle route_store::before(record_handle first, record_handle h) const noexcept {
  while (arena_.next(first) != h) first = arena_.next(first);
  return first;
}

// Other bytes for one of the routes of a list.
void route_store::write(place where, record_handle known, const_bytes payload) {
  if (arena_.overwrite(known, payload)) return;
  const record_handle written = arena_.add(payload);
  arena_.set_next(written, arena_.next(known));
  const record_handle first = index_.at(where);
  if (known == first) {
    index_.set(where, written);
  } else {
    arena_.set_first(written, false);
    arena_.set_next(before(first, known), written);
  }
  arena_.remove(known);
}

void route_store::erase(place where, record_handle gone, const route_key& key) {
  const record_handle first = index_.at(where);
  const record_handle next = arena_.next(gone);
  if (gone == first && next == no_record) return erase_list(where, key);
  if (gone == first) {
    index_.set(where, next);
    arena_.set_first(next, true);
  } else {
    arena_.set_next(before(first, gone), next);
  }
  arena_.remove(gone);
  --size_;
}

void route_store::erase_list(place where, const route_key& key) {
  record_handle h = index_.at(where);
  index_.erase(where);
  lengths_.remove(key.table, key.destination_length);
  while (h != no_record) {
    const record_handle next = arena_.next(h);
    arena_.remove(h);
    --size_;
    h = next;
  }
}

void route_store::evacuate() {
  while (arena_.thin()) {
    arena_.evacuate([this](record_handle from, record_handle to) {
      const std::uint32_t hash = at(from).key().hash();
      const auto where = index_.find(hash, [=](record_handle h) { return h == from; });
      if (where) {
        index_.set(*where, to);
        return;
      }
      // It stands behind another of its identity.
      (void)index_.find(hash, [&](record_handle h) {
        while (h != no_record && arena_.next(h) != from) h = arena_.next(h);
        if (h != no_record) arena_.set_next(h, to);
        return h != no_record;
      });
    });
  }
}

// @param missed  where routes go that `newer` may lack by mistake; nullptr: it lacks none
void route_store::compare_lists(record_handle before, const route_store& newer, record_handle after,
                                differences& out, std::vector<route_view>* missed) const {
  if (has_only_one(arena_, before) && has_only_one(newer.arena_, after) &&
      same_state(at(before), newer.at(after))) {
    return;
  }
  std::vector<route_view> old = list_from(before);
  std::vector<route_view> now = newer.list_from(after);
  if (missed != nullptr) {
    const std::vector<route_view> some = take_missed(old, now);
    missed->insert(missed->end(), some.begin(), some.end());
  }
  compare_routes(std::move(old), std::move(now), out);
}

void route_store::replace(route_store&& newer, bool absent_stay, differences& out) {
  differences found;
  std::vector<route_view> missed;
  std::size_t matched = 0;
  for (record_handle first = newer.arena_.first_from(0); first != no_record;
       first = newer.arena_.first_after(first)) {
    const route_key key = newer.at(first).key();
    if (const auto known = locate(key, key.hash())) {
      ++matched;
      compare_lists(index_.at(*known), newer, first, found, absent_stay ? &missed : nullptr);
      continue;
    }
    for (const route_view added : newer.list_from(first)) {
      found.emplace_back(difference<route>{{}, route_record(added)});
    }
  }
  if (matched < index_.size()) take_absent(newer, absent_stay, out);
  for (loader into(newer); const route_view one : missed) into.load(one.key(), one.bytes());
  out.insert(out.end(), std::make_move_iterator(found.begin()),
             std::make_move_iterator(found.end()));
  *this = std::move(newer);
}

// What `newer` lacks is kept there, or told as removed.
void route_store::take_absent(route_store& newer, bool stay, differences& out) const {
  loader into(newer);
  for (record_handle first = arena_.first_from(0); first != no_record;
       first = arena_.first_after(first)) {
    const route_key key = at(first).key();
    if (newer.locate(key, key.hash())) continue;
    for (const route_view absent : list_from(first)) {
      if (stay) {
        into.load(key, absent.bytes());
      } else {
        out.emplace_back(difference<route>{route_record(absent), {}});
      }
    }
  }
}

}  // namespace trivet::netlink
