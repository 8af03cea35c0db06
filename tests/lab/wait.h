// Waiting for events instead of sleeping.

#ifndef TESTS_LAB_WAIT_H_
#define TESTS_LAB_WAIT_H_

#include <chrono>
#include <functional>
#include <optional>

#include "tests/lab/descriptor.h"

namespace trivet::lab {

/// Long enough for an event that comes, on an emulated kernel under load; a test that waits this
/// long has failed.
inline constexpr std::chrono::milliseconds patience{60000};

/// A point in time on the steady clock.
using deadline = std::chrono::steady_clock::time_point;

inline deadline after(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

/// poll(2) for POLLIN, resumed after EINTR. True if the descriptor is readable or has an end of
/// file or an error to report; false at the deadline.
bool wait_readable(int fd, deadline until);

/// An rtnetlink socket that hears of every change of links, addresses, routes, neighbours and
/// rules in the namespace that the calling thread was in when it was made.
///
///     network_changes changes;
///     start_something();
///     ASSERT_TRUE(wait_until([] { return is_up("eth0"); }, after(patience), changes));
class network_changes {
 public:
  network_changes();

  /// Waits for the next change and takes all that have come; false at the deadline. Changes that
  /// overran the socket's buffer count as one.
  bool next(deadline until);

 private:
  descriptor socket_;
};

/// True as soon as the condition holds: asked once now and again after every change. Make
/// `changes` in the namespace that the condition looks at.
bool wait_until(const std::function<bool()>& condition, deadline until, network_changes& changes);

/// The same, for the calling thread's namespace.
bool wait_until(const std::function<bool()>& condition, deadline until);

}  // namespace trivet::lab

#endif  // TESTS_LAB_WAIT_H_
