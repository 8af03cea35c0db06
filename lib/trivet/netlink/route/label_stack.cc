#include "trivet/netlink/route/label_stack.h"

#include <fmt/core.h>

namespace trivet::netlink::rtnl {
namespace {

constexpr std::uint32_t bottom_of_stack = 0x100;
constexpr unsigned label_shift = 12;

}  // namespace

std::string label_text(const_bytes entries) {
  std::string text;
  byte_reader in(entries);
  while (in.rest().size() >= sizeof(std::uint32_t)) {
    const auto entry = in.read_big_endian<std::uint32_t>();
    text += fmt::format("{}{}", text.empty() ? "" : "/", entry >> label_shift);
    if ((entry & bottom_of_stack) != 0) break;
  }
  return text;
}

void label_stack::push_back(std::uint32_t label, bool bottom) {
  const std::uint32_t entry = big_endian(label << label_shift | (bottom ? bottom_of_stack : 0));
  const const_bytes bytes = std::as_bytes(std::span<const std::uint32_t, 1>(&entry, 1));
  entries.insert(entries.end(), bytes.begin(), bytes.end());
}

std::string label_stack::to_string() const { return label_text(entries); }

}  // namespace trivet::netlink::rtnl
