// trivet netlink sockets: who has what open, by sock_diag.
#ifndef TOOLS_TRIVET_NETLINK_SOCKETS_H_
#define TOOLS_TRIVET_NETLINK_SOCKETS_H_

#include "tools/trivet/netlink_show.h"
#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// Adds the verb to `trivet netlink`, of whose options it heeds -4 and -6.
void add_netlink_sockets(CLI::App& noun, context& ctx, const shared_options& options);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SOCKETS_H_
