// The names behind the numbers of TIPC's events: node identities and link names.
#ifndef TRIVET_TIPC_NAMES_H_
#define TRIVET_TIPC_NAMES_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace trivet::tipc {

/// The 128 bits by which a node is known in its cluster; the node number of addresses is a hash of
/// it. Set with `tipc node set identity`, else made from the first bearer's address.
struct node_identity {
  std::array<std::byte, 16> bytes{};  ///< all zero: none

  /// The text where it is one (letters, digits and .:_-@), else the bytes in hexadecimal without
  /// trailing zero bytes; "" for no identity. The kernel's names of links and `tipc node list` have
  /// the same, but drop a zero digit that is left at the end, too.
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const node_identity&, const node_identity&) noexcept = default;
};

/// ioctl(SIOCGETNODEID): the identity of a node, this one included, or nullopt where the kernel
/// knows no such node or it has none. A node that is down is known until it is removed.
/// @param fd  any AF_TIPC socket: its network namespace is the one asked
/// Thread-safe. Source: linux/tipc.h (struct tipc_sioc_nodeid_req)
[[nodiscard]] std::optional<node_identity> find_node_identity(int fd, std::uint32_t node);

/// ioctl(SIOCGETLINKNAME): the name of the link to a node over a bearer of this one, as
/// "this:eth0-that:eth1"; nullopt where there is none. A link that goes down may be
/// gone before its event is read: keep the name from when it came up.
/// @param bearer  link_state::local_bearer
/// Thread-safe. Source: linux/tipc.h (struct tipc_sioc_ln_req)
[[nodiscard]] std::optional<std::string> find_link_name(int fd, std::uint32_t node,
                                                        std::uint32_t bearer);

}  // namespace trivet::tipc

#endif  // TRIVET_TIPC_NAMES_H_
