// Moments as text.
#ifndef TOOLS_TRIVET_TIME_TEXT_H_
#define TOOLS_TRIVET_TIME_TEXT_H_

#include <chrono>
#include <string>

namespace trivet::tool {

// Each takes the time since 1970 (CLOCK_REALTIME); one that no calendar holds is printed as
// seconds. Thread-safe.

/// "20:55:00.123456789", the time of day here, as tcpdump prints it but to the nanosecond.
[[nodiscard]] std::string local_time(std::chrono::nanoseconds time);

/// "2026-11-22T20:55:00.123456", date and time here, as `ip -ts monitor` prints them.
[[nodiscard]] std::string local_date_time(std::chrono::nanoseconds time);

/// "2026-11-22T20:55:00.123456789Z". Source: RFC 3339
[[nodiscard]] std::string universal_time(std::chrono::nanoseconds time);

/// CLOCK_REALTIME.
[[nodiscard]] std::chrono::nanoseconds time_now();

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_TIME_TEXT_H_
