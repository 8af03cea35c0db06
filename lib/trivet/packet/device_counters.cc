#include "trivet/packet/device_counters.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace trivet::packet {
namespace {

std::string_view skip_spaces(std::string_view text) noexcept {
  const auto start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

// "  eth0: bytes packets errs drop fifo frame compressed multicast | bytes …"
std::optional<device_count> parse_line(std::string_view line, std::string_view name) noexcept {
  line = skip_spaces(line);
  if (!line.starts_with(name) || !line.substr(name.size()).starts_with(':')) return std::nullopt;
  line.remove_prefix(name.size() + 1);
  std::array<std::uint64_t, 4> columns{};
  for (std::uint64_t& column : columns) {
    line = skip_spaces(line);
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), column);
    if (error != std::errc()) return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  }
  return device_count{columns[1], columns[3]};
}

}  // namespace

std::optional<device_count> parse_device_counters(std::string_view text,
                                                  std::string_view name) noexcept {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (const auto found = parse_line(text.substr(0, end), name)) return found;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::nullopt;
}

device_counters::device_counters(std::string name)
    : file_(::open("/proc/thread-self/net/dev", O_RDONLY | O_CLOEXEC)), name_(std::move(name)) {}

std::optional<device_count> device_counters::read() const {
  if (!file_ || ::lseek(file_.get(), 0, SEEK_SET) < 0) return std::nullopt;
  std::string text;
  std::array<char, 4096> piece;
  while (true) {
    const ::ssize_t got = ::read(file_.get(), piece.data(), piece.size());
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  return parse_device_counters(text, name_);
}

}  // namespace trivet::packet
