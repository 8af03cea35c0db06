#include "trivet/netlink/generic/family_policy.h"

#include <linux/genetlink.h>

#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink::generic {
namespace {

constexpr attribute_rule<operation_policy> operation_rules[] = {
    rule<&operation_policy::request>(CTRL_ATTR_POLICY_DO, "do"),
    rule<&operation_policy::dump>(CTRL_ATTR_POLICY_DUMP, "dump"),
};
constexpr attribute_policy<operation_policy> operation_policy_policy(operation_rules,
                                                                     "CTRL_ATTR_POLICY_");

// Nests that are numbered by what they are about: each goes to its place in a map.
template <class Take>
bool each_numbered(const_bytes nests, Take take) {
  attribute_reader in(nests);
  for (attribute nest; in.next(nest);) {
    if (!take(nest.type, nest.data)) return false;
  }
  return !in.failed();
}

attribute_limits limits_of(const_bytes bytes) {
  attribute_limits result;
  attribute_reader in(bytes);
  for (attribute a; in.next(a);) {
    if (a.type == NL_POLICY_TYPE_ATTR_TYPE) result.type = a.number<std::uint32_t>().value_or(0);
    if (a.type == NL_POLICY_TYPE_ATTR_POLICY_IDX) result.policy_index = a.number<std::uint32_t>();
  }
  result.words = policy_in_words(bytes);
  if (result.words.empty()) result.words = "type " + std::to_string(result.type);
  return result;
}

}  // namespace

const attribute_policy<operation_policy>& operation_policy::policy() {
  return operation_policy_policy;
}

bool family_policies::load(const message_view& message) {
  attribute_reader in(message.attributes<::genlmsghdr>());
  for (attribute a; in.next(a);) {
    bool whole = true;
    if (a.type == CTRL_ATTR_OP_POLICY) {
      whole = each_numbered(a.data, [&](std::uint16_t command, const_bytes bytes) {
        return operation_policy::policy().decode(bytes, operations[command]);
      });
    } else if (a.type == CTRL_ATTR_POLICY) {
      whole = each_numbered(a.data, [&](std::uint16_t index, const_bytes types) {
        return each_numbered(types, [&](std::uint16_t type, const_bytes bytes) {
          policies[index].insert_or_assign(type, limits_of(bytes));
          return true;
        });
      });
    }
    if (!whole) return false;
  }
  return !in.failed();
}

}  // namespace trivet::netlink::generic
