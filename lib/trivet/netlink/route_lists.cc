// The lists of the store, each of the routes of one identity, and how they change. None of this
// fails: an index of many routes for which there is no memory is forgotten, and made anew by need.
#include <new>

#include "trivet/netlink/route_store.h"

namespace trivet::netlink {

// Changes the index of a list, if it has one.
template <class Change>
void route_store::in_crowd(const route_key& key, Change change) noexcept {
  if (crowds_.empty()) return;
  const auto found = crowds_.find(key);
  if (found == crowds_.end()) return;
  try {
    change(found->second);
    if (2 * found->second.size() > route_crowd::few) return;
  } catch (const std::bad_alloc&) {
    // It is made anew.
  }
  crowds_.erase(found);
}

void route_store::make_crowd(const route_key& key, record_handle first) noexcept {
  try {
    crowds_.emplace(key, route_crowd(records_, first));
  } catch (const std::bad_alloc&) {
    // The next route of that key tries again.
  }
}

// A record that add_first() could not add, or not all of it.
void route_store::forget(std::uint32_t hash, record_handle added) noexcept {
  if (const auto where = index_.find(hash, [=](record_handle h) { return h == added; })) {
    index_.erase(*where);
  }
  records_.remove(added);
}

void route_store::put_first(place where, const route_key& key, record_handle added) noexcept {
  const record_handle first = index_.at(where);
  records_.set_next(added, first);
  records_.set_first(first, false);
  index_.set(where, added);
  ++size_;
  in_crowd(key, [&](route_crowd& crowd) { crowd.add_first(added, at(added), first); });
}

void route_store::put_last(place where, const route_key& key, record_handle added) noexcept {
  const route_crowd* const crowd = crowd_of(key);
  record_handle last = crowd != nullptr ? crowd->last() : index_.at(where);
  while (records_.next(last) != no_record) last = records_.next(last);
  link_behind(last, added);
  in_crowd(key, [&](route_crowd& c) { c.add_last(added, at(added)); });
}

// Puts a record behind the last of a list.
void route_store::link_behind(record_handle last, record_handle added) noexcept {
  records_.set_first(added, false);
  records_.set_next(last, added);
  ++size_;
}

// The record before another one of its list, which is not the first.
record_handle route_store::before(const route_key& key, record_handle first,
                                  record_handle h) const noexcept {
  if (const route_crowd* const crowd = crowd_of(key)) return crowd->before(h);
  while (records_.next(first) != h) first = records_.next(first);
  return first;
}

// A record for bytes that do not fit where a known one is; no_record where they do.
record_handle route_store::room_for(record_handle known, const_bytes payload) {
  return records_.fits(known, payload) ? no_record : records_.add(payload);
}

// Other bytes for one of the routes of a list.
// @param room  as room_for() gave it
void route_store::write(place where, const route_key& key, record_handle known, const_bytes payload,
                        record_handle room) noexcept {
  if (room == no_record) {
    in_crowd(key, [&](route_crowd& crowd) {
      crowd.forget(known, at(known));
      crowd.learn(known, route_view(payload));
    });
    records_.overwrite(known, payload);
    return;
  }
  const record_handle next = records_.next(known);
  const record_handle first = index_.at(where);
  records_.set_next(room, next);
  if (known == first) {
    index_.set(where, room);
  } else {
    records_.set_first(room, false);
    records_.set_next(before(key, first, known), room);
  }
  in_crowd(key, [&](route_crowd& crowd) { crowd.move(known, at(known), room, at(room), next); });
  records_.remove(known);
}

void route_store::erase(place where, const route_key& key, record_handle gone) noexcept {
  const record_handle first = index_.at(where);
  const record_handle next = records_.next(gone);
  if (gone == first && next == no_record) return erase_list(where, key);
  if (gone == first) {
    index_.set(where, next);
    records_.set_first(next, true);
  } else {
    records_.set_next(before(key, first, gone), next);
  }
  in_crowd(key, [&](route_crowd& crowd) { crowd.remove(gone, at(gone), next); });
  records_.remove(gone);
  --size_;
}

void route_store::erase_list(place where, const route_key& key) noexcept {
  if (!crowds_.empty()) crowds_.erase(key);
  record_handle h = index_.at(where);
  index_.erase(where);
  lengths_.remove(key.table, key.destination_length);
  while (h != no_record) {
    const record_handle next = records_.next(h);
    records_.remove(h);
    --size_;
    h = next;
  }
}

void route_store::evacuate() noexcept {
  try {
    while (records_.thin()) {
      records_.evacuate([this](record_handle from, record_handle to) { moved(from, to); });
    }
  } catch (const std::bad_alloc&) {
    // Too large is good enough; the next event tries again.
  }
}

void route_store::moved(record_handle from, record_handle to) noexcept {
  const route_key key = records_.key(from);
  const std::uint32_t hash = key.hash();
  const auto where = index_.find(hash, [=](record_handle h) { return h == from; });
  if (where) {
    index_.set(*where, to);
  } else if (const route_crowd* const crowd = crowd_of(key)) {
    records_.set_next(crowd->before(from), to);
  } else {
    // It stands behind another of its identity.
    (void)index_.find(hash, [&](record_handle h) {
      while (h != no_record && records_.next(h) != from) h = records_.next(h);
      if (h != no_record) records_.set_next(h, to);
      return h != no_record;
    });
  }
  in_crowd(key,
           [&](route_crowd& crowd) { crowd.move(from, at(from), to, at(to), records_.next(to)); });
}

}  // namespace trivet::netlink
