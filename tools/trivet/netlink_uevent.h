// trivet netlink uevent: devices as they come, go and change.
#ifndef TOOLS_TRIVET_NETLINK_UEVENT_H_
#define TOOLS_TRIVET_NETLINK_UEVENT_H_

#include "tools/trivet/netlink_show.h"
#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// Adds the verb to `trivet netlink`, of whose options it heeds -t.
void add_netlink_uevent(CLI::App& noun, context& ctx, const shared_options& options);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_UEVENT_H_
