// Sole ownership of a file descriptor.
#ifndef TRIVET_BASE_DESCRIPTOR_H_
#define TRIVET_BASE_DESCRIPTOR_H_

#include <utility>

namespace trivet {

/// close(2) at the end of a scope: a move-only owner of one file descriptor.
/// One thread at a time; the number itself may be read by others. Source: close(2)
class descriptor {
 public:
  /// Owns nothing.
  descriptor() noexcept = default;

  /// Takes over `fd`; a negative number means none.
  explicit descriptor(int fd) noexcept : fd_(fd < 0 ? -1 : fd) {}

  descriptor(descriptor&& other) noexcept : fd_(other.release()) {}
  descriptor& operator=(descriptor&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { reset(); }

  /// The number, or -1.
  [[nodiscard]] int get() const noexcept { return fd_; }

  /// Whether a descriptor is owned.
  explicit operator bool() const noexcept { return fd_ >= 0; }

  /// Gives the number away without closing it.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  /// Closes what is owned and takes over `fd`. An error of close(2) is not reported: on Linux the
  /// descriptor is gone whatever it says.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

}  // namespace trivet

#endif  // TRIVET_BASE_DESCRIPTOR_H_
