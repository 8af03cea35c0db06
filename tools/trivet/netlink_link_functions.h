// The words of ip-link(8) about a link's virtual functions (SR-IOV) and its XDP program.
#ifndef TOOLS_TRIVET_NETLINK_LINK_FUNCTIONS_H_
#define TOOLS_TRIVET_NETLINK_LINK_FUNCTIONS_H_

#include <string_view>

#include "tools/trivet/netlink_line.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {

/// Takes the words behind "vf": a number and what that function is to be; it ends before a word
/// that is none of these. Appends IFLA_VF_INFO. Where one rate of two is given, the kernel is asked
/// for the other. Throws usage_error, failure.
/// @param link  the function's link
void write_link_function(line_words& words, line_resolver& resolver, std::string_view link,
                         netlink::attribute_writer& list);

/// Takes "xdp", "xdpgeneric", "xdpdrv" or "xdpoffload", and "off" or "none" behind it: the program
/// is removed. Appends IFLA_XDP. Throws usage_error for a program that is to be loaded.
/// @return whether the next word was one of these
bool write_link_xdp(line_words& words, netlink::attribute_writer& out);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_LINK_FUNCTIONS_H_
