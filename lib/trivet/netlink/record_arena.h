// Records of bytes, packed one behind the other, each known by a number of 32 bits.
//
//   record_arena arena;
//   const record_handle h = arena.add(bytes);
//   arena.at(h);                                        // a view: valid until the arena changes
//   arena.remove(h);
//   while (arena.thin()) arena.evacuate([&](record_handle from, record_handle to) { … });
//
// New records stand behind the newest. A chunk goes back to the kernel when its last record is
// removed; one that is less than half full is thin, and to be evacuated: what is left of it moves,
// so that no more than half of the memory is lost. Who holds handles is told of each move.
#ifndef TRIVET_NETLINK_RECORD_ARENA_H_
#define TRIVET_NETLINK_RECORD_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/netlink/pages.h"

namespace trivet::netlink {

/// A record: its chunk, and its place in it in units of four bytes.
using record_handle = std::uint32_t;
/// The handle that no record has.
inline constexpr record_handle no_record = 0xffffffff;

/// Up to 16 GiB of records. A copy costs what its bytes cost. One thread at a time.
class record_arena {
 public:
  record_arena() = default;
  record_arena(const record_arena& other);
  record_arena& operator=(const record_arena& other);
  record_arena(record_arena&&) noexcept = default;
  record_arena& operator=(record_arena&&) noexcept = default;
  ~record_arena() = default;

  /// A record of its own, the first and the last of its list. Throws std::bad_alloc.
  /// @param marked  the caller's own mark, which it keeps
  record_handle add(const_bytes bytes, bool marked = false) {
    const std::size_t size = record_size(bytes.size());
    if (current_ == none || size > chunk_size - chunks_[current_].used) {
      return add_elsewhere(bytes, marked);
    }
    return append(current_, bytes, marked);
  }

  /// Forgets a record. Its memory is given back with that of its chunk, once all records there have
  /// been removed or evacuated. Its list is the caller's to mend.
  void remove(record_handle h) noexcept;

  /// The bytes of a record; valid until it is removed, overwritten or moved by evacuate().
  [[nodiscard]] const_bytes at(record_handle h) const noexcept {
    const std::byte* const place = place_of(h);
    return {place + sizeof(header), load(place).size & size_mask};
  }

  /// Whether it was added with the mark.
  [[nodiscard]] bool marked(record_handle h) const noexcept {
    return (load(place_of(h)).size & mark) != 0;
  }

  /// Whether as many bytes need as much room as those of a record, so that overwrite() takes them.
  [[nodiscard]] bool fits(record_handle h, std::size_t bytes) const noexcept {
    return record_size(at(h).size()) == record_size(bytes);
  }

  /// Writes other bytes in the place of a record, if they fit().
  [[nodiscard]] bool overwrite(record_handle h, const_bytes bytes) noexcept;

  /// The record behind this one in its list, or no_record.
  [[nodiscard]] record_handle next(record_handle h) const noexcept {
    return load(place_of(h)).next;
  }
  /// Puts a record, or no_record, behind this one in its list.
  void set_next(record_handle h, record_handle next) noexcept {
    std::memcpy(place_of(h) + offsetof(header, next), &next, sizeof next);
  }
  /// Whether it is the first of its list: add() makes it so.
  void set_first(record_handle h, bool first) noexcept;

  /// Whether two records stand in one chunk: those that were added between them stand there, too.
  [[nodiscard]] static bool are_near(record_handle a, record_handle b) noexcept {
    return a >> place_bits == b >> place_bits;
  }
  /// Calls use(record, next) with so many records of a chunk, one behind the other, removed or not;
  /// it may remove the record.
  /// @return the one behind them, if there is one
  template <class Use>
  [[nodiscard]] record_handle walk(record_handle from, std::size_t count, Use use) const {
    const std::uint32_t which = from >> place_bits;
    const std::byte* const start = chunks_[which].memory.data();
    std::size_t at = (from << 2) % chunk_size;
    for (; count > 0; --count) {
      const header found = load(start + at);
      use(handle(which, static_cast<std::uint32_t>(at)), found.next);
      at += record_size(found.size & size_mask);
    }
    return handle(which, static_cast<std::uint32_t>(at));
  }

