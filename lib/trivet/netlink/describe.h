// A netlink message as a tree of what it says: every struct, attribute and value by name, at its
// offset. Pure: bytes in, a tree out; no socket, no printing.
//
//   describer words;
//   for (const message_description& m : words.describe_datagram(NETLINK_ROUTE, datagram)) {
//     … m.name ("RTM_NEWLINK"), m.flags, m.parts …
//   }
//
// No length is trusted, nothing is dropped and nothing is guessed: what has no name keeps its
// number and its bytes, and where a length is wrong, a node says so and the reading goes on behind
// it.
//
// Not here: which request a message answers (conversation.h).
#ifndef TRIVET_NETLINK_DESCRIBE_H_
#define TRIVET_NETLINK_DESCRIBE_H_

#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/netlink/message_form.h"

namespace trivet::netlink {

/// What a node stands for.
enum class node_kind : std::uint8_t {
  structure,  ///< a struct: its members are the children
  member,     ///< of a struct, or a property of an event
  attribute,  ///< struct nlattr
  element,    ///< of an array: a hop, a struct, a number
  bytes,      ///< what has no form
  flaw,       ///< what is wrong here, in `meaning`
};

/// What a node says: nothing where a value has no type, or has children instead.
using node_value = std::variant<std::monostate, std::uint64_t, std::int64_t, std::string>;

/// A piece of a message. A value.
struct node {
  node_kind kind = node_kind::bytes;  ///< says which of the others count
  std::size_t offset = 0;             ///< bytes from the message's header
  std::size_t size = 0;               ///< bytes, with the header of an attribute, without padding
  std::optional<std::uint16_t> type;  ///< of an attribute, without the two flags; of an element,
                                      ///< its place
  bool nested = false;                ///< NLA_F_NESTED
  bool network_order = false;         ///< NLA_F_NET_BYTEORDER
  std::string name;                   ///< "IFLA_MTU", "ifi_index"; empty: unknown
  node_value value;                   ///< in host byte order; addresses as text
  bool quoted = false;                ///< the value is text out of the message, not of our making
  std::string meaning;         ///< a number's name, or those of its flags; of a flaw, what is wrong
  std::vector<std::byte> raw;  ///< the payload, where neither value nor children tell it
  std::vector<node> children;  ///< in the order of their offsets
};

/// A message. A value.
struct message_description {
  int protocol = 0;          ///< NETLINK_ROUTE …
  bool other_order = false;  ///< its length is one in the other byte order: nothing of it is read
  bool framed = true;        ///< false: there is no struct nlmsghdr, as in device events
  ::nlmsghdr header{};       ///< zero where it is not framed
  std::size_t offset = 0;    ///< in the datagram
  std::string name;          ///< "RTM_NEWLINK", "nlctrl CTRL_CMD_GETFAMILY"; "type 77"
  bool known = false;        ///< whether that is a name
  std::string flags;         ///< "NLM_F_REQUEST|NLM_F_ACK"; empty: none
  std::vector<node> parts;   ///< behind the header: a struct, attributes, flaws

  /// Whether a length in it is wrong.
  [[nodiscard]] bool flawed() const noexcept;
};

/// Describes messages. It learns the names of generic netlink families from what it is shown.
/// Not shared between threads while it learns.
class describer {
 public:
  /// A family of generic netlink.
  /// @param header  bytes of its own struct, which stands before the attributes
  void learn(std::uint16_t family, std::string name, std::size_t header = 0) {
    families_[family] = {std::move(name), header};
  }

  /// The families that a message of the controller tells of; others are passed over.
  void learn(int protocol, const_bytes message);

  /// What it has learned.
  [[nodiscard]] const family_names& families() const noexcept { return families_; }

  /// One message, from its header on. A header that claims another length is a flaw.
  [[nodiscard]] message_description describe(int protocol, const_bytes message) const;

  /// All messages of a datagram, in order. What is left over behind the last one is a message
  /// without a name, with a flaw.
  [[nodiscard]] std::vector<message_description> describe_datagram(int protocol,
                                                                   const_bytes datagram) const;

 private:
  family_names families_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_DESCRIBE_H_
