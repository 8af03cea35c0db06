#include "tools/trivet/netlink_last_route.h"

#include <cstdint>

#include "tools/trivet/netlink_prefix.h"

namespace trivet::tool {
namespace {

constexpr std::size_t destination = 1;  // its place among the words

// Behind each word: no word has it.
constexpr char end_of_word = '\0';

// No keyword and no type of a route begins with a digit.
bool has_number(std::span<const std::string_view> words) {
  if (words.size() <= destination || words[destination].empty()) return false;
  const char first = words[destination].front();
  return first >= '0' && first <= '9';
}

}  // namespace

void last_route::keep(std::span<const std::string_view> words, const line_verb& verb,
                      const netlink::rtnl::route& what) {
  verb_ = &verb;
  route_ = what;
  count_ = 0;
  if (!has_number(words)) return;
  others_.clear();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == destination) continue;
    others_ += words[i];
    others_ += end_of_word;
  }
  count_ = words.size();
}

bool last_route::repeat(std::span<const std::string_view> words, int family) {
  if (count_ == 0 || words.size() != count_ || !has_number(words) || !has_others(words)) {
    return false;
  }
  const auto to = line_prefix::parse("route", words[destination], family);
  if (!to.has_address || to.address.family != route_.family) return false;
  route_.destination = to.address;
  route_.destination_length = static_cast<std::uint8_t>(to.length);
  return true;
}

bool last_route::has_others(std::span<const std::string_view> words) const noexcept {
  std::string_view known = others_;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == destination) continue;
    const std::size_t size = words[i].size();
    if (known.size() <= size || known[size] != end_of_word || !known.starts_with(words[i])) {
      return false;
    }
    known.remove_prefix(size + 1);
  }
  return true;
}

}  // namespace trivet::tool
