#include "trivet/base/netns.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <thread>

#include "trivet/base/error.h"

namespace trivet {
namespace {

// Opens `path`, which `label` names for the user. O_NONBLOCK because a path may be a FIFO.
descriptor open_namespace(const std::string& path, const std::string& label,
                          std::string_view cure) {
  const std::string operation = "open network namespace " + label;
  descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) throw_socket_error(errno_code(errno), operation, cure);
  // setns(2) would refuse another kind of file later, from a thread, and without the name.
  const int kind = ::ioctl(fd.get(), NS_GET_NSTYPE);
  if (kind != CLONE_NEWNET) {
    throw socket_error(errno_code(EINVAL), operation,
                       "the file is no network namespace; /proc/PID/ns/net is one");
  }
  return fd;
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
  return network_namespace(open_namespace(label, label, ""), label);
}

network_namespace network_namespace::by_pid(::pid_t pid) {
  const std::string label = "of process " + std::to_string(pid);
  return network_namespace(open_namespace("/proc/" + std::to_string(pid) + "/ns/net", label, ""),
                           label);
}

network_namespace network_namespace::parse(std::string_view text) {
  ::pid_t pid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (error == std::errc() && end == text.data() + text.size()) return by_pid(pid);
  return text.find('/') != std::string_view::npos ? by_path(text) : by_name(text);
}

std::uint64_t network_namespace::inode() const {
  struct ::stat status {};
  if (::fstat(fd_.get(), &status) < 0) throw_socket_error(errno_code(errno), "fstat " + label_);
  return status.st_ino;
}

void network_namespace::run_on_thread(const std::function<void()>& function) const {
  std::exception_ptr failure;
  std::thread([&] {
    try {
      if (::setns(fd_.get(), CLONE_NEWNET) < 0) {
        throw_socket_error(errno_code(errno), "enter network namespace " + label_,
                           "needs CAP_SYS_ADMIN: run as root, or in a user namespace that owns it");
      }
      function();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace trivet
