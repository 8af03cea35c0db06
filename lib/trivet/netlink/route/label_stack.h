// Stacks of MPLS labels as they stand in the attributes of rtnetlink.
#ifndef TRIVET_NETLINK_ROUTE_LABEL_STACK_H_
#define TRIVET_NETLINK_ROUTE_LABEL_STACK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::rtnl {

/// Labels with their other bits, as on the wire: 20 bits of label, 3 of class, 1 "bottom of stack",
/// 8 of TTL. The kernel takes 30 labels at most (MAX_NEW_LABELS of net/mpls/internal.h). A value.
/// Source: RFC 3032
struct label_stack {
  std::vector<std::byte> entries;  ///< four bytes a label, in network byte order, the top first

  /// Appends a label below the others. @param label  below 2^20  @param bottom  the last one
  void push_back(std::uint32_t label, bool bottom);

  /// "100/200", down to the bottom of the stack.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const label_stack&, const label_stack&) = default;
};

/// The same text of bytes that are at hand.
[[nodiscard]] std::string label_text(const_bytes entries);

}  // namespace trivet::netlink::rtnl

namespace trivet::netlink {

/// Any number of labels, but no part of one; what is none has no label.
template <>
struct attribute_codec<rtnl::label_stack> {
  static constexpr value_form form = netlink::form::labels;

  static bool decode(const attribute& a, rtnl::label_stack& into) {
    if (a.data.empty() || a.data.size() % sizeof(std::uint32_t) != 0) return false;
    into.entries.assign(a.data.begin(), a.data.end());
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type, const rtnl::label_stack& value) {
    out.bytes(type, value.entries);
  }
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_LABEL_STACK_H_
