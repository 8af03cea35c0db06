#ifndef TESTS_LAB_KERNEL_H_
#define TESTS_LAB_KERNEL_H_

#include <cstdlib>
#include <string>

namespace trivet::lab {

/// The kernel under the test: host, uml, uml_pair, qemu or qemu_pair; empty outside the lab.
inline std::string kernel() {
  const char* name = std::getenv("TRIVET_LAB_KERNEL");
  return name != nullptr ? name : "";
}

}  // namespace trivet::lab

#endif  // TESTS_LAB_KERNEL_H_
