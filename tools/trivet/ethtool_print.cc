#include "tools/trivet/ethtool_print.h"

#include <fmt/core.h>
#include <linux/ethtool.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace trivet::tool {
namespace {

namespace ethtool = netlink::generic::ethtool;

struct named_value {
  unsigned value;
  std::string_view name;
};

constexpr named_value port_names[] = {
    {PORT_TP, "Twisted Pair"}, {PORT_AUI, "AUI"},     {PORT_MII, "MII"},
    {PORT_FIBRE, "FIBRE"},     {PORT_BNC, "BNC"},     {PORT_DA, "Direct Attach Copper"},
    {PORT_NONE, "None"},       {PORT_OTHER, "Other"},
};
constexpr named_value transceiver_names[] = {{XCVR_INTERNAL, "internal"},
                                             {XCVR_EXTERNAL, "external"}};
constexpr named_value duplex_names[] = {{DUPLEX_HALF, "Half"}, {DUPLEX_FULL, "Full"}};
constexpr named_value config_names[] = {
    {MASTER_SLAVE_CFG_UNKNOWN, "unknown"},
    {MASTER_SLAVE_CFG_MASTER_PREFERRED, "preferred master"},
    {MASTER_SLAVE_CFG_SLAVE_PREFERRED, "preferred slave"},
    {MASTER_SLAVE_CFG_MASTER_FORCE, "forced master"},
    {MASTER_SLAVE_CFG_SLAVE_FORCE, "forced slave"},
};
constexpr named_value status_names[] = {
    {MASTER_SLAVE_STATE_UNKNOWN, "unknown"},
    {MASTER_SLAVE_STATE_MASTER, "master"},
    {MASTER_SLAVE_STATE_SLAVE, "slave"},
    {MASTER_SLAVE_STATE_ERR, "resolution error"},
};
constexpr named_value reason_names[] = {
    {ETHTOOL_LINK_EXT_STATE_AUTONEG, "Autoneg"},
    {ETHTOOL_LINK_EXT_STATE_LINK_TRAINING_FAILURE, "Link training failure"},
    {ETHTOOL_LINK_EXT_STATE_LINK_LOGICAL_MISMATCH, "Logical mismatch"},
    {ETHTOOL_LINK_EXT_STATE_BAD_SIGNAL_INTEGRITY, "Bad signal integrity"},
    {ETHTOOL_LINK_EXT_STATE_NO_CABLE, "No cable"},
    {ETHTOOL_LINK_EXT_STATE_CABLE_ISSUE, "Cable issue"},
    {ETHTOOL_LINK_EXT_STATE_EEPROM_ISSUE, "EEPROM issue"},
    {ETHTOOL_LINK_EXT_STATE_CALIBRATION_FAILURE, "Calibration failure"},
    {ETHTOOL_LINK_EXT_STATE_POWER_BUDGET_EXCEEDED, "Power budget exceeded"},
    {ETHTOOL_LINK_EXT_STATE_OVERHEAT, "Overheat"},
    {ETHTOOL_LINK_EXT_STATE_MODULE, "Module"},
};

// Link modes that are no modes of a link: what the others are is told by leaving these out.
constexpr std::uint32_t port_bits[] = {
    ETHTOOL_LINK_MODE_TP_BIT,    ETHTOOL_LINK_MODE_AUI_BIT, ETHTOOL_LINK_MODE_MII_BIT,
    ETHTOOL_LINK_MODE_FIBRE_BIT, ETHTOOL_LINK_MODE_BNC_BIT, ETHTOOL_LINK_MODE_Backplane_BIT,
};
constexpr std::uint32_t correction_bits[] = {
    ETHTOOL_LINK_MODE_FEC_NONE_BIT, ETHTOOL_LINK_MODE_FEC_RS_BIT, ETHTOOL_LINK_MODE_FEC_BASER_BIT,
    ETHTOOL_LINK_MODE_FEC_LLRS_BIT};
constexpr std::uint32_t other_bits[] = {ETHTOOL_LINK_MODE_Autoneg_BIT, ETHTOOL_LINK_MODE_Pause_BIT,
                                        ETHTOOL_LINK_MODE_Asym_Pause_BIT};

template <std::size_t N>
bool among(const std::uint32_t (&bits)[N], std::uint32_t bit) {
  return std::find(std::begin(bits), std::end(bits), bit) != std::end(bits);
}

bool is_mode(std::uint32_t bit) {
  return !among(port_bits, bit) && !among(correction_bits, bit) && !among(other_bits, bit);
}

bool is_port(std::uint32_t bit) { return among(port_bits, bit); }
bool is_correction(std::uint32_t bit) { return among(correction_bits, bit); }

template <std::size_t N>
void show_word(show_writer& out, const named_value (&names)[N], std::string_view key,
               std::string_view label, const std::optional<std::uint8_t>& value) {
  if (!value) return;
  const auto* const found = std::find_if(std::begin(names), std::end(names),
                                         [&](const auto& n) { return n.value == *value; });
  if (found != std::end(names)) {
    out.string(key, fmt::format("\t{}: ", label), found->name, "\n");
  } else {
    out.text(fmt::format("\t{}: Unknown! ({})\n", label, *value));
  }
}

/// One of the two sets of bits that a bit set holds.
struct chosen_bits {
  const ethtool::bitset& set;
  bool mask;

