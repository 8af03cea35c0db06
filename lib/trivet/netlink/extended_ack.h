// What the kernel says of a request: acknowledgements, ends of dumps, and the extended ACK.
#ifndef TRIVET_NETLINK_EXTENDED_ACK_H_
#define TRIVET_NETLINK_EXTENDED_ACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "trivet/netlink/message.h"

namespace trivet::netlink {

/// The attributes of an acknowledgement, where NETLINK_EXT_ACK is set and the kernel has something
/// to say. With an error they tell its reason; without one the message is a warning.
/// Source: linux/netlink.h (enum nlmsgerr_attrs)
struct extended_ack {
  /// NLMSGERR_ATTR_MSG: one sentence, or nothing.
  std::string message;
  /// NLMSGERR_ATTR_OFFS: where the offending attribute starts, in bytes from the request's header.
  std::optional<std::uint32_t> offset;
  /// NLMSGERR_ATTR_COOKIE: whatever the operation hands back.
  std::vector<std::byte> cookie;
  /// NLMSGERR_ATTR_POLICY: what the attribute at `offset` would have to be, as nested attributes.
  std::vector<std::byte> policy;
  /// NLMSGERR_ATTR_MISS_TYPE: the type of an attribute that is missing.
  std::optional<std::uint32_t> missing_type;
  /// NLMSGERR_ATTR_MISS_NEST: the offset of the nest in which it is missing; none: at the top.
  std::optional<std::uint32_t> missing_nest;

  // What whoever has the request and its names fills in (name_attributes of attribute_path.h).

  /// The attribute at `offset`: ".linkinfo.data.id"; what has no name is a number. Empty where the
  /// client has no names for the request (client::set_names).
  std::string path;
  /// The attribute that is missing, likewise.
  std::string missing;
  /// `policy` in words: "u16 from 1 to 4094".
  std::string expected;

  /// Reads the attributes; unknown and malformed ones are passed over.
  [[nodiscard]] static extended_ack decode(const_bytes attributes);

  friend bool operator==(const extended_ack&, const extended_ack&) = default;
};

/// A NLMSG_ERROR message: the answer to one request.
struct acknowledgement {
  std::error_code error;  ///< none: the request was done
  ::nlmsghdr request{};   ///< the request's header, as the kernel echoes it
  extended_ack extended;  ///< empty where the kernel has nothing to say

  /// nullopt where the message is too short to hold an error and a header. Attributes are read only
  /// with NLM_F_ACK_TLVS; without NLM_F_CAPPED the echoed request stands before them.
  [[nodiscard]] static std::optional<acknowledgement> decode(const message_view& message);
};

/// A NLMSG_DONE message: the end of a dump. It may be empty, which means no error.
struct dump_done {
  std::error_code error;  ///< none: it went to its end
  extended_ack extended;  ///< with an error its reason; without one a warning

  /// Never fails: what is missing is zero. Attributes are read only with NLM_F_ACK_TLVS.
  [[nodiscard]] static dump_done decode(const message_view& message);
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_EXTENDED_ACK_H_
