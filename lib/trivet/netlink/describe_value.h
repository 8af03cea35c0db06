// One value out of bytes, by its form: for describe.cc.
#ifndef TRIVET_NETLINK_DESCRIBE_VALUE_H_
#define TRIVET_NETLINK_DESCRIBE_VALUE_H_

#include <cstdint>

#include "trivet/netlink/describe.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink {

/// Fills in `value` and `meaning`, or the children of a struct and of an array; where the bytes are
/// not of that form, `raw`.
/// @param family   of the message: addresses are of it
/// @param at       where the bytes stand in the message
/// @param network  NLA_F_NET_BYTEORDER: numbers are in network order
void describe_value(node& into, const value_form& form, const_bytes bytes, std::size_t at,
                    std::uint8_t family, bool network = false);

/// A struct: a node for each member that is there. What is behind the last member is one, too; what
/// is missing is a flaw.
/// @param grows  whether it may be longer or shorter without a flaw, as the kernel's structs are in
///               attributes
void describe_members(std::vector<node>& into, const structure_form& structure, const_bytes bytes,
                      std::size_t at, std::uint8_t family, bool grows);

/// "ENODEV"; empty where there is no such errno.
[[nodiscard]] std::string errno_name(std::uint32_t number);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_DESCRIBE_VALUE_H_
