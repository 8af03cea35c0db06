#include "trivet/netlink/flight.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "trivet/base/error.h"

namespace trivet::netlink {
namespace {

int event_descriptor(descriptor& wake_up) {
  make_wake_up(wake_up);
  return wake_up.get();
}

}  // namespace

void make_wake_up(descriptor& wake_up) {
  if (wake_up) return;
  wake_up.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (wake_up) return;
  const int error = errno;
  throw_socket_error(errno_code(error), "eventfd", descriptor_advice(error));
}

bool flight::take(const message_view& message) {
  if (!answer_.owns(message)) return false;
  nudged = false;
  try {
    answer_.take(message, visit_);
  } catch (...) {
    silence();  // whoever threw has gone
    throw;
  }
  return true;
}

void stop_watch::ring::operator()() const noexcept {
  const std::uint64_t one = 1;
  // It can only fail because it is readable already.
  [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
}

stop_watch::stop_watch(const std::stop_token& stop, descriptor& wake_up)
    : fd_(event_descriptor(wake_up)), callback_(stop, ring{fd_}) {}

// The callback is destroyed after this body, and it may still ring: whoever watches next may wake
// once for nothing, and looks at the token.
stop_watch::~stop_watch() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto taken = ::read(fd_, &count, sizeof count);
}

}  // namespace trivet::netlink
