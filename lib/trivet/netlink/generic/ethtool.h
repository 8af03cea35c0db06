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

/// ETHTOOL_A_*_HEADER: the device, and in requests how the answer is to be. In requests index or
/// name is enough; where both are given they must be of one device. A value.
struct device {
  std::optional<std::uint32_t> index;  ///< ETHTOOL_A_HEADER_DEV_INDEX
  std::optional<std::string> name;     ///< ETHTOOL_A_HEADER_DEV_NAME; in requests also another name
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
  std::optional<ethtool::device> device;     ///< ETHTOOL_A_LINKINFO_HEADER
  std::optional<std::uint8_t> port;          ///< ETHTOOL_A_LINKINFO_PORT: PORT_
  std::optional<std::uint8_t> phy_address;   ///< ETHTOOL_A_LINKINFO_PHYADDR: on the MDIO bus
  std::optional<std::uint8_t> mdix;          ///< ETHTOOL_A_LINKINFO_TP_MDIX: ETH_TP_MDI_
  std::optional<std::uint8_t> mdix_control;  ///< ETHTOOL_A_LINKINFO_TP_MDIX_CTRL: ETH_TP_MDI_
  std::optional<std::uint8_t> transceiver;   ///< ETHTOOL_A_LINKINFO_TRANSCEIVER: XCVR_
  std::vector<raw_attribute> others;

  /// nullopt where the message is another one, or a length in it is wrong; so with all.
  [[nodiscard]] static std::optional<link_info> decode(const message_view& message);
  /// The header and every attribute that has a value; so with all.
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<link_info>& policy();
};

/// ETHTOOL_MSG_LINKMODES_GET_REPLY, ETHTOOL_MSG_LINKMODES_NTF.
struct link_modes : message_head {
  std::optional<ethtool::device> device;        ///< ETHTOOL_A_LINKMODES_HEADER
  std::optional<std::uint8_t> autonegotiation;  ///< ETHTOOL_A_LINKMODES_AUTONEG: AUTONEG_
  /// ETHTOOL_A_LINKMODES_OURS: advertised; its mask: supported. Bits: ETHTOOL_LINK_MODE_
  std::optional<bitset> ours;
  std::optional<bitset> peer;          ///< ETHTOOL_A_LINKMODES_PEER: advertised
  std::optional<std::uint32_t> speed;  ///< ETHTOOL_A_LINKMODES_SPEED: Mbit/s, or SPEED_UNKNOWN
  std::optional<std::uint8_t> duplex;  ///< ETHTOOL_A_LINKMODES_DUPLEX: DUPLEX_
  /// ETHTOOL_A_LINKMODES_MASTER_SLAVE_CFG: MASTER_SLAVE_CFG_, what is wished of the clock's side
  std::optional<std::uint8_t> master_slave_config;
  /// ETHTOOL_A_LINKMODES_MASTER_SLAVE_STATE: MASTER_SLAVE_STATE_, what came of it
  std::optional<std::uint8_t> master_slave_state;
  std::optional<std::uint32_t> lanes;  ///< ETHTOOL_A_LINKMODES_LANES (5.12)
  /// ETHTOOL_A_LINKMODES_RATE_MATCHING (6.1): RATE_MATCH_
  std::optional<std::uint8_t> rate_matching;
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<link_modes> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<link_modes>& policy();
};

/// ETHTOOL_MSG_LINKSTATE_GET_REPLY; there is no notification of it.
struct link_state : message_head {
  std::optional<ethtool::device> device;  ///< ETHTOOL_A_LINKSTATE_HEADER
  std::optional<std::uint8_t> link;       ///< ETHTOOL_A_LINKSTATE_LINK: 1: there is one
  std::optional<std::uint32_t> quality;  ///< ETHTOOL_A_LINKSTATE_SQI: of the signal, from 0 to best
  std::optional<std::uint32_t> best;     ///< ETHTOOL_A_LINKSTATE_SQI_MAX
  /// ETHTOOL_A_LINKSTATE_EXT_STATE: ETHTOOL_LINK_EXT_STATE_, why it is down
  std::optional<std::uint8_t> reason;
  /// ETHTOOL_A_LINKSTATE_EXT_SUBSTATE: ETHTOOL_LINK_EXT_SUBSTATE_ of that reason
  std::optional<std::uint8_t> subreason;
  std::optional<std::uint32_t> downs;  ///< ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT (6.3): a counter
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<link_state> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<link_state>& policy();
};

