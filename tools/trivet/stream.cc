#include "tools/trivet/stream.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "trivet/base/poll.h"

namespace trivet::tool {
namespace {

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::system_category(), call);
}

// A blocked signal is queued even where it is ignored.
bool is_ignored(int signal) {
  struct ::sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

stop_signal::stop_signal(context& ctx) : ctx_(ctx) {
  ::sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  if (!is_ignored(SIGHUP)) ::sigaddset(&signals, SIGHUP);
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
  std::vector<::pollfd> files = {{fd, POLLIN, 0}};
  return wait_readable(ctx, stop, files, until);
}

wake wait_readable(context& ctx, const stop_signal& stop, std::vector<::pollfd>& files,
                   deadline until) {
  ctx.out.flush();
  files.push_back({stop.fd(), POLLIN, 0});
  // A pipe without a reader has POLLERR, asked or not: head(1) is not kept waiting for one more
  // event. Source: poll(2)
  files.push_back({ctx.out.has_written() ? STDOUT_FILENO : -1, 0, 0});
  std::error_code ec;
  const int ready = poll(files, until, ec);
  const bool abandoned = (files.back().revents & POLLERR) != 0;
  files.pop_back();
  const bool stopped = files.back().revents != 0;
  files.pop_back();
  if (ec) throw std::system_error(ec, "poll");
  if (stopped) return wake::stopped;
  if (abandoned) throw closed_output();
  return ready > 0 ? wake::ready : wake::timed_out;
}

void end_stream(context& ctx, std::string_view summary) {
  ctx.out.flush();
  print_error_line(summary);
}

}  // namespace trivet::tool
