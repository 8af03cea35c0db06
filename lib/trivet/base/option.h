// Socket options as types: the level, the name, the value's type and the directions that the
// kernel offers are parts of the type, so that what cannot work does not compile.
//
//   socket.set(so::rcvbuf{1 << 20});
//   int bytes = socket.get<so::rcvbuf>();
//   socket.get<so::rcvbufforce>();        // does not compile: the kernel only sets it
//
// The options themselves are grouped by level: so.h (SOL_SOCKET) and each family's option.h.
#ifndef TRIVET_BASE_OPTION_H_
#define TRIVET_BASE_OPTION_H_

#include <sys/socket.h>
#include <sys/time.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include "trivet/base/bytes.h"

namespace trivet {

/// The directions in which the kernel offers an option.
enum class option_access { get, set, get_set };

/// An option without a value, set by naming it (SO_DETACH_FILTER).
struct no_value {};

/// One socket option. Derive a struct from it for each. A value; freely shared.
/// @tparam Value  the type that the caller sees; option_codec<Value> turns it into bytes
///
/// A member `std::error_code check() const noexcept` refuses, before the kernel is asked, what the
/// kernel would take for something else.
template <int Level, int Name, class Value, option_access Access>
struct socket_option {
  static constexpr int level = Level;
  static constexpr int name = Name;
  static constexpr option_access access = Access;
  using value_type = Value;

  Value value;
};

/// What an option has: see socket_option.
template <class O>
concept any_option = requires {
  { O::level } -> std::convertible_to<int>;
  { O::name } -> std::convertible_to<int>;
  typename O::value_type;
};

/// An option that getsockopt(2) answers.
template <class O>
concept gettable_option = any_option<O> && O::access != option_access::set;

/// An option that setsockopt(2) takes.
template <class O>
concept settable_option = any_option<O> && O::access != option_access::get;

/// An option that says itself which values the kernel would misread.
template <class O>
concept checked_option = requires(const O& option) {
  { option.check() }
  noexcept->std::same_as<std::error_code>;
};

/// How a value travels. The primary template is for the kernel's own integers and structs;
/// a shorter answer from an older kernel leaves the rest zero. Pure; any thread.
///   capacity  bytes of scratch for encode and of room for decode
///   grows     whether an answer may be longer than that
///   encode    must not throw
template <class Value>
struct option_codec {
  static_assert(std::is_trivially_copyable_v<Value>);
  static constexpr std::size_t capacity = sizeof(Value);
  static constexpr bool grows = false;
  static const_bytes encode(const Value& value, mutable_bytes) noexcept {
    return std::as_bytes(std::span<const Value, 1>(&value, 1));
  }
  static Value decode(const_bytes bytes) noexcept { return load_padded<Value>(bytes); }
};

/// A switch: an int that is 0 or 1.
template <>
struct option_codec<bool> {
  static constexpr std::size_t capacity = sizeof(int);
  static constexpr bool grows = false;
  static const_bytes encode(const bool& value, mutable_bytes scratch) noexcept {
    const int number = value ? 1 : 0;
    std::memcpy(scratch.data(), &number, sizeof number);
    return scratch.first(sizeof number);
  }
  static bool decode(const_bytes bytes) noexcept { return load_padded<int>(bytes) != 0; }
};

/// Nothing: (NULL, 0).
template <>
struct option_codec<no_value> {
  static constexpr std::size_t capacity = 0;
  static constexpr bool grows = false;
  static const_bytes encode(const no_value&, mutable_bytes) noexcept { return {}; }
};

/// A time: struct timeval. Zero means none.
template <>
struct option_codec<std::chrono::microseconds> {
  static constexpr std::size_t capacity = sizeof(::timeval);
  static constexpr bool grows = false;
  static const_bytes encode(const std::chrono::microseconds& value,
                            mutable_bytes scratch) noexcept {
    const ::timeval time{value.count() / 1'000'000, value.count() % 1'000'000};
    std::memcpy(scratch.data(), &time, sizeof time);
    return scratch.first(sizeof time);
  }
  static std::chrono::microseconds decode(const_bytes bytes) noexcept {
    const auto time = load_padded<::timeval>(bytes);
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  }
};

/// Text, its terminator not counted.
template <>
struct option_codec<std::string> {
  static constexpr std::size_t capacity = 256;
  static constexpr bool grows = true;
  static const_bytes encode(const std::string& value, mutable_bytes) noexcept {
    return bytes_of(value);
  }
  static std::string decode(const_bytes bytes) {
    const std::string_view text = text_of(bytes);
    return std::string(text.substr(0, text.find('\0')));
  }
};

/// A list of the kernel's values.
template <class Element>
struct option_codec<std::vector<Element>> {
  static_assert(std::is_trivially_copyable_v<Element>);
  static constexpr std::size_t capacity = 64 * sizeof(Element);
  static constexpr bool grows = true;
  static const_bytes encode(const std::vector<Element>& value, mutable_bytes) noexcept {
    return std::as_bytes(std::span(value));
  }
  static std::vector<Element> decode(const_bytes bytes) {
    std::vector<Element> list(bytes.size() / sizeof(Element));
    if (!list.empty()) std::memcpy(list.data(), bytes.data(), list.size() * sizeof(Element));
    return list;
  }
};

}  // namespace trivet

#endif  // TRIVET_BASE_OPTION_H_
