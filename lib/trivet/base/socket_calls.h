// Small calls on descriptors that several files of the base need. Not a public header.
#ifndef TRIVET_BASE_SOCKET_CALLS_H_
#define TRIVET_BASE_SOCKET_CALLS_H_

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <system_error>

namespace trivet {

/// getsockopt(SOL_SOCKET) of an int; `error` is the errno, or stays as it is.
[[nodiscard]] inline int int_option(int fd, int name, int& error) noexcept {
  int value = 0;
  ::socklen_t size = sizeof value;
  if (::getsockopt(fd, SOL_SOCKET, name, &value, &size) < 0) error = errno;
  return value;
}

/// getsockopt(SO_RCVTIMEO or SO_SNDTIMEO); zero means none, as does an error.
[[nodiscard]] inline ::timeval time_option(int fd, int name) noexcept {
  ::timeval value{};
  ::socklen_t size = sizeof value;
  if (::getsockopt(fd, SOL_SOCKET, name, &value, &size) < 0) return {};
  return value;
}

/// fcntl(F_SETFL): sets or clears O_NONBLOCK. @return 0 or the errno
[[nodiscard]] inline int set_nonblocking(int fd, bool on) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return errno;
  const int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  return wanted != flags && ::fcntl(fd, F_SETFL, wanted) < 0 ? errno : 0;
}

/// The negative errno of a call as an error code; none where `result` is not negative.
[[nodiscard]] inline std::error_code code_of(long result) noexcept {
  if (result >= 0) return {};
  return {static_cast<int>(-result), std::system_category()};
}

}  // namespace trivet

#endif  // TRIVET_BASE_SOCKET_CALLS_H_
