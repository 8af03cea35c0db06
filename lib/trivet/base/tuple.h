// The text of addresses: tuples as Python's socket module documents and prints them.
//
//   tuple_reader in("inet", "('127.0.0.1', 80)");
//   std::string host = in.text("host");
//   auto port = in.number<std::uint16_t>("port");
//   in.end();                                   // every throw names the field
//
// Read: parentheses may be left out; a text field is quoted with ' or ", with Python's escapes
// and an optional b prefix, or a bare word; a number is decimal, hexadecimal (0x) or octal (0o),
// with a sign where the field allows one. The functions here are pure; any thread may call them.
#ifndef TRIVET_BASE_TUPLE_H_
#define TRIVET_BASE_TUPLE_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace trivet {

/// A named constant that may stand for a number in a tuple, as TIPC_ADDR_NAME does.
struct named_number {
  std::string_view name;  ///< "TIPC_ADDR_NAME"
  std::int64_t value;     ///< 2
};

/// Reads the fields of one tuple, in order. Throws address_error with the field's name.
/// Not shared between threads.
class tuple_reader {
 public:
  /// @param family  how errors name the family
  /// @param text    must outlive the reader
  /// Throws address_error where a parenthesis is not closed.
  tuple_reader(std::string_view family, std::string_view text);

  /// Whether there is another field.
  [[nodiscard]] bool more() const noexcept { return !rest_.empty(); }

  /// The next field as text, quotes and escapes resolved. Empty text has to be quoted.
  [[nodiscard]] std::string text(std::string_view field);

  /// The next field as an integer of T (at most 32 bits), by number or by a name of `names`.
  /// @param low, high  the range allowed, both ends included
  template <class T>
  [[nodiscard]] T number(std::string_view field, T low = std::numeric_limits<T>::min(),
                         T high = std::numeric_limits<T>::max()) {
    static_assert(std::is_integral_v<T> && sizeof(T) < sizeof(std::int64_t));
    return static_cast<T>(wide_number(field, low, high, {}, 0));
  }
  template <class T, std::size_t N>
  [[nodiscard]] T number(std::string_view field, const named_number (&names)[N],
                         T low = std::numeric_limits<T>::min(),
                         T high = std::numeric_limits<T>::max()) {
    static_assert(std::is_integral_v<T> && sizeof(T) < sizeof(std::int64_t));
    return static_cast<T>(wide_number(field, low, high, names, N));
  }

  /// Fails unless every field has been read.
  void end();

  /// Fails with a reason for a field.
  [[noreturn]] void fail(std::string_view field, std::string_view reason) const;

 private:
  struct token {
    std::string text;
    bool quoted;
  };
  token next(std::string_view field);
  std::string quoted_text(std::string_view field);
  void after_field(std::string_view field);
  std::int64_t wide_number(std::string_view field, std::int64_t low, std::int64_t high,
                           const named_number* names, std::size_t count);

  std::string_view family_;
  std::string_view rest_;
};

/// A text field as Python's repr() prints a str: quoted with ', escapes where needed. Bytes that
/// are no UTF-8, and characters that would steer a terminal or reorder the line, are printed byte
/// by byte as \xNN, which unescape() turns back into the same bytes.
[[nodiscard]] std::string quote_text(std::string_view text);

/// Bytes as Python's repr() prints them: b'\x00...'.
[[nodiscard]] std::string quote_bytes(std::string_view bytes);

/// Resolves Python's escapes (\\ \' \" \n \r \t \a \b \f \v \0-\377 \xNN). nullopt where one is
/// broken.
[[nodiscard]] std::optional<std::string> unescape(std::string_view text);

/// The length in bytes of the UTF-8 sequence at the front of `text`, or 0 where it is none.
[[nodiscard]] std::size_t utf8_sequence(std::string_view text) noexcept;

}  // namespace trivet

#endif  // TRIVET_BASE_TUPLE_H_
