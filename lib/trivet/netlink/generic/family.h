// Generic netlink families as the controller (nlctrl) describes them. No socket is known here.
#ifndef TRIVET_NETLINK_GENERIC_FAMILY_H_
#define TRIVET_NETLINK_GENERIC_FAMILY_H_

#include <linux/genetlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::generic {

/// CTRL_ATTR_OPS: a command of a family. A value. Source: linux/genetlink.h
struct operation {
  std::optional<std::uint32_t> id;     ///< CTRL_ATTR_OP_ID: the command's number
  std::optional<std::uint32_t> flags;  ///< CTRL_ATTR_OP_FLAGS: GENL_ADMIN_PERM …, GENL_CMD_CAP_
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<operation>& policy();
  friend bool operator==(const operation&, const operation&) = default;
};

/// CTRL_ATTR_MCAST_GROUPS: a multicast group of a family. A value.
struct multicast_group {
  std::optional<std::string> name;  ///< CTRL_ATTR_MCAST_GRP_NAME
  std::optional<std::uint32_t> id;  ///< CTRL_ATTR_MCAST_GRP_ID: for option::add_membership
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<multicast_group>& policy();
  friend bool operator==(const multicast_group&, const multicast_group&) = default;
};

/// CTRL_CMD_NEWFAMILY: a family that the kernel has now. A value.
/// Source: linux/genetlink.h, net/netlink/genetlink.c
struct family {
  std::optional<std::uint16_t> id;           ///< CTRL_ATTR_FAMILY_ID: the type of its messages
  std::optional<std::string> name;           ///< CTRL_ATTR_FAMILY_NAME: at most 15 bytes
  std::optional<std::uint32_t> version;      ///< CTRL_ATTR_VERSION: of its messages
  std::optional<std::uint32_t> header_size;  ///< CTRL_ATTR_HDRSIZE: bytes of its own struct
  std::optional<std::uint32_t> highest_attribute;      ///< CTRL_ATTR_MAXATTR; 0: told by operation
  std::optional<std::vector<operation>> operations;    ///< CTRL_ATTR_OPS
  std::optional<std::vector<multicast_group>> groups;  ///< CTRL_ATTR_MCAST_GROUPS
  std::vector<raw_attribute> others;

  /// nullopt where the message is no CTRL_CMD_NEWFAMILY, or a length in it is wrong.
  [[nodiscard]] static std::optional<family> decode(const message_view& message);

  /// CTRL_CMD_NEWFAMILY as the kernel sends it.
  void encode(message_builder& out) const;

  /// The group of a name, or nullptr.
  [[nodiscard]] const multicast_group* find_group(std::string_view group_name) const noexcept;

  [[nodiscard]] static const attribute_policy<family>& policy();
  friend bool operator==(const family&, const family&) = default;
};

}  // namespace trivet::netlink::generic

#endif  // TRIVET_NETLINK_GENERIC_FAMILY_H_
