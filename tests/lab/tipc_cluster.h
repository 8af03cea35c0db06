// A TIPC cluster in one kernel: a namespace per node, all on one bridge.

#ifndef TESTS_LAB_TIPC_CLUSTER_H_
#define TESTS_LAB_TIPC_CLUSTER_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/lab/net_namespace.h"
#include "tests/lab/wait.h"

namespace trivet::lab {

/// N nodes named node1 to nodeN, each a namespace with the bearer eth:eth0, all links up.
///
/// User data between two namespaces of one kernel does not cross the Ethernet (the kernel hands it
/// over directly), so fragmentation, loss and captures need a pair of kernels; links, discovery,
/// the name table and node failure are real.
///
///     tipc_cluster cluster(2);
///     cluster.node(1).in([] { … });
///     cluster.cut(2);
///     cluster.wait_for_links(1, 0);
class tipc_cluster {
 public:
  /// @param nodes      1 to 99
  /// @param tolerance  of the links: silence after which one is lost; 50 to 30000 ms, the kernel's
  ///                   own is 1500
  /// @throws std::runtime_error if the kernel has no TIPC or the links do not come up
  explicit tipc_cluster(std::size_t nodes,
                        std::chrono::milliseconds tolerance = std::chrono::milliseconds{1500});

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

  /// @param number  1 to size()
  [[nodiscard]] const net_namespace& node(std::size_t number) const {
    return nodes_.at(number - 1);
  }

  /// Cuts the node off silently, as a pulled cable would beyond a switch: its own device stays up,
  /// so that the others notice by the links' tolerance only.
  void cut(std::size_t number) const;

  /// Undoes cut().
  void mend(std::size_t number) const;

  /// Waits until the node has this many links that are up, by the topology service's events.
  /// @throws std::runtime_error at the deadline
  void wait_for_links(std::size_t number, std::size_t count,
                      deadline until = after(patience)) const;

 private:
  net_namespace switch_;
  std::vector<net_namespace> nodes_;
};

}  // namespace trivet::lab

#endif  // TESTS_LAB_TIPC_CLUSTER_H_
