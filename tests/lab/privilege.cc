#include "tests/lab/privilege.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <memory>

#include "tests/lab/descriptor.h"

namespace trivet::lab {
namespace {

constexpr uid_t nobody = 65534;

int result_of(const std::function<int()>& function) {
  const bool failed_before = testing::Test::HasFailure();
  try {
    const int result = function();
    return result == 0 && !failed_before && testing::Test::HasFailure() ? 1 : result;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lab: the child threw: %s\n", error.what());
    return child_failed;
  }
}

using capability_sets = std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)>;

void drop(const std::vector<int>& capabilities) {
  const capability_sets sets(cap_get_proc(), cap_free);
  for (const int capability : capabilities) {
    check(cap_drop_bound(capability), "cap_drop_bound");
    for (const auto set : {CAP_EFFECTIVE, CAP_PERMITTED, CAP_INHERITABLE}) {
      check(cap_set_flag(sets.get(), set, 1, &capability, CAP_CLEAR), "cap_set_flag");
    }
  }
  check(cap_set_proc(sets.get()), "cap_set_proc");
}

void drop_all() {
  // Else executing a program as user 0 would bring all of them back.
  check(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0, 0), "securebits");
  const capability_sets none(cap_init(), cap_free);
  check(cap_set_proc(none.get()), "cap_set_proc");
}

void become_nobody() {
  if (::setresgid(nobody, nobody, nobody) != 0 && errno == EINVAL) {
    drop_all();
    return;
  }
  check(::setgroups(0, nullptr), "setgroups");
  check(::setresgid(nobody, nobody, nobody), "setresgid");
  check(::setresuid(nobody, nobody, nobody), "setresuid");
}

}  // namespace

int in_child(const std::function<int()>& function) {
  std::fflush(nullptr);
  const pid_t pid = check(::fork(), "fork");
  if (pid == 0) {
    const int result = result_of(function);
    std::fflush(nullptr);
    // Not exit(3): the parent's destructors and GoogleTest's report are the parent's.
    ::_exit(result);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      check(-1, "waitpid");
    }
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int without(const std::vector<int>& capabilities, const std::function<int()>& function) {
  return in_child([&] {
    drop(capabilities);
    return function();
  });
}

int as_nobody(const std::function<int()>& function) {
  return in_child([&] {
    become_nobody();
    return function();
  });
}

}  // namespace trivet::lab
