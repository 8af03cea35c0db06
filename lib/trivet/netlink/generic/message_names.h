// What the messages of generic netlink are called, as far as the library knows their families:
// those of the controller.
#ifndef TRIVET_NETLINK_GENERIC_MESSAGE_NAMES_H_
#define TRIVET_NETLINK_GENERIC_MESSAGE_NAMES_H_

#include <cstdint>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink::generic {

/// CTRL_CMD_GETFAMILY and so on. Source: linux/genetlink.h
[[nodiscard]] const value_names& command_names() noexcept;

/// The attributes of the controller's messages, behind struct genlmsghdr.
[[nodiscard]] const attribute_names& controller_names() noexcept;

/// struct genlmsghdr; of the controller's messages with the names of the commands.
[[nodiscard]] const structure_form& structure_of_message(std::uint16_t type) noexcept;

}  // namespace trivet::netlink::generic

#endif  // TRIVET_NETLINK_GENERIC_MESSAGE_NAMES_H_
