// trivet netlink genl: the families of generic netlink.
#ifndef TOOLS_TRIVET_NETLINK_GENL_H_
#define TOOLS_TRIVET_NETLINK_GENL_H_

#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// Adds the verb to `trivet netlink`.
void add_netlink_genl(CLI::App& noun, context& ctx);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_GENL_H_
