#include "trivet/netlink/route_comparison.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace trivet::netlink {
namespace {

void sort_by_way(std::vector<route_view>& views) {
  std::stable_sort(views.begin(), views.end(),
                   [](const route_view& a, const route_view& b) { return a.way() < b.way(); });
}

// Leaves what differs, sorted by way.
void drop_same(std::vector<route_view>& old, std::vector<route_view>& now) {
  sort_by_way(old);
  sort_by_way(now);
  std::vector<bool> matched(now.size());
  std::size_t from = 0;
  std::erase_if(old, [&](const route_view& known) {
    const std::uint64_t way = known.way();
    while (from < now.size() && now[from].way() < way) ++from;
    for (std::size_t i = from; i < now.size() && now[i].way() == way; ++i) {
      if (matched[i] || !same_state(known, now[i])) continue;
      matched[i] = true;
      return true;
    }
    return false;
  });
  std::size_t i = 0;
  std::erase_if(now, [&](route_view) { return matched[i++]; });
}

std::uint64_t last_way(const std::vector<route_view>& sorted) {
  return sorted.empty() ? 0 : sorted.back().way();
}

// Takes those of one way from the end of a sorted list.
std::vector<route_view> take_way(std::vector<route_view>& sorted, std::uint64_t way) {
  std::vector<route_view> taken;
  while (!sorted.empty() && sorted.back().way() == way) {
    taken.push_back(sorted.back());
    sorted.pop_back();
  }
  std::reverse(taken.begin(), taken.end());
  return taken;
}

void compare_few(const std::vector<route_view>& old, const std::vector<route_view>& now,
                 differences& out) {
  original_routes known;
  known.add(old);
  known.add(now);
  route_list list = decoded(old);
  route_changes changes;
  replace_routes(list, decoded(now), changes);
  known.tell(changes, out);
}

}  // namespace

route_list decoded(const std::vector<route_view>& views) {
  route_list list;
  list.reserve(views.size());
  for (const route_view& view : views) list.push_back(view.decode());
  return list;
}

void original_routes::add(const std::vector<route_view>& views) {
  for (const route_view& view : views) known_.push_back({view.decode(), view});
}

route_record original_routes::of(const rtnl::route& wanted) const {
  const auto found = std::find_if(known_.rbegin(), known_.rend(), [&](const auto& one) {
    return rtnl::same_state(one.first, wanted);
  });
  return found != known_.rend() ? route_record(found->second) : route_record(wanted);
}

void original_routes::tell(const route_changes& changes, differences& out) const {
  for (const route_change& change : changes) {
    difference<rtnl::route> d;
    if (change.before) d.before = of(*change.before);
    if (change.after) d.after = of(*change.after);
    out.emplace_back(std::move(d));
  }
}

std::vector<route_view> take_missed(std::vector<route_view>& old,
                                    const std::vector<route_view>& now) {
  std::vector<std::uint64_t> ways;
  ways.reserve(now.size());
  for (const route_view& one : now) ways.push_back(one.way());
  std::sort(ways.begin(), ways.end());
  const auto missed = std::stable_partition(old.begin(), old.end(), [&](const route_view& one) {
    return std::binary_search(ways.begin(), ways.end(), one.way()) || !stands_alone(one.decode());
  });
  std::vector<route_view> taken(missed, old.end());
  old.erase(missed, old.end());
  return taken;
}

void compare_routes(std::vector<route_view> old, std::vector<route_view> now, differences& out) {
  const auto are_few = [&] { return old.size() <= few_routes && now.size() <= few_routes; };
  if (!are_few()) drop_same(old, now);
  if (are_few()) return compare_few(old, now, out);
  while (!old.empty() || !now.empty()) {
    const std::uint64_t way = std::max(last_way(old), last_way(now));
    compare_few(take_way(old, way), take_way(now, way), out);
  }
}

}  // namespace trivet::netlink
