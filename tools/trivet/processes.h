// Which processes have which sockets open.
#ifndef TOOLS_TRIVET_PROCESSES_H_
#define TOOLS_TRIVET_PROCESSES_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <system_error>
#include <unordered_map>
#include <vector>

namespace trivet::tool {

/// One descriptor of one process.
struct socket_user {
  std::string name;  ///< /proc/PID/comm
  ::pid_t pid = 0;
  int fd = 0;
};

/// By inode, as sock_diag tells it.
using socket_users = std::unordered_map<std::uint64_t, std::vector<socket_user>>;

/// Reads /proc/PID/fd of every process that may be read: as root all of them, else one's own. What
/// ends meanwhile is passed over.
/// @param ec  why not all of those are there: ENOENT where /proc is not mounted, EMFILE …
/// Source: proc(5)
[[nodiscard]] socket_users find_socket_users(std::error_code& ec);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PROCESSES_H_
