// How many events a monitor has printed, by noun.
#ifndef TOOLS_TRIVET_NETLINK_MONITOR_COUNTS_H_
#define TOOLS_TRIVET_NETLINK_MONITOR_COUNTS_H_

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "trivet/netlink/objects.h"

namespace trivet::tool {

/// A kind of object: its noun, and the bits of it in a set.
struct monitored_noun {
  std::string_view name;
  netlink::objects bits;
};

constexpr monitored_noun monitored_nouns[] = {
    {"link", netlink::objects::link},   {"addr", netlink::objects::address},
    {"route", netlink::objects::route}, {"neigh", netlink::objects::neighbour},
    {"rule", netlink::objects::rule},   {"nexthop", netlink::objects::nexthop}};

/// What has been seen.
struct event_counts {
  /// Of one noun.
  struct tally {
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;
    [[nodiscard]] std::uint64_t sum() const { return added + changed + removed; }
  };
  std::array<tally, std::size(monitored_nouns)> tallies{};  ///< in their order
  std::uint64_t overruns = 0;
  std::uint64_t lost = 0;

  event_counts& operator+=(const event_counts& more);
  /// "9 events: link 2 (1 added, 1 changed, 0 removed), addr …; 1 overrun (12 lost)"
  [[nodiscard]] std::string summary(netlink::objects shown) const;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_MONITOR_COUNTS_H_
