// Waiting for what other TIPC nodes have bound.
#ifndef TESTS_TOOLS_BINDINGS_H_
#define TESTS_TOOLS_BINDINGS_H_

#include <chrono>
#include <cstdint>

#include "trivet/tipc/topology.h"

namespace trivet::testing {

/// Waits until this node knows of so many bindings of a type: bind(2) returns before the other
/// nodes have heard of it. Throws timed_out after a minute.
inline void wait_for_bindings(std::uint32_t type, int count) {
  tipc::topology topology;
  topology.subscribe({.range = {type, 0, 99}});
  const deadline until = deadline::after(std::chrono::seconds(60));
  for (int known = 0; known < count;) {
    if (topology.receive({.until = until}).change == tipc::topology_change::published) ++known;
  }
}

}  // namespace trivet::testing

#endif  // TESTS_TOOLS_BINDINGS_H_
