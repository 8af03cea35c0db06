// The address of an AF_INET6 socket: a host, a port, and where they matter a flow label and a
// scope.
//
// The text is ('::1', 80, 0, 0), as Python prints it: (host, port[, flowinfo[, scopeid]]). The host
// is numeric, or "" for any address; names are never looked up here (trivet/inet/resolve.h does
// that). The scope of a link-local host may also stand in it: "fe80::1%3" is scopeid 3, and
// "fe80::1%eth0" names an interface, which a socket looks up in its own network namespace when
// the address is used. (Python takes that text too, and then forgets the scope.)
#ifndef TRIVET_INET_ADDRESS6_H_
#define TRIVET_INET_ADDRESS6_H_

#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

#include "trivet/base/address.h"
#include "trivet/base/interface.h"

namespace trivet::inet6 {

/// struct sockaddr_in6. A value in host byte order; no memory of its own. Source: ipv6(7)
class address {
 public:
  static constexpr int family = AF_INET6;
  /// The highest flow label.
  static constexpr std::uint32_t max_flowinfo = 0xfffff;
  /// In network byte order.
  using host_bytes = std::array<std::uint8_t, 16>;

  /// ::, port 0: any address, and a port of the kernel's choice.
  constexpr address() noexcept = default;

  /// @param host  the 16 bytes as they travel
  /// @param flowinfo  the flow label, 0 to 0xfffff. Throws address_error.
  /// @param scopeid   an interface's number, for link-local hosts; 0 for none
  address(const host_bytes& host, std::uint16_t port, std::uint32_t flowinfo = 0,
          std::uint32_t scopeid = 0);

  /// @param host  numeric, "" for any, with %NUMBER or %INTERFACE at its end where it has a scope.
  /// Throws address_error, also where the host's scope and `scopeid` differ.
  address(std::string_view host, std::uint16_t port, std::uint32_t flowinfo = 0,
          std::uint32_t scopeid = 0);

  /// Every address of this machine, ::.
  [[nodiscard]] static address any(std::uint16_t port) noexcept;
  /// ::1
  [[nodiscard]] static address loopback(std::uint16_t port) noexcept;

  /// Reads (host, port[, flowinfo[, scopeid]]). Throws address_error with the field "host",
  /// "port", "flowinfo", "scopeid" or "tuple".
  [[nodiscard]] static address parse(std::string_view text);

  /// At least the 24 bytes of RFC 2133, which have no scope, as bind(2) takes; what follows the 28
  /// bytes of a sockaddr_in6 is ignored. Throws address_error with the field "sockaddr".
  /// Of sin6_flowinfo the lower 20 bits are kept: the others are the traffic class of a packet that
  /// came, and no part of an address.
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept;
  /// An interface's name is not resolved: its sin6_scope_id is 0.
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const host_bytes& bytes() const noexcept { return host_; }
  /// The host as text, with %INTERFACE where that is not resolved yet.
  [[nodiscard]] std::string host() const;
  /// sin6_port, sin6_flowinfo (the flow label) and sin6_scope_id (an interface's index), in host
  /// byte order.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::uint32_t flowinfo() const noexcept { return flowinfo_; }
  [[nodiscard]] std::uint32_t scopeid() const noexcept { return scopeid_; }
  /// The name behind the host's %, or nothing.
  [[nodiscard]] std::string_view scope_name() const noexcept;

  /// ::, and ::1.
  [[nodiscard]] bool is_any() const noexcept { return host_ == host_bytes{}; }
  [[nodiscard]] bool is_loopback() const noexcept;
  /// fe80::/10: means nothing without a scope.
  [[nodiscard]] bool is_link_local() const noexcept {
    return host_[0] == 0xfe && (host_[1] & 0xc0) == 0x80;
  }
  /// ff00::/8
  [[nodiscard]] bool is_multicast() const noexcept { return host_[0] == 0xff; }

  /// The address with its scope's name replaced by the interface's number in the network
  /// namespace of a socket. basic_socket does this before every call.
  /// @param ec  ENODEV where there is no interface of that name
  [[nodiscard]] address with_index(int fd, std::error_code& ec) const noexcept;

  friend bool operator==(const address&, const address&) noexcept = default;
  friend auto operator<=>(const address&, const address&) noexcept = default;

  /// auto [host, port, flowinfo, scopeid] = address;
  template <std::size_t I>
  friend auto get(const address& a) {
    static_assert(I < 4);
    if constexpr (I == 0) {
      return a.host();
    } else if constexpr (I == 1) {
      return a.port();
    } else {
      return I == 2 ? a.flowinfo() : a.scopeid();
    }
  }

 private:
  void set_host(std::string_view host);
  void check_flowinfo() const;

  host_bytes host_{};
  std::uint16_t port_ = 0;
  std::uint32_t flowinfo_ = 0;
  std::uint32_t scopeid_ = 0;
  std::array<char, interface_name_capacity> scope_name_{};  // ends with a zero byte
};

using trivet::operator<<;

}  // namespace trivet::inet6

template <>
struct std::tuple_size<trivet::inet6::address> : std::integral_constant<std::size_t, 4> {};
template <>
struct std::tuple_element<0, trivet::inet6::address> {
  using type = std::string;
};
template <>
struct std::tuple_element<1, trivet::inet6::address> {
  using type = std::uint16_t;
};
template <>
struct std::tuple_element<2, trivet::inet6::address> {
  using type = std::uint32_t;
};
template <>
struct std::tuple_element<3, trivet::inet6::address> {
  using type = std::uint32_t;
};
template <>
struct std::hash<trivet::inet6::address> : trivet::address_hash<trivet::inet6::address> {};

#endif  // TRIVET_INET_ADDRESS6_H_
