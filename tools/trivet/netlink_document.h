// An object of the kernel as a JSON value that can be compared with another: what `trivet netlink`
// prints, and how it finds out what has changed.
#ifndef TOOLS_TRIVET_NETLINK_DOCUMENT_H_
#define TOOLS_TRIVET_NETLINK_DOCUMENT_H_

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tools/trivet/json.h"

namespace trivet::tool {

/// A JSON value; the members of an object keep their order.
class document {
 public:
  using array = std::vector<document>;
  using member = std::pair<std::string, document>;
  using object = std::vector<member>;

  document() = default;  ///< null
  document(bool value) : value_(value) {}
  document(std::string value) : value_(std::move(value)) {}
  document(std::string_view value) : value_(std::string(value)) {}
  document(const char* value) : value_(std::string(value)) {}
  document(array value) : value_(std::move(value)) {}
  document(object value) : value_(std::move(value)) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) document(T value) : value_(static_cast<std::int64_t>(value)) {}

  /// The value of a member, or nullptr where this is no object or has none of that name.
  [[nodiscard]] const document* find(std::string_view name) const;

  [[nodiscard]] const object* as_object() const { return std::get_if<object>(&value_); }
  [[nodiscard]] const array* as_array() const { return std::get_if<array>(&value_); }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&value_); }

  void write(json_writer& json) const;

  /// For a line of text: "1500", "UP,LOWER_UP", "gateway 10.0.0.1 dev eth0".
  [[nodiscard]] std::string text() const;

  friend bool operator==(const document&, const document&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::string, array, object> value_;
};

/// Appends a member.
void put(document::object& object, std::string_view name, document value);

/// Appends a member, or nothing.
template <class T>
void put(document::object& object, std::string_view name, const std::optional<T>& value) {
  if (value) put(object, name, document(*value));
}

/// A member that two objects have different, or that one of them has not (null there).
struct document_change {
  std::string name;
  document before;
  document after;

  /// "mtu 1500 → 1400", "flags +UP -DORMANT".
  [[nodiscard]] std::string text() const;
};

/// What differs between two objects, in the order of `after`, then what it lacks.
[[nodiscard]] std::vector<document_change> changes_between(const document::object& before,
                                                           const document::object& after);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_DOCUMENT_H_
