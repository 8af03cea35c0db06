// What several tests of the socket base need.
#ifndef TESTS_BASE_TESTING_H_
#define TESTS_BASE_TESTING_H_

#include <dirent.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <system_error>

#include "trivet/base/deadline.h"
#include "trivet/base/descriptor.h"
#include "trivet/base/message.h"
#include "trivet/base/poll.h"
#include "trivet/unix/address.h"

namespace trivet::test {

/// Long enough for what comes, on any kernel under load.
inline constexpr std::chrono::seconds patience{60};

inline io_options soon() { return {.flags = 0, .until = deadline::after(patience)}; }
inline io_options within(std::chrono::nanoseconds time) {
  return {.flags = 0, .until = deadline::after(time)};
}
inline io_options at_once() { return {.flags = 0, .until = deadline::immediate()}; }

/// An abstract name that nobody else has.
inline unix_domain::address unique_name() {
  static std::atomic<int> count{0};
  return unix_domain::address::abstract("trivet-test-" + std::to_string(::getpid()) + "-" +
                                        std::to_string(++count));
}

inline std::chrono::nanoseconds cpu_time() {
  ::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Measures from its construction.
class stopwatch {
 public:
  [[nodiscard]] std::chrono::nanoseconds elapsed() const {
    return std::chrono::steady_clock::now() - start_;
  }
  /// CPU time of the calling thread, which is the one that made it.
  [[nodiscard]] std::chrono::nanoseconds cpu() const { return cpu_time() - cpu_start_; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::nanoseconds cpu_start_ = cpu_time();
};

/// Interrupts the calling thread once a millisecond, by a handler without SA_RESTART.
/// One at a time; made and destroyed by the thread that it interrupts.
class signal_storm {
 public:
  signal_storm() {
    event_ = descriptor(::eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE));
    hits() = 0;
    event() = event_.get();
    struct ::sigaction action {};
    action.sa_handler = [](int) {
      const int saved = errno;
      ++hits();
      const std::uint64_t one = 1;
      (void)!::write(event(), &one, sizeof one);
      errno = saved;
    };
    ::sigaction(signal_number(), &action, &former_);
    ::sigevent to{};
    to.sigev_notify = SIGEV_THREAD_ID;
    to.sigev_signo = signal_number();
    // glibc 2.36 has no other name for it.
    to._sigev_un._tid = static_cast<::pid_t>(::syscall(SYS_gettid));
    if (::timer_create(CLOCK_MONOTONIC, &to, &timer_) < 0) std::abort();
    const ::itimerspec each{{0, 1'000'000}, {0, 1'000'000}};
    ::timer_settime(timer_, 0, &each, nullptr);
  }
  ~signal_storm() {
    ::timer_delete(timer_);
    ::sigaction(signal_number(), &former_, nullptr);
  }
  signal_storm(const signal_storm&) = delete;
  signal_storm& operator=(const signal_storm&) = delete;

  /// Signals so far.
  [[nodiscard]] int count() const { return hits(); }

  /// Waits, in one other thread, until so many more signals have come.
  void wait_for(int more) const {
    for (int i = 0; i < more; ++i) {
      std::error_code ec;
      ASSERT_EQ(poll_one(event_.get(), POLLIN, deadline::after(patience), ec), POLLIN);
      std::uint64_t one = 0;
      ASSERT_EQ(::read(event_.get(), &one, sizeof one), ssize_t{sizeof one});
    }
  }

 private:
  static int signal_number() { return SIGRTMIN + 3; }
  // What the handler may touch.
  static std::atomic<int>& hits() {
    static std::atomic<int> hits;
    return hits;
  }
  static std::atomic<int>& event() {
    static std::atomic<int> event;
    return event;
  }

  descriptor event_;
  struct ::sigaction former_ {};
  ::timer_t timer_{};
};

/// The descriptors of this process, by number: what each refers to.
inline std::map<int, std::string> open_descriptors() {
  std::map<int, std::string> found;
  ::DIR* const folder = ::opendir("/proc/self/fd");
  while (const ::dirent* entry = ::readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] == '.' || fd == ::dirfd(folder)) continue;
    char target[256] = {};
    const std::string path = "/proc/self/fd/" + std::string(entry->d_name);
    (void)!::readlink(path.c_str(), target, sizeof target - 1);
    found.emplace(fd, target);
  }
  ::closedir(folder);
  return found;
}

/// A fixture whose tests must leave no descriptor behind, and close none that was open.
class leaves_nothing_open : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(open_descriptors(), before_); }

 private:
  std::map<int, std::string> before_ = open_descriptors();
};

}  // namespace trivet::test

#endif  // TESTS_BASE_TESTING_H_
