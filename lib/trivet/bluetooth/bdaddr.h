// The address of a Bluetooth device: six bytes.
#ifndef TRIVET_BLUETOOTH_BDADDR_H_
#define TRIVET_BLUETOOTH_BDADDR_H_

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace trivet::bluetooth {

/// bdaddr_t, its bytes in the order of the text: 00:1A:7D:DA:71:13 starts with 0x00. (A sockaddr
/// holds them the other way round.) A value. Source: bluetooth/bluetooth.h
struct bdaddr {
  std::array<std::uint8_t, 6> bytes{};  ///< all zero: BDADDR_ANY

  /// Reads six hexadecimal numbers of one or two digits with colons between them, in either case;
  /// nullopt where the text is something else.
  [[nodiscard]] static std::optional<bdaddr> parse(std::string_view text) noexcept;

  /// Two digits each, upper-case.
  [[nodiscard]] std::string to_string() const;

  friend constexpr bool operator==(const bdaddr&, const bdaddr&) noexcept = default;
  friend constexpr auto operator<=>(const bdaddr&, const bdaddr&) noexcept = default;

  friend std::ostream& operator<<(std::ostream& out, const bdaddr& address) {
    return out << address.to_string();
  }
};

/// BDADDR_ANY, 00:00:00:00:00:00: any controller of this machine.
inline constexpr bdaddr any_device{};
/// BDADDR_LOCAL, 00:00:00:FF:FF:FF: this machine itself.
inline constexpr bdaddr local_device{{0, 0, 0, 0xff, 0xff, 0xff}};

}  // namespace trivet::bluetooth

template <>
struct std::hash<trivet::bluetooth::bdaddr> {
  std::size_t operator()(const trivet::bluetooth::bdaddr& address) const noexcept {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : address.bytes) number = number << 8 | byte;
    return std::hash<std::uint64_t>()(number);
  }
};

#endif  // TRIVET_BLUETOOTH_BDADDR_H_
