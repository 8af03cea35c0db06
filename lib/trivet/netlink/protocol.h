// The protocols of AF_NETLINK by name.
#ifndef TRIVET_NETLINK_PROTOCOL_H_
#define TRIVET_NETLINK_PROTOCOL_H_

#include <optional>
#include <string>
#include <string_view>

namespace trivet::netlink {

/// "NETLINK_ROUTE"; "protocol 17" where it has no name.
[[nodiscard]] std::string protocol_name(int protocol);

/// The protocol of a name, "NETLINK_ROUTE", "route", or of a number; nothing where it is neither.
[[nodiscard]] std::optional<int> protocol_number(std::string_view name);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_PROTOCOL_H_
