// trivet socket over TIPC: within a node and between two.
#include <gtest/gtest.h>

#include "tests/lab/namespace_test.h"
#include "tests/lab/tipc_cluster.h"
#include "tests/tools/bindings.h"
#include "tests/tools/command.h"
#include "tests/tools/exchange.h"

namespace trivet::testing {
namespace {

using socket_tipc = lab::namespace_test;

TEST_F(socket_tipc, exchanges_over_every_type) {
  exchange("tipc", "(TIPC_ADDR_NAMESEQ, 1000, 0, 99)", "(TIPC_ADDR_NAME, 1000, 7, 0)");
  for (const char* type : {"dgram", "stream", "seqpacket"}) {
    exchange("tipc", "(1, 1001, 0, 99)", "(2, 1001, 7, 0)", {"--type", type});
  }
}

TEST_F(socket_tipc, says_that_a_service_is_not_there) {
  const outcome got = run_trivet({"socket", "send", "tipc", "(2, 1000, 1, 0)", "--data", "x"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors.find("trivet: send to (2, 1000, 1, 0, 2): No route to host"), 0U)
      << got.errors;
  EXPECT_EQ(line_count(got.errors), 1U);
}

TEST_F(socket_tipc, refuses_the_kernels_own_service_types) {
  const outcome got = run_trivet({"socket", "receive", "tipc", "(1, 1, 0, 9)"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors.find("trivet: bind (1, 1, 0, 9, 2): Permission denied"), 0U) << got.errors;
  EXPECT_EQ(line_count(got.errors), 1U);
}

TEST_F(socket_tipc, a_multicast_reaches_the_other_node_too) {
  const lab::tipc_cluster cluster(2);
  const words receive = {"socket", "receive", "tipc", "(1, 1000, 0, 9)", "--count", "1", "-j"};
  running_trivet one(receive + words{"--netns", cluster.node(1).name()});
  (void)address_of(one);
  running_trivet two(receive + words{"--netns", cluster.node(2).name()});
  (void)address_of(two);
  cluster.node(1).in([] { wait_for_bindings(1000, 2); });
  const words send = {"--netns", cluster.node(1).name(), "socket", "send",
                      "tipc",    "(1, 1000, 5, 5)",      "--data", "all"};
  ASSERT_EQ(run_trivet(send).status, 0);
  EXPECT_NE(one.read_line().find("\"data\":\"all\""), std::string::npos);
  EXPECT_EQ(one.wait().status, 0);
  EXPECT_NE(two.read_line().find("\"data\":\"all\""), std::string::npos);
  EXPECT_EQ(two.wait().status, 0);
}

}  // namespace
}  // namespace trivet::testing
