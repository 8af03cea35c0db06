#include "trivet/base/poll.h"

#include <cerrno>

#include "trivet/base/error.h"

namespace trivet {

int poll(std::span<::pollfd> list, deadline until, std::error_code& ec) noexcept {
  ec.clear();
  while (true) {
    ::timespec wait{};
    if (!until.is_never()) {
      const auto left = until.remaining();
      wait.tv_sec = static_cast<::time_t>(left.count() / 1'000'000'000);
      wait.tv_nsec = static_cast<long>(left.count() % 1'000'000'000);
    }
    const int count =
        ::ppoll(list.data(), list.size(), until.is_never() ? nullptr : &wait, nullptr);
    if (count >= 0) return count;
    if (errno != EINTR) {
      ec = errno_code(errno);
      return 0;
    }
  }
}

short poll_one(int fd, short events, deadline until, std::error_code& ec) noexcept {
  if (fd < 0) {  // which ppoll(2) would pass over, and wait
    ec = errno_code(EBADF);
    return 0;
  }
  ::pollfd entry{fd, events, 0};
  return poll(std::span(&entry, 1), until, ec) > 0 ? entry.revents : short{0};
}

}  // namespace trivet
