// Routes in an arena: those that have a shape as its number and their prefix, in a third of the
// memory, the others whole.
#ifndef TRIVET_NETLINK_ROUTE_RECORDS_H_
#define TRIVET_NETLINK_ROUTE_RECORDS_H_

#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "trivet/netlink/record_arena.h"
#include "trivet/netlink/route_record.h"
#include "trivet/netlink/route_shapes.h"

namespace trivet::netlink {

/// A record_arena whose records are read as routes. Views hold until it is changed.
class route_records : private record_arena {
 public:
  using record_arena::evacuate;
  using record_arena::first_after;
  using record_arena::first_from;
  using record_arena::next;
  using record_arena::set_first;
  using record_arena::set_next;
  using record_arena::thin;
  using record_arena::walk;

  /// The shape of a route that is like one of the last few that were added, or route_shapes::none.
  [[nodiscard]] route_shapes::number like_last(const_bytes payload) noexcept {
    return shapes_.like_last(payload);
  }
  /// The identity of a route of that shape, of which nothing but its prefix is read.
  [[nodiscard]] route_key key_like(route_shapes::number shape, const_bytes payload) const noexcept {
    return shapes_.key(shape, shapes_.prefix_in(shape, payload));
  }

  /// Makes the identity of a route of that shape that of another.
  void read_prefix(route_shapes::number shape, const_bytes payload, route_key& key) const noexcept {
    shapes_.put(shape, shapes_.prefix_in(shape, payload), key);
  }

  /// A route of its own, the first and the last of its list. Throws std::bad_alloc, and has then
  /// added nothing.
  /// @param payload  of RTM_NEWROUTE, at least struct rtmsg, with right lengths
  [[nodiscard]] record_handle add(const_bytes payload) { return add(payload, like_last(payload)); }
  /// Likewise. @param shape  what like_last() said of it
  [[nodiscard]] record_handle add(const_bytes payload, route_shapes::number shape) {
    if (shape == route_shapes::none) {
      shape = shapes_.find(payload);
      if (shape == route_shapes::none) return record_arena::add(payload);
    }
    return add(shape, shapes_.prefix_in(shape, payload));
  }
  /// Forgets a route. Its list is the caller's to mend.
  void remove(record_handle h) noexcept;

  /// The whole route, put together where it has a shape.
  [[nodiscard]] route_view at(record_handle h) const noexcept {
    const const_bytes bytes = record_arena::at(h);
    return marked(h) ? shapes_.view(shape_in(bytes), prefix_in(bytes)) : route_view(bytes);
  }
  /// What route_view::key() gives, without reading attributes where it has a shape.
  [[nodiscard]] route_key key(record_handle h) const noexcept {
    const const_bytes bytes = record_arena::at(h);
    return marked(h) ? shapes_.key(shape_in(bytes), prefix_in(bytes)) : route_view(bytes).key();
  }

  /// Whether overwrite() takes other bytes for a route: those of a shape are not written over.
  [[nodiscard]] bool fits(record_handle h, const_bytes payload) const noexcept {
    const const_bytes bytes = record_arena::at(h);
    return marked(h) ? shapes_.is(shape_in(bytes), prefix_in(bytes), payload)
                     : record_arena::fits(h, payload.size());
  }
  /// Writes other bytes in the place of a route, if they fit().
  void overwrite(record_handle h, const_bytes payload) noexcept {
    if (!marked(h)) (void)record_arena::overwrite(h, payload);
  }

  /// Where a route stands, for __builtin_prefetch.
  [[nodiscard]] const void* place(record_handle h) const noexcept {
    return record_arena::at(h).data();
  }
  /// Memory in use, in bytes.
  [[nodiscard]] std::size_t memory() const noexcept {
    return record_arena::memory() + shapes_.memory();
  }

 private:
  record_handle add(route_shapes::number shape, route_shapes::prefix own) {
    shapes_.take(shape);
    try {
      const std::uint32_t both = shape << 8 | own.length;
      if (shapes_.address_size(shape) == 4) {
        // In a register: bytes written one by one and then read at once have the CPU wait.
        std::uint32_t address = 0;
        std::memcpy(&address, own.destination, sizeof address);
        const auto word = std::bit_cast<std::uint64_t>(std::array{both, address});
        return record_arena::add(std::as_bytes(std::span(&word, 1)), true);
      }
      std::array<std::byte, destination + 16> bytes;
      std::memcpy(bytes.data(), &both, destination);
      std::memcpy(bytes.data() + destination, own.destination, 16);
      return record_arena::add(bytes, true);
    } catch (...) {
      shapes_.give_back(shape);
      throw;
    }
  }

  // A record of a shape: its number and the length of the prefix in one word, and the address.
  static constexpr std::size_t destination = sizeof(std::uint32_t);

  [[nodiscard]] static std::uint32_t first_word(const_bytes bytes) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    return word;
  }
  [[nodiscard]] static route_shapes::number shape_in(const_bytes bytes) noexcept {
    return first_word(bytes) >> 8;
  }
  [[nodiscard]] static route_shapes::prefix prefix_in(const_bytes bytes) noexcept {
    return {static_cast<std::uint8_t>(first_word(bytes)), bytes.data() + destination};
  }

  route_shapes shapes_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_RECORDS_H_
