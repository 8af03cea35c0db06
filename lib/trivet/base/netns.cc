#include "trivet/base/netns.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <exception>
#include <string>
#include <system_error>
#include <thread>

#include "trivet/base/error.h"

namespace trivet {
namespace {

// Opens `path`, which `label` names for the user; `missing` is the cure where there is none.
descriptor open_namespace(const std::string& path, const std::string& label,
                          std::string_view missing) {
  const std::string operation = "open network namespace " + label;
  // O_NONBLOCK because a path may be a FIFO, O_NOCTTY because it may be a terminal.
  descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    const int error = errno;
    std::string_view cure = descriptor_advice(error);
    if (error == ENOENT) cure = missing;
    if (error == EACCES || error == EPERM) cure = "run as root, or as its owner";
    throw_socket_error(errno_code(error), operation, cure);
  }
  // setns(2) would refuse another kind of file later, from a thread, and without the name.
  if (::ioctl(fd.get(), NS_GET_NSTYPE) != CLONE_NEWNET) {
    throw socket_error(errno_code(EINVAL), operation,
                       "the file is no network namespace; /proc/PID/ns/net is one");
  }
  return fd;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

network_namespace network_namespace::current() {
  return network_namespace(
      open_namespace("/proc/thread-self/ns/net", "current", "is /proc mounted?"), "current");
}

network_namespace network_namespace::by_name(std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos) {
    throw address_error::in_field("network namespace", "name",
                                  "\"" + std::string(name) + "\" is no name of ip-netns(8)");
  }
  const std::string label(name);
  return network_namespace(
      open_namespace("/run/netns/" + label, label, "`ip netns list` shows those that exist"),
      label);
}

network_namespace network_namespace::by_path(std::string_view path) {
  const std::string label(path);
  if (path.find('\0') != std::string_view::npos) {
    throw address_error::in_field("network namespace", "path", "has a zero byte inside");
  }
  return network_namespace(open_namespace(label, label, "there is no such file"), label);
}

network_namespace network_namespace::by_pid(::pid_t pid) {
  const std::string label = "of process " + std::to_string(pid);
  return network_namespace(open_namespace("/proc/" + std::to_string(pid) + "/ns/net", label,
                                          "there is no such process, or /proc is not mounted here"),
                           label);
}

network_namespace network_namespace::parse(std::string_view text) {
  if (is_number(text)) {
    ::pid_t pid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
    if (error == std::errc() && end == text.data() + text.size()) return by_pid(pid);
    throw address_error::in_field("network namespace", "pid",
                                  std::string(text) + " is no number of a process");
  }
  return text.find('/') != std::string_view::npos ? by_path(text) : by_name(text);
}

std::uint64_t network_namespace::inode() const {
  struct ::stat status {};
  if (::fstat(fd_.get(), &status) < 0) {
    throw_socket_error(errno_code(errno), "fstat network namespace " + label_);
  }
  return status.st_ino;
}

void network_namespace::run_on_thread(const std::function<void()>& function) const {
  std::exception_ptr failure;
  const auto body = [&]() noexcept {
    try {
      if (::setns(fd_.get(), CLONE_NEWNET) < 0) {
        const int error = errno;
        throw_socket_error(errno_code(error), "enter network namespace " + label_,
                           error == EPERM ? "needs CAP_SYS_ADMIN: run as root, or in a user "
                                            "namespace that owns it"
                                          : "");
      }
      function();
    } catch (...) {
      failure = std::current_exception();
    }
  };
  std::thread thread;
  try {
    thread = std::thread(body);
  } catch (const std::system_error& e) {
    // EAGAIN, but not as a socket means it: nothing can be waited for.
    throw socket_error(e.code(), "start a thread in network namespace " + label_,
                       "the limit of processes or of memory is reached (ulimit -u)");
  }
  thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace trivet
