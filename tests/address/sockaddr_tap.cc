// Preloaded into CPython: shows the sockaddr that its socket module makes of an address, and hands
// it a sockaddr to make an address of, so that families can be compared that the kernel at hand
// does not offer. Without trivet_tap_arm every call goes to the kernel.
//
// Not thread-safe: the test's Python has one thread.
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace {

constexpr ::socklen_t capacity = 256;

bool armed = false;
char bytes[capacity];
::socklen_t size = 0;

}  // namespace

extern "C" {

/// The next bind is recorded and not carried out; the next getsockname answers `answer`.
void trivet_tap_arm(const char* answer, unsigned answer_size) {
  armed = true;
  size = std::min<::socklen_t>(answer_size, capacity);
  std::memcpy(bytes, answer, size);
}

/// What bind recorded since. @return its size
unsigned trivet_tap_disarm(char* recorded) {
  armed = false;
  std::memcpy(recorded, bytes, size);
  return size;
}

int bind(int fd, const ::sockaddr* address, ::socklen_t address_size) noexcept {
  if (!armed) return static_cast<int>(::syscall(SYS_bind, fd, address, address_size));
  size = std::min(address_size, capacity);
  std::memcpy(bytes, address, size);
  return 0;
}

int getsockname(int fd, ::sockaddr* address, ::socklen_t* address_size) noexcept {
  if (!armed) return static_cast<int>(::syscall(SYS_getsockname, fd, address, address_size));
  std::memcpy(address, bytes, std::min(size, *address_size));
  *address_size = size;
  return 0;
}

}  // extern "C"
