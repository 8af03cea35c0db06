#include "trivet/packet/capture_file.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "trivet/base/error.h"

namespace trivet::packet {
namespace {

constexpr std::chrono::milliseconds grace_after_stop{2000};

}  // namespace

capture_file capture_file::create(const std::string& path) {
  descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd) throw file_error(errno_code(errno), path);
  return capture_file(std::move(fd), path);
}

capture_file::capture_file(descriptor fd, std::string name)
    : fd_(std::move(fd)), name_(std::move(name)) {
  struct ::stat status {};
  if (::fstat(fd_.get(), &status) < 0) throw file_error(errno_code(errno), name_);
  regular_ = S_ISREG(status.st_mode);
  pipe_ = S_ISFIFO(status.st_mode);
  buffer_.reserve(buffer_size + (1 << 16));
}

void capture_file::fail() const { throw file_error(error_, name_); }

void capture_file::flush() {
  if (error_) fail();
  std::size_t written = 0;
  while (written < buffer_.size() && !error_) {
    error_ = write_some(const_bytes(buffer_).subspan(written), written);
  }
  if (error_) cut_to_whole_blocks(written);
  const pcapng::whole_blocks whole = pcapng::count_whole(const_bytes(buffer_).first(written));
  packets_ += whole.packets;
  size_ += whole.size;
  buffer_.clear();
  if (error_) fail();
}

std::error_code capture_file::write_some(const_bytes bytes, std::size_t& written) noexcept {
  // A write of PIPE_BUF bytes does not block on a pipe that poll(2) calls writable, so that a
  // reader who has stopped reading cannot keep us from noticing the stop. Source: pipe(7)
  if (pipe_) {
    if (const auto ec = wait_writable()) return ec;
    bytes = bytes.first(std::min<std::size_t>(bytes.size(), PIPE_BUF));
  }
  const ::ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
  if (count >= 0) {
    written += static_cast<std::size_t>(count);
    return {};
  }
  if (errno == EAGAIN) return wait_writable();
  return errno == EINTR ? std::error_code() : errno_code(errno);
}

std::error_code capture_file::wait_writable() noexcept {
  ::pollfd files[] = {{fd_.get(), POLLOUT, 0}, {stop_fd_, POLLIN, 0}};
  int timeout = -1;
  while (true) {
    const int ready = ::poll(files, timeout < 0 ? 2 : 1, timeout);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return errno_code(errno);
    if (files[0].revents != 0) return {};  // writable, or an error that write(2) will name
    if (ready == 0) return errno_code(ECANCELED);
    timeout = static_cast<int>(grace_after_stop.count());
  }
}

void capture_file::cut_to_whole_blocks(std::size_t written) noexcept {
  const std::size_t whole = pcapng::count_whole(const_bytes(buffer_).first(written)).size;
  if (!regular_ || whole == written) return;
  // Relative to where we are: the descriptor may have come with bytes before ours.
  const ::off_t end =
      ::lseek(fd_.get(), static_cast<::off_t>(whole) - static_cast<::off_t>(written), SEEK_CUR);
  if (end >= 0) (void)!::ftruncate(fd_.get(), end);
}

void capture_file::close() {
  flush();
  if (::close(fd_.release()) < 0 && errno != EINTR) {
    error_ = errno_code(errno);
    fail();
  }
}

}  // namespace trivet::packet
