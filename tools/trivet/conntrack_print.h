// Tracked connections in the words of conntrack(8), and as JSON.
#ifndef TOOLS_TRIVET_CONNTRACK_PRINT_H_
#define TOOLS_TRIVET_CONNTRACK_PRINT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trivet/netlink/netfilter/conntrack.h"

namespace trivet::tool {

/// "NEW", "UPDATE", "DESTROY".
[[nodiscard]] std::string_view name_of(netlink::netfilter::connection_event event) noexcept;

/// A connection as `conntrack -L` prints it, without a newline.
/// @param now  nanoseconds since 1970: how long a connection lives that has a start and no end
[[nodiscard]] std::string connection_text(const netlink::netfilter::connection& c,
                                          std::uint64_t now);

/// A connection as an object.
/// @param event  what happened to it; nothing for an entry of the table
/// @param port   of the program that changed the table; 0: none did
/// @param stamp  when it was printed; may be empty
[[nodiscard]] std::string connection_json(const netlink::netfilter::connection& c,
                                          std::optional<netlink::netfilter::connection_event> event,
                                          std::uint32_t port, std::string_view stamp);

/// IPPROTO_ by the name that these print; nothing where it is none of them.
[[nodiscard]] std::optional<std::uint8_t> connection_protocol(std::string_view name);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_CONNTRACK_PRINT_H_
