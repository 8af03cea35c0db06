#include "trivet/base/so.h"

#include <cerrno>

#include "trivet/base/error.h"

namespace trivet {

std::vector<::sock_filter> attached_filter(int fd) {
  // Unlike every other option, this one counts its length in instructions, not in bytes.
  ::socklen_t count = 0;
  std::vector<::sock_filter> program;
  if (::getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, nullptr, &count) == 0) {
    program.resize(count);
    if (count == 0 || ::getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, program.data(), &count) == 0) {
      return program;
    }
  }
  throw_socket_error(
      errno_code(errno), "getsockopt SO_GET_FILTER",
      errno == EACCES ? "the filter is an eBPF program, which cannot be read back" : "");
}

}  // namespace trivet
