// Which rule a request removes.
//
// A rule has no identity of its own: RTM_DELRULE removes the first one in the kernel's order that
// is as the request says, and what a request leaves out is not compared, nor is FIB_RULE_INVERT. So
// the request for "from all lookup 5" takes "from all fwmark 1 lookup 5" of the same priority where
// that comes first. Source: rule_find() in net/core/fib_rules.c
#ifndef TOOLS_TRIVET_NETLINK_RULE_REMOVAL_H_
#define TOOLS_TRIVET_NETLINK_RULE_REMOVAL_H_

#include <cstdint>
#include <vector>

#include "trivet/base/byte_buffer.h"
#include "trivet/base/bytes.h"

namespace trivet::tool {

/// Sees the rules of a dump in the kernel's order.
class rule_removal {
 public:
  /// A rule that is to stay. Copied.
  void keep(std::uint32_t priority, const_bytes payload);

  /// A rule that is to go.
  /// @return the payload of the request, valid until the next call
  /// Throws failure where the kernel would remove one that is to stay in its place.
  [[nodiscard]] const_bytes remove(std::uint32_t priority, const_bytes payload);

  /// Before a dump.
  void begin() { kept_.clear(); }

 private:
  std::uint32_t priority_ = 0;                // of those that are kept in mind
  std::vector<std::vector<std::byte>> kept_;  // only those of one priority are in each other's way
  byte_buffer request_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_RULE_REMOVAL_H_
