// What network devices are set to: the messages of the generic netlink family "ethtool" without a
// socket.
//
//   message_builder request(*family.id);
//   ethtool::start(request, ETHTOOL_MSG_FEATURES_GET, ethtool::device{.name = "eth0"});
//   kernel.request(request, [](const message_view& m) {
//     if (const auto f = ethtool::features::decode(m)) … f->active->value(index) …
//   });
//
// Notifications (group "monitor") are the same messages with another command: decode_any().
#ifndef TRIVET_NETLINK_GENERIC_ETHTOOL_H_
#define TRIVET_NETLINK_GENERIC_ETHTOOL_H_

#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "trivet/netlink/generic/ethtool_bitset.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::generic::ethtool {

/// ETHTOOL_A_*_HEADER: the device, and in requests how the answer is to be.
struct device {
  std::optional<std::uint32_t> index;  ///< ETHTOOL_A_HEADER_DEV_INDEX
  std::optional<std::string> name;     ///< ETHTOOL_A_HEADER_DEV_NAME
  std::optional<std::uint32_t> flags;  ///< ETHTOOL_A_HEADER_FLAGS: ETHTOOL_FLAG_
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<device>& policy();
  friend bool operator==(const device&, const device&) = default;
};

/// struct genlmsghdr of every message. A value.
struct message_head {
  std::uint8_t command = 0;  ///< ETHTOOL_MSG_: those of the kernel count otherwise than the user's
  std::uint8_t version = ETHTOOL_GENL_VERSION;
};

/// ETHTOOL_MSG_LINKINFO_GET_REPLY, ETHTOOL_MSG_LINKINFO_NTF. A value, as all that follow.
/// Source for all: Documentation/networking/ethtool-netlink.rst, linux/ethtool_netlink.h
struct link_info : message_head {
  std::optional<ethtool::device> device;
  std::optional<std::uint8_t> port;          ///< ETHTOOL_A_LINKINFO_PORT: PORT_
  std::optional<std::uint8_t> phy_address;   ///< ETHTOOL_A_LINKINFO_PHYADDR
  std::optional<std::uint8_t> mdix;          ///< ETHTOOL_A_LINKINFO_TP_MDIX: ETH_TP_MDI_
  std::optional<std::uint8_t> mdix_control;  ///< ETHTOOL_A_LINKINFO_TP_MDIX_CTRL: ETH_TP_MDI_
  std::optional<std::uint8_t> transceiver;   ///< ETHTOOL_A_LINKINFO_TRANSCEIVER: XCVR_
  std::vector<raw_attribute> others;

  /// nullopt where the message is another one, or a length in it is wrong; so with all.
  [[nodiscard]] static std::optional<link_info> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<link_info>& policy();
};

/// ETHTOOL_MSG_LINKMODES_GET_REPLY, ETHTOOL_MSG_LINKMODES_NTF.
struct link_modes : message_head {
  std::optional<ethtool::device> device;
  std::optional<std::uint8_t> autonegotiation;  ///< ETHTOOL_A_LINKMODES_AUTONEG
  /// ETHTOOL_A_LINKMODES_OURS: advertised; its mask: supported. Bits: ETHTOOL_LINK_MODE_
  std::optional<bitset> ours;
  std::optional<bitset> peer;                       ///< ETHTOOL_A_LINKMODES_PEER: advertised
  std::optional<std::uint32_t> speed;               ///< ETHTOOL_A_LINKMODES_SPEED: Mbit/s
  std::optional<std::uint8_t> duplex;               ///< ETHTOOL_A_LINKMODES_DUPLEX: DUPLEX_
  std::optional<std::uint8_t> master_slave_config;  ///< ETHTOOL_A_LINKMODES_MASTER_SLAVE_CFG
  std::optional<std::uint8_t> master_slave_state;   ///< ETHTOOL_A_LINKMODES_MASTER_SLAVE_STATE
  std::optional<std::uint32_t> lanes;               ///< ETHTOOL_A_LINKMODES_LANES (5.12)
  std::optional<std::uint8_t> rate_matching;        ///< ETHTOOL_A_LINKMODES_RATE_MATCHING (6.1)
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<link_modes> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<link_modes>& policy();
};