  [[nodiscard]] bool has(std::uint32_t bit) const { return mask ? set.mask(bit) : set.value(bit); }
};

std::string name_of_mode(const chosen_bits& bits, std::uint32_t bit, const ethtool_names& names) {
  if (const std::string* own = bits.set.name(bit)) return *own;
  if (bit < names.link_modes.size() && !names.link_modes[bit].empty()) return names.link_modes[bit];
  return fmt::format("BIT{}", bit);
}

// Words beside each other: ports and FEC modes.
void show_row(show_writer& out, const chosen_bits& bits, bool (*wanted)(std::uint32_t),
              const ethtool_names& names, std::string_view key, std::string_view before,
              std::string_view after, std::string_view none) {
  out.open_list(key);
  out.text(fmt::format("\t{}", before));
  bool first = true;
  for (std::uint32_t bit = 0; bit < bits.set.end(); ++bit) {
    if (!bits.has(bit) || !wanted(bit)) continue;
    out.string("", first ? "" : "\t ", name_of_mode(bits, bit, names), "");
    first = false;
  }
  if (first) out.text(none);
  out.text(after);
  out.close_list();
}

// Link modes, one a line; but one of full duplex stands beside that of half duplex before it.
void show_modes(show_writer& out, const chosen_bits& bits, const ethtool_names& names,
                std::string_view key, std::string_view before) {
  out.open_list(key);
  out.text(fmt::format("\t{}", before));
  bool first = true;
  bool after_half = false;
  std::uint32_t last = 0;
  for (std::uint32_t bit = 0; bit < bits.set.end(); ++bit) {
    if (!bits.has(bit) || !is_mode(bit)) continue;
    const std::string name = name_of_mode(bits, bit, names);
    const bool beside = after_half && bit == last + 1;
    out.string("",
               first    ? std::string()
               : beside ? " "
                        : fmt::format("\n\t{}", std::string(before.size(), ' ')),
               name, "");
    first = false;
    after_half = name.ends_with("/Half");
    last = bit;
  }
  if (first) out.text("Not reported");
  out.text("\n");
  out.close_list();
}

void show_pause(show_writer& out, const chosen_bits& bits, std::string_view key,
                std::string_view label) {
  const bool symmetric = bits.has(ETHTOOL_LINK_MODE_Pause_BIT);
  const bool asymmetric = bits.has(ETHTOOL_LINK_MODE_Asym_Pause_BIT);
  const std::string_view word = symmetric ? (asymmetric ? "Symmetric Receive-only" : "Symmetric")
                                          : (asymmetric ? "Transmit-only" : "No");
  out.string(key, fmt::format("\t{}: ", label), word, "\n");
}

void show_yes_no(show_writer& out, std::string_view key, std::string_view label, bool is) {
  out.member(key, is);
  out.text(fmt::format("\t{}: {}\n", label, is ? "Yes" : "No"));
}

/// How the keys and the words of one group begin: "advertised", "Advertised".
void show_group(show_writer& out, const chosen_bits& bits, const ethtool_names& names,
                const std::string& key, const std::string& label, std::string_view gap) {
  const bool supported = key == "supported";
  show_modes(out, bits, names, key + "-link-modes", fmt::format("{} link modes:{}", label, gap));
  show_pause(out, bits, key + "-pause-frame-use", label + " pause frame use");
  show_yes_no(out, supported ? "supports-auto-negotiation" : key + "-auto-negotiation",
              supported ? "Supports auto-negotiation" : label + " auto-negotiation",
              bits.has(ETHTOOL_LINK_MODE_Autoneg_BIT));
  show_row(out, bits, is_correction, names, key + "-fec-modes", label + " FEC modes: ", "\n",
           "Not reported");
}

void show_link_modes(show_writer& out, const ethtool::link_modes& m, const ethtool_names& names) {
  if (m.ours) {
    show_row(out, {*m.ours, true}, is_port, names, "supported-ports", "Supported ports: [ ", " ]\n",
             "");
    show_group(out, {*m.ours, true}, names, "supported", "Supported", "   ");
    show_group(out, {*m.ours, false}, names, "advertised", "Advertised", "  ");
  }
  if (m.peer) {
    show_group(out, {*m.peer, false}, names, "link-partner-advertised", "Link partner advertised",
               "  ");
  }
  if (m.speed) {
    if (*m.speed == 0 || *m.speed == 0xffff || *m.speed == static_cast<std::uint32_t>(-1)) {
      out.text("\tSpeed: Unknown!\n");
    } else {
      out.number("speed", "\tSpeed: ", *m.speed, "Mb/s\n");
    }
  }
  if (m.lanes) out.number("lanes", "\tLanes: ", *m.lanes, "\n");
  show_word(out, duplex_names, "duplex", "Duplex", m.duplex);
  if (m.autonegotiation) {
    out.on_off("auto-negotiation", "\tAuto-negotiation: ", *m.autonegotiation != 0, "\n");
  }
  show_word(out, config_names, "master-slave-cfg", "master-slave cfg", m.master_slave_config);
  show_word(out, status_names, "master-slave-status", "master-slave status", m.master_slave_state);
}

void show_crossover(show_writer& out, const ethtool::link_info& info) {
  if (!info.mdix || !info.mdix_control || info.port != PORT_TP) return;
  const bool on = *info.mdix == ETH_TP_MDI_X;
  const bool known = on || *info.mdix == ETH_TP_MDI;
  switch (*info.mdix_control) {
    case ETH_TP_MDI:
      out.string("mdi-x", "\tMDI-X: ", "off (forced)", "\n");
      return;
    case ETH_TP_MDI_X:
      out.string("mdi-x", "\tMDI-X: ", "on (forced)", "\n");
      return;
    default:
      const std::string word = known ? (on ? "on" : "off") : "Unknown";
      const bool automatic = *info.mdix_control == ETH_TP_MDI_AUTO;
      out.string("mdi-x", "\tMDI-X: ", word + (automatic ? " (auto)" : ""), "\n");
  }
}

void show_link_info(show_writer& out, const ethtool::link_info& info) {
  show_word(out, port_names, "port", "Port", info.port);
  if (info.phy_address) out.number("phyad", "\tPHYAD: ", *info.phy_address, "\n");
  show_word(out, transceiver_names, "transceiver", "Transceiver", info.transceiver);
  show_crossover(out, info);
}

void show_detected(show_writer& out, const ethtool::link_state& state) {
  out.member("link-detected", *state.link != 0);
  out.text(fmt::format("\tLink detected: {}", *state.link != 0 ? "yes" : "no"));
  if (state.reason) {
    const auto* const found = std::find_if(std::begin(reason_names), std::end(reason_names),
                                           [&](const auto& n) { return n.value == *state.reason; });
    const bool known = found != std::end(reason_names);
    out.string("link-state", " (", known ? std::string(found->name) : std::to_string(*state.reason),
               ")");
  }
  out.text("\n");
}

void show_link_state(show_writer& out, const ethtool::link_state& state) {
  if (state.link) show_detected(out, state);
  if (state.quality) {
    out.number("sqi", "\tSQI: ", *state.quality, "");
    if (state.best) out.number("sqi-max", "/", *state.best, "");
    out.text("\n");
  }
}

/// The older names of features, each for one or several of those that are now.
struct feature_group {
  std::string_view name;
  std::string_view begin;
  std::string_view end;  ///< empty and `exact`: the whole name is `begin`
  bool exact;

