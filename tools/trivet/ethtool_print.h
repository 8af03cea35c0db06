// What devices are set to in the words of ethtool(8), and in the keys of its JSON.
#ifndef TOOLS_TRIVET_ETHTOOL_PRINT_H_
#define TOOLS_TRIVET_ETHTOOL_PRINT_H_

#include <string>
#include <vector>

#include "tools/trivet/show_writer.h"
#include "trivet/netlink/generic/ethtool.h"

namespace trivet::tool {

/// The names of bits by number.
struct ethtool_names {
  std::vector<std::string> features;
  std::vector<std::string> link_modes;
};

/// What is known of one device of the settings; either may be missing.
struct device_settings {
  std::string name;
  std::optional<netlink::generic::ethtool::link_modes> modes;
  std::optional<netlink::generic::ethtool::link_info> info;
  std::optional<netlink::generic::ethtool::link_state> state;
};

/// "eth0"; or "if7" where the message has no name.
[[nodiscard]] std::string device_name(
    const std::optional<netlink::generic::ethtool::device>& device);

/// An object, or the lines of `ethtool eth0`.
void show_settings(show_writer& out, const device_settings& settings, const ethtool_names& names);
/// The same of `ethtool -k`.
void show_features(show_writer& out, const netlink::generic::ethtool::features& what,
                   const ethtool_names& names);
/// The same of `ethtool -g`.
void show_rings(show_writer& out, const netlink::generic::ethtool::rings& what);
/// The same of `ethtool -l`.
void show_channels(show_writer& out, const netlink::generic::ethtool::channels& what);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_ETHTOOL_PRINT_H_
