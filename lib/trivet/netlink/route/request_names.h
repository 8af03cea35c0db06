// What the attributes of rtnetlink's messages are called: for the paths of extended ACKs, and for
// whoever describes messages.
#ifndef TRIVET_NETLINK_ROUTE_REQUEST_NAMES_H_
#define TRIVET_NETLINK_ROUTE_REQUEST_NAMES_H_

#include <cstdint>

#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::rtnl {

/// The names of the attributes of a message by its type, as RTM_NEWLINK; nullptr where nothing is
/// known of it. Thread-safe. Source: rtnetlink(7)
[[nodiscard]] const attribute_names* names_of_request(std::uint16_t type);

/// The same of a message whose payload is at hand: links of AF_BRIDGE have attributes of their own.
[[nodiscard]] const attribute_names* names_of_message(std::uint16_t type, const_bytes payload);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_REQUEST_NAMES_H_
