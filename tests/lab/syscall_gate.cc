#include "tests/lab/syscall_gate.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace trivet::lab {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::system_category(), what);
}

}  // namespace

syscall_gate::syscall_gate(long number) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("PR_SET_NO_NEW_PRIVS");
  ::sock_filter lines[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(::seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  ::sock_fprog program{4, lines};
  const long fd =
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  if (fd < 0) fail("SECCOMP_FILTER_FLAG_NEW_LISTENER");
  listener_ = descriptor(static_cast<int>(fd));
}

void syscall_gate::guard(const std::function<int()>& judge) {
  while (true) {
    ::pollfd one{listener_.get(), POLLIN, 0};
    if (::poll(&one, 1, -1) < 0) fail("poll");
    if ((one.revents & POLLIN) == 0) return;  // POLLHUP: nobody is left
    ::seccomp_notif question{};
    if (::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &question) != 0) {
      if (errno == ENOENT || errno == EINTR) continue;  // the call was interrupted
      fail("SECCOMP_IOCTL_NOTIF_RECV");
    }
    ::seccomp_notif_resp answer{};
    answer.error = -judge();
    answer.id = question.id;
    if (answer.error == 0) answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    if (::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) != 0 && errno != ENOENT) {
      fail("SECCOMP_IOCTL_NOTIF_SEND");
    }
  }
}

}  // namespace trivet::lab
