// Stops a thread at each call of one system call, so that a test does something at that very point.
#ifndef TESTS_LAB_SYSCALL_GATE_H_
#define TESTS_LAB_SYSCALL_GATE_H_

#include <functional>

#include "tests/lab/descriptor.h"

namespace trivet::lab {

/// seccomp(SECCOMP_RET_USER_NOTIF): the kernel asks this object before each such call of a thread.
class syscall_gate {
 public:
  /// From now on the calling thread, for good, waits at each call of `number` (SYS_) until another
  /// thread lets it pass. Throws std::system_error.
  explicit syscall_gate(long number);

  /// Lets the calls pass or fail, one after the other, until the thread has ended; any thread but
  /// that one.
  /// @param judge  is called before each of them: 0 lets it pass, an errno is what it fails with
  void guard(const std::function<int()>& judge);

 private:
  descriptor listener_;
};

}  // namespace trivet::lab

#endif  // TESTS_LAB_SYSCALL_GATE_H_
