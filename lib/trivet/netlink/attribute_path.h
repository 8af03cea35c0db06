// What an extended ACK points at, by name: ".linkinfo.data.id". No socket is known here.
//
// A message's attributes have names by the policies of the codecs (policy.h); where a nest depends
// on another attribute (IFLA_INFO_DATA on IFLA_INFO_KIND) a function looks at its neighbours. What
// has no name is a number: ".linkinfo.data.7".
#ifndef TRIVET_NETLINK_ATTRIBUTE_PATH_H_
#define TRIVET_NETLINK_ATTRIBUTE_PATH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "trivet/netlink/attribute.h"
#include "trivet/netlink/extended_ack.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink {

struct attribute_names;

/// What an attribute is called. A value.
struct attribute_name {
  std::string_view name{};                ///< empty: unknown
  const attribute_names* nest = nullptr;  ///< of the attributes inside; nullptr: unknown, or none
  value_form form{};                      ///< how its payload reads
  std::string_view prefix{};              ///< "IFLA_" of IFLA_MTU, whose name is "mtu"
  bool numbered = false;                  ///< an element of an array: its type is its place
};

/// How the payload of a nest is made.
enum class nest_layout {
  attributes,  ///< perhaps a struct, then attributes
  hops,        ///< an array of struct rtnexthop, each with attributes behind it
};

/// The names of the attributes of a message or of a nest. A value; freely shared.
struct attribute_names {
  /// The name of a type, without the two flags. @param beside  the bytes of the attributes among
  /// which it stands
  attribute_name (*find)(std::uint16_t type, const_bytes beside);
  std::size_t header = 0;                        ///< bytes of the struct before the attributes
  nest_layout layout = nest_layout::attributes;  ///< of what is behind that struct
  const structure_form* structure = nullptr;     ///< that struct, where its members are known
};

/// NL_POLICY_TYPE_ATTR_: what the kernel says of an attribute that it takes.
/// Source: linux/netlink.h (enum netlink_policy_type_attr)
[[nodiscard]] const attribute_names& policy_type_names() noexcept;

/// NLMSGERR_ATTR_: of acknowledgements. Source: linux/netlink.h (enum nlmsgerr_attrs)
[[nodiscard]] const attribute_names& acknowledgement_names() noexcept;

/// The path of the attribute that starts at `offset` bytes from the message's header; empty where
/// there is none. @param message  the request, with its header
[[nodiscard]] std::string attribute_path(const_bytes message, const attribute_names& names,
                                         std::uint32_t offset);

/// The path of an attribute that is missing, by NLMSGERR_ATTR_MISS_TYPE and _MISS_NEST; empty where
/// the extended ACK names none.
[[nodiscard]] std::string missing_path(const_bytes message, const attribute_names& names,
                                       const extended_ack& extended);

/// NLMSGERR_ATTR_POLICY in words: "u16 from 1 to 4094", "string of at most 15 bytes"; empty where
/// it says nothing. Source: linux/netlink.h (enum netlink_policy_type_attr)
[[nodiscard]] std::string policy_in_words(const_bytes policy);

/// Fills in `path`, `missing` and `expected` of an extended ACK.
/// @param names  nullptr: paths stay empty
void name_attributes(extended_ack& extended, const_bytes message, const attribute_names* names);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ATTRIBUTE_PATH_H_
