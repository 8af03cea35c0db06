// What the attributes of rtnetlink's requests are called: for the paths of extended ACKs.
#ifndef TRIVET_NETLINK_ROUTE_REQUEST_NAMES_H_
#define TRIVET_NETLINK_ROUTE_REQUEST_NAMES_H_

#include <cstdint>

#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::rtnl {

/// The names of the attributes of a message by its type, as RTM_NEWLINK; nullptr where nothing is
/// known of it. Thread-safe. Source: rtnetlink(7)
[[nodiscard]] const attribute_names* names_of_request(std::uint16_t type);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_REQUEST_NAMES_H_
