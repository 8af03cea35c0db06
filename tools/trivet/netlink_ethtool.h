#ifndef TOOLS_TRIVET_NETLINK_ETHTOOL_H_
#define TOOLS_TRIVET_NETLINK_ETHTOOL_H_

#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// Declares `trivet netlink ethtool`.
void add_netlink_ethtool(CLI::App& noun, context& ctx);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_ETHTOOL_H_
