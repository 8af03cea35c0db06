// Messages as trees, for the tests that look into them.
#ifndef TRIVET_TESTS_NETLINK_DESCRIBED_H_
#define TRIVET_TESTS_NETLINK_DESCRIBED_H_

#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "trivet/netlink/describe.h"

namespace trivet::testing {

inline netlink::message_description described(const std::vector<std::byte>& message,
                                              int protocol = NETLINK_ROUTE) {
  return netlink::describer().describe(protocol, message);
}

/// The first node of a name, anywhere below; nullptr where there is none.
inline const netlink::node* find(const std::vector<netlink::node>& nodes, std::string_view name) {
  for (const netlink::node& one : nodes) {
    if (one.name == name) return &one;
    if (const netlink::node* deeper = find(one.children, name)) return deeper;
  }
  return nullptr;
}

/// The first flaw; nullptr where there is none.
inline const netlink::node* find_flaw(const std::vector<netlink::node>& nodes) {
  for (const netlink::node& one : nodes) {
    if (one.kind == netlink::node_kind::flaw) return &one;
    if (const netlink::node* deeper = find_flaw(one.children)) return deeper;
  }
  return nullptr;
}

/// The value of a node; of no node what is never meant.
inline std::uint64_t number(const netlink::node* of) {
  return of == nullptr ? ~std::uint64_t{0} : std::get<std::uint64_t>(of->value);
}
inline std::string text(const netlink::node* of) {
  return of == nullptr ? "nothing" : std::get<std::string>(of->value);
}

}  // namespace trivet::testing

#endif  // TRIVET_TESTS_NETLINK_DESCRIBED_H_
