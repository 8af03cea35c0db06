// Of each message of each protocol: its name, the struct that it begins with, and what its
// attributes are called.
#ifndef TRIVET_NETLINK_MESSAGE_FORM_H_
#define TRIVET_NETLINK_MESSAGE_FORM_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink {

/// What a message asks or tells, which decides what the upper flags of its header mean.
enum class message_operation : std::uint8_t {
  other,   ///< none of these: the upper flags have no names
  make,    ///< RTM_NEW…: NLM_F_REPLACE, EXCL, CREATE, APPEND
  remove,  ///< RTM_DEL…: NLM_F_NONREC, BULK
  get,     ///< RTM_GET…: NLM_F_ROOT, MATCH, ATOMIC, DUMP
  answer,  ///< NLMSG_ERROR, NLMSG_DONE: NLM_F_CAPPED, ACK_TLVS
};

/// The form of a message. A value.
struct message_form {
  std::string name;                                        ///< empty: unknown
  message_operation operation = message_operation::other;  ///< by name or type
  bool question = false;                                   ///< is answered with objects
  const structure_form* structure = nullptr;               ///< at the start of the payload
  std::size_t gap = 0;          ///< bytes behind it that have no form, before the attributes
  bool has_attributes = false;  ///< behind these
  const attribute_names* attributes = nullptr;  ///< nullptr: they have no names
};

/// A family of generic netlink. A value.
struct family_form {
  std::string name;        ///< "ovs_datapath"
  std::size_t header = 0;  ///< CTRL_ATTR_HDRSIZE: bytes of its own struct, behind genlmsghdr
};

/// Families of generic netlink by number.
using family_names = std::map<std::uint16_t, family_form>;

/// The form of a message by protocol, type and, where they decide, flags and payload.
[[nodiscard]] message_form form_of_message(int protocol, const message_view& message,
                                           const family_names& families);

/// "NLM_F_REQUEST|NLM_F_DUMP"; what has no name in hexadecimal.
[[nodiscard]] std::string flags_in_words(std::uint16_t flags, message_operation operation);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_MESSAGE_FORM_H_
