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

std::vector<record_handle> route_store::handles_from(record_handle h) const {
  std::vector<record_handle> handles;
  for (; h != no_record; h = arena_.next(h)) handles.push_back(h);
  return handles;
}

std::vector<route_view> route_store::list_from(record_handle h) const {
  std::vector<route_view> list;
  for (; h != no_record; h = arena_.next(h)) list.push_back(at(h));
  return list;
}

std::vector<route_view> route_store::find(const route_key& key) const {
  const auto where = locate(key, key.hash());
  return where ? list_from(index_.at(*where)) : std::vector<route_view>();
}

void route_store::load(const route_key& key, const_bytes payload) {
  const record_handle added = add_unplaced(key, payload);
  try {
    put_loaded({key.hash(), added});
  } catch (...) {
    drop_unplaced(added);
    throw;
  }
}

void route_store::loader::load(const route_key& key, const_bytes payload) {
  if (waiting_.size() == most_waiting) finish();
  const record_handle added = into_.add_unplaced(key, payload);
  try {
    waiting_.push_back({key.hash(), added});
  } catch (...) {
    into_.drop_unplaced(added);
    throw;
  }
}

void route_store::loader::finish() {
  constexpr std::size_t ahead = 16;
  into_.index_.reserve(into_.index_.size() + waiting_.size() - placed_);
  for (; placed_ < waiting_.size(); ++placed_) {
    if (placed_ + ahead < waiting_.size()) {
      __builtin_prefetch(into_.index_.first_slot(waiting_[placed_ + ahead].hash), 1);
    }
    into_.put_loaded(waiting_[placed_]);
  }
  waiting_.clear();
  placed_ = 0;
  // What was repeated has left holes.
  if (into_.arena_.thin()) into_.evacuate();
  into_.index_.trim();
}

// Its prefix is counted as if it were the first of its identity.
record_handle route_store::add_unplaced(const route_key& key, const_bytes payload) {
  lengths_.add(key.table, key.destination_length);
  try {
    return arena_.add(payload);
  } catch (...) {
    lengths_.remove(key.table, key.destination_length);
    throw;
  }
}

void route_store::drop_unplaced(record_handle added) noexcept {
  const route_key key = at(added).key();
  lengths_.remove(key.table, key.destination_length);
  arena_.remove(added);
}

// Nearly all are the first of their identity: no key is looked at. What fails has changed nothing.
void route_store::put_loaded(const unplaced& one) {
  const auto [where, added] = index_.find_or_add(
      one.hash, one.handle, [&](record_handle h) { return at(h).key() == at(one.handle).key(); });
  if (added) {
    ++size_;
    return;
  }
  const route_key key = at(one.handle).key();
  join_loaded(where, key, one.handle);
  lengths_.remove(key.table, key.destination_length);
}

// A record of an identity that is known. What fails does so before anything is changed.
void route_store::join_loaded(place where, const route_key& key, record_handle added) {
  const record_handle first = index_.at(where);
  const route_view route = at(added);
  if (const route_crowd* const crowd = crowd_of(key)) {
    for (const record_handle h : crowd->of_way(route.way())) {
      if (same_state(at(h), route)) return arena_.remove(added);  // it moved during the dump
    }
    return put_last(where, key, added);
  }
  record_handle last = first;
  std::size_t count = 0;
  for (record_handle h = first; h != no_record; h = arena_.next(h), ++count) {
    if (same_state(at(h), route)) return arena_.remove(added);
    last = h;
  }
  link_behind(last, added);
  if (count >= route_crowd::few) make_crowd(key, first);
}

// @param missed  where routes go that `newer` may lack by mistake
void route_store::compare_lists(record_handle before, const route_store& newer, record_handle after,
                                absences* doubtful, differences& out,
                                std::vector<route_view>& missed) const {
  if (has_only_one(arena_, before) && has_only_one(newer.arena_, after) &&
      same_state(at(before), newer.at(after))) {
    return;
  }
  std::vector<route_view> old = list_from(before);
  std::vector<route_view> now = newer.list_from(after);
  if (doubtful != nullptr) {
    for (const route_view one : take_missed(old, now)) {
      (doubtful->gone(one.key(), one) ? old : missed).push_back(one);
    }
  }
  compare_routes(std::move(old), std::move(now), out);
}

void route_store::replace(route_store&& newer, absences* doubtful, differences& out) {
  const auto start = static_cast<std::ptrdiff_t>(out.size());
  std::vector<route_view> missed;
  std::size_t matched = 0;
  for (record_handle first = newer.arena_.first_from(0); first != no_record;
       first = newer.arena_.first_after(first)) {
    const route_key key = newer.at(first).key();
    if (const auto known = locate(key, key.hash())) {
      ++matched;
      compare_lists(index_.at(*known), newer, first, doubtful, out, missed);
      continue;
    }
    for (const route_view added : newer.list_from(first)) {
      out.emplace_back(difference<route>{{}, route_record(added)});
    }
  }
  if (const std::size_t absent = index_.size() - matched; absent > 0) {
    // What is removed is told first. There may be a million of them: no room is left over.
    const auto middle = static_cast<std::ptrdiff_t>(out.size());
    if (doubtful == nullptr) out.reserve(out.size() + absent);
    take_absent(newer, doubtful, out);
    std::rotate(out.begin() + start, out.begin() + middle, out.end());
  }
  loader into(newer);
  for (const route_view one : missed) into.load(one.key(), one.bytes());
  into.finish();
  *this = std::move(newer);
}

// What `newer` lacks is kept there, or told as removed.
void route_store::take_absent(route_store& newer, absences* doubtful, differences& out) const {
  loader into(newer);
  for (record_handle first = arena_.first_from(0); first != no_record;
       first = arena_.first_after(first)) {
    const route_key key = at(first).key();
    if (newer.locate(key, key.hash())) continue;
    for (const route_view absent : list_from(first)) {
      if (doubtful != nullptr && !doubtful->gone(key, absent)) {
        into.load(key, absent.bytes());
      } else {
        out.emplace_back(difference<route>{route_record(absent), {}});
      }
    }
  }
  into.finish();
}

}  // namespace trivet::netlink
