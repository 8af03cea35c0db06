// A kernel on which nobody has loaded TIPC.
#include <gtest/gtest.h>

#include "tests/tools/command.h"
#include "trivet/base/error.h"
#include "trivet/tipc/socket.h"
#include "trivet/tipc/topology.h"

namespace trivet::tipc {
namespace {

TEST(tipc_absent, the_library_tells_the_reason) {
  try {
    const socket socket(SOCK_RDM);
    FAIL() << "TIPC is there";
  } catch (const family_unavailable& error) {
    EXPECT_NE(error.reason(), unavailable_reason::unknown) << error.what();
    EXPECT_NE(error.advice(), "");
  }
  EXPECT_THROW(topology(), family_unavailable);
}

TEST(tipc_absent, the_command_says_so_in_one_line) {
  const auto got = trivet::testing::run_trivet({"tipc", "watch"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(trivet::testing::line_count(got.errors), 1U) << got.errors;
  EXPECT_TRUE(
      got.errors.starts_with("trivet: socket AF_TIPC SOCK_SEQPACKET 0: Address family not "
                             "supported by protocol ("))
      << got.errors;
}

}  // namespace
}  // namespace trivet::tipc
