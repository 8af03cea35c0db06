// Questions over netlink that `trivet probe` asks: who answers sock_diag, what generic netlink has.
#ifndef TOOLS_TRIVET_PROBE_QUERY_H_
#define TOOLS_TRIVET_PROBE_QUERY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/trivet/probe.h"
#include "trivet/base/bytes.h"

namespace trivet::tool {

/// How the kernel ended its answer to a request.
struct netlink_end {
  int error = 0;       ///< the errno, 0 for success
  std::string reason;  ///< the text of the extended ACK; empty where there is none
};

/// Calls `visit` for each attribute with its type, flags masked, and its value. Stops at the first
/// whose length is wrong.
void for_each_attribute(const_bytes attributes,
                        const std::function<void(std::uint16_t type, const_bytes value)>& visit);

/// Sends one request on a new socket, calls `visit` with the payload of each message of the answer,
/// and says how it ended. Strict checking and extended ACKs are asked for. Throws socket_error
/// where there is no such protocol, or no answer within two seconds.
netlink_end ask_netlink(int protocol, std::uint16_t type, std::uint16_t flags, const_bytes payload,
                        const std::function<void(const_bytes payload)>& visit);

/// Whether sock_diag(7) lists the sockets of a family ("packet_diag").
/// @param protocol  the protocol to list, where the family has several
[[nodiscard]] capability diag_row(std::string_view name, int family, int protocol = 0);

/// The commands of a generic netlink family, or nothing where there is no such family.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> generic_commands(std::string_view family);

/// The number of a generic netlink family, or 0.
[[nodiscard]] std::uint16_t generic_family(std::string_view name);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PROBE_QUERY_H_
