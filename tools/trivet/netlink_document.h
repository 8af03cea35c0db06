// An object of the kernel as a JSON value that can be compared with another: what `trivet netlink`
// prints, and how it finds out what has changed.
#ifndef TOOLS_TRIVET_NETLINK_DOCUMENT_H_
#define TOOLS_TRIVET_NETLINK_DOCUMENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trivet::tool {

/// A JSON value; the members of an object keep their order.
class document {
 public:
  using array = std::vector<document>;
  using member = std::pair<std::string, document>;
  using object = std::vector<member>;

  document() = default;  ///< null
  explicit document(bool value) : value_(value) {}
  explicit document(std::int64_t value) : value_(value) {}
  explicit document(std::uint64_t value) : value_(value) {}
  explicit document(double value) : value_(value) {}
  explicit document(std::string value) : value_(std::move(value)) {}
  explicit document(array value) : value_(std::move(value)) {}
  explicit document(object value) : value_(std::move(value)) {}

  /// From JSON text. Null where it is none.
  [[nodiscard]] static document parse(const std::string& json);

  [[nodiscard]] const object* as_object() const { return std::get_if<object>(&value_); }
  [[nodiscard]] const array* as_array() const { return std::get_if<array>(&value_); }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&value_); }

  [[nodiscard]] object* as_object() { return std::get_if<object>(&value_); }

  /// As JSON.
  [[nodiscard]] std::string json() const;

  /// For a line of text: "1500", "UP,LOWER_UP", "gateway 10.0.0.1 dev eth0".
  [[nodiscard]] std::string text() const;

  /// Calls `what` with the value; std::monostate is null.
  template <class F>
  [[nodiscard]] decltype(auto) visit(const F& what) const {
    return std::visit(what, value_);
  }

  friend bool operator==(const document&, const document&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, array,
               object>
      value_;
};

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
