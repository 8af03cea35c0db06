// A file descriptor that closes itself. The lab has its own because it tests the library's.

#ifndef TESTS_LAB_DESCRIPTOR_H_
#define TESTS_LAB_DESCRIPTOR_H_

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace trivet::lab {

/// The value of a system call that returns -1 for an error.
/// @throws std::system_error with errno, naming `what`
inline int check(int result, const std::string& what) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
  return result;
}

/// close(2) at the end of its life; move-only.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) {
      ::close(std::exchange(fd_, -1));
    }
  }

 private:
  int fd_ = -1;
};

}  // namespace trivet::lab

#endif  // TESTS_LAB_DESCRIPTOR_H_