/// ETHTOOL_MSG_LINKSTATE_GET_REPLY; there is no notification of it.
struct link_state : message_head {
  std::optional<ethtool::device> device;
  std::optional<std::uint8_t> link;       ///< ETHTOOL_A_LINKSTATE_LINK: whether there is one
  std::optional<std::uint32_t> quality;   ///< ETHTOOL_A_LINKSTATE_SQI: of the signal
  std::optional<std::uint32_t> best;      ///< ETHTOOL_A_LINKSTATE_SQI_MAX
  std::optional<std::uint8_t> reason;     ///< ETHTOOL_A_LINKSTATE_EXT_STATE: why it is down
  std::optional<std::uint8_t> subreason;  ///< ETHTOOL_A_LINKSTATE_EXT_SUBSTATE
  std::optional<std::uint32_t> downs;     ///< ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT (6.3)
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<link_state> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<link_state>& policy();
};

/// ETHTOOL_MSG_FEATURES_GET_REPLY, ETHTOOL_MSG_FEATURES_NTF. Bits have the names of the string set
/// ETH_SS_FEATURES; their numbers differ from kernel to kernel.
struct features : message_head {
  std::optional<ethtool::device> device;
  std::optional<bitset> hardware;   ///< ETHTOOL_A_FEATURES_HW: may be changed
  std::optional<bitset> wanted;     ///< ETHTOOL_A_FEATURES_WANTED
  std::optional<bitset> active;     ///< ETHTOOL_A_FEATURES_ACTIVE
  std::optional<bitset> no_change;  ///< ETHTOOL_A_FEATURES_NOCHANGE: may never be changed
  std::vector<raw_attribute> others;

  /// Whether a feature is as it is for good.
  [[nodiscard]] bool fixed(std::uint32_t bit) const noexcept;

  [[nodiscard]] static std::optional<features> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<features>& policy();
};

/// ETHTOOL_MSG_RINGS_GET_REPLY, ETHTOOL_MSG_RINGS_NTF: sizes in descriptors, where nothing else is
/// said.
struct rings : message_head {
  std::optional<ethtool::device> device;
  std::optional<std::uint32_t> rx_max;              ///< ETHTOOL_A_RINGS_RX_MAX
  std::optional<std::uint32_t> rx_mini_max;         ///< ETHTOOL_A_RINGS_RX_MINI_MAX
  std::optional<std::uint32_t> rx_jumbo_max;        ///< ETHTOOL_A_RINGS_RX_JUMBO_MAX
  std::optional<std::uint32_t> tx_max;              ///< ETHTOOL_A_RINGS_TX_MAX
  std::optional<std::uint32_t> rx;                  ///< ETHTOOL_A_RINGS_RX
  std::optional<std::uint32_t> rx_mini;             ///< ETHTOOL_A_RINGS_RX_MINI
  std::optional<std::uint32_t> rx_jumbo;            ///< ETHTOOL_A_RINGS_RX_JUMBO
  std::optional<std::uint32_t> tx;                  ///< ETHTOOL_A_RINGS_TX
  std::optional<std::uint32_t> rx_buffer_length;    ///< ETHTOOL_A_RINGS_RX_BUF_LEN: bytes
  std::optional<std::uint8_t> tcp_data_split;       ///< ETHTOOL_A_RINGS_TCP_DATA_SPLIT: 1 off, 2 on
  std::optional<std::uint32_t> completion_size;     ///< ETHTOOL_A_RINGS_CQE_SIZE: bytes
  std::optional<std::uint8_t> tx_push;              ///< ETHTOOL_A_RINGS_TX_PUSH
  std::optional<std::uint8_t> rx_push;              ///< ETHTOOL_A_RINGS_RX_PUSH (6.3)
  std::optional<std::uint32_t> tx_push_length;      ///< ETHTOOL_A_RINGS_TX_PUSH_BUF_LEN (6.4)
  std::optional<std::uint32_t> tx_push_length_max;  ///< ETHTOOL_A_RINGS_TX_PUSH_BUF_LEN_MAX (6.4)
  std::optional<std::uint32_t> split_threshold;     ///< ETHTOOL_A_RINGS_HDS_THRESH (6.14): bytes
  std::optional<std::uint32_t> split_threshold_max;  ///< ETHTOOL_A_RINGS_HDS_THRESH_MAX (6.14)
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<rings> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<rings>& policy();
};

