// Records in the order in which they were added, known without a list of them all: they stand one
// behind the other in their chunks.
//
//   record_runs added;
//   added.reserve();
//   added.push_back(arena, arena.add(bytes));            // as many as there are
//   auto ahead = added;                                  // a place of its own
//   while (const auto h = added.take(arena); h != no_record) …
#ifndef TRIVET_NETLINK_RECORD_RUNS_H_
#define TRIVET_NETLINK_RECORD_RUNS_H_

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
  /// @param arena  a record_arena, or what has its behind()
  /// @param h  what the arena has added last
  template <class Arena>
  void push_back(const Arena& arena, record_handle h) noexcept {
    if (size_ == 0 || arena.behind(last_) != h) runs_.push_back({h, 0});
    ++runs_.back().count;
    last_ = h;
    ++size_;
  }

  /// Takes the first out, or no_record; it may be removed from the arena then.
  template <class Arena>
  [[nodiscard]] record_handle take(const Arena& arena) noexcept {
    if (size_ == 0) return no_record;
    run& from = runs_[front_];
    const record_handle h = from.first;
    if (--from.count > 0) {
      from.first = arena.behind(h);
    } else {
      ++front_;
    }
    if (--size_ == 0) *this = record_runs();
    return h;
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
