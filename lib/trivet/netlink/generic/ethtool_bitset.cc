#include "trivet/netlink/generic/ethtool_bitset.h"

#include <linux/ethtool_netlink.h>

#include <algorithm>

namespace trivet::netlink::generic::ethtool {
namespace {

constexpr attribute_rule<bitset_bit> bit_rules[] = {
    rule<&bitset_bit::index>(ETHTOOL_A_BITSET_BIT_INDEX, "index"),
    rule<&bitset_bit::name>(ETHTOOL_A_BITSET_BIT_NAME, "name"),
    rule<&bitset_bit::value, presence>(ETHTOOL_A_BITSET_BIT_VALUE, "value"),
};
constexpr attribute_policy<bitset_bit> bit_policy(bit_rules, "ETHTOOL_A_BITSET_BIT_");

constexpr attribute_rule<unread> bits_rules[] = {
    named<unread>(ETHTOOL_A_BITSET_BITS_BIT, "bit", form::nest, &policy_names<bitset_bit>),
};
constexpr attribute_policy<unread> bits_policy(bits_rules, "ETHTOOL_A_BITSET_BITS_");
constexpr attribute_names bits_names{&name_among<bits_policy>};

constexpr attribute_rule<bitset> bitset_rules[] = {
    rule<&bitset::list, presence>(ETHTOOL_A_BITSET_NOMASK, "nomask"),
    rule<&bitset::size>(ETHTOOL_A_BITSET_SIZE, "size"),
    rule<&bitset::bits, nests_of<ETHTOOL_A_BITSET_BITS_BIT>>(ETHTOOL_A_BITSET_BITS, "bits")
        .within(bits_names)
        .as(form::nest),
    rule<&bitset::value_words>(ETHTOOL_A_BITSET_VALUE, "value"),
    rule<&bitset::mask_words>(ETHTOOL_A_BITSET_MASK, "mask"),
};
constexpr attribute_policy<bitset> bitset_policy(bitset_rules, "ETHTOOL_A_BITSET_");

// Words are in the machine's byte order.
bool bit_of(const std::optional<std::vector<std::byte>>& words, std::uint32_t bit) noexcept {
  constexpr std::size_t word = sizeof(std::uint32_t);
  const std::size_t offset = bit / 32 * word;
  if (!words || offset + word > words->size()) return false;
  return (load_padded<std::uint32_t>(const_bytes(*words).subspan(offset, word)) >> (bit % 32) &
          1) != 0;
}

const bitset_bit* find(const bitset& set, std::uint32_t bit) noexcept {
  if (!set.bits || bit >= bitset::most_bits) return nullptr;
  const auto found =
      std::ranges::find_if(*set.bits, [&](const bitset_bit& b) { return b.index == bit; });
  return found == set.bits->end() ? nullptr : &*found;
}

}  // namespace

const attribute_policy<bitset_bit>& bitset_bit::policy() { return bit_policy; }
const attribute_policy<bitset>& bitset::policy() { return bitset_policy; }

// Of a list the named form holds the bits that are set, else those of the mask with their values.
bool bitset::value(std::uint32_t bit) const noexcept {
  if (!bits) return bit < end() && bit_of(value_words, bit);
  const bitset_bit* const found = find(*this, bit);
  return found != nullptr && (list || found->value);
}

bool bitset::mask(std::uint32_t bit) const noexcept {
  if (list) return value(bit);
  return bits ? find(*this, bit) != nullptr : bit < end() && bit_of(mask_words, bit);
}

std::uint32_t bitset::end() const noexcept {
  std::uint32_t last = 0;
  if (bits) {
    for (const bitset_bit& b : *bits) {
      if (b.index && *b.index < most_bits) last = std::max(last, *b.index + 1);
    }
    return last;
  }
  const auto length = [](const auto& words) { return words ? words->size() * 8 : 0; };
  const std::size_t room = std::max(length(value_words), length(mask_words));
  return static_cast<std::uint32_t>(std::min<std::size_t>(room, size.value_or(0)));
}

const std::string* bitset::name(std::uint32_t bit) const noexcept {
  const bitset_bit* const found = find(*this, bit);
  return found != nullptr && found->name ? &*found->name : nullptr;
}

}  // namespace trivet::netlink::generic::ethtool
