// What a generic netlink family takes: the kernel's own policies, as CTRL_CMD_GETPOLICY dumps them.
// No socket is known here.
//
//   family_policies policies;
//   policies.load(message);                       // each message of the dump
//   const auto attributes = policies.of_request(NL80211_CMD_GET_WIPHY);
#ifndef TRIVET_NETLINK_GENERIC_FAMILY_POLICY_H_
#define TRIVET_NETLINK_GENERIC_FAMILY_POLICY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::generic {

/// What the kernel takes for one attribute. Source: linux/netlink.h (enum netlink_policy_type_attr)
struct attribute_limits {
  std::uint32_t type = 0;                     ///< NL_ATTR_TYPE_
  std::string words;                          ///< "u16 from 1 to 4094"; "type 18": not known
  std::optional<std::uint32_t> policy_index;  ///< of a nest: the policy that holds inside

  friend bool operator==(const attribute_limits&, const attribute_limits&) = default;
};

/// Which policies a command takes; none where it cannot be called so.
struct operation_policy {
  std::optional<std::uint32_t> request;  ///< CTRL_ATTR_POLICY_DO: an index into policies
  std::optional<std::uint32_t> dump;     ///< CTRL_ATTR_POLICY_DUMP: likewise
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<operation_policy>& policy();
  friend bool operator==(const operation_policy&, const operation_policy&) = default;
};

/// All policies of one family. Index 0 is the first; nests refer to others by index.
struct family_policies {
  std::map<std::uint32_t, operation_policy> operations;                         ///< by command
  std::map<std::uint32_t, std::map<std::uint32_t, attribute_limits>> policies;  ///< index, type

  /// CTRL_CMD_GETPOLICY: one message of the dump; others are passed over. @return false where a
  /// length in it is wrong; what came before holds
  bool load(const message_view& message);
};

}  // namespace trivet::netlink::generic

#endif  // TRIVET_NETLINK_GENERIC_FAMILY_POLICY_H_
