// What the messages of rtnetlink are called, and the structs of those that have no names for their
// attributes.
#ifndef TRIVET_NETLINK_ROUTE_MESSAGE_NAMES_H_
#define TRIVET_NETLINK_ROUTE_MESSAGE_NAMES_H_

#include <cstdint>

#include "trivet/netlink/value_form.h"

namespace trivet::netlink::rtnl {

/// RTM_NEWLINK and so on. Source: linux/rtnetlink.h
[[nodiscard]] const value_names& message_names() noexcept;

/// The struct at the start of a message's payload by its type; nullptr where it is not known.
[[nodiscard]] const structure_form* structure_of_message(std::uint16_t type);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_MESSAGE_NAMES_H_