  /// The first record of a list that stands at `h` or behind it, or no_record: for
  /// (h = arena.first_from(0); h != no_record; h = arena.first_after(h)).
  [[nodiscard]] record_handle first_from(record_handle h) const noexcept;
  [[nodiscard]] record_handle first_after(record_handle h) const noexcept;

  /// Whether a chunk is to be evacuated.
  [[nodiscard]] bool thin() const noexcept { return !thin_.empty(); }
  /// Empties it. @param moved  called with the old and the new handle of each record, while the old
  ///   one still holds
  /// Throws std::bad_alloc; it is thin still, and what has moved has moved.
  template <class Moved>
  void evacuate(Moved moved) {
    const std::uint32_t which = thin_.back();
    thin_.pop_back();
    try {
      empty(which, moved);
    } catch (...) {
      thin_.push_back(which);  // there is room for all chunks
      throw;
    }
    release(which);
  }

  /// Memory in use, in bytes: what is lost between records included.
  [[nodiscard]] std::size_t memory() const noexcept;

 private:
  static constexpr std::uint32_t chunk_size = 2U << 20;  // a huge page
  static constexpr std::uint32_t none = 0xffffffff;
  static constexpr int place_bits = 19;  // chunk_size in units of four bytes
  static constexpr std::uint32_t dead = 1U << 31;
  static constexpr std::uint32_t first = 1U << 30;
  static constexpr std::uint32_t mark = 1U << 29;
  static constexpr std::uint32_t size_mask = mark - 1;

  struct header {
    std::uint32_t size;  // and three flags
    record_handle next;
  };
  struct chunk {
    pages memory;
    std::uint32_t used = 0;  // bytes
    std::uint32_t dead = 0;  // bytes of those
    bool queued = false;     // in thin_
  };

  [[nodiscard]] static constexpr std::size_t record_size(std::size_t bytes) noexcept {
    return sizeof(header) + ((bytes + 3) & ~std::size_t{3});
  }
  [[nodiscard]] static record_handle handle(std::uint32_t which, std::uint32_t at) noexcept {
    return which << place_bits | at >> 2;
  }
  [[nodiscard]] static header load(const std::byte* place) noexcept {
    header result;
    std::memcpy(&result, place, sizeof result);
    return result;
  }
  [[nodiscard]] const std::byte* place_of(record_handle h) const noexcept {
    return chunks_[h >> place_bits].memory.data() + (h << 2) % chunk_size;
  }
  [[nodiscard]] std::byte* place_of(record_handle h) noexcept {
    return chunks_[h >> place_bits].memory.data() + (h << 2) % chunk_size;
  }

  template <class Moved>
  void empty(std::uint32_t which, Moved& moved) {
    for (std::uint32_t at = 0; at < chunks_[which].used;) {
      const record_handle from = handle(which, at);
      const header found = load(place_of(from));
      const auto size = static_cast<std::uint32_t>(record_size(found.size & size_mask));
      if ((found.size & dead) == 0) {
        const record_handle to = add(this->at(from), (found.size & mark) != 0);
        set_next(to, found.next);
        set_first(to, (found.size & first) != 0);
        moved(from, to);
        mark_dead(from);
      }
      at += size;
    }
  }
  record_handle append(std::uint32_t which, const_bytes bytes, bool marked) noexcept {
    chunk& c = chunks_[which];
    const std::uint32_t at = c.used;
    std::byte* const place = c.memory.data() + at;
    const header h{static_cast<std::uint32_t>(bytes.size()) | first | (marked ? mark : 0),
                   no_record};
    std::memcpy(place, &h, sizeof h);
    std::memcpy(place + sizeof h, bytes.data(), bytes.size());
    c.used += static_cast<std::uint32_t>(record_size(bytes.size()));
    return handle(which, at);
  }
  record_handle add_elsewhere(const_bytes bytes, bool marked);
  [[nodiscard]] record_handle first_at(std::uint32_t which, std::size_t at) const noexcept;
  std::uint32_t new_chunk(std::size_t size);
  void check_thin(std::uint32_t which);
  void mark_dead(record_handle h) noexcept;
  void release(std::uint32_t which) noexcept;

  std::vector<chunk> chunks_;
  std::vector<std::uint32_t> vacant_;  // chunks that were given back
  std::vector<std::uint32_t> thin_;
  std::uint32_t current_ = none;  // where records are added
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_RECORD_ARENA_H_
