// trivet netlink decode: the messages of a capture, or of hexadecimal digits.
#ifndef TOOLS_TRIVET_NETLINK_DECODE_H_
#define TOOLS_TRIVET_NETLINK_DECODE_H_

#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// Adds the verb to `trivet netlink`.
void add_netlink_decode(CLI::App& noun, context& ctx);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_DECODE_H_
