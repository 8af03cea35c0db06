// The body of a message as nodes: a struct, and attributes to their full depth. For describe.cc and
// describe_answer.cc.
#ifndef TRIVET_NETLINK_DESCRIBE_BODY_H_
#define TRIVET_NETLINK_DESCRIBE_BODY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/describe.h"
#include "trivet/netlink/message_form.h"

namespace trivet::netlink {

/// Describes pieces of one message. No length in it is trusted. One thread.
class body_describer {
 public:
  /// @param message  from its header on; outlives it
  /// @param family   of the message: addresses are of it
  body_describer(const_bytes message, std::uint8_t family) : message_(message), family_(family) {}

  /// A struct, then attributes.
  /// @param start, end  where they are in the message, in bytes
  /// @param structure   nullptr: there is none
  /// @param names       nullptr: the attributes have no names
  /// @param depth       in how many nests it is
  void body(std::vector<node>& into, std::size_t start, std::size_t end,
            const structure_form* structure, bool has_attributes, const attribute_names* names,
            int depth) const;

  /// What is behind the header of a message of that form.
  void message(std::vector<node>& into, std::size_t start, std::size_t end,
               const message_form& form) const;

  /// Attributes alone.
  void attributes(std::vector<node>& into, std::size_t start, std::size_t end,
                  const attribute_names* names, int depth) const;

 private:
  [[nodiscard]] const_bytes bytes(std::size_t start, std::size_t end) const {
    return message_.subspan(start, end - start);
  }
  [[nodiscard]] node one(std::size_t at, std::size_t length, std::uint16_t raw_type,
                         const attribute_name& name, int depth) const;
  void inside(std::vector<node>& into, std::size_t start, std::size_t end,
              const attribute_names* names, int depth) const;
  void hops(std::vector<node>& into, std::size_t start, std::size_t end,
            const attribute_names& names, int depth) const;

  const_bytes message_;
  std::uint8_t family_;
};

/// What is wrong at an offset, with the bytes that cannot be read.
[[nodiscard]] node flaw_node(std::size_t at, const_bytes bytes, std::string what);

/// Bytes that have no form.
[[nodiscard]] node bytes_node(std::size_t at, const_bytes bytes);

/// A member of a struct, or a property of an event.
/// @param meaning  its number's name
[[nodiscard]] node member_node(std::string name, std::size_t at, std::size_t size, node_value value,
                               std::string meaning = {});

/// The family that a body begins with; 0 where it is empty.
[[nodiscard]] std::uint8_t family_of_body(const_bytes payload) noexcept;

/// "1 byte", "7 bytes".
[[nodiscard]] std::string bytes_in_words(std::size_t count);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_DESCRIBE_BODY_H_
