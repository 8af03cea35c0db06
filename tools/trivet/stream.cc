#include "tools/trivet/stream.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <time.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"

namespace trivet::tool {
namespace {

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::system_category(), call);
}

::timespec to_timespec(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {seconds.count(), (time - seconds).count()};
}

}  // namespace

stop_signal::stop_signal(context& ctx) : ctx_(ctx) {
  ::sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  signals_.reset(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) fail("signalfd");
  const int error = ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  if (error != 0) throw std::system_error(error, std::system_category(), "pthread_sigmask");
  ctx_.out.watch_stop(signals_.get());
}

stop_signal::~stop_signal() {
  ctx_.out.watch_stop(-1);
  // A signal that came is used up here; unblocked, it would kill us before the verb has ended.
  ::signalfd_siginfo used;
  while (::read(signals_.get(), &used, sizeof used) > 0) continue;
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool stop_signal::requested() const noexcept {
  ::pollfd file{signals_.get(), POLLIN, 0};
  return ::poll(&file, 1, 0) > 0;
}

wake wait_readable(context& ctx, const stop_signal& stop, int fd, deadline until) {
  ctx.out.flush();
  while (true) {
    ::pollfd files[] = {{stop.fd(), POLLIN, 0}, {fd, POLLIN, 0}};
    const ::timespec rest = to_timespec(until.remaining());
    const int ready = ::ppoll(files, 2, until.is_never() ? nullptr : &rest, nullptr);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) fail("poll");
    if (files[0].revents != 0) return wake::stopped;
    if (files[1].revents != 0) return wake::ready;
    return wake::timed_out;
  }
}

void end_stream(context& ctx, std::string_view summary) {
  ctx.out.flush();
  print_error_line(summary);
}

}  // namespace trivet::tool
