// Objects as `ip` shows them: one description of an object gives its text and its JSON.
//
//   show_writer out(ctx.out, ctx.paint, show_form::text);
//   out.begin();
//   for (…) {
//     out.open();
//     out.string("dst", "", "10.0.0.0/24");           // 10.0.0.0/24      {"dst":"10.0.0.0/24",
//     out.number("metric", "metric ", 7);             // metric 7         "metric":7}
//     out.close_line();
//   }
//   out.end();
//
// Everything goes through one buffer that is used again for each object, so that a million of them
// cost no memory. Values are printed as text.h says: no name can harm a terminal or the document.
#ifndef TOOLS_TRIVET_SHOW_WRITER_H_
#define TOOLS_TRIVET_SHOW_WRITER_H_

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tools/trivet/output.h"
#include "tools/trivet/palette.h"

namespace trivet::tool {

/// What becomes of an object.
enum class show_form {
  text,      ///< lines, as `ip` prints them
  one_line,  ///< a backslash where the text of an object begins a new line: `ip -o`
  flowing,   ///< one line, and nothing but a space between words: for a line of something else
  json,
  pretty_json,  ///< the same document, indented
};

/// What stands behind a text in a column of a width: blanks, one at least.
[[nodiscard]] std::string column_end(std::string_view text, std::size_t width);

/// Writes objects one after the other. One thread.
class show_writer {
 public:
  /// Into an output, whenever some have come together and at end().
  show_writer(output& out, const palette& paint, show_form form)
      : out_(&out), paint_(paint), form_(form) {}
  /// Into a text, which take() hands over.
  show_writer(const palette& paint, show_form form) : paint_(paint), form_(form) {}

  [[nodiscard]] bool json() const noexcept {
    return form_ == show_form::json || form_ == show_form::pretty_json;
  }

  /// What has been written since the last call, without blanks at its end.
  [[nodiscard]] std::string take();
  /// How what follows is written; nothing may be half written.
  void change(show_form form) noexcept { form_ = form; }

  /// The array around all objects.
  void begin() { open_list(); }
  void end() {
    if (!json()) return flush();
    close_list();
    buffer_ += '\n';
    flush();
  }

  // JSON only: objects and arrays, by key or, inside an array, without.
  void open(std::string_view key = {}) { bracket(key, '{'); }
  void open_list(std::string_view key = {}) { bracket(key, '['); }
  void close() { unbracket('}'); }
  void close_list() { unbracket(']'); }

  /// The end of an object of the outermost array, or of its line.
  void close_line() {
    text("\n");
    close_object();
  }
  /// The end of an object of the outermost array whose text has ended its last line itself.
  void close_object() {
    close();
    if (buffer_.size() >= hand_over) flush();
  }

  // Text only.
  void text(std::string_view words) {
    if (!json()) put_words(words);
  }
  /// A new line within an object.
  void line_break() { text(form_ == show_form::one_line ? "\\" : "\n"); }
  /// Right-aligned, and a space.
  void column(std::uint64_t value, std::size_t width);

  // JSON only.
  void member(std::string_view key, std::string_view value) {
    if (json()) json_string(key, value);
  }
  void member(std::string_view key, const char* value) { member(key, std::string_view(value)); }
  template <std::integral T>
  void member(std::string_view key, T value) {
    if (!json()) return;
    name(key);
    if constexpr (std::same_as<T, bool>) {
      buffer_ += value ? "true" : "false";
    } else {
      digits(value);
    }
  }
  void null(std::string_view key) {
    if (!json()) return;
    name(key);
    buffer_ += "null";
  }
  /// A number as it is to stand in the document: "1.50".
  void literal(std::string_view key, std::string_view value) {
    if (!json()) return;
    name(key);
    buffer_ += value;
  }

  // Both: in text the value between two pieces of text.
  template <std::integral T>
  requires(!std::same_as<T, bool>) void number(std::string_view key, std::string_view before,
                                               T value, std::string_view after = " ") {
    if (json()) {
      name(key);
      digits(value);
    } else {
      put_words(before);
      digits(value);
      put_words(after);
    }
  }
  void string(std::string_view key, std::string_view before, std::string_view value,
              std::string_view after = " ") {
    if (json()) {
      json_string(key, value);
    } else {
      put_words(before);
      put_printable(value);
      put_words(after);
    }
  }
  void painted(ink color, std::string_view key, std::string_view before, std::string_view value,
               std::string_view after = " ");
  /// The same for text of our own making, which needs no look at each character: an address.
  void plain(ink color, std::string_view key, std::string_view before, std::string_view value,
             std::string_view after = " ") {
    if (json()) {
      name(key);
      buffer_ += '"';
      buffer_ += value;
      buffer_ += '"';
    } else if (paint_.enabled()) {
      painted(color, key, before, value, after);
    } else {
      put_words(before);
      buffer_ += value;
      put_words(after);
    }
  }
  /// true, or words; nothing where it is not so.
  void yes(std::string_view key, std::string_view words, bool is = true) {
    if (!is) return;
    if (json()) {
      member(key, true);
    } else {
      put_words(words);
    }
  }
  /// true or false; "on" or "off".
  void on_off(std::string_view key, std::string_view before, bool is, std::string_view after = " ");
  /// "0x1f", in JSON as a string.
  void hexadecimal(std::string_view key, std::string_view before, std::uint64_t value,
                   std::string_view after = " ");

 private:
  static constexpr std::size_t hand_over = std::size_t{48} << 10;

  void flush() {
    if (out_ == nullptr) return;
    out_->write(buffer_);
    buffer_.clear();
  }
  void put_words(std::string_view words) {
    if (form_ == show_form::flowing) {
      flow(words);
    } else {
      buffer_ += words;
    }
  }
  void flow(std::string_view words);
  void bracket(std::string_view key, char opening) {
    if (!json()) return;
    name(key);
    buffer_ += opening;
    first_ = true;
    ++depth_;
  }
  void unbracket(char closing) {
    if (!json()) return;
    --depth_;
    if (!first_) indent();
    buffer_ += closing;
    first_ = false;
  }
  // Where an indented document begins a new line.
  void indent() {
    if (form_ == show_form::pretty_json) buffer_.append(1, '\n').append(depth_ * 2, ' ');
  }
  // Keys are ours and need no escapes.
  void name(std::string_view key) {
    if (!first_) buffer_ += ',';
    first_ = false;
    if (depth_ > 0) indent();
    if (key.empty()) return;
    buffer_ += '"';
    buffer_ += key;
    buffer_ += form_ == show_form::pretty_json ? "\": " : "\":";
  }
  template <std::integral T>
  void digits(T value) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    buffer_.append(text, static_cast<std::size_t>(end - text));
  }
  void json_string(std::string_view key, std::string_view value);
  void put_printable(std::string_view value);

  output* out_ = nullptr;
  palette paint_;
  show_form form_;
  bool first_ = true;
  std::size_t depth_ = 0;  // of brackets
  std::string buffer_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SHOW_WRITER_H_
