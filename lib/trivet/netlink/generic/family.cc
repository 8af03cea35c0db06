#include "trivet/netlink/generic/family.h"

#include <algorithm>

#include "trivet/netlink/attribute_array.h"
#include "trivet/netlink/generic/family_policy.h"

namespace trivet::netlink::generic {
namespace {

constexpr value_name flag_list[] = {
    {GENL_ADMIN_PERM, "ADMIN_PERM"},         {GENL_CMD_CAP_DO, "CMD_CAP_DO"},
    {GENL_CMD_CAP_DUMP, "CMD_CAP_DUMP"},     {GENL_CMD_CAP_HASPOL, "CMD_CAP_HASPOL"},
    {GENL_UNS_ADMIN_PERM, "UNS_ADMIN_PERM"},
};
constexpr value_names operation_flags{"GENL_", flag_list, true};

constexpr attribute_rule<operation> operation_rules[] = {
    rule<&operation::id>(CTRL_ATTR_OP_ID, "id"),
    rule<&operation::flags>(CTRL_ATTR_OP_FLAGS, "flags").as(form::number_of(operation_flags)),
};
constexpr attribute_policy<operation> operations_policy(operation_rules, "CTRL_ATTR_OP_");

constexpr attribute_rule<multicast_group> group_rules[] = {
    rule<&multicast_group::id>(CTRL_ATTR_MCAST_GRP_ID, "id"),  // in the kernel's order
    rule<&multicast_group::name>(CTRL_ATTR_MCAST_GRP_NAME, "name"),
};
constexpr attribute_policy<multicast_group> group_policy(group_rules, "CTRL_ATTR_MCAST_GRP_");

// What CTRL_CMD_GETPOLICY dumps (family_policy.h): by index and type of the attribute, by command.
attribute_name name_of_type(std::uint16_t /*type*/, const_bytes /*beside*/) {
  return {{}, &policy_type_names(), form::nest, {}, true};
}
constexpr attribute_names type_names{&name_of_type};
attribute_name name_of_index(std::uint16_t /*type*/, const_bytes /*beside*/) {
  return {{}, &type_names, form::nest, {}, true};
}
constexpr attribute_names index_names{&name_of_index};
attribute_name name_of_command(std::uint16_t /*type*/, const_bytes /*beside*/) {
  return {{}, &policy_names<operation_policy>, form::nest, {}, true};
}
constexpr attribute_names command_names{&name_of_command};

constexpr attribute_rule<family> family_rules[] = {
    rule<&family::id>(CTRL_ATTR_FAMILY_ID, "family-id"),
    rule<&family::name>(CTRL_ATTR_FAMILY_NAME, "family-name"),
    rule<&family::version>(CTRL_ATTR_VERSION, "version"),
    rule<&family::header_size>(CTRL_ATTR_HDRSIZE, "hdrsize"),
    rule<&family::highest_attribute>(CTRL_ATTR_MAXATTR, "maxattr"),
    rule<&family::operations>(CTRL_ATTR_OPS, "ops"),
    rule<&family::groups>(CTRL_ATTR_MCAST_GROUPS, "mcast-groups"),
    named<family>(CTRL_ATTR_POLICY, "policy", form::nest, &index_names),
    named<family>(CTRL_ATTR_OP_POLICY, "op-policy", form::nest, &command_names),
    named<family>(CTRL_ATTR_OP, "op", form::number),
};
constexpr attribute_policy<family> family_policy(family_rules, "CTRL_ATTR_");

}  // namespace

const attribute_policy<operation>& operation::policy() { return operations_policy; }
const attribute_policy<multicast_group>& multicast_group::policy() { return group_policy; }
const attribute_policy<family>& family::policy() { return family_policy; }

std::optional<family> family::decode(const message_view& message) {
  if (message.type() != GENL_ID_CTRL || !message.holds<::genlmsghdr>()) return std::nullopt;
  if (message.structure<::genlmsghdr>().cmd != CTRL_CMD_NEWFAMILY) return std::nullopt;
  family result;
  if (!family_policy.decode(message.attributes<::genlmsghdr>(), result)) return std::nullopt;
  return result;
}

void family::encode(message_builder& out) const {
  constexpr std::uint8_t controller_version = 2;
  out.structure(::genlmsghdr{CTRL_CMD_NEWFAMILY, controller_version, 0});
  family_policy.encode(out.attributes(), *this);
}

const multicast_group* family::find_group(std::string_view group_name) const noexcept {
  if (!groups) return nullptr;
  const auto found = std::find_if(groups->begin(), groups->end(),
                                  [&](const auto& group) { return group.name == group_name; });
  return found == groups->end() ? nullptr : &*found;
}

}  // namespace trivet::netlink::generic
