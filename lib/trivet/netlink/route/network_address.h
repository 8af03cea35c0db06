// Addresses as they stand in the attributes of rtnetlink: of a network family, or of a link.
#ifndef TRIVET_NETLINK_ROUTE_NETWORK_ADDRESS_H_
#define TRIVET_NETLINK_ROUTE_NETWORK_ADDRESS_H_

#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "trivet/base/bytes.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::rtnl {

/// Up to 32 bytes (MAX_ADDR_LEN of linux/netdevice.h). A value; no memory of its own.
class short_bytes {
 public:
  /// Bytes.
  static constexpr std::size_t capacity = 32;

  /// No bytes.
  constexpr short_bytes() noexcept = default;
  /// What is longer than 32 bytes is cut: check first.
  explicit short_bytes(const_bytes bytes) noexcept;

  [[nodiscard]] const_bytes bytes() const noexcept { return const_bytes(bytes_).first(size_); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  friend constexpr auto operator<=>(const short_bytes&, const short_bytes&) noexcept = default;

 private:
  std::array<std::byte, capacity> bytes_{};
  std::uint8_t size_ = 0;
};

/// An address of AF_INET, AF_INET6, AF_MPLS or whatever the object's family is.
struct network_address {
  std::uint8_t family = 0;  ///< AF_
  short_bytes value;        ///< in network byte order; of AF_MPLS four bytes, a label

  /// From text: "10.0.0.1", "2001:db8::1". Throws address_error that names the field.
  [[nodiscard]] static network_address parse(std::string_view text);

  /// "10.0.0.1", "2001:db8::1", an MPLS label "100", anything else in hexadecimal "0a:00".
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const_bytes bytes() const noexcept { return value.bytes(); }
  /// Whether every byte is zero, as in 0.0.0.0.
  [[nodiscard]] bool is_zero() const noexcept;

  friend constexpr auto operator<=>(const network_address&,
                                    const network_address&) noexcept = default;
};

/// The length in bits of a host address of a family; 0 where it is unknown here.
[[nodiscard]] int host_bits(int family) noexcept;

/// The address of a link: "02:00:00:00:00:01".
struct hardware_address {
  short_bytes value;  ///< as it is on the wire

  /// @param link_type  ARPHRD_: the addresses of IP tunnels are IP addresses
  [[nodiscard]] std::string to_string(std::uint16_t link_type) const;

  friend constexpr auto operator<=>(const hardware_address&,
                                    const hardware_address&) noexcept = default;
};

}  // namespace trivet::netlink::rtnl

namespace trivet::netlink {

/// The family is that of the object which holds the attribute. An IP address of another length than
/// its family's is no address.
template <>
struct attribute_codec<rtnl::network_address> {
  static constexpr value_form form = netlink::form::address;

  static bool decode(const attribute& a, std::uint8_t family,
                     rtnl::network_address& into) noexcept {
    const int bits = rtnl::host_bits(family);
    const bool right = bits > 0 ? a.data.size() * 8 == static_cast<std::size_t>(bits)
                                : a.data.size() <= rtnl::short_bytes::capacity;
    if (right) into = {family, rtnl::short_bytes(a.data)};
    return right;
  }
  static void encode(attribute_writer& out, std::uint16_t type,
                     const rtnl::network_address& value) {
    out.bytes(type, value.bytes());
  }
};

/// An IP address whose family its length tells, for rule<Member, address_by_length>. One that is of
/// neither length has the family 0.
struct address_by_length {
  static constexpr value_form form = netlink::form::address;

  static bool decode(const attribute& a, rtnl::network_address& into) noexcept {
    if (a.data.size() > rtnl::short_bytes::capacity) return false;
    const int family = a.data.size() == 4 ? AF_INET : a.data.size() == 16 ? AF_INET6 : AF_UNSPEC;
    into = {static_cast<std::uint8_t>(family), rtnl::short_bytes(a.data)};
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type,
                     const rtnl::network_address& value) {
    out.bytes(type, value.bytes());
  }
};

/// At most 32 bytes; what is longer is none.
template <>
struct attribute_codec<rtnl::hardware_address> {
  static constexpr value_form form = netlink::form::hardware_address;

  static bool decode(const attribute& a, rtnl::hardware_address& into) noexcept {
    if (a.data.size() > rtnl::short_bytes::capacity) return false;
    into.value = rtnl::short_bytes(a.data);
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type,
                     const rtnl::hardware_address& value) {
    out.bytes(type, value.value.bytes());
  }
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_NETWORK_ADDRESS_H_
