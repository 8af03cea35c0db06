#include "tools/trivet/startup.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace trivet::tool {

void prepare_process() noexcept {
  ::signal(SIGPIPE, SIG_IGN);
  // open(2) takes the lowest number free, which is the one just found closed.
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) ::_exit(1);
  }
}

}  // namespace trivet::tool
