// How values travel in attributes: numbers, texts, structs of the kernel, nests and lists of them.
//
//   attribute_codec<std::uint32_t>::decode(a, mtu)      // false: it is not of that kind
//   attribute_codec<std::uint32_t>::encode(out, IFLA_MTU, 1500)
//
// A row of a policy takes the codec of its member's type, unless it names another one (policy.h). A
// struct with a policy() of its own is a nest.
#ifndef TRIVET_NETLINK_ATTRIBUTE_CODEC_H_
#define TRIVET_NETLINK_ATTRIBUTE_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "trivet/netlink/attribute.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink {

/// How a value of type T travels in an attribute. Pure; static functions only.
///   bool decode(const attribute&, T&)                false: it is not of this kind
///   void encode(attribute_writer&, uint16_t type, const T&)
/// and, where they are needed:
///   bool decode(const attribute&, uint8_t family, T&)   of an object with a member `family`
///   bool equal(const T&, const T&)                   without it == or, of the kernel's structs,
///                                                    their bytes
///   value_form form; attribute_names names           how it reads: value_form.h
template <class T>
struct attribute_codec;

/// A number in network byte order, for rule<Member, big_endian_number>: the member is in host byte
/// order. NLA_F_NET_BYTEORDER is neither asked for nor set.
struct big_endian_number {
  static constexpr value_form form = netlink::form::big_endian;

  template <class T>
  requires std::is_unsigned_v<T>
  static bool decode(const attribute& a, T& into) noexcept {
    const std::optional<T> number = a.number<T>();
    if (number) into = big_endian(*number);
    return number.has_value();
  }
  template <class T>
  static void encode(attribute_writer& out, std::uint16_t type, T value) {
    out.value_big_endian(type, value);
  }
};

/// An attribute whose presence is the information, for rule<Member, presence>: the member is bool.
struct presence {
  static constexpr value_form form = netlink::form::presence;

  static bool decode(const attribute& a, bool& into) noexcept {
    into = true;
    return a.data.empty();
  }
  static void encode(attribute_writer& out, std::uint16_t type, bool value) {
    if (value) out.flag(type);
  }
};

/// A nest that is kept as it came; read_nest() and keep_nest() make a struct of it and back. A
/// value.
struct raw_nest {
  bool marked = true;           ///< NLA_F_NESTED
  std::vector<std::byte> data;  ///< its attributes, with their padding

  friend bool operator==(const raw_nest&, const raw_nest&) = default;
};

/// A struct with its own policy: a nest.
template <class T>
concept attribute_nest = requires {
  T::policy();
};

/// A number in host byte order, exactly as long as its type and not marked NLA_F_NET_BYTEORDER.
template <class T>
requires std::is_integral_v<T>
struct attribute_codec<T> {
  static bool decode(const attribute& a, T& into) noexcept {
    if (a.data.size() != sizeof(T) || a.network_order) return false;
    into = load_padded<T>(a.data);
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type, const T& value) {
    out.value(type, value);
  }
};

/// A struct of the kernel, which may have grown or shrunk. A value class of ours that is trivially
/// copyable has a full specialisation, which comes before this one.
template <class T>
requires std::is_class_v<T> && std::is_trivially_copyable_v<T> &&
    (!attribute_nest<T>)struct attribute_codec<T> {
  static_assert(std::has_unique_object_representations_v<T>);

  static bool decode(const attribute& a, T& into) noexcept {
    into = a.structure<T>();
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type, const T& value) {
    out.value(type, value);
  }
};

/// Text: read up to its zero byte or, without one, whole; written with one.
template <>
struct attribute_codec<std::string> {
  static bool decode(const attribute& a, std::string& into) {
    into = a.text();
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type, const std::string& value) {
    out.text(type, value);
  }
};

/// Bytes of any length.
template <>
struct attribute_codec<std::vector<std::byte>> {
  static bool decode(const attribute& a, std::vector<std::byte>& into) {
    into.assign(a.data.begin(), a.data.end());
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type,
                     const std::vector<std::byte>& value) {
    out.bytes(type, value);
  }
};

/// A nest whose content another attribute decides, as IFLA_INFO_DATA.
template <>
struct attribute_codec<raw_nest> {
  static bool decode(const attribute& a, raw_nest& into) {
    into = {a.nested, {a.data.begin(), a.data.end()}};
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type, const raw_nest& value) {
    out.bytes(static_cast<std::uint16_t>(type | (value.marked ? NLA_F_NESTED : 0)), value.data);
  }
};

/// A marked nest. One with a wrong length in it is none: the row then keeps its bytes in `others`.
template <attribute_nest T>
struct attribute_codec<T> {
  static bool decode(const attribute& a, T& into) {
    T nest{};
    if (!T::policy().decode(a.data, nest)) return false;
    into = std::move(nest);
    return true;
  }
  static void encode(attribute_writer& out, std::uint16_t type, const T& value) {
    out.nested(type, [&](attribute_writer& in) { T::policy().encode(in, value); });
  }
  static bool equal(const T& a, const T& b) { return T::policy().same_state(a, b); }
};

/// A nest that the kernel does not mark, for rule<Member, unmarked_nest>.
struct unmarked_nest {
  template <attribute_nest T>
  static bool decode(const attribute& a, T& into) {
    return attribute_codec<T>::decode(a, into);
  }
  template <attribute_nest T>
  static void encode(attribute_writer& out, std::uint16_t type, const T& value) {
    out.nested_unmarked(type, [&](attribute_writer& in) { T::policy().encode(in, value); });
  }
};

/// A nest of elements that all have the type `Element`, for rule<Member, list_of<Element, Codec>>:
/// the member is a vector. An element of another type makes the whole no list.
template <std::uint16_t Element, class Codec>
struct list_of {
  static constexpr value_form form = netlink::form::nest;

  template <class T>
  static bool decode(const attribute& a, std::vector<T>& into) {
    attribute_reader in(a.data);
    for (attribute element; in.next(element);) {
      T value{};
      if (element.type != Element || element.network_order) return false;
      if (!Codec::decode(element, value)) return false;
      into.push_back(std::move(value));
    }
    return !in.failed();
  }
  template <class T>
  static void encode(attribute_writer& out, std::uint16_t type, const std::vector<T>& value) {
    out.nested_unmarked(type, [&](attribute_writer& in) {
      for (const T& element : value) Codec::encode(in, Element, element);
    });
  }
};

/// Reads a nest that was kept as it came. @return nothing where a length in it was wrong
template <attribute_nest T>
[[nodiscard]] std::optional<T> read_nest(const raw_nest& kept) {
  T nest{};
  if (!T::policy().decode(kept.data, nest)) return std::nullopt;
  return nest;
}

/// Throws std::length_error: what was to be kept has an attribute of more than 64 KiB.
[[noreturn]] void throw_nest_too_long();

/// Writes a nest that is to be kept as bytes. Throws std::length_error where an attribute in it is
/// longer than 64 KiB.
template <attribute_nest T>
[[nodiscard]] raw_nest keep_nest(const T& value) {
  byte_buffer bytes;
  attribute_writer out(bytes);
  T::policy().encode(out, value);
  if (out.failed()) throw_nest_too_long();
  return {.data = bytes.to_vector()};
}

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ATTRIBUTE_CODEC_H_
