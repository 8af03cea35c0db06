#include "trivet/netlink/generic/family.h"

#include <algorithm>

#include "trivet/netlink/attribute_array.h"

namespace trivet::netlink::generic {
namespace {

constexpr attribute_rule<operation> operation_rules[] = {
    rule<&operation::id>(CTRL_ATTR_OP_ID, "id"),
    rule<&operation::flags>(CTRL_ATTR_OP_FLAGS, "flags"),
};
constexpr attribute_policy<operation> operation_policy(operation_rules);

constexpr attribute_rule<multicast_group> group_rules[] = {
    rule<&multicast_group::name>(CTRL_ATTR_MCAST_GRP_NAME, "name"),
    rule<&multicast_group::id>(CTRL_ATTR_MCAST_GRP_ID, "id"),
};
constexpr attribute_policy<multicast_group> group_policy(group_rules);

constexpr attribute_rule<family> family_rules[] = {
    rule<&family::id>(CTRL_ATTR_FAMILY_ID, "family-id"),
    rule<&family::name>(CTRL_ATTR_FAMILY_NAME, "family-name"),
    rule<&family::version>(CTRL_ATTR_VERSION, "version"),
    rule<&family::header_size>(CTRL_ATTR_HDRSIZE, "hdrsize"),
    rule<&family::highest_attribute>(CTRL_ATTR_MAXATTR, "maxattr"),
    rule<&family::operations>(CTRL_ATTR_OPS, "ops"),
    rule<&family::groups>(CTRL_ATTR_MCAST_GROUPS, "mcast-groups"),
};
constexpr attribute_policy<family> family_policy(family_rules);

}  // namespace

const attribute_policy<operation>& operation::policy() { return operation_policy; }
const attribute_policy<multicast_group>& multicast_group::policy() { return group_policy; }
const attribute_policy<family>& family::policy() { return family_policy; }

std::optional<family> family::decode(const message_view& message) {
  if (message.type() != GENL_ID_CTRL || !message.holds<::genlmsghdr>()) return std::nullopt;
  if (message.structure<::genlmsghdr>().cmd != CTRL_CMD_NEWFAMILY) return std::nullopt;
  family result;
  if (!family_policy.decode(message.attributes<::genlmsghdr>(), result)) return std::nullopt;
  return result;
}

const multicast_group* family::find_group(std::string_view group_name) const noexcept {
  if (!groups) return nullptr;
  const auto found = std::find_if(groups->begin(), groups->end(),
                                  [&](const auto& group) { return group.name == group_name; });
  return found == groups->end() ? nullptr : &*found;
}

}  // namespace trivet::netlink::generic