/// ETHTOOL_MSG_FEATURES_GET_REPLY, ETHTOOL_MSG_FEATURES_NTF. Bits have the names of the string set
/// ETH_SS_FEATURES; their numbers differ from kernel to kernel.
struct features : message_head {
  std::optional<ethtool::device> device;  ///< ETHTOOL_A_FEATURES_HEADER
  std::optional<bitset> hardware;         ///< ETHTOOL_A_FEATURES_HW: may be changed
  std::optional<bitset> wanted;           ///< ETHTOOL_A_FEATURES_WANTED: asked for, if it can be
  std::optional<bitset> active;           ///< ETHTOOL_A_FEATURES_ACTIVE: in use now
  std::optional<bitset> no_change;        ///< ETHTOOL_A_FEATURES_NOCHANGE: may never be changed
  std::vector<raw_attribute> others;

  /// Whether a feature is as it is for good: the driver cannot change it, or nobody can.
  [[nodiscard]] bool fixed(std::uint32_t bit) const noexcept;

  [[nodiscard]] static std::optional<features> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<features>& policy();
};

/// ETHTOOL_MSG_RINGS_GET_REPLY, ETHTOOL_MSG_RINGS_NTF: sizes in descriptors, where nothing else is
/// said.
struct rings : message_head {
  std::optional<ethtool::device> device;          ///< ETHTOOL_A_RINGS_HEADER
  std::optional<std::uint32_t> rx_max;            ///< ETHTOOL_A_RINGS_RX_MAX
  std::optional<std::uint32_t> rx_mini_max;       ///< ETHTOOL_A_RINGS_RX_MINI_MAX
  std::optional<std::uint32_t> rx_jumbo_max;      ///< ETHTOOL_A_RINGS_RX_JUMBO_MAX
  std::optional<std::uint32_t> tx_max;            ///< ETHTOOL_A_RINGS_TX_MAX
  std::optional<std::uint32_t> rx;                ///< ETHTOOL_A_RINGS_RX
  std::optional<std::uint32_t> rx_mini;           ///< ETHTOOL_A_RINGS_RX_MINI
  std::optional<std::uint32_t> rx_jumbo;          ///< ETHTOOL_A_RINGS_RX_JUMBO
  std::optional<std::uint32_t> tx;                ///< ETHTOOL_A_RINGS_TX
  std::optional<std::uint32_t> rx_buffer_length;  ///< ETHTOOL_A_RINGS_RX_BUF_LEN: bytes
  /// ETHTOOL_A_RINGS_TCP_DATA_SPLIT: 0 unknown, 1 off, 2 on: headers apart from data
  std::optional<std::uint8_t> tcp_data_split;
  std::optional<std::uint32_t> completion_size;  ///< ETHTOOL_A_RINGS_CQE_SIZE: bytes
  std::optional<std::uint8_t> tx_push;           ///< ETHTOOL_A_RINGS_TX_PUSH: 0 or 1
  std::optional<std::uint8_t> rx_push;           ///< ETHTOOL_A_RINGS_RX_PUSH (6.3): 0 or 1
  std::optional<std::uint32_t> tx_push_length;   ///< ETHTOOL_A_RINGS_TX_PUSH_BUF_LEN (6.4): bytes
  std::optional<std::uint32_t> tx_push_length_max;   ///< ETHTOOL_A_RINGS_TX_PUSH_BUF_LEN_MAX (6.4)
  std::optional<std::uint32_t> split_threshold;      ///< ETHTOOL_A_RINGS_HDS_THRESH (6.14): bytes
  std::optional<std::uint32_t> split_threshold_max;  ///< ETHTOOL_A_RINGS_HDS_THRESH_MAX (6.14)
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<rings> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<rings>& policy();
};

