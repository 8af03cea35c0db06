// A hash index of record handles: eight bytes a slot, open addressing.
//
//   handle_index index;
//   index.add(hash, handle);
//   const auto place = index.find(hash, [&](record_handle h) { return key_of(h) == key; });
//   if (place) index.erase(*place);
//
// Several handles may have one hash. The slot of a hash is told by its upper bits, so that growing
// copies from the front to the back, and by its last three within a line of the cache: hashes that
// differ in those alone stand side by side.
#ifndef TRIVET_NETLINK_HANDLE_INDEX_H_
#define TRIVET_NETLINK_HANDLE_INDEX_H_

#include <cstdint>
#include <cstring>
#include <optional>

#include "trivet/netlink/pages.h"
#include "trivet/netlink/record_arena.h"

namespace trivet::netlink {

/// Handles by their hashes; full to seven tenths at most, and twice as large then. One thread at a
/// time.
class handle_index {
 public:
  handle_index() = default;
  handle_index(const handle_index& other);
  handle_index& operator=(const handle_index& other);
  handle_index(handle_index&& other) noexcept;
  handle_index& operator=(handle_index&& other) noexcept;
  ~handle_index() = default;

  /// Where a handle stands, until the next add(), find_or_add(), reserve() or erase().
  using place = std::size_t;
  /// What find_or_add() did: where the handle stands, and whether it was added now.
  struct found_or_added {
    place where;
    bool added;
  };

  /// How many handles there are.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// The first place of a hash whose handle the predicate takes.
  template <class Predicate>
  [[nodiscard]] std::optional<place> find(std::uint32_t hash, Predicate is) const {
    if (size_ == 0) return std::nullopt;
    for (place i = home(hash);; i = (i + 1) & mask_) {
      const slot found = get(i);
      if (found.handle_plus_one == 0) return std::nullopt;
      if (found.hash == hash && is(found.handle_plus_one - 1)) return i;
    }
  }

  /// The handle at a place that find() gave, and putting another with the same hash there.
  [[nodiscard]] record_handle at(place p) const noexcept { return get(p).handle_plus_one - 1; }
  void set(place p, record_handle h) noexcept { put(p, {get(p).hash, h + 1}); }

  /// Throws std::bad_alloc, and has then added nothing.
  void add(std::uint32_t hash, record_handle h) {
    make_room();
    insert({hash, h + 1});
    ++size_;
  }

  /// Room for so many, so that adding up to them neither fails nor moves what is there. Throws
  /// std::bad_alloc.
  void reserve(std::size_t count);

  /// The first place of a hash whose handle the predicate takes, or where none is, of `h`, which is
  /// added. Throws std::bad_alloc, and has then added nothing.
  template <class Predicate>
  [[nodiscard]] found_or_added find_or_add(std::uint32_t hash, record_handle h, Predicate is) {
    make_room();
    for (place i = home(hash);; i = (i + 1) & mask_) {
      const slot known = get(i);
      if (known.handle_plus_one == 0) {
        put(i, {hash, h + 1});
        ++size_;
        return {i, true};
      }
      if (known.hash == hash && is(known.handle_plus_one - 1)) return {i, false};
    }
  }

  /// What was found before holds no longer.
  void erase(place p) noexcept;

  /// Gives memory back where nine tenths or more are empty. What was found before holds no longer.
  void trim() noexcept;

  /// Where the search for a hash begins, for __builtin_prefetch: it is left to the caller, because
  /// gcc drops calls of a function that does nothing else.
  [[nodiscard]] const void* first_slot(std::uint32_t hash) const noexcept {
    return size_ > 0 ? slots_.data() + home(hash) * sizeof(slot) : nullptr;
  }

  /// Memory in use, in bytes.
  [[nodiscard]] std::size_t memory() const noexcept { return slots_.size(); }

 private:
  static constexpr std::size_t smallest = 512;  // slots: a page

  struct slot {
    std::uint32_t hash;
    std::uint32_t handle_plus_one;  // 0: empty
  };

  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size() / sizeof(slot); }
  [[nodiscard]] place home(std::uint32_t hash) const noexcept {
    constexpr place in_line = 7;
    return (hash >> shift_ & ~in_line) | (hash & in_line);
  }
  [[nodiscard]] slot get(place p) const noexcept {
    slot result;
    std::memcpy(&result, slots_.data() + p * sizeof(slot), sizeof result);
    return result;
  }
  void put(place p, slot what) noexcept {
    std::memcpy(slots_.data() + p * sizeof(slot), &what, sizeof what);
  }
  [[nodiscard]] static bool fit(std::size_t handles, std::size_t slots) noexcept {
    return 10 * handles <= 7 * slots;
  }
  void make_room() {
    if (!fit(size_ + 1, capacity())) reserve(size_ + 1);
  }
  void insert(slot what) noexcept {
    place i = home(what.hash);
    while (get(i).handle_plus_one != 0) i = (i + 1) & mask_;
    put(i, what);
  }
  void resize(std::size_t slots);

  pages slots_;
  std::size_t size_ = 0;
  std::size_t mask_ = 0;
  int shift_ = 31;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_HANDLE_INDEX_H_
