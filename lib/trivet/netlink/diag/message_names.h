// What the messages of sock_diag are called, and what they are made of.
#ifndef TRIVET_NETLINK_DIAG_MESSAGE_NAMES_H_
#define TRIVET_NETLINK_DIAG_MESSAGE_NAMES_H_

#include <cstdint>

#include "trivet/base/bytes.h"
#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink::diag {

/// SOCK_DIAG_BY_FAMILY and so on. Source: sock_diag(7)
[[nodiscard]] const value_names& message_names() noexcept;

/// What a message is made of; both null where the family is not known. A value.
struct message_parts {
  const structure_form* structure = nullptr;    ///< none: sockets of AF_TIPC are attributes alone
  const attribute_names* attributes = nullptr;  ///< those of questions have few
};

/// The parts of a message by its family, the first byte of the payload. Thread-safe.
/// @param type      SOCK_DIAG_BY_FAMILY, or one of the old types by protocol
/// @param question  NLM_F_REQUEST
[[nodiscard]] message_parts parts_of_message(std::uint16_t type, bool question,
                                             const_bytes payload);

}  // namespace trivet::netlink::diag

#endif  // TRIVET_NETLINK_DIAG_MESSAGE_NAMES_H_
