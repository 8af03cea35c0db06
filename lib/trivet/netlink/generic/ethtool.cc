#include "trivet/netlink/generic/ethtool.h"

#include <algorithm>

namespace trivet::netlink::generic::ethtool {
namespace {

// Later than the headers of 6.1.
constexpr std::uint16_t linkstate_ext_down_count = 7;
constexpr std::uint16_t rings_rx_push = 14;
constexpr std::uint16_t rings_tx_push_buf_len = 15;
constexpr std::uint16_t rings_tx_push_buf_len_max = 16;
constexpr std::uint16_t rings_hds_thresh = 17;
constexpr std::uint16_t rings_hds_thresh_max = 18;

constexpr attribute_rule<device> device_rules[] = {
    rule<&device::index>(ETHTOOL_A_HEADER_DEV_INDEX, "dev-index"),
    rule<&device::name>(ETHTOOL_A_HEADER_DEV_NAME, "dev-name"),
    rule<&device::flags>(ETHTOOL_A_HEADER_FLAGS, "flags"),
};
constexpr attribute_policy<device> device_policy(device_rules, "ETHTOOL_A_HEADER_");

constexpr attribute_rule<link_info> info_rules[] = {
    rule<&link_info::device>(ETHTOOL_A_LINKINFO_HEADER, "header"),
    rule<&link_info::port>(ETHTOOL_A_LINKINFO_PORT, "port"),
    rule<&link_info::phy_address>(ETHTOOL_A_LINKINFO_PHYADDR, "phyaddr"),
    rule<&link_info::mdix>(ETHTOOL_A_LINKINFO_TP_MDIX, "tp-mdix"),
    rule<&link_info::mdix_control>(ETHTOOL_A_LINKINFO_TP_MDIX_CTRL, "tp-mdix-ctrl"),
    rule<&link_info::transceiver>(ETHTOOL_A_LINKINFO_TRANSCEIVER, "transceiver"),
};
constexpr attribute_policy<link_info> info_policy(info_rules, "ETHTOOL_A_LINKINFO_");

constexpr attribute_rule<link_modes> mode_rules[] = {
    rule<&link_modes::device>(ETHTOOL_A_LINKMODES_HEADER, "header"),
    rule<&link_modes::autonegotiation>(ETHTOOL_A_LINKMODES_AUTONEG, "autoneg"),
    rule<&link_modes::ours>(ETHTOOL_A_LINKMODES_OURS, "ours"),
    rule<&link_modes::peer>(ETHTOOL_A_LINKMODES_PEER, "peer"),
    rule<&link_modes::speed>(ETHTOOL_A_LINKMODES_SPEED, "speed"),
    rule<&link_modes::duplex>(ETHTOOL_A_LINKMODES_DUPLEX, "duplex"),
    rule<&link_modes::master_slave_config>(ETHTOOL_A_LINKMODES_MASTER_SLAVE_CFG,
                                           "master-slave-cfg"),
    rule<&link_modes::master_slave_state>(ETHTOOL_A_LINKMODES_MASTER_SLAVE_STATE,
                                          "master-slave-state"),
    rule<&link_modes::lanes>(ETHTOOL_A_LINKMODES_LANES, "lanes"),
    rule<&link_modes::rate_matching>(ETHTOOL_A_LINKMODES_RATE_MATCHING, "rate-matching"),
};
constexpr attribute_policy<link_modes> mode_policy(mode_rules, "ETHTOOL_A_LINKMODES_");

constexpr attribute_rule<link_state> state_rules[] = {
    rule<&link_state::device>(ETHTOOL_A_LINKSTATE_HEADER, "header"),
    rule<&link_state::link>(ETHTOOL_A_LINKSTATE_LINK, "link"),
    rule<&link_state::quality>(ETHTOOL_A_LINKSTATE_SQI, "sqi"),
    rule<&link_state::best>(ETHTOOL_A_LINKSTATE_SQI_MAX, "sqi-max"),
    rule<&link_state::reason>(ETHTOOL_A_LINKSTATE_EXT_STATE, "ext-state"),
    rule<&link_state::subreason>(ETHTOOL_A_LINKSTATE_EXT_SUBSTATE, "ext-substate"),
    rule<&link_state::downs>(linkstate_ext_down_count, "ext-down-cnt"),
};
constexpr attribute_policy<link_state> state_policy(state_rules, "ETHTOOL_A_LINKSTATE_");

constexpr attribute_rule<features> feature_rules[] = {
    rule<&features::device>(ETHTOOL_A_FEATURES_HEADER, "header"),
    rule<&features::hardware>(ETHTOOL_A_FEATURES_HW, "hw"),
    rule<&features::wanted>(ETHTOOL_A_FEATURES_WANTED, "wanted"),
    rule<&features::active>(ETHTOOL_A_FEATURES_ACTIVE, "active"),
    rule<&features::no_change>(ETHTOOL_A_FEATURES_NOCHANGE, "nochange"),
};
constexpr attribute_policy<features> feature_policy(feature_rules, "ETHTOOL_A_FEATURES_");

constexpr attribute_rule<rings> ring_rules[] = {
    rule<&rings::device>(ETHTOOL_A_RINGS_HEADER, "header"),
    rule<&rings::rx_max>(ETHTOOL_A_RINGS_RX_MAX, "rx-max"),
    rule<&rings::rx_mini_max>(ETHTOOL_A_RINGS_RX_MINI_MAX, "rx-mini-max"),
    rule<&rings::rx_jumbo_max>(ETHTOOL_A_RINGS_RX_JUMBO_MAX, "rx-jumbo-max"),
    rule<&rings::tx_max>(ETHTOOL_A_RINGS_TX_MAX, "tx-max"),
    rule<&rings::rx>(ETHTOOL_A_RINGS_RX, "rx"),
    rule<&rings::rx_mini>(ETHTOOL_A_RINGS_RX_MINI, "rx-mini"),
    rule<&rings::rx_jumbo>(ETHTOOL_A_RINGS_RX_JUMBO, "rx-jumbo"),
    rule<&rings::tx>(ETHTOOL_A_RINGS_TX, "tx"),
    rule<&rings::rx_buffer_length>(ETHTOOL_A_RINGS_RX_BUF_LEN, "rx-buf-len"),
    rule<&rings::tcp_data_split>(ETHTOOL_A_RINGS_TCP_DATA_SPLIT, "tcp-data-split"),
    rule<&rings::completion_size>(ETHTOOL_A_RINGS_CQE_SIZE, "cqe-size"),
    rule<&rings::tx_push>(ETHTOOL_A_RINGS_TX_PUSH, "tx-push"),
    rule<&rings::rx_push>(rings_rx_push, "rx-push"),
    rule<&rings::tx_push_length>(rings_tx_push_buf_len, "tx-push-buf-len"),
    rule<&rings::tx_push_length_max>(rings_tx_push_buf_len_max, "tx-push-buf-len-max"),
    rule<&rings::split_threshold>(rings_hds_thresh, "hds-thresh"),
    rule<&rings::split_threshold_max>(rings_hds_thresh_max, "hds-thresh-max"),
};
constexpr attribute_policy<rings> ring_policy(ring_rules, "ETHTOOL_A_RINGS_");

constexpr attribute_rule<channels> channel_rules[] = {
    rule<&channels::device>(ETHTOOL_A_CHANNELS_HEADER, "header"),
    rule<&channels::rx_max>(ETHTOOL_A_CHANNELS_RX_MAX, "rx-max"),
    rule<&channels::tx_max>(ETHTOOL_A_CHANNELS_TX_MAX, "tx-max"),
    rule<&channels::other_max>(ETHTOOL_A_CHANNELS_OTHER_MAX, "other-max"),
    rule<&channels::combined_max>(ETHTOOL_A_CHANNELS_COMBINED_MAX, "combined-max"),
    rule<&channels::rx>(ETHTOOL_A_CHANNELS_RX_COUNT, "rx-count"),
    rule<&channels::tx>(ETHTOOL_A_CHANNELS_TX_COUNT, "tx-count"),
    rule<&channels::other>(ETHTOOL_A_CHANNELS_OTHER_COUNT, "other-count"),
    rule<&channels::combined>(ETHTOOL_A_CHANNELS_COMBINED_COUNT, "combined-count"),
};
constexpr attribute_policy<channels> channel_policy(channel_rules, "ETHTOOL_A_CHANNELS_");

constexpr attribute_rule<indexed_string> string_rules[] = {
    rule<&indexed_string::index>(ETHTOOL_A_STRING_INDEX, "index"),
    rule<&indexed_string::value>(ETHTOOL_A_STRING_VALUE, "value"),
};
constexpr attribute_policy<indexed_string> string_policy(string_rules, "ETHTOOL_A_STRING_");

constexpr attribute_rule<unread> strings_rules[] = {
    named<unread>(ETHTOOL_A_STRINGS_STRING, "string", form::nest, &policy_names<indexed_string>),
};
constexpr attribute_policy<unread> strings_policy(strings_rules, "ETHTOOL_A_STRINGS_");
constexpr attribute_names strings_names{&name_among<strings_policy>};

constexpr attribute_rule<string_set> set_rules[] = {
    rule<&string_set::id>(ETHTOOL_A_STRINGSET_ID, "id"),
    rule<&string_set::count>(ETHTOOL_A_STRINGSET_COUNT, "count"),
    rule<&string_set::strings, nests_of<ETHTOOL_A_STRINGS_STRING>>(ETHTOOL_A_STRINGSET_STRINGS,
                                                                   "strings")
        .within(strings_names)
        .as(form::nest),
};
constexpr attribute_policy<string_set> set_policy(set_rules, "ETHTOOL_A_STRINGSET_");

constexpr attribute_rule<unread> stringsets_rules[] = {
    named<unread>(ETHTOOL_A_STRINGSETS_STRINGSET, "stringset", form::nest,
                  &policy_names<string_set>),
};
constexpr attribute_policy<unread> stringsets_policy(stringsets_rules, "ETHTOOL_A_STRINGSETS_");
constexpr attribute_names stringsets_names{&name_among<stringsets_policy>};

constexpr attribute_rule<string_sets> sets_rules[] = {
    rule<&string_sets::device>(ETHTOOL_A_STRSET_HEADER, "header"),
    rule<&string_sets::sets, nests_of<ETHTOOL_A_STRINGSETS_STRINGSET>>(ETHTOOL_A_STRSET_STRINGSETS,
                                                                       "stringsets")
        .within(stringsets_names)
        .as(form::nest),
};
constexpr attribute_policy<string_sets> sets_policy(sets_rules, "ETHTOOL_A_STRSET_");

// The kernel's commands of an object: the answer and, where there is one, the notification.
template <class T>
std::optional<T> decode_as(const message_view& message, std::uint8_t reply,
                           std::uint8_t notification) {
  if (!message.holds<::genlmsghdr>()) return std::nullopt;
  const auto head = message.structure<::genlmsghdr>();
  if (head.cmd != reply && head.cmd != notification) return std::nullopt;
  T result;
  result.command = head.cmd;
  result.version = head.version;
  if (!T::policy().decode(message.attributes<::genlmsghdr>(), result)) return std::nullopt;
  return result;
}

template <class T>
void encode_as(message_builder& out, const T& what) {
  out.structure(::genlmsghdr{what.command, what.version, 0});
  T::policy().encode(out.attributes(), what);
}

template <class T>
any_message wrap(std::optional<T> decoded) {
  if (!decoded) return {};
  return std::move(*decoded);
}

}  // namespace

const attribute_policy<device>& device::policy() { return device_policy; }
const attribute_policy<link_info>& link_info::policy() { return info_policy; }
const attribute_policy<link_modes>& link_modes::policy() { return mode_policy; }
const attribute_policy<link_state>& link_state::policy() { return state_policy; }
const attribute_policy<features>& features::policy() { return feature_policy; }
const attribute_policy<rings>& rings::policy() { return ring_policy; }
const attribute_policy<channels>& channels::policy() { return channel_policy; }
const attribute_policy<indexed_string>& indexed_string::policy() { return string_policy; }
const attribute_policy<string_set>& string_set::policy() { return set_policy; }
const attribute_policy<string_sets>& string_sets::policy() { return sets_policy; }

std::optional<link_info> link_info::decode(const message_view& message) {
  return decode_as<link_info>(message, ETHTOOL_MSG_LINKINFO_GET_REPLY, ETHTOOL_MSG_LINKINFO_NTF);
}
std::optional<link_modes> link_modes::decode(const message_view& message) {
  return decode_as<link_modes>(message, ETHTOOL_MSG_LINKMODES_GET_REPLY, ETHTOOL_MSG_LINKMODES_NTF);
}
std::optional<link_state> link_state::decode(const message_view& message) {
  return decode_as<link_state>(message, ETHTOOL_MSG_LINKSTATE_GET_REPLY,
                               ETHTOOL_MSG_LINKSTATE_GET_REPLY);
}
std::optional<features> features::decode(const message_view& message) {
  return decode_as<features>(message, ETHTOOL_MSG_FEATURES_GET_REPLY, ETHTOOL_MSG_FEATURES_NTF);
}
std::optional<rings> rings::decode(const message_view& message) {
  return decode_as<rings>(message, ETHTOOL_MSG_RINGS_GET_REPLY, ETHTOOL_MSG_RINGS_NTF);
}
std::optional<channels> channels::decode(const message_view& message) {
  return decode_as<channels>(message, ETHTOOL_MSG_CHANNELS_GET_REPLY, ETHTOOL_MSG_CHANNELS_NTF);
}
std::optional<string_sets> string_sets::decode(const message_view& message) {
  return decode_as<string_sets>(message, ETHTOOL_MSG_STRSET_GET_REPLY,
                                ETHTOOL_MSG_STRSET_GET_REPLY);
}

void link_info::encode(message_builder& out) const { encode_as(out, *this); }
void link_modes::encode(message_builder& out) const { encode_as(out, *this); }
void link_state::encode(message_builder& out) const { encode_as(out, *this); }
void features::encode(message_builder& out) const { encode_as(out, *this); }
void rings::encode(message_builder& out) const { encode_as(out, *this); }
void channels::encode(message_builder& out) const { encode_as(out, *this); }
void string_sets::encode(message_builder& out) const { encode_as(out, *this); }

bool features::fixed(std::uint32_t bit) const noexcept {
  return !(hardware && hardware->value(bit)) || (no_change && no_change->value(bit));
}

std::vector<std::string> string_set::names() const {
  std::vector<std::string> list;
  if (!strings) return list;
  // Numbered from 0 without gaps; what is numbered otherwise has no place in a list.
  list.resize(strings->size());
  for (const indexed_string& s : *strings) {
    if (s.index && *s.index < list.size()) list[*s.index] = s.value.value_or("");
  }
  return list;
}

void start(message_builder& request, std::uint8_t command, const device& which) {
  request.structure(::genlmsghdr{command, ETHTOOL_GENL_VERSION, 0});
  request.attributes().nested(ETHTOOL_A_LINKINFO_HEADER,
                              [&](attribute_writer& in) { device_policy.encode(in, which); });
}

void ask_for_strings(message_builder& request, const std::vector<std::uint32_t>& sets) {
  start(request, ETHTOOL_MSG_STRSET_GET, {});
  request.attributes().nested(ETHTOOL_A_STRSET_STRINGSETS, [&](attribute_writer& in) {
    for (const std::uint32_t id : sets) {
      in.nested(ETHTOOL_A_STRINGSETS_STRINGSET,
                [&](attribute_writer& set) { set.value(ETHTOOL_A_STRINGSET_ID, id); });
    }
  });
}

any_message decode_any(const message_view& message) {
  switch (message.structure<::genlmsghdr>().cmd) {
    case ETHTOOL_MSG_LINKINFO_GET_REPLY:
    case ETHTOOL_MSG_LINKINFO_NTF:
      return wrap(link_info::decode(message));
    case ETHTOOL_MSG_LINKMODES_GET_REPLY:
    case ETHTOOL_MSG_LINKMODES_NTF:
      return wrap(link_modes::decode(message));
    case ETHTOOL_MSG_LINKSTATE_GET_REPLY:
      return wrap(link_state::decode(message));
    case ETHTOOL_MSG_FEATURES_GET_REPLY:
    case ETHTOOL_MSG_FEATURES_NTF:
      return wrap(features::decode(message));
    case ETHTOOL_MSG_RINGS_GET_REPLY:
    case ETHTOOL_MSG_RINGS_NTF:
      return wrap(rings::decode(message));
    case ETHTOOL_MSG_CHANNELS_GET_REPLY:
    case ETHTOOL_MSG_CHANNELS_NTF:
      return wrap(channels::decode(message));
    case ETHTOOL_MSG_STRSET_GET_REPLY:
      return wrap(string_sets::decode(message));
    default:
      return {};
  }
}

}  // namespace trivet::netlink::generic::ethtool
