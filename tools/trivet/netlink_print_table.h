// What a monitor knows at its end, as one JSON object.
#ifndef TOOLS_TRIVET_NETLINK_PRINT_TABLE_H_
#define TOOLS_TRIVET_NETLINK_PRINT_TABLE_H_

#include "tools/trivet/netlink_print.h"
#include "trivet/netlink/table.h"

namespace trivet::tool {

/// Writes an object with an array for each kind that is shown: {"link":[…],"addr":[…],…}, in the
/// keys of `ip -j`, addresses below their links.
/// @param d  writes JSON, and knows the names of the links
void draw_table(drawing& d, route_printer& routes, const event_style& style,
                const netlink::table& state);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_PRINT_TABLE_H_
