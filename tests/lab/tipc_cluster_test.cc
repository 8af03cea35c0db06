// A cluster in one kernel comes up, loses a node, and gets it back.

#include "tests/lab/tipc_cluster.h"

#include <gtest/gtest.h>

namespace trivet::lab {
namespace {

TEST(tipc_cluster, loses_a_node_and_gets_it_back) {
  const tipc_cluster cluster(3, std::chrono::milliseconds(300));
  EXPECT_NE(cluster.node(1).run({"tipc", "link", "list"}).find("node1:eth0-node3:eth0: up"),
            std::string::npos);
  cluster.cut(3);
  cluster.wait_for_links(1, 1);
  cluster.wait_for_links(3, 0);
  EXPECT_NE(cluster.node(1).run({"tipc", "link", "list"}).find("node1:eth0-node3:eth0: down"),
            std::string::npos);
  cluster.mend(3);
  cluster.wait_for_links(2, 2);
}

TEST(tipc_cluster, that_does_not_come_up_says_what_is_there) {
  const tipc_cluster cluster(1);
  try {
    cluster.wait_for_links(1, 1, after(std::chrono::milliseconds(20)));
    FAIL() << "a node alone has a link";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("node1 waits for 1 links"), std::string::npos);
  }
}

}  // namespace
}  // namespace trivet::lab
