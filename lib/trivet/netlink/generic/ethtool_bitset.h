// Sets of bits in the messages of ethtool, which travel in two forms: as words, or as a list of
// named bits. No socket is known here.
#ifndef TRIVET_NETLINK_GENERIC_ETHTOOL_BITSET_H_
#define TRIVET_NETLINK_GENERIC_ETHTOOL_BITSET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/policy.h"

namespace trivet::netlink::generic::ethtool {

/// ETHTOOL_A_BITSET_BITS_BIT: one bit of the named form. In requests number or name is enough. A
/// value.
struct bitset_bit {
  std::optional<std::uint32_t> index;  ///< ETHTOOL_A_BITSET_BIT_INDEX: from 0
  std::optional<std::string> name;     ///< ETHTOOL_A_BITSET_BIT_NAME: by its set of strings
  bool value = false;                  ///< ETHTOOL_A_BITSET_BIT_VALUE: of a list without meaning
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<bitset_bit>& policy();
  friend bool operator==(const bitset_bit&, const bitset_bit&) = default;
};

/// ETHTOOL_A_BITSET_: a set of bits and, unless `list`, a mask that says which of them mean
/// something. Of the named form a bit is in the mask if it is listed. The kernel sends words where
/// ETHTOOL_FLAG_COMPACT_BITSETS was in the request's header, else names. A value; const calls are
/// thread-safe. Source: Documentation/networking/ethtool-netlink.rst, "Bit sets"
struct bitset {
  bool list = false;  ///< ETHTOOL_A_BITSET_NOMASK: no mask
  /// ETHTOOL_A_BITSET_SIZE: in bits; not trusted by what follows
  std::optional<std::uint32_t> size;
  std::optional<std::vector<bitset_bit>> bits;  ///< ETHTOOL_A_BITSET_BITS: the named form
  /// ETHTOOL_A_BITSET_VALUE: words of 32 bits in host byte order, the lowest bits first
  std::optional<std::vector<std::byte>> value_words;
  std::optional<std::vector<std::byte>> mask_words;  ///< ETHTOOL_A_BITSET_MASK: likewise
  std::vector<raw_attribute> others;

  /// The most bits that a set of the kernel can have; bits beyond are passed over.
  /// Source: net/ethtool/bitset.c (ETHNL_MAX_BITSET_SIZE)
  static constexpr std::uint32_t most_bits = 32767;

  /// Whether a bit is set; false beyond the end.
  [[nodiscard]] bool value(std::uint32_t bit) const noexcept;
  /// Whether a bit is in the mask; of a list, whether it is set.
  [[nodiscard]] bool mask(std::uint32_t bit) const noexcept;
  /// One more than the highest bit that may be set. Never more than there are bytes for, nor than
  /// most_bits: named bits with higher numbers are passed over.
  [[nodiscard]] std::uint32_t end() const noexcept;
  /// The name that came with a bit of the named form, or nullptr.
  [[nodiscard]] const std::string* name(std::uint32_t bit) const noexcept;

  [[nodiscard]] static const attribute_policy<bitset>& policy();
  friend bool operator==(const bitset&, const bitset&) = default;
};

/// A marked nest of nests that all have the type `Element`, for rule<Member, nests_of<Element>>:
/// the member is a vector. An element of another type, or with a wrong length in it, makes the
/// whole none: the row then keeps its bytes in `others`. Unlike list_of, which is not marked.
template <std::uint16_t Element>
struct nests_of {
  template <attribute_nest T>
  static bool decode(const attribute& a, std::vector<T>& into) {
    attribute_reader in(a.data);
    for (attribute element; in.next(element);) {
      T value{};
      if (element.type != Element || element.network_order) return false;
      if (!attribute_codec<T>::decode(element, value)) return false;
      into.push_back(std::move(value));
    }
    return !in.failed();
  }
  template <attribute_nest T>
  static void encode(attribute_writer& out, std::uint16_t type, const std::vector<T>& value) {
    out.nested(type, [&](attribute_writer& in) {
      for (const T& element : value) attribute_codec<T>::encode(in, Element, element);
    });
  }
};

}  // namespace trivet::netlink::generic::ethtool

#endif  // TRIVET_NETLINK_GENERIC_ETHTOOL_BITSET_H_
