// The address of an AF_TIPC socket: a service, a range of services, or one socket.
//
//   tipc::address everyone(tipc::service_range{.type = 4711, .lower = 0, .upper = 99});
//   tipc::address one(tipc::service{.type = 4711, .instance = 7});
//   tipc::address reply = received.from;            // a socket address
//
// The text is the tuple of Python's socket documentation, (addr_type, v1, v2, v3[, scope]):
//   (1, type, lower, upper, scope)      TIPC_ADDR_NAMESEQ, TIPC_SERVICE_RANGE, TIPC_ADDR_MCAST
//   (2, type, instance, domain, scope)  TIPC_ADDR_NAME, TIPC_SERVICE_ADDR
//   (3, node, ref, 0, scope)            TIPC_ADDR_ID, TIPC_SOCKET_ADDR
// Read: addr_type and scope (TIPC_CLUSTER_SCOPE …) by number or by name; without a scope it is
// cluster, as in Python. One difference is on purpose: v3 of a service holds the lookup domain,
// which Python throws away (it prints the instance there again, and sends 0).
#ifndef TRIVET_TIPC_ADDRESS_H_
#define TRIVET_TIPC_ADDRESS_H_

#include <sys/socket.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

#include "trivet/base/address.h"

namespace trivet::tipc {

/// The service types below are the kernel's own: bind(2) to them gives EACCES.
/// Source: linux/tipc.h, TIPC_RESERVED_TYPES
inline constexpr std::uint32_t first_user_type = 64;

/// struct tipc_service_range: the instances lower to upper of a type, both included. Binding
/// publishes them all; sending to it is a multicast to every socket whose range overlaps.
struct service_range {
  std::uint32_t type = 0;   ///< first_user_type or more to bind to
  std::uint32_t lower = 0;  ///< an instance
  std::uint32_t upper = 0;  ///< an instance, not below lower
  friend auto operator<=>(const service_range&, const service_range&) noexcept = default;
};

/// struct tipc_service_addr and the lookup domain: one instance of a type. Sending to it reaches
/// one of the sockets that are bound to it.
struct service {
  std::uint32_t type = 0;      ///< first_user_type or more to bind to
  std::uint32_t instance = 0;  ///< one of the type
  /// The node where the sockets are looked for; 0: any, the nearest first.
  std::uint32_t domain = 0;
  friend auto operator<=>(const service&, const service&) noexcept = default;
};

/// struct tipc_socket_addr: one socket for as long as it lives. 0, 0 is nobody.
struct socket_id {
  std::uint32_t node = 0;  ///< the node's number; 0 before it has one
  std::uint32_t ref = 0;   ///< the socket's, by chance, on that node
  friend auto operator<=>(const socket_id&, const socket_id&) noexcept = default;
};

/// Who sees a published service. On a socket address it has no meaning, and the kernel gives none.
enum class scope : std::int8_t {
  none = 0,     ///< taken as cluster
  zone = 1,     ///< TIPC_ZONE_SCOPE: taken as cluster since Linux 4.17
  cluster = 2,  ///< TIPC_CLUSTER_SCOPE: every node
  node = 3,     ///< TIPC_NODE_SCOPE: this node only
};

/// Which of the three forms an address has.
enum class address_form : std::uint8_t {
  range = 1,    ///< TIPC_SERVICE_RANGE
  service = 2,  ///< TIPC_SERVICE_ADDR
  socket = 3,   ///< TIPC_SOCKET_ADDR
};

/// struct sockaddr_tipc. A value; everything is in host byte order. Source: linux/tipc.h
class address {
 public:
  static constexpr int family = AF_TIPC;
  /// TIPC_MAX_USER_MSG_SIZE: the longest message; the kernel does not tell how long one is before
  /// it has been received.
  static constexpr std::size_t max_message = 66000;

  /// The socket address 0, 0: nobody.
  address() noexcept = default;

  /// A service range. Throws address_error where lower is above upper.
  address(const service_range& range, tipc::scope scope = scope::cluster);
  /// A service address.
  address(const service& service, tipc::scope scope = scope::cluster) noexcept;
  /// A socket address, without a scope: equal to what the kernel says of that socket.
  address(const socket_id& id) noexcept;

  /// From the tuple. Throws address_error that names the field.
  [[nodiscard]] static address parse(std::string_view text);
  /// 16 bytes; more are ignored, as the kernel does.
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  /// The tuple with all five numbers, as Python's repr() prints it.
  [[nodiscard]] std::string to_string() const;

  /// Which of as_range(), as_service() and as_socket() has a value.
  [[nodiscard]] address_form form() const noexcept { return form_; }
  [[nodiscard]] tipc::scope scope() const noexcept { return scope_; }

  /// The value of the form that it has; nullopt for the other two.
  [[nodiscard]] std::optional<service_range> as_range() const noexcept;
  [[nodiscard]] std::optional<tipc::service> as_service() const noexcept;
  [[nodiscard]] std::optional<socket_id> as_socket() const noexcept;

  friend auto operator<=>(const address&, const address&) noexcept = default;

  /// auto [addr_type, v1, v2, v3, scope] = address;
  template <std::size_t I>
  friend auto get(const address& a) noexcept {
    if constexpr (I == 0) {
      return a.form_;
    } else if constexpr (I == 4) {
      return a.scope_;
    } else {
      return I == 1 ? a.v1_ : I == 2 ? a.v2_ : a.v3_;
    }
  }

 private:
  address(address_form form, std::uint32_t v1, std::uint32_t v2, std::uint32_t v3,
          tipc::scope scope) noexcept
      : form_(form), v1_(v1), v2_(v2), v3_(v3), scope_(scope) {}

  address_form form_ = address_form::socket;
  std::uint32_t v1_ = 0;
  std::uint32_t v2_ = 0;
  std::uint32_t v3_ = 0;
  tipc::scope scope_ = scope::none;
};

using trivet::operator<<;

}  // namespace trivet::tipc

template <>
struct std::tuple_size<trivet::tipc::address> : std::integral_constant<std::size_t, 5> {};
template <std::size_t I>
struct std::tuple_element<I, trivet::tipc::address> {
  using type = decltype(get<I>(std::declval<const trivet::tipc::address&>()));
};
template <>
struct std::hash<trivet::tipc::address> : trivet::address_hash<trivet::tipc::address> {};

#endif  // TRIVET_TIPC_ADDRESS_H_