  [[nodiscard]] bool holds(std::string_view feature) const {
    if (exact) return feature == begin;
    return feature.size() >= begin.size() + end.size() && feature.starts_with(begin) &&
           feature.ends_with(end);
  }
};

constexpr feature_group feature_groups[] = {
    {"rx-checksumming", "rx-checksum", "", true},
    {"tx-checksumming", "tx-checksum-", "", false},
    {"scatter-gather", "tx-scatter-gather", "", false},
    {"tcp-segmentation-offload", "tx-tcp", "-segmentation", false},
    {"udp-fragmentation-offload", "tx-udp-fragmentation", "", true},
    {"generic-segmentation-offload", "tx-generic-segmentation", "", true},
    {"generic-receive-offload", "rx-gro", "", true},
    {"large-receive-offload", "rx-lro", "", true},
    {"rx-vlan-offload", "rx-vlan-hw-parse", "", true},
    {"tx-vlan-offload", "tx-vlan-hw-insert", "", true},
    {"ntuple-filters", "rx-ntuple-filter", "", true},
    {"receive-hashing", "rx-hashing", "", true},
};

void show_feature(show_writer& out, const ethtool::features& f, std::uint32_t bit,
                  std::string_view name, std::string_view before) {
  const bool active = f.active && f.active->value(bit);
  const bool wanted = f.wanted && f.wanted->value(bit);
  const bool fixed = f.fixed(bit);
  out.open(name);
  out.member("active", active);
  out.member("fixed", fixed);
  out.member("requested", wanted);
  out.close();
  const std::string_view requested = wanted ? " [requested on]" : " [requested off]";
  out.text(fmt::format("{}{}: {}{}\n", before, name, active ? "on" : "off",
                       fixed              ? std::string_view(" [fixed]")
                       : active != wanted ? requested
                                          : std::string_view()));
}

void show_feature_group(show_writer& out, const ethtool::features& f, const feature_group& group,
                        const std::vector<std::string>& names) {
  std::vector<std::uint32_t> bits;
  for (std::uint32_t bit = 0; bit < names.size(); ++bit) {
    if (group.holds(names[bit])) bits.push_back(bit);
  }
  if (bits.empty()) return;
  if (bits.size() == 1) return show_feature(out, f, bits[0], group.name, "");
  const bool active = std::ranges::any_of(
      bits, [&](std::uint32_t bit) { return f.active && f.active->value(bit); });
  out.open(group.name);
  out.member("active", active);
  out.null("fixed");
  out.null("requested");
  out.close();
  out.text(fmt::format("{}: {}\n", group.name, active ? "on" : "off"));
  for (const std::uint32_t bit : bits) show_feature(out, f, bit, names[bit], "\t");
}

void show_banner(show_writer& out, std::string_view before, std::string_view name) {
  out.string("ifname", before, name, ":\n");
}

void show_number(show_writer& out, std::string_view key, std::string_view label,
                 const std::optional<std::uint32_t>& value) {
  if (value) {
    out.number(key, label, *value, "\n");
  } else {
    out.text(fmt::format("{}n/a\n", label));
  }
}

}  // namespace

