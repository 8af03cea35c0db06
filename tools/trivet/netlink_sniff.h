// trivet netlink sniff: the messages that an nlmon device sees, live.
#ifndef TOOLS_TRIVET_NETLINK_SNIFF_H_
#define TOOLS_TRIVET_NETLINK_SNIFF_H_

#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// Adds the verb to `trivet netlink`.
void add_netlink_sniff(CLI::App& noun, context& ctx);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SNIFF_H_
