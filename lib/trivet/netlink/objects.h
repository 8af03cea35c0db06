// The kinds of objects that a table holds and a monitor watches, as a set.
#ifndef TRIVET_NETLINK_OBJECTS_H_
#define TRIVET_NETLINK_OBJECTS_H_

#include <cstdint>

namespace trivet::netlink {

/// A set of kinds: those of one family, of both, and what is asked for most.
enum class objects : std::uint32_t {
  none = 0,
  link = 1,
  address_v4 = 2,
  address_v6 = 4,
  route_v4 = 8,
  route_v6 = 16,
  neighbour_v4 = 32,
  neighbour_v6 = 64,
  rule_v4 = 128,
  rule_v6 = 256,
  nexthop = 512,
  address = address_v4 | address_v6,
  route = route_v4 | route_v6,
  neighbour = neighbour_v4 | neighbour_v6,
  rule = rule_v4 | rule_v6,
  basic = link | address | route,
  all = basic | neighbour | rule | nexthop,
};

/// The single kinds, in the order in which they are read and told: what others name comes first.
inline constexpr objects each_kind[] = {
    objects::link,     objects::address_v4, objects::address_v6,   objects::nexthop,
    objects::route_v4, objects::route_v6,   objects::neighbour_v4, objects::neighbour_v6,
    objects::rule_v4,  objects::rule_v6};

/// What is in either, and what is in both.
[[nodiscard]] constexpr objects operator|(objects a, objects b) noexcept {
  return static_cast<objects>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
[[nodiscard]] constexpr objects operator&(objects a, objects b) noexcept {
  return static_cast<objects>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}
constexpr objects& operator|=(objects& a, objects b) noexcept { return a = a | b; }

/// Whether the set is not empty.
[[nodiscard]] constexpr bool any(objects set) noexcept { return set != objects::none; }
/// Whether the sets have a kind in common.
[[nodiscard]] constexpr bool overlap(objects a, objects b) noexcept { return any(a & b); }
/// `a` without what is in `b`.
[[nodiscard]] constexpr objects without(objects a, objects b) noexcept {
  return static_cast<objects>(static_cast<std::uint32_t>(a) & ~static_cast<std::uint32_t>(b));
}

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_OBJECTS_H_
