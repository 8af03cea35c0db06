#ifndef TOOLS_TRIVET_NETLINK_CONNTRACK_H_
#define TOOLS_TRIVET_NETLINK_CONNTRACK_H_

#include "tools/trivet/netlink_show.h"

namespace trivet::tool {

/// Adds the verb to `trivet netlink`, of whose options it heeds -4, -6 and -t.
void add_netlink_conntrack(CLI::App& noun, context& ctx, const shared_options& options);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_CONNTRACK_H_
