// What the messages of nfnetlink (NETLINK_NETFILTER) are called, by subsystem.
#ifndef TRIVET_NETLINK_NETFILTER_NAMES_H_
#define TRIVET_NETLINK_NETFILTER_NAMES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink::netfilter {

/// "IPCTNL_MSG_CT_NEW"; "NFNL_SUBSYS_OSF message 7" where the subsystem alone is known; empty where
/// that is not.
[[nodiscard]] std::string message_name(std::uint16_t type);

/// Whether a message of that name asks for objects, and whether it removes them: IPCTNL_MSG_CT_GET,
/// IPCTNL_MSG_CT_DELETE.
[[nodiscard]] bool is_question(std::string_view name);
[[nodiscard]] bool is_removal(std::string_view name);

/// struct nfgenmsg, at the start of every payload.
[[nodiscard]] const structure_form& structure_of_message() noexcept;

/// The attributes of a message; nullptr where the library has no codec for its subsystem.
[[nodiscard]] const attribute_names* names_of_message(std::uint16_t type);

}  // namespace trivet::netlink::netfilter

#endif  // TRIVET_NETLINK_NETFILTER_NAMES_H_
