#include "trivet/netlink/route_store.h"

#include <algorithm>
#include <array>

#include "trivet/netlink/route_comparison.h"

namespace trivet::netlink {
namespace {

using rtnl::route;

bool has_only_one(const route_records& records, record_handle h) noexcept {
  return records.next(h) == no_record;
}

}  // namespace

std::vector<record_handle> route_store::handles_from(record_handle h) const {
  std::vector<record_handle> handles;
  for (; h != no_record; h = records_.next(h)) handles.push_back(h);
  return handles;
}

std::vector<route_view> route_store::list_from(record_handle h) const {
  std::vector<route_view> list;
  for (; h != no_record; h = records_.next(h)) list.push_back(at(h));
  return list;
}

std::vector<route_view> route_store::find(const route_key& key) const {
  const auto where = locate(key, key.hash());
  return where ? list_from(index_.at(*where)) : std::vector<route_view>();
}

void route_store::load(const route_key& key, const_bytes payload) {
  const unplaced one{add_unplaced(key, payload, records_.like_last(payload)), key.hash()};
  place_all(std::span(&one, 1));
}

bool route_store::loader::read(const_bytes payload, route_shapes::number like,
                               route_key& key) const noexcept {
  if (like == route_shapes::none) return route_key::read(payload, key);
  key = into_.records_.key_like(like, payload);
  return true;
}

// The one that key_ is of.
void route_store::loader::put(const_bytes payload) {
  waiting_.reserve();
  const record_handle added = into_.add_unplaced(key_, payload, row_);
  into_.records_.set_next(added, key_.hash());
  waiting_.push_back(added);
}

void route_store::loader::finish() {
  row_ = route_shapes::none;
  into_.index_.reserve(into_.index_.size() + waiting_.size());
  // The memory of many places is on its way while the first of them are taken.
  std::array<unplaced, 128> block;
  while (waiting_.size() > 0) {
    std::size_t count = 0;
    waiting_.take(into_.records_, block.size(), [&](record_handle h, std::uint32_t hash) {
      __builtin_prefetch(into_.index_.first_slot(hash), 1);
      block[count++] = {h, hash};
    });
    into_.place_all(std::span(block).first(count));
  }
  // What was repeated has left holes.
  if (into_.records_.thin()) into_.evacuate();
  into_.index_.trim();
}

void route_store::drop_unplaced(record_handle added) noexcept {
  const route_key key = records_.key(added);
  lengths_.remove(key.table, key.destination_length);
  records_.remove(added);
}

// What fails is forgotten, and those behind it.
void route_store::place_all(std::span<const unplaced> added) {
  for (std::size_t i = 0; i < added.size(); ++i) {
    try {
      records_.set_next(added[i].record, no_record);
      put_loaded(added[i].hash, added[i].record);
    } catch (...) {
      for (const unplaced& lost : added.subspan(i)) drop_unplaced(lost.record);
      throw;
    }
  }
}

// Nearly all are the first of their identity: no key is looked at. What fails has changed nothing.
void route_store::put_loaded(std::uint32_t hash, record_handle added) {
  const auto [where, is_first] = index_.find_or_add(
      hash, added, [&](record_handle h) { return records_.key(h) == records_.key(added); });
  if (is_first) {
    ++size_;
    return;
  }
  const route_key key = records_.key(added);
  join_loaded(where, key, added);
  lengths_.remove(key.table, key.destination_length);
}

// A record of an identity that is known. What fails does so before anything is changed.
void route_store::join_loaded(place where, const route_key& key, record_handle added) {
  const record_handle first = index_.at(where);
  const route_view route = at(added);
  if (const route_crowd* const crowd = crowd_of(key)) {
    for (const record_handle h : crowd->of_way(route.way())) {
      if (same_state(at(h), route)) return records_.remove(added);  // it moved during the dump
    }
    return put_last(where, key, added);
  }
  record_handle last = first;
  std::size_t count = 0;
  for (record_handle h = first; h != no_record; h = records_.next(h), ++count) {
    if (same_state(at(h), route)) return records_.remove(added);
    last = h;
  }
  link_behind(last, added);
  if (count >= route_crowd::few) make_crowd(key, first);
}

// @param missed  where routes go that `newer` may lack by mistake
void route_store::compare_lists(record_handle before, const route_store& newer, record_handle after,
                                absences* doubtful, differences& out,
                                std::vector<route_view>& missed) const {
  if (has_only_one(records_, before) && has_only_one(newer.records_, after) &&
      same_state(at(before), newer.at(after))) {
    return;
  }
  std::vector<route_view> old = list_from(before);
  std::vector<route_view> now = newer.list_from(after);
  if (doubtful != nullptr) {
    for (const route_view& one : take_missed(old, now)) {
      (doubtful->gone(one.key(), one) ? old : missed).push_back(one);
    }
  }
  compare_routes(std::move(old), std::move(now), out);
}

void route_store::replace(route_store&& newer, absences* doubtful, differences& out) {
  const auto start = static_cast<std::ptrdiff_t>(out.size());
  std::vector<route_view> missed;
  std::size_t matched = 0;
  for (record_handle first = newer.records_.first_from(0); first != no_record;
       first = newer.records_.first_after(first)) {
    const route_key key = newer.records_.key(first);
    if (const auto known = locate(key, key.hash())) {
      ++matched;
      compare_lists(index_.at(*known), newer, first, doubtful, out, missed);
      continue;
    }
    for (const route_view& added : newer.list_from(first)) {
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
  for (const route_view& one : missed) into.load(one.bytes());
  into.finish();
  *this = std::move(newer);
}

// What `newer` lacks is kept there, or told as removed.
void route_store::take_absent(route_store& newer, absences* doubtful, differences& out) const {
  loader into(newer);
  for (record_handle first = records_.first_from(0); first != no_record;
       first = records_.first_after(first)) {
    const route_key key = records_.key(first);
    if (newer.locate(key, key.hash())) continue;
    for (const route_view& absent : list_from(first)) {
      if (doubtful != nullptr && !doubtful->gone(key, absent)) {
        into.load(absent.bytes());
      } else {
        out.emplace_back(difference<route>{route_record(absent), {}});
      }
    }
  }
  into.finish();
}

}  // namespace trivet::netlink
