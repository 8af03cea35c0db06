#include "tools/trivet/netlink_monitor_counts.h"

#include <fmt/core.h>

namespace trivet::tool {

event_counts& event_counts::operator+=(const event_counts& more) {
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    tallies[i].added += more.tallies[i].added;
    tallies[i].changed += more.tallies[i].changed;
    tallies[i].removed += more.tallies[i].removed;
  }
  overruns += more.overruns;
  lost += more.lost;
  return *this;
}

std::string event_counts::summary(netlink::objects shown) const {
  std::uint64_t sum = 0;
  std::string text;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    if (!netlink::overlap(monitored_nouns[i].bits, shown)) continue;
    const tally& seen = tallies[i];
    sum += seen.sum();
    text +=
        fmt::format("{}{} {} ({} added, {} changed, {} removed)", text.empty() ? "" : ", ",
                    monitored_nouns[i].name, seen.sum(), seen.added, seen.changed, seen.removed);
  }
  const std::string ends = overruns == 0 ? "no overrun"
                                         : fmt::format("{} overrun{} ({} lost)", overruns,
                                                       overruns == 1 ? "" : "s", lost);
  return fmt::format("{} event{}: {}; {}", sum, sum == 1 ? "" : "s", text, ends);
}

}  // namespace trivet::tool
