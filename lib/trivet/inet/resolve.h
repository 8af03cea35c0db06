// Looking up the names of hosts and services: the one place where a name becomes an address.
//
//   for (const auto& to : inet::resolve("localhost", "ntp", SOCK_DGRAM)) …
//
// It may ask DNS servers, read files and block for many seconds, as getaddrinfo(3) says; nothing
// else in Trivet ever does.
#ifndef TRIVET_INET_RESOLVE_H_
#define TRIVET_INET_RESOLVE_H_

#include <sys/socket.h>

#include <string_view>
#include <system_error>
#include <vector>

#include "trivet/inet/address.h"
#include "trivet/inet/address6.h"

namespace trivet {

/// The category of getaddrinfo's own errors: EAI_NONAME, EAI_AGAIN … Source: gai_strerror(3)
[[nodiscard]] const std::error_category& resolve_category() noexcept;

namespace inet {

/// getaddrinfo(AF_INET): every IPv4 address of a host, best first, with a service's port; at least
/// one.
/// @param host     a name or a number; "" for any address
/// @param service  a name of services(5) or a decimal number; "" for port 0
/// @param type     SOCK_STREAM or SOCK_DGRAM, for services that differ; 0 for either
/// Throws socket_error: code() is of resolve_category(), or an errno where the system failed.
/// Thread-safe. Source: getaddrinfo(3)
[[nodiscard]] std::vector<address> resolve(std::string_view host, std::string_view service,
                                           int type = 0);

}  // namespace inet

namespace inet6 {

/// getaddrinfo(AF_INET6): as inet::resolve, for IPv6. A %INTERFACE of the host is looked up in the
/// network namespace of the calling thread.
[[nodiscard]] std::vector<address> resolve(std::string_view host, std::string_view service,
                                           int type = 0);

}  // namespace inet6
}  // namespace trivet

#endif  // TRIVET_INET_RESOLVE_H_
