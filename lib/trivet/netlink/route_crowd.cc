#include "trivet/netlink/route_crowd.h"

#include <algorithm>

namespace trivet::netlink {

route_crowd::route_crowd(const route_records& routes, record_handle first) {
  for (record_handle h = first; h != no_record; h = routes.next(h)) {
    add_last(h, routes.at(h));
  }
}

std::vector<record_handle> route_crowd::of_way(std::uint64_t way) const {
  std::vector<record_handle> handles;
  const auto [begin, end] = by_way_.equal_range(way);
  for (auto one = begin; one != end; ++one) handles.push_back(one->second);
  sort(handles);
  return handles;
}

std::vector<record_handle> route_crowd::of_way_or_joining(std::uint64_t way) const {
  std::vector<record_handle> handles(joining_.begin(), joining_.end());
  const auto [begin, end] = by_way_.equal_range(way);
  for (auto one = begin; one != end; ++one) {
    if (!joining_.contains(one->second)) handles.push_back(one->second);
  }
  sort(handles);
  return handles;
}

void route_crowd::sort(std::vector<record_handle>& handles) const {
  std::sort(handles.begin(), handles.end(), [this](record_handle a, record_handle b) {
    return places_.find(a)->second.rank < places_.find(b)->second.rank;
  });
}

void route_crowd::learn(record_handle h, const route_view& route) {
  by_way_.emplace(route.way(), h);
  if (route.may_join()) joining_.insert(h);
}

void route_crowd::forget(record_handle h, const route_view& route) noexcept {
  const auto [begin, end] = by_way_.equal_range(route.way());
  for (auto one = begin; one != end; ++one) {
    if (one->second != h) continue;
    by_way_.erase(one);
    break;
  }
  joining_.erase(h);
}

void route_crowd::add_first(record_handle added, const route_view& route, record_handle first) {
  learn(added, route);
  places_[added] = {no_record, --lowest_};
  places_[first].before = added;
  ++size_;
}

void route_crowd::add_last(record_handle added, const route_view& route) {
  learn(added, route);
  places_[added] = {last_, ++highest_};
  last_ = added;
  ++size_;
}

void route_crowd::remove(record_handle gone, const route_view& route, record_handle next) {
  forget(gone, route);
  const record_handle previous = before(gone);
  places_.erase(gone);
  if (next == no_record) {
    last_ = previous;
  } else {
    places_[next].before = previous;
  }
  --size_;
}

void route_crowd::move(record_handle from, const route_view& old, record_handle to,
                       const route_view& now, record_handle next) {
  forget(from, old);
  const place where = places_[from];
  places_.erase(from);
  places_[to] = where;
  if (next == no_record) {
    last_ = to;
  } else {
    places_[next].before = to;
  }
  learn(to, now);
}

}  // namespace trivet::netlink