/// ETHTOOL_MSG_CHANNELS_GET_REPLY, ETHTOOL_MSG_CHANNELS_NTF: how many there are of each kind. A
/// channel is an interrupt and the queues that it serves.
struct channels : message_head {
  std::optional<ethtool::device> device;      ///< ETHTOOL_A_CHANNELS_HEADER
  std::optional<std::uint32_t> rx_max;        ///< ETHTOOL_A_CHANNELS_RX_MAX
  std::optional<std::uint32_t> tx_max;        ///< ETHTOOL_A_CHANNELS_TX_MAX
  std::optional<std::uint32_t> other_max;     ///< ETHTOOL_A_CHANNELS_OTHER_MAX
  std::optional<std::uint32_t> combined_max;  ///< ETHTOOL_A_CHANNELS_COMBINED_MAX
  std::optional<std::uint32_t> rx;            ///< ETHTOOL_A_CHANNELS_RX_COUNT
  std::optional<std::uint32_t> tx;            ///< ETHTOOL_A_CHANNELS_TX_COUNT
  std::optional<std::uint32_t> other;     ///< ETHTOOL_A_CHANNELS_OTHER_COUNT: as for link events
  std::optional<std::uint32_t> combined;  ///< ETHTOOL_A_CHANNELS_COMBINED_COUNT: both ways
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<channels> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<channels>& policy();
};

/// ETHTOOL_A_STRINGS_STRING: a name and its number in a set of names. A value.
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
  std::optional<std::uint32_t> count;                  ///< ETHTOOL_A_STRINGSET_COUNT: of names
  std::optional<std::vector<indexed_string>> strings;  ///< ETHTOOL_A_STRINGSET_STRINGS
  std::vector<raw_attribute> others;

  /// The names by number; empty where there is none.
  [[nodiscard]] std::vector<std::string> names() const;

  [[nodiscard]] static const attribute_policy<string_set>& policy();
  friend bool operator==(const string_set&, const string_set&) = default;
};

/// ETHTOOL_MSG_STRSET_GET_REPLY: what was asked for of the sets of a device, or of all devices.
struct string_sets : message_head {
  std::optional<ethtool::device> device;        ///< none for the sets that all devices share
  std::optional<std::vector<string_set>> sets;  ///< ETHTOOL_A_STRSET_STRINGSETS
  std::vector<raw_attribute> others;

  [[nodiscard]] static std::optional<string_sets> decode(const message_view& message);
  void encode(message_builder& out) const;
  [[nodiscard]] static const attribute_policy<string_sets>& policy();
};

/// Begins a request: struct genlmsghdr and the header, which is attribute 1 of all of them.
/// @param request  of the family's type, empty so far
/// @param command  ETHTOOL_MSG_ of the user
/// @param which    without index and name: all of a dump, or none of ETHTOOL_MSG_STRSET_GET. The
///   kernel refuses a name of 128 bytes (ALTIFNAMSIZ) or more.
void start(message_builder& request, std::uint8_t command, const device& which);

/// ETHTOOL_MSG_STRSET_GET of sets that all devices share: ETH_SS_FEATURES, ETH_SS_LINK_MODES …
/// The kernel refuses a set that belongs to a device (EINVAL).
void ask_for_strings(message_builder& request, const std::vector<std::uint32_t>& sets);

/// One of the messages above, or nothing.
using any_message = std::variant<std::monostate, link_info, link_modes, link_state, features, rings,
                                 channels, string_sets>;
/// Any of the messages above, by its command; nothing where it is another one or malformed. The
/// command is read as one of the kernel's: a request is taken for something else.
[[nodiscard]] any_message decode_any(const message_view& message);

}  // namespace trivet::netlink::generic::ethtool

#endif  // TRIVET_NETLINK_GENERIC_ETHTOOL_H_
