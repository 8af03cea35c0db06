#include "trivet/base/descriptor.h"

#include <unistd.h>

#include <cerrno>

namespace trivet {

void descriptor::reset(int fd) noexcept {
  if (fd_ >= 0) {
    const int saved = errno;  // a failing call's errno must survive the clean-up
    ::close(fd_);
    errno = saved;
  }
  fd_ = fd < 0 ? -1 : fd;
}

}  // namespace trivet
