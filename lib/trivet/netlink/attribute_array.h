// Nests of nests that are numbered instead of named: one element of a vector each.
#ifndef TRIVET_NETLINK_ATTRIBUTE_ARRAY_H_
#define TRIVET_NETLINK_ATTRIBUTE_ARRAY_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "trivet/netlink/policy.h"

namespace trivet::netlink {

/// A nest of nests whose types count from 1, as CTRL_ATTR_OPS and CTRL_ATTR_MCAST_GROUPS are: the
/// member is a vector of structs with a policy(). The elements stay in the kernel's order; their
/// numbers are not kept, and are given anew when they are written; as the kernel's, neither the
/// nest nor its elements are marked. A length that is wrong in any of them makes the whole no
/// array: the row then keeps its bytes in `others`. At most 65535 elements fit, and 64 KiB of them.
/// Pure. Source: net/netlink/genetlink.c (ctrl_fill_info)
template <attribute_nest T>
struct attribute_codec<std::vector<T>> {
  static constexpr value_form form = netlink::form::nest;
  static constexpr attribute_names names{[](std::uint16_t, const_bytes) {
    return attribute_name{{}, &policy_names<T>, netlink::form::nest, {}, true};
  }};

  static bool decode(const attribute& a, std::vector<T>& into) {
    attribute_reader in(a.data);
    for (attribute element; in.next(element);) {
      T value{};
      if (!T::policy().decode(element.data, value)) return false;
      into.push_back(std::move(value));
    }
    return !in.failed();
  }
  static void encode(attribute_writer& out, std::uint16_t type, const std::vector<T>& value) {
    out.nested_unmarked(type, [&](attribute_writer& list) {
      std::uint16_t number = 0;
      for (const T& element : value) {
        list.nested_unmarked(++number,
                             [&](attribute_writer& in) { T::policy().encode(in, element); });
      }
    });
  }
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ATTRIBUTE_ARRAY_H_
