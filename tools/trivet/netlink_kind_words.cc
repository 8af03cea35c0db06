#include "tools/trivet/netlink_kind_words.h"

#include <fmt/core.h>
#include <linux/if_ether.h>
#include <sys/socket.h>

#include <algorithm>

#include "tools/trivet/failure.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

std::uint64_t most_of(form how) {
  switch (how) {
    case form::u8:
      return 0xff;
    case form::u16:
    case form::big16:
      return 0xffff;
    case form::u64:
      return ~std::uint64_t{0};
    default:
      return 0xffffffff;
  }
}

void write_number(attribute_writer& out, std::uint16_t type, form how, std::uint64_t value) {
  switch (how) {
    case form::u8:
      out.value(type, static_cast<std::uint8_t>(value));
      break;
    case form::u16:
      out.value(type, static_cast<std::uint16_t>(value));
      break;
    case form::big16:
      out.value_big_endian(type, static_cast<std::uint16_t>(value));
      break;
    case form::u64:
      out.value(type, value);
      break;
    default:
      out.value(type, static_cast<std::uint32_t>(value));
      break;
  }
}

std::uint64_t chosen(const kind_word& row, line_words& words) {
  const auto found = std::find(row.choices.begin(), row.choices.end(), words.peek());
  if (found == row.choices.end()) {
    if (row.choices.empty() || line_number(words.peek())) {
      return words.number<std::uint64_t>(row.word, 0, most_of(row.how));
    }
    std::string list;
    for (const std::string_view c : row.choices) {
      list += fmt::format("{}{}", list.empty() ? "" : ", ", c);
    }
    throw usage_error(fmt::format("{}: '{}' is none of {}", row.word, words.peek(), list));
  }
  words.take(row.word);
  return static_cast<std::uint64_t>(found - row.choices.begin());
}

}  // namespace

std::uint16_t vlan_protocol(line_words& words, std::string_view what) {
  std::string word(words.take(what));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (word == "802.1q") return ETH_P_8021Q;
  if (word == "802.1ad") return ETH_P_8021AD;
  throw usage_error(fmt::format("{}: '{}' is neither 802.1Q nor 802.1ad", what, word));
}

void write_word(const kind_word& row, line_words& words, line_resolver& resolver,
                attribute_writer& out) {
  switch (row.how) {
    case form::on_off:
      out.value(row.type, static_cast<std::uint8_t>(words.on_off(row.word)));
      break;
    case form::on:
      out.value(row.type, std::uint8_t{1});
      break;
    case form::off:
      out.value(row.type, std::uint8_t{0});
      break;
    case form::present:
      out.flag(row.type);
      break;
    case form::link:
      out.value(row.type, resolver.link(words.take(row.word)));
      break;
    case form::ipv4:
    case form::ipv6:
      out.bytes(row.type,
                words.address(row.word, row.how == form::ipv4 ? AF_INET : AF_INET6).bytes());
      break;
    case form::table:
      out.value(row.type, words.named(row.word, resolver.names.tables));
      break;
    case form::protocol:
      out.value_big_endian(row.type, vlan_protocol(words, row.word));
      break;
    default:
      write_number(out, row.type, row.how, chosen(row, words));
      break;
  }
}

bool write_row(std::span<const kind_word> rows, line_words& words, line_resolver& resolver,
               attribute_writer& out) {
  for (const kind_word& row : rows) {
    if (!words.skip({row.word})) continue;
    write_word(row, words, resolver, out);
    return true;
  }
  return false;
}

void fail_word(std::string_view kind, const line_words& words) {
  throw usage_error(fmt::format("type {}: '{}' is no word of it", kind, words.peek()));
}

void write_rows(std::string_view kind, std::span<const kind_word> rows, line_words& words,
                line_resolver& resolver, attribute_writer& out) {
  while (!words.empty()) {
    if (!write_row(rows, words, resolver, out)) fail_word(kind, words);
  }
}

void write_ethernet(std::string_view what, std::uint16_t type, line_words& words,
                    attribute_writer& out) {
  const std::string_view word = words.peek();
  const auto address = words.hardware(what);
  if (address.value.bytes().size() != ETH_ALEN) {
    throw usage_error(fmt::format("{}: '{}' is no link address of six bytes", what, word));
  }
  out.bytes(type, address.value.bytes());
}

void write_either(line_words& words, std::string_view what, std::uint16_t type4,
                  std::uint16_t type6, attribute_writer& out) {
  const auto address = words.address(what, AF_UNSPEC);
  out.bytes(address.family == AF_INET ? type4 : type6, address.bytes());
}

}  // namespace trivet::tool
