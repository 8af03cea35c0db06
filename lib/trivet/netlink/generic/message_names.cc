#include "trivet/netlink/generic/message_names.h"

#include <linux/genetlink.h>

#include <cstddef>

#include "trivet/netlink/generic/family.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::generic {
namespace {

constexpr value_name command_list[] = {
    {CTRL_CMD_NEWFAMILY, "NEWFAMILY"},
    {CTRL_CMD_DELFAMILY, "DELFAMILY"},
    {CTRL_CMD_GETFAMILY, "GETFAMILY"},
    {CTRL_CMD_NEWOPS, "NEWOPS"},
    {CTRL_CMD_DELOPS, "DELOPS"},
    {CTRL_CMD_GETOPS, "GETOPS"},
    {CTRL_CMD_NEWMCAST_GRP, "NEWMCAST_GRP"},
    {CTRL_CMD_DELMCAST_GRP, "DELMCAST_GRP"},
    {CTRL_CMD_GETMCAST_GRP, "GETMCAST_GRP"},
    {CTRL_CMD_GETPOLICY, "GETPOLICY"},
};
constexpr value_names commands{"CTRL_CMD_", command_list};

constexpr value_field controller_fields[] = {
    {"cmd", offsetof(::genlmsghdr, cmd), 1, form::number_of(commands)},
    {"version", offsetof(::genlmsghdr, version), 1, form::number},
};
constexpr structure_form controller_structure{"genlmsghdr", sizeof(::genlmsghdr),
                                              controller_fields};

constexpr value_field family_fields[] = {
    {"cmd", offsetof(::genlmsghdr, cmd), 1, form::number},
    {"version", offsetof(::genlmsghdr, version), 1, form::number},
};
constexpr structure_form family_structure{"genlmsghdr", sizeof(::genlmsghdr), family_fields};

constexpr attribute_names controller{&name_in_policy<family>, sizeof(::genlmsghdr),
                                     nest_layout::attributes, &controller_structure};

}  // namespace

const value_names& command_names() noexcept { return commands; }
const attribute_names& controller_names() noexcept { return controller; }
const structure_form& structure_of_message(std::uint16_t type) noexcept {
  return type == GENL_ID_CTRL ? controller_structure : family_structure;
}

}  // namespace trivet::netlink::generic
