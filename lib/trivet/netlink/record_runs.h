// Records in the order in which they were added, known without a list of them all: they stand one
// behind the other in their chunks.
//
//   record_runs added;
//   added.reserve();
//   added.push_back(arena.add(bytes));                   // as many as there are
//   while (added.size() > 0) added.take(arena, 100, [](record_handle h, record_handle next) { … });
#ifndef TRIVET_NETLINK_RECORD_RUNS_H_
#define TRIVET_NETLINK_RECORD_RUNS_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "trivet/netlink/record_arena.h"

namespace trivet::netlink {

/// A queue of records; nobody else adds any to their arena meanwhile. It takes 16 bytes for each
/// chunk of the arena, however many records there are. One thread at a time.
class record_runs {
 public:
  /// How many records wait.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Room for one more. Throws std::bad_alloc.
  void reserve() {
    if (runs_.size() == runs_.capacity()) runs_.reserve(2 * runs_.size() + 1);
  }
  /// Puts a record at the end; after reserve() it does not fail.
  /// @param h  what the arena has added last
  void push_back(record_handle h) noexcept {
    if (size_ == 0 || !record_arena::are_near(last_, h)) runs_.push_back({h, 0});
    ++runs_.back().count;
    last_ = h;
    ++size_;
  }

  /// Takes the first out, one at the least if there is any, and calls use(record, what stands as
  /// the next of its list), which may remove it from the arena and throws nothing.
  /// @param arena  a record_arena, or what has its walk()
  /// @param most   more than 0
  template <class Arena, class Use>
  void take(const Arena& arena, std::size_t most, Use use) {
    if (size_ == 0) return;
    run& from = runs_[front_];
    const std::size_t count = std::min(from.count, most);
    from.first = arena.walk(from.first, count, use);
    from.count -= count;
    if (from.count == 0) ++front_;
    size_ -= count;
    if (size_ == 0) *this = record_runs();
  }

 private:
  struct run {
    record_handle first;
    std::size_t count;
  };

  std::vector<run> runs_;
  std::size_t front_ = 0;  // of runs_
  std::size_t size_ = 0;   // of all runs, in records
  record_handle last_ = no_record;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_RECORD_RUNS_H_
