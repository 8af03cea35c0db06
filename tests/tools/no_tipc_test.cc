// On a kernel whose module tipc is not loaded: one line that says so and what to do.
#include <gtest/gtest.h>

#include "tests/tools/command.h"

namespace trivet::testing {
namespace {

TEST(no_tipc, one_line_says_why_and_what_to_do) {
  for (const std::vector<std::string>& verb :
       {std::vector<std::string>{"socket", "receive", "tipc", "(1, 1000, 0, 99)"},
        {"socket", "send", "tipc", "(2, 1000, 1, 0)", "--data", "x"}}) {
    const outcome got = run_trivet(verb);
    EXPECT_EQ(got.status, 1);
    EXPECT_EQ(got.output, "");
    EXPECT_EQ(got.errors,
              "trivet: socket AF_TIPC SOCK_RDM 0: Address family not supported by protocol "
              "(module tipc is installed but not loaded: `modprobe tipc` as root)\n");
  }
}

TEST(no_tipc, its_sockets_are_listed_by_a_module_of_tipc) {
  const outcome got = run_trivet({"netlink", "sockets", "tipc"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors,
            "trivet: tipc sockets: this kernel does not list them (modprobe -a tipc diag)\n");
}

TEST(no_tipc, addresses_need_no_kernel_support) {
  EXPECT_EQ(run_trivet({"socket", "address", "tipc", "(3, 1, 2, 0)"}).status, 0);
}

}  // namespace
}  // namespace trivet::testing
