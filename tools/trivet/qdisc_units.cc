#include "tools/trivet/qdisc_units.h"

#include <fmt/core.h>

#include <cmath>
#include <string_view>

namespace trivet::tool {
namespace {

/// Whether a size is so close to a number of units that tc(8) writes that number.
bool is_about(double bytes, double unit, double tolerance) {
  return bytes >= unit && std::fabs(unit * std::rint(bytes / unit) - bytes) < tolerance;
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  constexpr double kilo = 1024;
  constexpr double mega = kilo * kilo;
  const auto size = static_cast<double>(bytes);
  if (is_about(size, mega, 1024)) return fmt::format("{:g}Mb", std::rint(size / mega));
  if (is_about(size, kilo, 16)) return fmt::format("{:g}Kb", std::rint(size / kilo));
  return fmt::format("{}b", bytes);
}

std::string rate_text(std::uint64_t bytes_per_second) {
  constexpr std::string_view units[] = {"", "K", "M", "G", "T"};
  std::uint64_t rate = bytes_per_second * 8;
  std::size_t unit = 0;
  // A larger unit where it loses nothing, or where the number would have more than six digits.
  while (unit + 1 < std::size(units) && rate >= 1000 && (rate % 1000 == 0 || rate >= 1000000)) {
    rate /= 1000;
    ++unit;
  }
  return fmt::format("{}{}bit", rate, units[unit]);
}

std::string microseconds_text(std::uint64_t microseconds) {
  if (microseconds >= 1000000)
    return fmt::format("{:.3g}s", static_cast<double>(microseconds) / 1e6);
  if (microseconds >= 1000) return fmt::format("{:.3g}ms", static_cast<double>(microseconds) / 1e3);
  return fmt::format("{}us", microseconds);
}

std::string nanoseconds_text(std::uint64_t nanoseconds) {
  const auto time = static_cast<double>(nanoseconds);
  if (nanoseconds >= 1000000000) return fmt::format("{:.3g}s", time / 1e9);
  if (nanoseconds >= 1000000) return fmt::format("{:.3g}ms", time / 1e6);
  if (nanoseconds >= 1000) return fmt::format("{:.3g}us", time / 1e3);
  return fmt::format("{}ns", nanoseconds);
}

std::uint32_t bytes_in(std::uint64_t bytes_per_second, std::uint32_t ticks) {
  return static_cast<std::uint32_t>(static_cast<double>(bytes_per_second) * microseconds_of(ticks) /
                                    1e6);
}

}  // namespace trivet::tool
