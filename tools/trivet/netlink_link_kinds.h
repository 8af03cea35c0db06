// The words of ip-link(8) behind "type KIND".
#ifndef TOOLS_TRIVET_NETLINK_LINK_KINDS_H_
#define TOOLS_TRIVET_NETLINK_LINK_KINDS_H_

#include <string>

#include "tools/trivet/netlink_line.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {

/// Takes all that is left of the words and appends IFLA_LINKINFO. "bridge_slave" and the like are
/// what a link is to its master. A kind without words of its own takes none: the kernel knows more
/// kinds than these. Throws usage_error, failure.
/// @param changed  the name of the link that is changed; empty: it is made
void write_link_kind(const std::string& kind, line_words& words, line_resolver& resolver,
                     const std::string& changed, netlink::attribute_writer& out);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_LINK_KINDS_H_
