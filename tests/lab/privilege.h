// Running a part of a test with fewer privileges, in a child process.

#ifndef TESTS_LAB_PRIVILEGE_H_
#define TESTS_LAB_PRIVILEGE_H_

#include <functional>
#include <vector>

namespace trivet::lab {

/// The exit status of a child that failed otherwise than by its function's result.
inline constexpr int child_failed = 125;

/// fork(2): calls the function in a child and returns its result, 0 to 255, as the child's exit
/// status; 128 + the signal if one killed it; child_failed, and a line on stderr, if it threw; 1 if
/// it returned 0 but a GoogleTest expectation failed in it. Only the calling thread exists in the
/// child.
int in_child(const std::function<int()>& function);

/// in_child without these capabilities (CAP_NET_RAW, …), in no set of the process, so that a
/// program that the function executes has not got them either.
int without(const std::vector<int>& capabilities, const std::function<int()>& function);

/// in_child as the user and group nobody: no capability, no other group. Where nobody is not mapped
/// in the user namespace (the lab on host as an ordinary user), only the capabilities go.
int as_nobody(const std::function<int()>& function);

}  // namespace trivet::lab

#endif  // TESTS_LAB_PRIVILEGE_H_
