#include "tests/lab/kernel.h"

#include <cstdlib>
#include <stdexcept>

namespace trivet::lab {

std::string kernel() {
  const char* name = std::getenv("TRIVET_LAB_KERNEL");
  return name != nullptr ? name : "";
}

void require_lab() {
  if (kernel().empty()) {
    throw std::runtime_error(
        "this test changes namespaces and is not in the lab; run it by `bazel test` or by "
        "tests/lab/lab host -- PROGRAM");
  }
}

}  // namespace trivet::lab
