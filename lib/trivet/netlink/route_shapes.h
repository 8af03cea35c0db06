// What the routes of a table have in common: most of a full table's differ in their prefix alone.
//
//   route_shapes shapes;
//   const auto shape = shapes.take(payload);
//   if (shape != route_shapes::none) …                   // the destination is all there is to keep
//   shapes.view(shape, destination);                     // the route again
//   shapes.give_back(shape);
#ifndef TRIVET_NETLINK_ROUTE_SHAPES_H_
#define TRIVET_NETLINK_ROUTE_SHAPES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/netlink/handle_index.h"
#include "trivet/netlink/route_record.h"

namespace trivet::netlink {

/// The payloads of routes but for their destinations, each kept once. One thread at a time.
class route_shapes {
 public:
  /// Known by its number for as long as a route has it.
  using number = std::uint32_t;
  /// The number that no shape has.
  static constexpr number none = 0xffffffff;

  /// The shape of a route, which has one more route then; none: it is to be kept whole. A shape is
  /// made for the second of two like routes that are not far apart: what occurs once costs nothing.
  /// @param payload  of RTM_NEWROUTE, at least struct rtmsg, with right lengths
  /// @throws std::bad_alloc, and has then changed nothing
  [[nodiscard]] number take(const_bytes payload) {
    if (last_ != none && is(shapes_[last_], payload)) {
      ++shapes_[last_].routes;
      return last_;
    }
    return look_up(payload);
  }
  /// Whether a route has that shape, and that destination.
  [[nodiscard]] bool is(number shape, const std::byte* destination,
                        const_bytes payload) const noexcept {
    const one& s = shapes_[shape];
    return is(s, payload) && std::memcmp(payload.data() + s.at, destination, s.length) == 0;
  }
  /// One route has it no longer; with the last of them it is forgotten.
  void give_back(number shape) noexcept;

  /// The value of RTA_DST in a payload of that shape: 4 or 16 bytes.
  [[nodiscard]] const_bytes destination(number shape, const_bytes payload) const noexcept {
    return payload.subspan(shapes_[shape].at, shapes_[shape].length);
  }
  /// The whole route, copied.
  /// @param destination  4 or 16 bytes, as destination() gave them
  [[nodiscard]] route_view view(number shape, const std::byte* destination) const noexcept {
    const one& s = shapes_[shape];
    return route_view(const_bytes(s.bytes).first(s.size), s.at, {destination, s.length});
  }
  /// Its identity; likewise.
  [[nodiscard]] route_key key(number shape, const std::byte* destination) const noexcept {
    route_key key = shapes_[shape].key;
    std::memcpy(key.destination.data(), destination, shapes_[shape].length);
    return key;
  }

  /// Memory in use, in bytes.
  [[nodiscard]] std::size_t memory() const noexcept {
    return shapes_.capacity() * sizeof(one) + by_hash_.memory();
  }

 private:
  static constexpr std::size_t most = 4096;  // beyond, routes are kept whole

  struct one {
    std::array<std::byte, route_view::longest_shape> bytes{};  // zero where the destination stands
    std::uint32_t size = 0;
    std::uint16_t at = 0;
    std::uint16_t length = 0;
    std::uint32_t hash = 0;
    std::uint32_t routes = 0;
    number next_vacant = none;
    route_key key;
  };

  // Headers of attributes are compared, so that the destination stands where it stands in the
  // shape.
  [[nodiscard]] static bool is(const one& s, const_bytes payload) noexcept {
    const std::size_t behind = std::size_t{s.at} + s.length;
    return payload.size() == s.size && same_words(payload.data(), s.bytes.data(), s.at) &&
           same_words(payload.data() + behind, s.bytes.data() + behind, s.size - behind);
  }
  // memcmp(3) for attributes, which are some words of four bytes.
  [[nodiscard]] static bool same_words(const std::byte* a, const std::byte* b,
                                       std::size_t size) noexcept {
    std::uint32_t differ = 0;
    for (; size >= sizeof differ; a += sizeof differ, b += sizeof differ, size -= sizeof differ) {
      std::uint32_t x = 0;
      std::uint32_t y = 0;
      std::memcpy(&x, a, sizeof x);
      std::memcpy(&y, b, sizeof y);
      differ |= x ^ y;
    }
    return differ == 0 && (size == 0 || std::memcmp(a, b, size) == 0);
  }
  [[nodiscard]] number look_up(const_bytes payload);
  [[nodiscard]] number make(const one& shape);

  std::vector<one> shapes_;
  number vacant_ = none;  // the first of shapes_ that is none
  handle_index by_hash_;
  number last_ = none;                    // the last that was taken
  std::array<std::uint32_t, 32> seen_{};  // hashes of the last that were kept whole
  std::uint32_t next_seen_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_SHAPES_H_
