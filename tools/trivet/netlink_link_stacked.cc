#include <fmt/core.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_kind_words.h"
#include "tools/trivet/netlink_link_data.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

constexpr kind_word vlan_words[] = {
    {"protocol", IFLA_VLAN_PROTOCOL, form::protocol},
    {"proto", IFLA_VLAN_PROTOCOL, form::protocol},
    {"id", IFLA_VLAN_ID, form::u16},
};

// "1:2 3:4": priorities of packets and of frames.
void write_vlan_map(line_words& words, std::uint16_t type, attribute_writer& out) {
  out.nested_unmarked(type, [&](attribute_writer& map) {
    while (words.peek().find(':') != std::string_view::npos) {
      const std::string_view word = words.take("qos-map");
      const std::size_t colon = word.find(':');
      const auto from = line_number(std::string_view(word).substr(0, colon));
      const auto to = line_number(std::string_view(word).substr(colon + 1));
      if (!from || !to) throw usage_error(fmt::format("qos-map: '{}' is no FROM:TO", word));
      map.value(IFLA_VLAN_QOS_MAPPING, ::ifla_vlan_qos_mapping{static_cast<std::uint32_t>(*from),
                                                               static_cast<std::uint32_t>(*to)});
    }
  });
}

void write_vlan(line_words& words, line_resolver& resolver, attribute_writer& out) {
  struct flag_word {
    std::string_view word;
    std::uint32_t flag;
  };
  constexpr flag_word flag_words[] = {{"reorder_hdr", VLAN_FLAG_REORDER_HDR},
                                      {"gvrp", VLAN_FLAG_GVRP},
                                      {"mvrp", VLAN_FLAG_MVRP},
                                      {"loose_binding", VLAN_FLAG_LOOSE_BINDING},
                                      {"bridge_binding", VLAN_FLAG_BRIDGE_BINDING}};
  ::ifla_vlan_flags flags{};
  while (!words.empty()) {
    if (write_row(vlan_words, words, resolver, out)) continue;
    if (words.skip({"ingress-qos-map"})) {
      write_vlan_map(words, IFLA_VLAN_INGRESS_QOS, out);
      continue;
    }
    if (words.skip({"egress-qos-map"})) {
      write_vlan_map(words, IFLA_VLAN_EGRESS_QOS, out);
      continue;
    }
    const auto* const flag = std::find_if(std::begin(flag_words), std::end(flag_words),
                                          [&](const auto& f) { return f.word == words.peek(); });
    if (flag == std::end(flag_words)) fail_word("vlan", words);
    words.take(flag->word);
    flags.mask |= flag->flag;
    if (words.on_off(flag->word)) flags.flags |= flag->flag;
  }
  if (flags.mask != 0) out.value(IFLA_VLAN_FLAGS, flags);
}

constexpr kind_word macvlan_words[] = {
    {"bcqueuelen", IFLA_MACVLAN_BC_QUEUE_LEN, form::u32},
};

std::uint32_t take_macvlan_mode(line_words& words) {
  struct mode_word {
    std::string_view word;
    std::uint32_t mode;
  };
  constexpr mode_word modes[] = {{"private", MACVLAN_MODE_PRIVATE},
                                 {"vepa", MACVLAN_MODE_VEPA},
                                 {"bridge", MACVLAN_MODE_BRIDGE},
                                 {"passthru", MACVLAN_MODE_PASSTHRU},
                                 {"source", MACVLAN_MODE_SOURCE}};
  const std::string_view word = words.take("mode");
  const auto* const mode = std::find_if(std::begin(modes), std::end(modes),
                                        [&](const mode_word& m) { return m.word == word; });
  if (mode == std::end(modes)) {
    throw usage_error(
        fmt::format("mode: '{}' is none of private, vepa, bridge, passthru, source", word));
  }
  return mode->mode;
}

std::uint16_t take_macvlan_flag(line_words& words) {
  const std::string_view word = words.take("flag");
  if (word == "null") return 0;
  if (word == "nopromisc") return MACVLAN_FLAG_NOPROMISC;
  if (word == "nodst") return MACVLAN_FLAG_NODST;
  throw usage_error(fmt::format("flag: '{}' is none of nopromisc, nodst, null", word));
}

