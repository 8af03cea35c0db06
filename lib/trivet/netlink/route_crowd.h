// An index of the routes of one key, where they are many: those to fe80::/64 over thousands of
// links, or what thousands of requests have appended to one prefix. No socket is known here.
#ifndef TRIVET_NETLINK_ROUTE_CROWD_H_
#define TRIVET_NETLINK_ROUTE_CROWD_H_

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "trivet/netlink/route_record.h"
#include "trivet/netlink/route_records.h"

namespace trivet::netlink {

/// Where the routes of a list stand, by their way and in their order. The list itself is that
/// of the records; who changes it says so here. All functions but those that are noexcept throw
/// std::bad_alloc, and the index is of no use then. One thread at a time.
class route_crowd {
 public:
  /// As many routes are searched one by one.
  static constexpr std::size_t few = 16;

  /// Of the list that begins there.
  route_crowd(const route_records& routes, record_handle first);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] record_handle last() const noexcept { return last_; }
  /// The record before one, or no_record.
  [[nodiscard]] record_handle before(record_handle h) const noexcept {
    const auto found = places_.find(h);
    return found == places_.end() ? no_record : found->second.before;
  }
  /// Those of a way (route_view::way()), in the order of the list.
  [[nodiscard]] std::vector<record_handle> of_way(std::uint64_t way) const;
  /// These and those that may_join(), likewise.
  [[nodiscard]] std::vector<record_handle> of_way_or_joining(std::uint64_t way) const;

  /// A record that was put before the first.
  void add_first(record_handle added, const route_view& route, record_handle first);
  /// A record that was put behind the last.
  void add_last(record_handle added, const route_view& route);
  /// One that is going to be taken out. @param next  the record behind it, or no_record
  void remove(record_handle gone, const route_view& route, record_handle next);
  /// One whose place another takes. @param next  the record behind it, or no_record
  void move(record_handle from, const route_view& old, record_handle to, const route_view& now,
            record_handle next);
  /// Other bytes for one: it is forgotten with the old ones, and learnt with the new ones.
  void forget(record_handle h, const route_view& route) noexcept;
  void learn(record_handle h, const route_view& route);

 private:
  struct place {
    record_handle before = no_record;
    std::int64_t rank = 0;  // grows along the list
  };

  void sort(std::vector<record_handle>& handles) const;

  std::unordered_multimap<std::uint64_t, record_handle> by_way_;
  std::unordered_map<record_handle, place> places_;
  std::unordered_set<record_handle> joining_;
  record_handle last_ = no_record;
  std::int64_t lowest_ = 0;
  std::int64_t highest_ = 0;
  std::size_t size_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_CROWD_H_
