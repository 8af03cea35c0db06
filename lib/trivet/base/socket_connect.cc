// How socket_base connects: under a deadline, and over EINTR.
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "trivet/base/poll.h"
#include "trivet/base/socket_base.h"
#include "trivet/base/socket_calls.h"

namespace trivet {
namespace {

// O_NONBLOCK as a call needs it, and as it was afterwards.
class nonblocking_for_now {
 public:
  nonblocking_for_now(int fd, bool is, bool wanted) noexcept : fd_(fd), was_(is) {
    changed_ = is != wanted;
    if (changed_) error_ = set_nonblocking(fd, wanted);
  }
  ~nonblocking_for_now() {
    if (changed_) (void)set_nonblocking(fd_, was_);
  }
  nonblocking_for_now(const nonblocking_for_now&) = delete;
  nonblocking_for_now& operator=(const nonblocking_for_now&) = delete;

  [[nodiscard]] int error() const noexcept { return error_; }

 private:
  int fd_;
  bool was_;
  bool changed_;
  int error_ = 0;
};

// SO_SNDTIMEO as it was, at the end.
class send_limit_for_now {
 public:
  explicit send_limit_for_now(int fd) noexcept : fd_(fd), was_(time_option(fd, SO_SNDTIMEO)) {}
  ~send_limit_for_now() { (void)set(was_); }
  send_limit_for_now(const send_limit_for_now&) = delete;
  send_limit_for_now& operator=(const send_limit_for_now&) = delete;

  // 0 or the errno. Zero means no limit to the kernel, so that what is left counts as 1 us at
  // least.
  [[nodiscard]] int set(deadline until) const noexcept {
    if (until.is_never()) return set(::timeval{});
    using std::chrono::microseconds;
    const auto left = std::max(std::chrono::ceil<microseconds>(until.remaining()), microseconds(1));
    return set(::timeval{left.count() / 1'000'000, left.count() % 1'000'000});
  }

 private:
  [[nodiscard]] int set(const ::timeval& limit) const noexcept {
    return ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0 ? errno : 0;
  }

  int fd_;
  ::timeval was_;
};

// connect(2), again where it was interrupted. @return 0 or the errno
int connect_uninterrupted(int fd, const ::sockaddr* address, ::socklen_t size) noexcept {
  while (::connect(fd, address, size) < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

// AF_UNIX knows no attempt that is under way: the call itself waits for room in the listener's
// backlog, no longer than SO_SNDTIMEO, and one that was interrupted has to be made again.
// Source: the kernel's net/unix/af_unix.c (unix_stream_connect)
int socket_base::connect_unix(const ::sockaddr* address, ::socklen_t size,
                              deadline until) const noexcept {
  const int fd = fd_.get();
  const bool nonblocking = timeout_.has_value();
  if (nonblocking || until.is_immediate()) {
    // Without waiting first: a backlog is hardly ever full.
    const nonblocking_for_now mode(fd, nonblocking, true);
    if (mode.error() != 0) return mode.error();
    const int error = connect_uninterrupted(fd, address, size);
    if (error != EAGAIN || until.is_immediate()) return error;
  } else if (until.is_never()) {
    return connect_uninterrupted(fd, address, size);
  }
  const nonblocking_for_now mode(fd, nonblocking, false);
  const send_limit_for_now limit(fd);
  if (mode.error() != 0) return mode.error();
  while (true) {
    if (const int error = limit.set(until)) return error;
    if (::connect(fd, address, size) == 0) return 0;
    if (errno != EINTR && errno != EAGAIN) return errno;
    if (until.passed()) return ETIMEDOUT;
  }
}

// Everywhere else an attempt goes on by itself, and poll(2) tells when it has ended.
int socket_base::connect_polled(const ::sockaddr* address, ::socklen_t size,
                                deadline until) const noexcept {
  const bool nonblocking = timeout_.has_value();
  // Without O_NONBLOCK a connect cannot be given up.
  const nonblocking_for_now mode(fd_.get(), nonblocking, nonblocking || !until.is_never());
  if (mode.error() != 0) return mode.error();
  if (::connect(fd_.get(), address, size) == 0) return 0;
  // connect(2) forbids to call it again after EINTR. EALREADY: an earlier call gave the attempt up.
  if (errno != EINTR && errno != EINPROGRESS && errno != EALREADY) return errno;
  if (until.is_immediate()) return errno == EINTR ? EINPROGRESS : errno;
  std::error_code ec;
  if (poll_one(fd_.get(), POLLOUT, until, ec) == 0) return ec ? ec.value() : ETIMEDOUT;
  int failed = 0;
  const int error = int_option(fd_.get(), SO_ERROR, failed);
  return failed != 0 ? failed : error;
}

void socket_base::connect_raw(const ::sockaddr* address, ::socklen_t size, std::error_code& ec,
                              io_options io) noexcept {
  const deadline until = deadline_of(io);
  ec = code_of(-(family_ == AF_UNIX ? connect_unix(address, size, until)
                                    : connect_polled(address, size, until)));
}

}  // namespace trivet
