// What the routes of a table have in common: most of a full table's differ in their prefix alone.
//
//   route_shapes shapes;
//   auto shape = shapes.like_last(payload);
//   if (shape == route_shapes::none) shape = shapes.find(payload);
//   if (shape != route_shapes::none) shapes.take(shape);  // its prefix is all there is to keep
//   shapes.view(shape, prefix);                           // the route again
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

/// The payloads of routes but for their prefixes, each kept once. One thread at a time.
class route_shapes {
 public:
  /// Known by its number for as long as a route has it: less than 2^24.
  using number = std::uint32_t;
  /// The number that no shape has.
  static constexpr number none = 0xffffffff;

  /// What a route has of its own. A view.
  struct prefix {
    std::uint8_t length;           ///< rtm_dst_len, bits
    const std::byte* destination;  ///< the value of RTA_DST: address_size() bytes
  };

  /// The shape of a route where it is that of one of the last few: a comparison, no more.
  /// @return none: find() it
  [[nodiscard]] number like_last(const_bytes payload) noexcept {
    const number last = recent_[0];
    return last != none && is(shapes_[last], payload) ? last : like_recent(payload);
  }
  /// The shape of a route that like_last() does not know, which is to be taken then; none: it is to
  /// be kept whole. A shape is made for the second of two like routes that are not far apart: what
  /// occurs once costs nothing.
  /// @param payload  of RTM_NEWROUTE, at least struct rtmsg, with right lengths
  /// @throws std::bad_alloc, and has then changed nothing
  [[nodiscard]] number find(const_bytes payload);

  /// One route has it more.
  void take(number shape) noexcept { ++shapes_[shape].routes; }
  /// One route less; a shape that no route has is forgotten.
  void give_back(number shape) noexcept;

  /// 4 or 16 bytes.
  [[nodiscard]] std::size_t address_size(number shape) const noexcept {
    return shapes_[shape].length;
  }
  /// The prefix of a payload that has that shape.
  [[nodiscard]] prefix prefix_in(number shape, const_bytes payload) const noexcept {
    return {std::to_integer<std::uint8_t>(payload[length_at]), payload.data() + shapes_[shape].at};
  }
  /// Whether a payload is the route of that shape and prefix.
  [[nodiscard]] bool is(number shape, prefix own, const_bytes payload) const noexcept {
    const one& s = shapes_[shape];
    return is(s, payload) && payload[length_at] == std::byte{own.length} &&
           std::memcmp(payload.data() + s.at, own.destination, s.length) == 0;
  }
  /// The whole route, copied.
  [[nodiscard]] route_view view(number shape, prefix own) const noexcept {
    const one& s = shapes_[shape];
    return route_view(const_bytes(s.bytes).first(s.size), own.length, s.at,
                      {own.destination, s.length});
  }
  /// Its identity.
  [[nodiscard]] route_key key(number shape, prefix own) const noexcept {
    route_key key = shapes_[shape].key;
    put(shape, own, key);
    return key;
  }
  /// Puts the prefix of a route in the place of that of another route of the same shape.
  void put(number shape, prefix own, route_key& key) const noexcept {
    key.destination_length = own.length;
    if (shapes_[shape].length == 4) {
      std::memcpy(key.destination.data(), own.destination, 4);
    } else {
      std::memcpy(key.destination.data(), own.destination, 16);
    }
  }

  /// Memory in use, in bytes.
  [[nodiscard]] std::size_t memory() const noexcept {
    return shapes_.capacity() * sizeof(one) + by_hash_.memory();
  }

 private:
  static constexpr std::size_t most = 4096;  // beyond, routes are kept whole
  static constexpr std::size_t length_at = offsetof(::rtmsg, rtm_dst_len);

  struct one {
    std::array<std::byte, route_view::longest_shape> bytes{};   // zero where a prefix stands
    std::array<std::byte, route_view::longest_shape> counts{};  // 0xff but for there
    std::uint32_t size = 0;
    std::uint16_t at = 0;
    std::uint16_t length = 0;
    std::uint32_t hash = 0;
    std::uint32_t routes = 0;
    number next_vacant = none;
    route_key key;
  };

  // Two words, which are compared at once.
  using words [[gnu::vector_size(16)]] = std::uint64_t;

  // Headers of attributes are compared, so that the destination stands where it stands in the
  // shape. A shape is no shorter than a step: it has struct rtmsg and a destination.
  [[nodiscard]] static bool is(const one& s, const_bytes payload) noexcept {
    if (payload.size() != s.size) return false;
    const std::size_t last = s.size - sizeof(words);
    words differ = differ_at(s, payload, last);
    for (std::size_t at = 0; at < last; at += sizeof(words)) differ |= differ_at(s, payload, at);
    return (differ[0] | differ[1]) == 0;
  }
  [[nodiscard]] static words differ_at(const one& s, const_bytes payload, std::size_t at) noexcept {
    words here;
    words there;
    words counts;
    std::memcpy(&here, payload.data() + at, sizeof here);
    std::memcpy(&there, s.bytes.data() + at, sizeof there);
    std::memcpy(&counts, s.counts.data() + at, sizeof counts);
    return (here ^ there) & counts;
  }
  [[nodiscard]] number like_recent(const_bytes payload) noexcept;
  [[nodiscard]] number make(const one& shape);

  std::vector<one> shapes_;
  number vacant_ = none;  // the first of shapes_ that is none
  handle_index by_hash_;
  // The last that was found, and others that were not long before.
  std::array<number, 4> recent_{none, none, none, none};
  std::array<std::uint32_t, 32> seen_{};  // hashes of the last that were kept whole
  std::uint32_t next_seen_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_SHAPES_H_
