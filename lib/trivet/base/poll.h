// Waiting for descriptors, with a deadline that survives signals.
#ifndef TRIVET_BASE_POLL_H_
#define TRIVET_BASE_POLL_H_

#include <poll.h>

#include <span>
#include <system_error>

#include "trivet/base/deadline.h"

namespace trivet {

/// ppoll(2): waits until a descriptor of the list has one of its events, or the deadline.
/// EINTR is retried with the deadline kept.
/// @return how many have events; 0 when the deadline passed (no error)
/// @param ec  ENOMEM, EINVAL (more than RLIMIT_NOFILE)
/// Thread-safe. Source: poll(2)
[[nodiscard]] int poll(std::span<::pollfd> list, deadline until, std::error_code& ec) noexcept;

/// The same for one descriptor.
/// @return the events that came, POLLERR, POLLHUP and POLLNVAL (not open) included; 0 when the
///   deadline passed
/// @param ec  also EBADF for a negative number
[[nodiscard]] short poll_one(int fd, short events, deadline until, std::error_code& ec) noexcept;

}  // namespace trivet

#endif  // TRIVET_BASE_POLL_H_
