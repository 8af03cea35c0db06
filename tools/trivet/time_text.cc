#include "tools/trivet/time_text.h"

#include <fmt/core.h>

#include <ctime>

namespace trivet::tool {
namespace {

struct calendar_time {
  ::tm parts{};
  bool known = false;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
};

calendar_time split(std::chrono::nanoseconds time, ::tm* (*calendar)(const ::time_t*, ::tm*)) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  calendar_time at{.seconds = whole.count(), .nanoseconds = (time - whole).count()};
  const ::time_t seconds = at.seconds;
  at.known = calendar(&seconds, &at.parts) != nullptr;
  return at;
}

std::string date_of(const ::tm& parts) {
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string time_of(const ::tm& parts) {
  return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

std::string local_time(std::chrono::nanoseconds time) {
  const calendar_time at = split(time, ::localtime_r);
  if (!at.known) return std::to_string(at.seconds);
  return fmt::format("{}.{:09}", time_of(at.parts), at.nanoseconds);
}

std::string local_date_time(std::chrono::nanoseconds time) {
  const calendar_time at = split(time, ::localtime_r);
  if (!at.known) return std::to_string(at.seconds);
  return fmt::format("{}T{}.{:06}", date_of(at.parts), time_of(at.parts), at.nanoseconds / 1000);
}

std::string universal_time(std::chrono::nanoseconds time) {
  const calendar_time at = split(time, ::gmtime_r);
  if (!at.known) return std::to_string(at.seconds);
  return fmt::format("{}T{}.{:09}Z", date_of(at.parts), time_of(at.parts), at.nanoseconds);
}

std::chrono::nanoseconds time_now() { return std::chrono::system_clock::now().time_since_epoch(); }

}  // namespace trivet::tool
