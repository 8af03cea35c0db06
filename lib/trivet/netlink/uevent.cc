#include "trivet/netlink/uevent.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace trivet::netlink {
namespace {

// udev's header: a text, a number in network byte order, its size, and where the properties are.
constexpr std::string_view udev_start{"libudev\0", 8};
constexpr std::uint32_t udev_magic = 0xfeedcafe;

struct udev_header {
  std::uint32_t magic;
  std::uint32_t header_size;
  std::uint32_t properties_offset;
  std::uint32_t properties_length;
};

std::optional<const_bytes> udev_properties(const_bytes datagram) {
  const const_bytes rest = datagram.subspan(udev_start.size());
  if (rest.size() < sizeof(udev_header)) return std::nullopt;
  const auto header = load_padded<udev_header>(rest);
  if (header.magic != big_endian(udev_magic)) return std::nullopt;
  if (header.properties_offset > datagram.size()) return std::nullopt;
  if (header.properties_length > datagram.size() - header.properties_offset) return std::nullopt;
  return datagram.subspan(header.properties_offset, header.properties_length);
}

}  // namespace

const std::string* uevent::find(std::string_view name) const noexcept {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const auto& property) { return property.first == name; });
  return found == properties.end() ? nullptr : &found->second;
}

std::optional<uevent> uevent::decode(const_bytes datagram) {
  uevent result;
  const_bytes properties = datagram;
  if (text_of(datagram).starts_with(udev_start)) {
    const auto inside = udev_properties(datagram);
    if (!inside) return std::nullopt;
    properties = *inside;
    result.from_udev = true;
  }
  std::string_view rest = text_of(properties);
  // The first word of the kernel's, "add@/devices/…", is in ACTION and DEVPATH once more.
  bool skipping = !result.from_udev;
  std::unordered_map<std::string_view, std::size_t> places;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    const std::size_t sign = word.find('=');
    if (std::exchange(skipping, false) && word.find('@') < sign) continue;
    if (sign == std::string_view::npos || sign == 0) continue;
    const std::string_view name = word.substr(0, sign);
    const auto [known, is_new] = places.emplace(name, result.properties.size());
    if (is_new) result.properties.emplace_back(name, "");
    result.properties[known->second].second = word.substr(sign + 1);
  }
  const std::string* const action = result.find("ACTION");
  const std::string* const path = result.find("DEVPATH");
  if (action == nullptr || path == nullptr) return std::nullopt;
  result.action = *action;
  result.device_path = *path;
  return result;
}

}  // namespace trivet::netlink
