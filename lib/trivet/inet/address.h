// The address of an AF_INET socket: a host and a port.
//
// The text is ('127.0.0.1', 80), as Python prints it. The host is four decimal numbers, "" for any
// address, or "<broadcast>"; names are never looked up here (trivet/inet/resolve.h does that).
//
//   const auto here = inet::address("127.0.0.1", 6118);
//   auto [host, port] = here;
#ifndef TRIVET_INET_ADDRESS_H_
#define TRIVET_INET_ADDRESS_H_

#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

#include "trivet/base/address.h"

namespace trivet::inet {

/// struct sockaddr_in. A value in host byte order; no memory of its own. Source: ip(7)
class address {
 public:
  static constexpr int family = AF_INET;

  /// 0.0.0.0, port 0: any address, and a port of the kernel's choice.
  constexpr address() noexcept = default;

  /// @param host  127.0.0.1 as 0x7f000001
  constexpr address(std::uint32_t host, std::uint16_t port) noexcept : host_(host), port_(port) {}

  /// @param host  four decimal numbers, "" or "<broadcast>". Throws address_error.
  address(std::string_view host, std::uint16_t port);

  /// Every address of this machine, 0.0.0.0.
  [[nodiscard]] static constexpr address any(std::uint16_t port) noexcept {
    return {std::uint32_t{0}, port};
  }
  /// 127.0.0.1
  [[nodiscard]] static constexpr address loopback(std::uint16_t port) noexcept {
    return {0x7f000001U, port};
  }
  /// 255.255.255.255; sending to it wants so::broadcast.
  [[nodiscard]] static constexpr address broadcast(std::uint16_t port) noexcept {
    return {0xffffffffU, port};
  }

  /// Reads (host, port). Throws address_error with the field "host", "port" or "tuple".
  [[nodiscard]] static address parse(std::string_view text);

  /// At least the 16 bytes of a sockaddr_in; what follows them is ignored, as bind(2) does.
  /// Throws address_error with the field "sockaddr".
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  [[nodiscard]] std::string to_string() const;

  /// The host as a number: 127.0.0.1 is 0x7f000001.
  [[nodiscard]] constexpr std::uint32_t host_number() const noexcept { return host_; }
  /// The host as four decimal numbers.
  [[nodiscard]] std::string host() const;
  /// In host byte order; 0 for any in bind.
  [[nodiscard]] constexpr std::uint16_t port() const noexcept { return port_; }

  /// 0.0.0.0, and 127.0.0.0/8.
  [[nodiscard]] constexpr bool is_any() const noexcept { return host_ == 0; }
  [[nodiscard]] constexpr bool is_loopback() const noexcept { return host_ >> 24 == 127; }
  /// 224.0.0.0/4
  [[nodiscard]] constexpr bool is_multicast() const noexcept { return host_ >> 28 == 0xe; }

  friend constexpr bool operator==(const address&, const address&) noexcept = default;
  friend constexpr auto operator<=>(const address&, const address&) noexcept = default;

  /// auto [host, port] = address;
  template <std::size_t I>
  friend auto get(const address& a) {
    static_assert(I < 2);
    if constexpr (I == 0) {
      return a.host();
    } else {
      return a.port();
    }
  }

 private:
  std::uint32_t host_ = 0;
  std::uint16_t port_ = 0;
};

using trivet::operator<<;

}  // namespace trivet::inet

template <>
struct std::tuple_size<trivet::inet::address> : std::integral_constant<std::size_t, 2> {};
template <>
struct std::tuple_element<0, trivet::inet::address> {
  using type = std::string;
};
template <>
struct std::tuple_element<1, trivet::inet::address> {
  using type = std::uint16_t;
};
template <>
struct std::hash<trivet::inet::address> : trivet::address_hash<trivet::inet::address> {};

#endif  // TRIVET_INET_ADDRESS_H_
