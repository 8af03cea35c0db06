// Where a test runs, as the launcher says it.

#ifndef TESTS_LAB_KERNEL_H_
#define TESTS_LAB_KERNEL_H_

#include <string>

namespace trivet::lab {

/// $TRIVET_LAB_KERNEL: host, uml, uml_pair, qemu or qemu_pair; empty outside the lab.
std::string kernel();

/// Does nothing inside the lab.
/// @throws std::runtime_error elsewhere: what follows would change the machine's own namespaces
void require_lab();

}  // namespace trivet::lab

#endif  // TESTS_LAB_KERNEL_H_
