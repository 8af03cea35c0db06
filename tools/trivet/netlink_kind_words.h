// The words of a kind of link: one row for each, and how its value travels.
//
//   constexpr kind_word vrf_words[] = {{"table", IFLA_VRF_TABLE, form::table}};
//   write_rows("vrf", vrf_words, words, resolver, out);
#ifndef TOOLS_TRIVET_NETLINK_KIND_WORDS_H_
#define TOOLS_TRIVET_NETLINK_KIND_WORDS_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "tools/trivet/netlink_line.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {

/// How a word's value travels.
enum class form {
  u8,
  u16,
  u32,
  u64,
  big16,    // in network byte order
  on_off,   // a u8 of "on" or "off"
  on,       // a u8 of 1, and no value
  off,      // a u8 of 0, and no value
  present,  // an attribute without a payload, and no value
  link,     // the index of a link
  ipv4,
  ipv6,
  table,     // of routes
  protocol,  // 802.1Q or 802.1ad
};

/// A word and its attribute.
struct kind_word {
  std::string_view word;
  std::uint16_t type;
  form how;
  std::span<const std::string_view> choices = {};  // words for the numbers from 0
};

/// Takes the value of a row's word and appends its attribute. Throws usage_error.
void write_word(const kind_word& row, line_words& words, line_resolver& resolver,
                netlink::attribute_writer& out);
/// Takes the next word if it is one of these, and its value. @return whether it was
bool write_row(std::span<const kind_word> rows, line_words& words, line_resolver& resolver,
               netlink::attribute_writer& out);
/// Takes all words. Throws usage_error for one that is none of these.
void write_rows(std::string_view kind, std::span<const kind_word> rows, line_words& words,
                line_resolver& resolver, netlink::attribute_writer& out);
/// Takes 802.1Q or 802.1ad: ETH_P_8021Q, ETH_P_8021AD.
[[nodiscard]] std::uint16_t vlan_protocol(line_words& words, std::string_view what);
/// Takes the address of an Ethernet link.
void write_ethernet(std::string_view what, std::uint16_t type, line_words& words,
                    netlink::attribute_writer& out);
/// Takes an address of either family, each of which has an attribute of its own.
void write_either(line_words& words, std::string_view what, std::uint16_t type4,
                  std::uint16_t type6, netlink::attribute_writer& out);
/// The next word is none of the kind's.
[[noreturn]] void fail_word(std::string_view kind, const line_words& words);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_KIND_WORDS_H_