/// ETHTOOL_MSG_CHANNELS_GET_REPLY, ETHTOOL_MSG_CHANNELS_NTF.
struct channels : message_head {
  std::optional<ethtool::device> device;
  std::optional<std::uint32_t> rx_max;        ///< ETHTOOL_A_CHANNELS_RX_MAX
  std::optional<std::uint32_t> tx_max;        ///< ETHTOOL_A_CHANNELS_TX_MAX
  std::optional<std::uint32_t> other_max;     ///< ETHTOOL_A_CHANNELS_OTHER_MAX
  std::optional<std::uint32_t> combined_max;  ///< ETHTOOL_A_CHANNELS_COMBINED_MAX
  std::optional<std::uint32_t> rx;            ///< ETHTOOL_A_CHANNELS_RX_COUNT
  std::optional<std::uint32_t> tx;            ///< ETHTOOL_A_CHANNELS_TX_COUNT
  std::optional<std::uint32_t> other;         ///< ETHTOOL_A_CHANNELS_OTHER_COUNT
  std::optional<std::uint32_t> combined;      ///< ETHTOOL_A_CHANNELS_COMBINED_COUNT
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<channels> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<channels>& policy();
};

/// A name and its number in a set of names.
struct indexed_string {
  std::optional<std::uint32_t> index;  ///< ETHTOOL_A_STRING_INDEX
  std::optional<std::string> value;    ///< ETHTOOL_A_STRING_VALUE
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<indexed_string>& policy();
  friend bool operator==(const indexed_string&, const indexed_string&) = default;
};

/// ETHTOOL_A_STRINGSETS_STRINGSET: what bits and counters are called.
struct string_set {
  std::optional<std::uint32_t> id;                     ///< ETHTOOL_A_STRINGSET_ID: ETH_SS_
  std::optional<std::uint32_t> count;                  ///< ETHTOOL_A_STRINGSET_COUNT
  std::optional<std::vector<indexed_string>> strings;  ///< ETHTOOL_A_STRINGSET_STRINGS
  std::vector<raw_attribute> others;

  /// The names by number; empty where there is none.
  [[nodiscard]] std::vector<std::string> names() const;

  [[nodiscard]] static const attribute_policy<string_set>& policy();
  friend bool operator==(const string_set&, const string_set&) = default;
};

/// ETHTOOL_MSG_STRSET_GET_REPLY.
struct string_sets : message_head {
  std::optional<ethtool::device> device;        ///< none for the sets that all devices share
  std::optional<std::vector<string_set>> sets;  ///< ETHTOOL_A_STRSET_STRINGSETS
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<string_sets> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<string_sets>& policy();
};

/// Begins a request: struct genlmsghdr and the header, which is attribute 1 of all of them.
/// @param command  ETHTOOL_MSG_ of the user
/// @param which    without index and name: all of a dump, or none of ETHTOOL_MSG_STRSET_GET
void start(message_builder& request, std::uint8_t command, const device& which);

/// ETHTOOL_MSG_STRSET_GET of sets that all devices share: ETH_SS_FEATURES, ETH_SS_LINK_MODES …
void ask_for_strings(message_builder& request, const std::vector<std::uint32_t>& sets);

/// Any of the messages above, by its command; nothing where it is another one or malformed.
using any_message = std::variant<std::monostate, link_info, link_modes, link_state, features, rings,
                                 channels, string_sets>;
[[nodiscard]] any_message decode_any(const message_view& message);

}  // namespace trivet::netlink::generic::ethtool

#endif  // TRIVET_NETLINK_GENERIC_ETHTOOL_H_
