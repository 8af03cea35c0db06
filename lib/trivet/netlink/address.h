// The address of an AF_NETLINK socket: a port and a mask of multicast groups.
//
// The text is Python's tuple "(pid, groups)". Only groups 1 to 32 fit into the mask: higher ones
// are joined by number with socket::join, and no address shows them.
#ifndef TRIVET_NETLINK_ADDRESS_H_
#define TRIVET_NETLINK_ADDRESS_H_

#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

#include "trivet/base/address.h"

namespace trivet::netlink {

/// struct sockaddr_nl: nl_pid and nl_groups. A value; no memory of its own. Source: netlink(7)
class address {
 public:
  static constexpr int family = AF_NETLINK;

  /// (0, 0): the kernel as a destination; a port of the kernel's choice when bound to.
  constexpr address() noexcept = default;

  /// @param pid     the port: 0 is the kernel, or any port in bind; no process id in general
  /// @param groups  group g is bit g - 1, for groups 1 to 32
  constexpr explicit address(std::uint32_t pid, std::uint32_t groups = 0) noexcept
      : pid_(pid), groups_(groups) {}

  /// Throws address_error, which names the field: pid or groups.
  [[nodiscard]] static address parse(std::string_view text);
  /// Throws address_error for another family or fewer bytes than struct sockaddr_nl has.
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  [[nodiscard]] std::string to_string() const;

  /// nl_pid: the port.
  [[nodiscard]] constexpr std::uint32_t pid() const noexcept { return pid_; }
  /// nl_groups: bit g - 1 is group g.
  [[nodiscard]] constexpr std::uint32_t groups() const noexcept { return groups_; }

  friend constexpr auto operator<=>(const address&, const address&) noexcept = default;

  /// auto [pid, groups] = address;
  template <std::size_t I>
  friend constexpr std::uint32_t get(const address& a) noexcept {
    static_assert(I < 2);
    return I == 0 ? a.pid_ : a.groups_;
  }

 private:
  std::uint32_t pid_ = 0;
  std::uint32_t groups_ = 0;
};

using trivet::operator<<;

}  // namespace trivet::netlink

template <>
struct std::tuple_size<trivet::netlink::address> : std::integral_constant<std::size_t, 2> {};
template <std::size_t I>
struct std::tuple_element<I, trivet::netlink::address> {
  using type = std::uint32_t;
};
template <>
struct std::hash<trivet::netlink::address> : trivet::address_hash<trivet::netlink::address> {};

#endif  // TRIVET_NETLINK_ADDRESS_H_
