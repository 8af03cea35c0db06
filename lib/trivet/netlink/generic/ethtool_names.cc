#include "trivet/netlink/generic/ethtool_names.h"

#include <linux/genetlink.h>

#include <span>

#include "trivet/netlink/generic/ethtool.h"
#include "trivet/netlink/message.h"

namespace trivet::netlink::generic::ethtool {
namespace {

// From 0 on.
constexpr std::string_view questions[] = {
    "",
    "STRSET_GET",
    "LINKINFO_GET",
    "LINKINFO_SET",
    "LINKMODES_GET",
    "LINKMODES_SET",
    "LINKSTATE_GET",
    "DEBUG_GET",
    "DEBUG_SET",
    "WOL_GET",
    "WOL_SET",
    "FEATURES_GET",
    "FEATURES_SET",
    "PRIVFLAGS_GET",
    "PRIVFLAGS_SET",
    "RINGS_GET",
    "RINGS_SET",
    "CHANNELS_GET",
    "CHANNELS_SET",
    "COALESCE_GET",
    "COALESCE_SET",
    "PAUSE_GET",
    "PAUSE_SET",
    "EEE_GET",
    "EEE_SET",
    "TSINFO_GET",
    "CABLE_TEST_ACT",
    "CABLE_TEST_TDR_ACT",
    "TUNNEL_INFO_GET",
    "FEC_GET",
    "FEC_SET",
    "MODULE_EEPROM_GET",
    "STATS_GET",
    "PHC_VCLOCKS_GET",
    "MODULE_GET",
    "MODULE_SET",
    "PSE_GET",
    "PSE_SET",
};
constexpr std::string_view answers[] = {
    "",
    "STRSET_GET_REPLY",
    "LINKINFO_GET_REPLY",
    "LINKINFO_NTF",
    "LINKMODES_GET_REPLY",
    "LINKMODES_NTF",
    "LINKSTATE_GET_REPLY",
    "DEBUG_GET_REPLY",
    "DEBUG_NTF",
    "WOL_GET_REPLY",
    "WOL_NTF",
    "FEATURES_GET_REPLY",
    "FEATURES_SET_REPLY",
    "FEATURES_NTF",
    "PRIVFLAGS_GET_REPLY",
    "PRIVFLAGS_NTF",
    "RINGS_GET_REPLY",
    "RINGS_NTF",
    "CHANNELS_GET_REPLY",
    "CHANNELS_NTF",
    "COALESCE_GET_REPLY",
    "COALESCE_NTF",
    "PAUSE_GET_REPLY",
    "PAUSE_NTF",
    "EEE_GET_REPLY",
    "EEE_NTF",
    "TSINFO_GET_REPLY",
    "CABLE_TEST_NTF",
    "CABLE_TEST_TDR_NTF",
    "TUNNEL_INFO_GET_REPLY",
    "FEC_GET_REPLY",
    "FEC_NTF",
    "MODULE_EEPROM_GET_REPLY",
    "STATS_GET_REPLY",
    "PHC_VCLOCKS_GET_REPLY",
    "MODULE_GET_REPLY",
    "MODULE_NTF",
    "PSE_GET_REPLY",
};

template <attribute_nest T>
constexpr attribute_names behind_header{&name_in_policy<T>, sizeof(::genlmsghdr)};

// Every message about one thing has the same attributes, and the name of the thing first.
struct object {
  std::string_view start;
  const attribute_names* attributes;
};
constexpr object objects[] = {
    {"LINKINFO_", &behind_header<link_info>},   {"LINKMODES_", &behind_header<link_modes>},
    {"LINKSTATE_", &behind_header<link_state>}, {"FEATURES_", &behind_header<features>},
    {"RINGS_", &behind_header<rings>},          {"CHANNELS_", &behind_header<channels>},
    {"STRSET_", &behind_header<string_sets>},
};

}  // namespace

message_words words_of_message(std::uint8_t command, bool question) noexcept {
  const std::span<const std::string_view> names =
      question ? std::span<const std::string_view>(questions) : answers;
  if (command >= names.size()) return {};
  const std::string_view name = names[command];
  for (const object& o : objects) {
    if (name.starts_with(o.start)) return {name, o.attributes};
  }
  return {name};
}

std::function<const attribute_names*(const_bytes request)> names_of_requests(std::uint16_t family) {
  return [family](const_bytes request) -> const attribute_names* {
    message_reader in(request);
    message_view message;
    if (!in.next(message) || message.type() != family) return nullptr;
    return words_of_message(message.structure<::genlmsghdr>().cmd, true).attributes;
  };
}

}  // namespace trivet::netlink::generic::ethtool
