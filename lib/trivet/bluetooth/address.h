// The four addresses of AF_BLUETOOTH, one for each of its protocols.
//
//   BTPROTO_HCI     (dev_id[, channel])               (0,)
//   BTPROTO_L2CAP   (bdaddr, psm[, cid[, bdaddr_type]])  ('00:1A:7D:DA:71:13', 25)
//   BTPROTO_RFCOMM  (bdaddr, channel)                 ('00:1A:7D:DA:71:13', 1)
//   BTPROTO_SCO     bdaddr                            00:1A:7D:DA:71:13
//
// These are the forms of Python's socket documentation. Fields at the end that are 0 and that
// Python lets out are let out in the text here too. CPython before 3.14 knows neither HCI channels
// nor cid and bdaddr_type of L2CAP, and loses them.
#ifndef TRIVET_BLUETOOTH_ADDRESS_H_
#define TRIVET_BLUETOOTH_ADDRESS_H_

#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

#include "trivet/base/address.h"
#include "trivet/bluetooth/bdaddr.h"

namespace trivet::bluetooth {

/// struct sockaddr_hci: a controller of this machine, and what of it. A value.
/// Source: bluetooth/hci.h
struct hci_address {
  static constexpr int family = AF_BLUETOOTH;
  /// HCI_DEV_NONE: no controller, for the monitor and control channels.
  static constexpr std::uint16_t no_device = 0xffff;

  /// 0 is hci0.
  std::uint16_t dev_id = 0;
  /// HCI_CHANNEL_RAW 0, USER 1, MONITOR 2, CONTROL 3, LOGGING 4.
  std::uint16_t channel = 0;

  /// Throws address_error with the field "dev_id", "channel" or "tuple". The channel may be given
  /// by the name of its constant.
  [[nodiscard]] static hci_address parse(std::string_view text);
  /// At least the struct's 6 bytes, else address_error with the field "sockaddr".
  [[nodiscard]] static hci_address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static hci_address from_sockaddr(const_bytes sockaddr,
                                                 std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  /// "(0,)", or "(0, 1)" for another channel than the raw one.
  [[nodiscard]] std::string to_string() const;

  friend constexpr auto operator<=>(const hci_address&, const hci_address&) noexcept = default;
};

/// BDADDR_BREDR, BDADDR_LE_PUBLIC, BDADDR_LE_RANDOM. Source: bluetooth/bluetooth.h
enum class bdaddr_type : std::uint8_t { bredr = 0, le_public = 1, le_random = 2 };

/// struct sockaddr_l2: a device and a channel on it, by its service or by its number. A value.
/// Source: bluetooth/l2cap.h
struct l2cap_address {
  static constexpr int family = AF_BLUETOOTH;

  bdaddr device;
  /// The protocol and service multiplexer. A valid one is odd, and its upper byte is even.
  std::uint16_t psm = 0;
  /// A channel's number in place of a PSM, for fixed channels (ATT is 4).
  std::uint16_t cid = 0;
  bdaddr_type type = bdaddr_type::bredr;

  /// Throws address_error with the field "bdaddr", "psm", "cid", "bdaddr_type" or "tuple". The
  /// type may be given by the name of its constant.
  [[nodiscard]] static l2cap_address parse(std::string_view text);
  /// At least the struct's 13 bytes before its padding, else address_error with the field
  /// "sockaddr"; "bdaddr_type" where that is none of the three.
  [[nodiscard]] static l2cap_address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static l2cap_address from_sockaddr(const_bytes sockaddr,
                                                   std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  /// "('00:1A:7D:DA:71:13', 25)"; with cid, and with cid and bdaddr_type, where these are not 0.
  [[nodiscard]] std::string to_string() const;

  friend constexpr auto operator<=>(const l2cap_address&, const l2cap_address&) noexcept = default;
};

/// struct sockaddr_rc: a device and a channel on it. A value. Source: bluetooth/rfcomm.h
struct rfcomm_address {
  static constexpr int family = AF_BLUETOOTH;

  bdaddr device;
  /// 1 to 30; 0 leaves the choice to the kernel when listening, and 31 to 255 the kernel refuses.
  std::uint8_t channel = 0;

  /// Throws address_error with the field "bdaddr", "channel" or "tuple".
  [[nodiscard]] static rfcomm_address parse(std::string_view text);
  /// At least the struct's 9 bytes before its padding, else address_error with the field
  /// "sockaddr".
  [[nodiscard]] static rfcomm_address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static rfcomm_address from_sockaddr(const_bytes sockaddr,
                                                    std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  [[nodiscard]] std::string to_string() const;

  friend constexpr auto operator<=>(const rfcomm_address&,
                                    const rfcomm_address&) noexcept = default;
};

/// struct sockaddr_sco: a device. A value. Source: bluetooth/sco.h
struct sco_address {
  static constexpr int family = AF_BLUETOOTH;

  bdaddr device;

  /// Throws address_error with the field "bdaddr" or "tuple".
  [[nodiscard]] static sco_address parse(std::string_view text);
  /// At least the struct's 8 bytes, else address_error with the field "sockaddr".
  [[nodiscard]] static sco_address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static sco_address from_sockaddr(const_bytes sockaddr,
                                                 std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  /// The device alone, without quotes or parentheses.
  [[nodiscard]] std::string to_string() const;

  friend constexpr auto operator<=>(const sco_address&, const sco_address&) noexcept = default;
};

using trivet::operator<<;

}  // namespace trivet::bluetooth

template <>
struct std::hash<trivet::bluetooth::hci_address>
    : trivet::address_hash<trivet::bluetooth::hci_address> {};
template <>
struct std::hash<trivet::bluetooth::l2cap_address>
    : trivet::address_hash<trivet::bluetooth::l2cap_address> {};
template <>
struct std::hash<trivet::bluetooth::rfcomm_address>
    : trivet::address_hash<trivet::bluetooth::rfcomm_address> {};
template <>
struct std::hash<trivet::bluetooth::sco_address>
    : trivet::address_hash<trivet::bluetooth::sco_address> {};

#endif  // TRIVET_BLUETOOTH_ADDRESS_H_