// The senders that mode source lets in.
void write_macvlan_senders(line_words& words, attribute_writer& out) {
  constexpr std::string_view what = "macaddr";
  const auto mode = [&](::macvlan_macaddr_mode m) {
    out.value(IFLA_MACVLAN_MACADDR_MODE, static_cast<std::uint32_t>(m));
  };
  if (words.skip({"add"})) {
    mode(MACVLAN_MACADDR_ADD);
    write_ethernet(what, IFLA_MACVLAN_MACADDR, words, out);
  } else if (words.skip({"del"})) {
    mode(MACVLAN_MACADDR_DEL);
    write_ethernet(what, IFLA_MACVLAN_MACADDR, words, out);
  } else if (words.skip({"flush"})) {
    mode(MACVLAN_MACADDR_FLUSH);
  } else if (words.skip({"set"})) {
    mode(MACVLAN_MACADDR_SET);
    out.nested_unmarked(IFLA_MACVLAN_MACADDR_DATA, [&](attribute_writer& list) {
      while (words.peek().find(':') != std::string_view::npos) {
        write_ethernet(what, IFLA_MACVLAN_MACADDR, words, list);
      }
    });
  } else {
    throw usage_error(
        fmt::format("{}: '{}' is none of add, del, set, flush", what, words.take(what)));
  }
}

void write_macvlan(std::string_view kind, line_words& words, line_resolver& resolver,
                   attribute_writer& out) {
  std::optional<std::uint32_t> mode;
  std::optional<std::uint16_t> flags;
  while (!words.empty()) {
    if (write_row(macvlan_words, words, resolver, out)) continue;
    if (words.skip({"mode"})) {
      mode = take_macvlan_mode(words);
    } else if (words.skip({"macaddr"})) {
      write_macvlan_senders(words, out);
    } else if (words.skip({"flag"}) || words.peek() == "nopromisc" || words.peek() == "nodst") {
      flags = static_cast<std::uint16_t>(flags.value_or(0) | take_macvlan_flag(words));
    } else {
      fail_word(kind, words);
    }
  }
  if ((flags.value_or(0) & MACVLAN_FLAG_NOPROMISC) != 0 && mode != MACVLAN_MODE_PASSTHRU) {
    throw usage_error(fmt::format("type {}: nopromisc: only with mode passthru", kind));
  }
  if (mode) out.value(IFLA_MACVLAN_MODE, *mode);
  if (flags) out.value(IFLA_MACVLAN_FLAGS, *flags);
}

constexpr std::string_view ipvlan_modes[] = {"l2", "l3", "l3s"};
constexpr kind_word ipvlan_words[] = {
    {"mode", IFLA_IPVLAN_MODE, form::u16, ipvlan_modes},
};

// private and vepa stand alone; without one it is a bridge.
void write_ipvlan(std::string_view kind, line_words& words, line_resolver& resolver,
                  attribute_writer& out) {
  std::uint16_t flags = 0;
  while (!words.empty()) {
    if (write_row(ipvlan_words, words, resolver, out)) continue;
    if (words.skip({"private"})) {
      flags = IPVLAN_F_PRIVATE;
    } else if (words.skip({"vepa"})) {
      flags = IPVLAN_F_VEPA;
    } else if (!words.skip({"bridge"})) {
      fail_word(kind, words);
    }
  }
  out.value(IFLA_IPVLAN_FLAGS, flags);
}

constexpr kind_word vrf_words[] = {{"table", IFLA_VRF_TABLE, form::table}};

}  // namespace

bool write_stacked_data(std::string_view kind, line_words& words, line_resolver& resolver,
                        attribute_writer& out) {
  if (kind == "vlan") {
    write_vlan(words, resolver, out);
  } else if (kind == "macvlan" || kind == "macvtap") {
    write_macvlan(kind, words, resolver, out);
  } else if (kind == "ipvlan" || kind == "ipvtap") {
    write_ipvlan(kind, words, resolver, out);
  } else if (kind == "vrf") {
    write_rows(kind, vrf_words, words, resolver, out);
  } else {
    return false;
  }
  return true;
}

}  // namespace trivet::tool