std::string device_name(const std::optional<ethtool::device>& device) {
  if (!device) return "?";
  if (device->name) return *device->name;
  return fmt::format("if{}", device->index.value_or(0));
}

void show_settings(show_writer& out, const device_settings& settings, const ethtool_names& names) {
  out.open();
  show_banner(out, "Settings for ", settings.name);
  if (settings.modes) show_link_modes(out, *settings.modes, names);
  if (settings.info) show_link_info(out, *settings.info);
  if (settings.state) show_link_state(out, *settings.state);
  out.close_object();
}

void show_features(show_writer& out, const ethtool::features& what, const ethtool_names& names) {
  out.open();
  show_banner(out, "Features for ", device_name(what.device));
  for (const feature_group& group : feature_groups) {
    show_feature_group(out, what, group, names.features);
  }
  for (std::uint32_t bit = 0; bit < names.features.size(); ++bit) {
    const std::string& name = names.features[bit];
    const bool shown = std::any_of(std::begin(feature_groups), std::end(feature_groups),
                                   [&](const feature_group& g) { return g.holds(name); });
    if (!shown && !name.empty()) show_feature(out, what, bit, name, "");
  }
  out.close_object();
}

void show_rings(show_writer& out, const ethtool::rings& what) {
  out.open();
  show_banner(out, "Ring parameters for ", device_name(what.device));
  out.text("Pre-set maximums:\n");
  show_number(out, "rx-max", "RX:\t\t", what.rx_max);
  show_number(out, "rx-mini-max", "RX Mini:\t", what.rx_mini_max);
  show_number(out, "rx-jumbo-max", "RX Jumbo:\t", what.rx_jumbo_max);
  show_number(out, "tx-max", "TX:\t\t", what.tx_max);
  out.text("Current hardware settings:\n");
  show_number(out, "rx", "RX:\t\t", what.rx);
  show_number(out, "rx-mini", "RX Mini:\t", what.rx_mini);
  show_number(out, "rx-jumbo", "RX Jumbo:\t", what.rx_jumbo);
  show_number(out, "tx", "TX:\t\t", what.tx);
  show_number(out, "rx-buf-len", "RX Buf Len:\t\t", what.rx_buffer_length);
  show_number(out, "cqe-size", "CQE Size:\t\t", what.completion_size);
  const auto show_switch = [&](std::string_view key, std::string_view label,
                               std::optional<bool> is) {
    if (is) out.member(key, *is);
    out.text(fmt::format("{}{}\n", label, !is ? "n/a" : *is ? "on" : "off"));
  };
  std::optional<bool> push;
  if (what.tx_push) push = *what.tx_push != 0;
  show_switch("tx-push", "TX Push:\t", push);
  std::optional<bool> split;
  if (what.tcp_data_split.value_or(ETHTOOL_TCP_DATA_SPLIT_UNKNOWN) !=
      ETHTOOL_TCP_DATA_SPLIT_UNKNOWN) {
    split = *what.tcp_data_split == ETHTOOL_TCP_DATA_SPLIT_ENABLED;
  }
  show_switch("tcp-data-split", "TCP data split:\t", split);
  out.close_object();
}

void show_channels(show_writer& out, const ethtool::channels& what) {
  out.open();
  show_banner(out, "Channel parameters for ", device_name(what.device));
  out.text("Pre-set maximums:\n");
  show_number(out, "rx-max", "RX:\t\t", what.rx_max);
  show_number(out, "tx-max", "TX:\t\t", what.tx_max);
  show_number(out, "other-max", "Other:\t\t", what.other_max);
  show_number(out, "combined-max", "Combined:\t", what.combined_max);
  out.text("Current hardware settings:\n");
  show_number(out, "rx", "RX:\t\t", what.rx);
  show_number(out, "tx", "TX:\t\t", what.tx);
  show_number(out, "other", "Other:\t\t", what.other);
  show_number(out, "combined", "Combined:\t", what.combined);
  out.close_object();
}

}  // namespace trivet::tool
