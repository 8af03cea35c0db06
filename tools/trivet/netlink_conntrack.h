#ifndef TOOLS_TRIVET_NETLINK_CONNTRACK_H_
#define TOOLS_TRIVET_NETLINK_CONNTRACK_H_

#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// Declares `trivet netlink conntrack`.
void add_netlink_conntrack(CLI::App& noun, context& ctx);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_CONNTRACK_H_
