// Raw sockets of IPv4 and IPv6 where the kernel has no raw_diag.
#ifndef TOOLS_TRIVET_SOCKET_RAW_H_
#define TOOLS_TRIVET_SOCKET_RAW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/diag/inet.h"

namespace trivet::tool {

/// /proc/net/raw and raw6: the sockets of the calling thread's network namespace. What only
/// sock_diag tells is left open.
/// @param family  AF_INET or AF_INET6
/// @return none where the kernel has no IPv6; nullopt where there is no /proc
/// Throws socket_error where the file cannot be read, failure for a line of another form.
/// Source: proc(5), net/ipv4/raw.c (raw_sock_seq_show), net/ipv6/datagram.c
std::optional<std::vector<netlink::diag::inet_socket>> find_raw_sockets(std::uint8_t family);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_RAW_H_
