#include "trivet/bluetooth/socket.h"

#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "trivet/base/poll.h"
#include "trivet/base/so.h"

namespace trivet::bluetooth {

bool l2cap_socket::wait_until_sent(deadline until) const {
  using std::chrono::milliseconds;
  const int whole = get<so::sndbuf>();
  while (true) {
    int free = 0;
    if (::ioctl(native_handle(), TIOCOUTQ, &free) < 0) {
      throw_socket_error(errno_code(errno), "ioctl TIOCOUTQ");
    }
    if (free >= whole) return true;
    if (until.remaining().count() == 0) return false;
    // No event tells of it: POLLOUT is there as soon as half is free.
    std::error_code ec;
    (void)trivet::poll({}, std::min(until, deadline::after(milliseconds(1))), ec);
  }
}

}  // namespace trivet::bluetooth
