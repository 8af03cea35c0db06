#include "trivet/tipc/option.h"

#include <fmt/core.h>

#include <cerrno>

#include "trivet/base/error.h"

namespace trivet::tipc {

connect_timeout::connect_timeout(std::chrono::milliseconds time) : time_(time) {
  if (time < least || time > most) {
    throw socket_error(errno_code(EINVAL), fmt::format("connect timeout of {} ms", time.count()),
                       fmt::format("{} to {} ms: less can crash the kernel, and of more it "
                                   "keeps only 16 bits",
                                   least.count(), most.count()));
  }
}

}  // namespace trivet::tipc
