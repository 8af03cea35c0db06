#include "tests/lab/net_namespace.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <thread>

#include "tests/lab/kernel.h"

namespace trivet::lab {
namespace {

constexpr const char* folder = "/run/netns";
constexpr const char* own_namespace = "/proc/thread-self/ns/net";

std::string next_name() {
  static std::atomic<int> count{0};
  return "lab" + std::to_string(++count);
}

void raise_loopback() {
  const descriptor socket(check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  check(::ioctl(socket.get(), SIOCGIFFLAGS, &request), "SIOCGIFFLAGS lo");
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  check(::ioctl(socket.get(), SIOCSIFFLAGS, &request), "SIOCSIFFLAGS lo");
}

/// Makes the namespace and binds it to the path, in a thread that ends with it.
void make(const std::string& path) {
  ::mkdir(folder, 0755);
  const descriptor file(
      check(::open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444), path));
  check(::unshare(CLONE_NEWNET), "unshare a network namespace");
  check(::mount(own_namespace, path.c_str(), nullptr, MS_BIND, nullptr), "bind " + path);
  raise_loopback();
}

}  // namespace

net_namespace::net_namespace(std::string name)
    : name_(name.empty() ? next_name() : std::move(name)) {
  require_lab();
  std::exception_ptr failure;
  std::thread([this, &failure] {
    try {
      make(path());
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) {
    std::rethrow_exception(failure);
  }
  fd_ = descriptor(check(::open(path().c_str(), O_RDONLY | O_CLOEXEC), path()));
}

net_namespace::net_namespace(net_namespace&& other) noexcept
    : name_(std::exchange(other.name_, {})), fd_(std::move(other.fd_)) {}

net_namespace::~net_namespace() {
  if (!name_.empty()) {
    ::umount2(path().c_str(), MNT_DETACH);
    ::unlink(path().c_str());
  }
}

std::string net_namespace::path() const { return std::string(folder) + "/" + name_; }

std::string net_namespace::run(const arguments& argv, std::string_view input) const {
  return in([&] { return lab::run(argv, input); });
}

outcome net_namespace::try_run(const arguments& argv, std::string_view input) const {
  return in([&] { return lab::try_run(argv, input); });
}

background net_namespace::start(const arguments& argv) const {
  return in([&] { return background(argv); });
}

inside::inside(const net_namespace& where)
    : former_(check(::open(own_namespace, O_RDONLY | O_CLOEXEC), own_namespace)) {
  check(::setns(where.fd(), CLONE_NEWNET), "enter " + where.path());
}

inside::~inside() {
  if (::setns(former_.get(), CLONE_NEWNET) != 0) {
    // Going on would run the rest of the test in the wrong namespace.
    std::perror("lab: leave a network namespace");
    std::abort();
  }
}

}  // namespace trivet::lab
