#include "trivet/bluetooth/bdaddr.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace trivet::bluetooth {

std::optional<bdaddr> bdaddr::parse(std::string_view text) noexcept {
  bdaddr result;
  for (std::uint8_t& byte : result.bytes) {
    const bool last = &byte == &result.bytes.back();
    const auto colon = std::min(text.find(':'), text.size());
    if (colon < 1 || colon > 2 || last != (colon == text.size())) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + colon, byte, 16);
    if (error != std::errc() || end != text.data() + colon) return std::nullopt;
    text.remove_prefix(last ? colon : colon + 1);
  }
  return result;
}

std::string bdaddr::to_string() const {
  return fmt::format("{:02X}:{:02X}:{:02X}:{:02X}:{:02X}:{:02X}", bytes[0], bytes[1], bytes[2],
                     bytes[3], bytes[4], bytes[5]);
}

}  // namespace trivet::bluetooth
