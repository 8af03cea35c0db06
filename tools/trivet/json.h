// JSON documents, written piece by piece.
//
//   json_writer json;
//   json.begin_object().member("from", sender).member("length", 12).end_object();
//   ctx.out.line(json.take());
//
// Text that is not valid UTF-8 still gives a valid document: text.h says how.
#ifndef TOOLS_TRIVET_JSON_H_
#define TOOLS_TRIVET_JSON_H_

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace trivet::tool {

/// Builds one JSON document in memory. Brackets must match; one thread.
class json_writer {
 public:
  json_writer();
  ~json_writer();
  json_writer(const json_writer&) = delete;
  json_writer& operator=(const json_writer&) = delete;

  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view(text)); }
  json_writer& value(double number);  ///< null where it is not finite
  json_writer& null();
  template <std::integral T>
  json_writer& value(T number) {
    if constexpr (std::same_as<T, bool>) {
      return boolean(number);
    } else if constexpr (std::signed_integral<T>) {
      return integer(static_cast<std::int64_t>(number));
    } else {
      return natural(static_cast<std::uint64_t>(number));
    }
  }

  /// A key and its value.
  template <class T>
  json_writer& member(std::string_view name, const T& what) {
    return key(name).value(what);
  }
  /// A key and its value, or nothing at all.
  template <class T>
  json_writer& member(std::string_view name, const std::optional<T>& what) {
    return what ? member(name, *what) : *this;
  }

  /// Hands over the document, without a newline, and starts the next one.
  [[nodiscard]] std::string take();

 private:
  json_writer& boolean(bool value);
  json_writer& integer(std::int64_t value);
  json_writer& natural(std::uint64_t value);

  struct state;  // keeps RapidJSON's headers out of every noun
  std::unique_ptr<state> state_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_JSON_H_
