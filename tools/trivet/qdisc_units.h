// The units of tc(8): sizes, rates and times as it writes them.
#ifndef TOOLS_TRIVET_QDISC_UNITS_H_
#define TOOLS_TRIVET_QDISC_UNITS_H_

#include <cstdint>
#include <string>

namespace trivet::tool {

/// "1514b", "10Kb", "4Mb": Kb and Mb are 1024 and 1048576 bytes, and close by.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

/// Bits per second of bytes per second: "8bit", "1Mbit", "1500Kbit".
[[nodiscard]] std::string rate_text(std::uint64_t bytes_per_second);

/// "5ms", "1.25s", "999us". Three digits, as tc(8) has them.
[[nodiscard]] std::string microseconds_text(std::uint64_t microseconds);

/// "10us", "1.5ms", "40ns".
[[nodiscard]] std::string nanoseconds_text(std::uint64_t nanoseconds);

/// Microseconds of the ticks in which the kernel counts the time of a packet; cut off, not rounded,
/// as tc(8) does it. Source: /proc/net/psched, whose first two words are 1000 and 64; PSCHED_SHIFT
[[nodiscard]] constexpr std::uint32_t microseconds_of(std::uint32_t ticks) {
  constexpr std::uint64_t nanoseconds_a_tick = 64;
  return static_cast<std::uint32_t>(ticks * nanoseconds_a_tick / 1000);
}

/// How many bytes are sent at a rate in so many ticks.
[[nodiscard]] std::uint32_t bytes_in(std::uint64_t bytes_per_second, std::uint32_t ticks);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_QDISC_UNITS_H_
