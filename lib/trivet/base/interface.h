// Network interfaces by name and by number, in the network namespace of a given socket.
#ifndef TRIVET_BASE_INTERFACE_H_
#define TRIVET_BASE_INTERFACE_H_

#include <optional>
#include <string>
#include <string_view>

namespace trivet {

/// The longest interface name: 15 bytes and a terminator. Source: netdevice(7), linux/if.h
inline constexpr std::size_t interface_name_capacity = 16;

/// ioctl(SIOCGIFINDEX): the number of an interface, or nullopt where there is none of that name.
/// @param fd  any socket: its network namespace is the one asked, and not the caller's thread's
/// Thread-safe. Source: netdevice(7)
[[nodiscard]] std::optional<int> interface_index(int fd, std::string_view name) noexcept;

/// ioctl(SIOCGIFNAME): the name of an interface, or nullopt where there is none of that number.
/// Thread-safe. Source: netdevice(7)
[[nodiscard]] std::optional<std::string> interface_name(int fd, int index);

}  // namespace trivet

#endif  // TRIVET_BASE_INTERFACE_H_
