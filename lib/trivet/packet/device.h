// What a capture wants to know of an interface, asked through any socket of its network namespace.
#ifndef TRIVET_PACKET_DEVICE_H_
#define TRIVET_PACKET_DEVICE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trivet::packet {

/// An interface at the time of asking.
struct device {
  std::string name{};                                ///< as it was asked for
  int index = 0;                                     ///< 0 stands for every interface
  std::uint16_t hatype = 0;                          ///< ARPHRD_
  std::optional<std::array<std::uint8_t, 6>> mac{};  ///< where it has one of 6 bytes
  std::optional<std::uint64_t> speed{};              ///< bits per second
  std::optional<std::uint32_t> netmask{};            ///< of its first IPv4 address, network order
  bool up = false;                                   ///< IFF_UP
};

/// ioctl(SIOCGIFINDEX, SIOCGIFHWADDR, SIOCGIFFLAGS, SIOCGIFNETMASK, SIOCETHTOOL): what is known of
/// an interface. Throws device_error ENODEV that names it where there is none.
/// @param fd  any socket; its network namespace counts
/// Thread-safe. Source: netdevice(7), linux/ethtool.h
[[nodiscard]] device query_device(int fd, std::string_view name);

/// ioctl(SIOCGIFFLAGS): whether an interface is up (IFF_UP); nullopt where there is none of that
/// index. Thread-safe. Source: netdevice(7)
[[nodiscard]] std::optional<bool> is_up(int fd, int index);

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_DEVICE_H_
