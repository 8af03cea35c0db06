#include "trivet/netlink/protocol.h"

#include <cstdint>

namespace trivet::netlink {
std::string protocol_name(int protocol) {
  const std::string name = protocol < 0 ? "" : protocols(static_cast<std::uint64_t>(protocol));
  return name.empty() ? "protocol " + std::to_string(protocol) : name;
}

std::optional<int> protocol_number(std::string_view name) {
  std::string wanted;
  for (const char c : name) {
    wanted += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c == '-' ? '_' : c;
  }
  if (wanted.starts_with(protocols.prefix)) wanted.erase(0, protocols.prefix.size());
  for (const value_name& one : protocols.list) {
    if (one.name == wanted) return static_cast<int>(one.value);
  }
  if (wanted == "UEVENT") return NETLINK_KOBJECT_UEVENT;
  constexpr int most = 31;  // MAX_LINKS of the kernel, less one
  if (wanted.empty() || wanted.size() > 2) return std::nullopt;
  int number = 0;
  for (const char c : wanted) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number <= most ? std::optional(number) : std::nullopt;
}

}  // namespace trivet::netlink
