// trivet netlink monitor: objects as they change.
#ifndef TOOLS_TRIVET_NETLINK_MONITOR_H_
#define TOOLS_TRIVET_NETLINK_MONITOR_H_

#include "tools/trivet/netlink_show.h"

namespace trivet::tool {

/// Adds the verb to `trivet netlink`, whose options it heeds.
void add_netlink_monitor(CLI::App& netlink, context& ctx, const shared_options& options);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_MONITOR_H_
