// One line of `trivet netlink sockets`: what sock_diag says of a socket, in the words of ss(8).
#ifndef TOOLS_TRIVET_SOCKET_ROW_H_
#define TOOLS_TRIVET_SOCKET_ROW_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tools/trivet/json.h"
#include "trivet/netlink/diag/inet.h"
#include "trivet/netlink/diag/local.h"

namespace trivet::tool {

/// A socket of any family.
struct socket_row {
  std::string netid;  ///< "tcp", "u_str", "nl", "p_raw", "tipc"
  std::string state;  ///< "LISTEN"
  std::uint32_t receive_queue = 0;
  std::uint32_t send_queue = 0;
  std::string local;
  std::string peer;
  std::uint64_t inode = 0;
  std::optional<std::uint32_t> uid{};              ///< whose; netlink does not say it
  std::string more;                                ///< what the family adds, for text
  std::function<void(json_writer&)> members = {};  ///< the same for JSON
};

/// What a row needs to know of its namespace.
struct row_names {
  std::function<std::string(std::uint32_t)> interface;  ///< by index
};

[[nodiscard]] socket_row row_of(const netlink::diag::inet_socket& s, const std::string& netid,
                                const row_names& names);
[[nodiscard]] socket_row row_of(const netlink::diag::unix_socket& s);
[[nodiscard]] socket_row row_of(const netlink::diag::netlink_socket& s);
[[nodiscard]] socket_row row_of(const netlink::diag::packet_socket& s, const row_names& names);
[[nodiscard]] socket_row row_of(const netlink::diag::tipc_socket& s);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_ROW_H_
