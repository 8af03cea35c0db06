// What the messages of ethtool and their attributes are called, for whoever describes messages.
#ifndef TRIVET_NETLINK_GENERIC_ETHTOOL_NAMES_H_
#define TRIVET_NETLINK_GENERIC_ETHTOOL_NAMES_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "trivet/base/bytes.h"
#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::generic::ethtool {

/// What a message of ethtool is called, and its attributes. A value; what it points at lasts.
struct message_words {
  std::string_view name;  ///< "LINKINFO_GET" of ETHTOOL_MSG_LINKINFO_GET; empty: unknown
  const attribute_names* attributes = nullptr;  ///< nullptr: they have no names
};

/// The words of a message by its command. Thread-safe.
/// @param command   genlmsghdr.cmd, which means one thing in a request and another from the kernel
/// @param question  whether the message has NLM_F_REQUEST
/// Source: linux/ethtool_netlink.h (ETHTOOL_MSG_USER_…, ETHTOOL_MSG_KERNEL_…); of 6.1
[[nodiscard]] message_words words_of_message(std::uint8_t command, bool question) noexcept;

/// The names of the attributes of requests to ethtool, for client::set_names. Of other families
/// nothing is known. @param family  ethtool's number, as find_family tells it
[[nodiscard]] std::function<const attribute_names*(const_bytes request)> names_of_requests(
    std::uint16_t family);

}  // namespace trivet::netlink::generic::ethtool

#endif  // TRIVET_NETLINK_GENERIC_ETHTOOL_NAMES_H_
