// How a value reads: what a payload or a member of a struct is, and what its numbers are called.
// The rows of policies carry it (policy.h); whoever describes messages uses it.
//
//   constexpr value_name states[] = {{0, "UNKNOWN"}, {6, "UP"}};
//   constexpr value_names operstates{"IF_OPER_", states};
//   rule<&link::operstate>(IFLA_OPERSTATE, "operstate").as(form::number_of(operstates))
//
// Names are those of the kernel's headers, in two pieces. Not here: the words of ip(8).
#ifndef TRIVET_NETLINK_VALUE_FORM_H_
#define TRIVET_NETLINK_VALUE_FORM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace trivet::netlink {

/// What a value is.
enum class value_kind : std::uint8_t {
  unknown,           ///< nobody says
  presence,          ///< no bytes
  number,            ///< unsigned, of 1, 2, 4 or 8 bytes
  signed_number,     ///< likewise
  text,              ///< up to its zero byte
  bytes,             ///< bytes that mean nothing by themselves
  address,           ///< of the message's family; where it has another length, by that
  hardware_address,  ///< of a link
  socket_name,       ///< of AF_UNIX: a path, or a zero byte and more
  labels,            ///< of MPLS, whatever the message's family
  family_address,    ///< a family of 16 bits, then an address: struct rtvia
  structure,         ///< members
  numbers,           ///< an array of numbers, each with a name of its own
  nest,              ///< attributes
};

/// A number's name. Of flags the number is the bits.
struct value_name {
  std::uint64_t value;    ///< as the kernel has it, in host byte order
  std::string_view name;  ///< "UP" of IF_OPER_UP
};

/// The names of numbers that belong together. A value; freely shared.
struct value_names {
  std::string_view prefix;           ///< "IF_OPER_"
  std::span<const value_name> list;  ///< of flags, those of several bits before their parts
  bool flags = false;                ///< several at once

  /// "IF_OPER_UP"; of flags "IFF_UP|IFF_BROADCAST|0x8000"; empty where nothing has a name.
  [[nodiscard]] std::string operator()(std::uint64_t value) const;
};

/// "0x1f".
[[nodiscard]] std::string hexadecimal(std::uint64_t value);

struct structure_form;

/// How the bytes of a value read. A value; freely shared.
struct value_form {
  value_kind kind = value_kind::unknown;      ///< which of the others count
  bool big_endian = false;                    ///< of a number
  bool repeated = false;                      ///< an array of it, to the end of the bytes
  std::uint8_t width = 0;                     ///< of numbers: bytes of each
  const value_names* names = nullptr;         ///< of a number, or of the places in numbers
  const structure_form* structure = nullptr;  ///< of a structure
};

/// A member of a struct.
struct value_field {
  std::string_view name;  ///< as in the header: "ifi_index"
  std::size_t offset;     ///< bytes from the start of the struct
  std::size_t size;       ///< bytes
  value_form form;        ///< how they read
};

/// A struct of the kernel. Members that only fill are left out.
struct structure_form {
  std::string_view name;                ///< "ifinfomsg"
  std::size_t size;                     ///< bytes, as the headers have it that this was built with
  std::span<const value_field> fields;  ///< by offset
};

/// Forms, ready-made: each is the kind of its name.
namespace form {

/// The kinds that nothing more has to be said of.
inline constexpr value_form presence{.kind = value_kind::presence};
inline constexpr value_form number{.kind = value_kind::number};
inline constexpr value_form signed_number{.kind = value_kind::signed_number};
inline constexpr value_form big_endian{.kind = value_kind::number, .big_endian = true};
inline constexpr value_form text{.kind = value_kind::text};
inline constexpr value_form bytes{.kind = value_kind::bytes};
inline constexpr value_form address{.kind = value_kind::address};
inline constexpr value_form hardware_address{.kind = value_kind::hardware_address};
inline constexpr value_form labels{.kind = value_kind::labels};
inline constexpr value_form socket_name{.kind = value_kind::socket_name};
inline constexpr value_form family_address{.kind = value_kind::family_address};
inline constexpr value_form nest{.kind = value_kind::nest};

/// A number with names. @param names  outlives the form; so with those that follow
[[nodiscard]] constexpr value_form number_of(const value_names& names, bool network_order = false) {
  return {.kind = value_kind::number, .big_endian = network_order, .names = &names};
}
/// A struct, of which the bytes may be fewer or more.
[[nodiscard]] constexpr value_form structure(const structure_form& what) {
  return {.kind = value_kind::structure, .structure = &what};
}
/// One struct behind the other, to the end of the bytes.
[[nodiscard]] constexpr value_form array_of(const structure_form& what) {
  return {.kind = value_kind::structure, .repeated = true, .structure = &what};
}
/// One number behind the other. @param width  bytes of each; @param places  their names, from 0
[[nodiscard]] constexpr value_form numbers(std::uint8_t width, const value_names& places) {
  return {.kind = value_kind::numbers, .width = width, .names = &places};
}

}  // namespace form

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_VALUE_FORM_H_
