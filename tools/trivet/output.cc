#include "tools/trivet/output.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "tools/trivet/failure.h"

namespace trivet::tool {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;
constexpr std::chrono::milliseconds grace_after_stop{2000};

[[noreturn]] void fail(int error) {
  if (error == EPIPE) throw closed_output();
  throw failure("standard output", std::system_category().message(error),
                error == ENOSPC ? "free some space" : "");
}

}  // namespace

void output::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= buffer_size) flush();
}

void output::line(std::string_view text) {
  buffer_ += text;
  write("\n");
}

void output::flush() {
  // Taken out first: what a failed write left over must not be written again by a later flush.
  const std::string bytes = std::move(buffer_);
  buffer_.clear();
  std::string_view rest = bytes;
  while (!rest.empty()) {
    // A write of PIPE_BUF bytes does not block on a pipe that poll(2) calls writable, so that a
    // reader who stopped reading cannot keep us from noticing the stop. Source: pipe(7)
    if (stop_fd_ >= 0) wait_writable();
    const std::size_t size =
        stop_fd_ >= 0 ? std::min<std::size_t>(rest.size(), PIPE_BUF) : rest.size();
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), size);
    if (written >= 0) {
      has_written_ = true;
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_writable();  // whoever made the descriptor non-blocking shares it with us
    } else if (errno != EINTR) {
      fail(errno);
    }
  }
}

void output::wait_writable() {
  ::pollfd files[] = {{STDOUT_FILENO, POLLOUT, 0}, {stop_fd_, POLLIN, 0}};
  int timeout = -1;
  nfds_t count = 2;
  while (true) {
    const int ready = ::poll(files, count, timeout);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) fail(errno);
    if (files[0].revents != 0) return;  // writable, or an error that write(2) will name
    if (ready == 0) {
      throw failure("standard output", "the reader did not take the rest within 2 s of the stop");
    }
    timeout = static_cast<int>(grace_after_stop.count());
    count = 1;
  }
}

}  // namespace trivet::tool
