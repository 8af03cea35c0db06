#include "trivet/netlink/value_form.h"

#include <array>
#include <charconv>

namespace trivet::netlink {
std::string hexadecimal(std::uint64_t value) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return "0x" + std::string(digits.data(), end);
}

std::string value_names::operator()(std::uint64_t value) const {
  std::string words;
  const auto add = [&](std::string_view before, std::string_view name) {
    if (!words.empty()) words += '|';
    words.append(before).append(name);
  };
  for (const value_name& one : list) {
    if (!flags && one.value == value) return std::string(prefix).append(one.name);
    if (!flags || one.value == 0 || (value & one.value) != one.value) continue;
    add(prefix, one.name);
    value &= ~one.value;
  }
  if (!words.empty() && value != 0) add("", hexadecimal(value));
  return words;
}

}  // namespace trivet::netlink
