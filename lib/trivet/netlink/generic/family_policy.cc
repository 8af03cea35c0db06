#include "trivet/netlink/generic/family_policy.h"

#include <linux/genetlink.h>

#include <utility>

namespace trivet::netlink::generic {
namespace {

constexpr attribute_rule<attribute_limits> limit_rules[] = {
    rule<&attribute_limits::type>(NL_POLICY_TYPE_ATTR_TYPE, "type"),
    rule<&attribute_limits::signed_minimum>(NL_POLICY_TYPE_ATTR_MIN_VALUE_S, "min-value-s"),
    rule<&attribute_limits::signed_maximum>(NL_POLICY_TYPE_ATTR_MAX_VALUE_S, "max-value-s"),
    rule<&attribute_limits::minimum>(NL_POLICY_TYPE_ATTR_MIN_VALUE_U, "min-value-u"),
    rule<&attribute_limits::maximum>(NL_POLICY_TYPE_ATTR_MAX_VALUE_U, "max-value-u"),
    rule<&attribute_limits::minimum_length>(NL_POLICY_TYPE_ATTR_MIN_LENGTH, "min-length"),
    rule<&attribute_limits::maximum_length>(NL_POLICY_TYPE_ATTR_MAX_LENGTH, "max-length"),
    rule<&attribute_limits::policy_index>(NL_POLICY_TYPE_ATTR_POLICY_IDX, "policy-idx"),
    rule<&attribute_limits::highest_attribute>(NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE,
                                               "policy-maxtype"),
    rule<&attribute_limits::bitfield_mask>(NL_POLICY_TYPE_ATTR_BITFIELD32_MASK, "bitfield32-mask"),
    rule<&attribute_limits::mask>(NL_POLICY_TYPE_ATTR_MASK, "mask"),
};
constexpr attribute_policy<attribute_limits> limits_policy(limit_rules);

constexpr attribute_rule<operation_policy> operation_rules[] = {
    rule<&operation_policy::request>(CTRL_ATTR_POLICY_DO, "do"),
    rule<&operation_policy::dump>(CTRL_ATTR_POLICY_DUMP, "dump"),
};
constexpr attribute_policy<operation_policy> operation_policy_policy(operation_rules);

// Nests that are numbered by what they are about: each goes to its place in a map.
template <class Take>
bool each_numbered(const_bytes nests, Take take) {
  attribute_reader in(nests);
  for (attribute nest; in.next(nest);) {
    if (!take(nest.type, nest.data)) return false;
  }
  return !in.failed();
}

template <class T>
bool decode_into(std::map<std::uint32_t, T>& map, std::uint16_t number, const_bytes bytes) {
  T value{};
  if (!T::policy().decode(bytes, value)) return false;
  map.insert_or_assign(number, std::move(value));
  return true;
}

}  // namespace

const attribute_policy<attribute_limits>& attribute_limits::policy() { return limits_policy; }
const attribute_policy<operation_policy>& operation_policy::policy() {
  return operation_policy_policy;
}

bool family_policies::load(const message_view& message) {
  attribute_reader in(message.attributes<::genlmsghdr>());
  for (attribute a; in.next(a);) {
    bool whole = true;
    if (a.type == CTRL_ATTR_OP_POLICY) {
      whole = each_numbered(a.data, [&](std::uint16_t command, const_bytes bytes) {
        return decode_into(operations, command, bytes);
      });
    } else if (a.type == CTRL_ATTR_POLICY) {
      whole = each_numbered(a.data, [&](std::uint16_t index, const_bytes types) {
        return each_numbered(types, [&](std::uint16_t type, const_bytes bytes) {
          return decode_into(policies[index], type, bytes);
        });
      });
    }
    if (!whole) return false;
  }
  return !in.failed();
}

}  // namespace trivet::netlink::generic
