#include "trivet/base/tuple.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "trivet/base/error.h"

namespace trivet {
namespace {

constexpr std::string_view white = " \t\n";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// The number of base `base` at the front of `text`, at most `most` digits; its digits are removed.
std::optional<unsigned> take_digits(std::string_view& text, int base, std::size_t least,
                                    std::size_t most) {
  unsigned value = 0;
  std::size_t count = 0;
  while (count < most && count < text.size() && digit_value(text[count]) < base) {
    value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit_value(text[count]));
    ++count;
  }
  if (count < least || value > 0xff) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

// Beyond 64 bits the nearest end counts: no field is that wide, so that it is out of range still.
std::optional<std::int64_t> to_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) base = 16;
  if (text.starts_with("0o") || text.starts_with("0O")) base = 8;
  if (base != 10) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const bool huge = error != std::errc() || value > static_cast<std::uint64_t>(most);
  const std::int64_t size = huge ? most : static_cast<std::int64_t>(value);
  return negative ? -size : size;
}

// Appends one character as Python's repr() would, `quote` being the quote in use.
void append_escaped(std::string& out, unsigned char c, char quote) {
  switch (c) {
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (c == static_cast<unsigned char>(quote)) {
        out += '\\';
        out += quote;
      } else if (c < 0x20 || c >= 0x7f) {
        out += fmt::format("\\x{:02x}", c);
      } else {
        out += static_cast<char>(c);
      }
  }
}

// Whether a character that is no ASCII changes how what follows is shown: the control characters
// U+0080 to U+009F, line and paragraph separators, marks and overrides of the writing direction,
// and what takes no room. Source: the Unicode standard, 23.2 and the bidirectional algorithm (UAX
// #9)
bool steers(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
  if (character.size() != 3) return false;
  const unsigned last = byte(2);
  if (byte(0) == 0xef) return byte(1) == 0xbb && last == 0xbf;  // U+FEFF
  if (byte(0) != 0xe2) return false;
  if (byte(1) == 0x80) return (last >= 0x8b && last <= 0x8f) || (last >= 0xa8 && last <= 0xae);
  return byte(1) == 0x81 && last >= 0xa0 && last <= 0xaf;  // U+2060 to U+206F
}

// Python prefers ' and takes " where the text holds ' and no ".
char quote_for(std::string_view text) {
  return text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos
             ? '"'
             : '\'';
}

}  // namespace

tuple_reader::tuple_reader(std::string_view family, std::string_view text)
    : family_(family), rest_(trim(text)) {
  if (rest_.starts_with('(')) {
    if (!rest_.ends_with(')') || rest_.size() < 2) fail("tuple", "')' is missing at the end");
    rest_ = trim(rest_.substr(1, rest_.size() - 2));
  }
}

void tuple_reader::fail(std::string_view field, std::string_view reason) const {
  throw address_error::in_field(family_, field, reason);
}

std::string tuple_reader::quoted_text(std::string_view field) {
  if (rest_.front() == 'b') rest_.remove_prefix(1);
  const char quote = rest_.front();
  std::size_t end = 1;
  while (end < rest_.size() && rest_[end] != quote) end += rest_[end] == '\\' ? 2 : 1;
  if (end >= rest_.size()) fail(field, fmt::format("the closing {} is missing", quote));
  auto value = unescape(rest_.substr(1, end - 1));
  if (!value)
    fail(field, "an escape is broken; allowed are \\\\ \\' \\\" \\n \\r \\t \\0 and \\xNN");
  rest_.remove_prefix(end + 1);
  return std::move(*value);
}

void tuple_reader::after_field(std::string_view field) {
  rest_ = trim(rest_);
  if (rest_.empty()) return;
  if (rest_.front() != ',') fail(field, fmt::format("',' expected before {}", quote_text(rest_)));
  rest_ = trim(rest_.substr(1));  // Python allows one comma at the end
}

tuple_reader::token tuple_reader::next(std::string_view field) {
  if (rest_.empty()) fail(field, "is missing");
  const bool quoted = rest_.front() == '\'' || rest_.front() == '"' || rest_.starts_with("b'") ||
                      rest_.starts_with("b\"");
  token result{{}, quoted};
  if (quoted) {
    result.text = quoted_text(field);
  } else {
    const auto comma = rest_.find(',');
    result.text = trim(rest_.substr(0, comma));
    if (result.text.empty()) fail(field, "is missing; empty text is written ''");
    rest_.remove_prefix(std::min(comma, rest_.size()));
  }
  after_field(field);
  return result;
}

std::string tuple_reader::text(std::string_view field) { return next(field).text; }

std::int64_t tuple_reader::wide_number(std::string_view field, std::int64_t low, std::int64_t high,
                                       const named_number* names, std::size_t count) {
  const token word = next(field);
  if (word.quoted)
    fail(field, fmt::format("{} is text; a number belongs here", quote_text(word.text)));
  std::optional<std::int64_t> value = to_integer(word.text);
  for (std::size_t i = 0; i < count && !value; ++i) {
    if (names[i].name == word.text) value = names[i].value;
  }
  if (!value) {
    std::string known;
    for (std::size_t i = 0; i < count; ++i)
      known += fmt::format("{}{}", i ? ", " : "; names: ", names[i].name);
    fail(field, fmt::format("{} is no number{}", quote_text(word.text), known));
  }
  if (*value < low || *value > high) {
    fail(field, fmt::format("{} is not in {} to {}", word.text, low, high));
  }
  return *value;
}

void tuple_reader::end() {
  if (!rest_.empty()) fail("tuple", fmt::format("{} is one field too many", quote_text(rest_)));
}

std::string quote_text(std::string_view text) {
  const char quote = quote_for(text);
  std::string out(1, quote);
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const std::size_t length = c < 0x80 ? 0 : utf8_sequence(text);
    if (length > 0 && steers(text.substr(0, length))) {
      for (const char byte : text.substr(0, length)) {
        append_escaped(out, static_cast<unsigned char>(byte), quote);
      }
      text.remove_prefix(length);
    } else if (length > 0) {
      out += text.substr(0, length);
      text.remove_prefix(length);
    } else {
      append_escaped(out, c, quote);
      text.remove_prefix(1);
    }
  }
  return out += quote;
}

std::string quote_bytes(std::string_view bytes) {
  const char quote = quote_for(bytes);
  std::string out{'b', quote};
  for (const char c : bytes) append_escaped(out, static_cast<unsigned char>(c), quote);
  return out += quote;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\') {
      out += c;
      continue;
    }
    if (text.empty()) return std::nullopt;
    constexpr std::string_view names = "\\'\"nrtabfv";
    constexpr std::string_view values = "\\'\"\n\r\t\a\b\f\v";
    const auto simple = names.find(text.front());
    std::optional<unsigned> code;
    if (simple != std::string_view::npos) {
      text.remove_prefix(1);
      out += values[simple];
      continue;
    }
    if (text.front() == 'x') {
      text.remove_prefix(1);
      code = take_digits(text, 16, 2, 2);
    } else {
      code = take_digits(text, 8, 1, 3);
    }
    if (!code) return std::nullopt;
    out += static_cast<char>(*code);
  }
  return out;
}

std::size_t utf8_sequence(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) ||
      (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f)) {
    return 0;
  }
  return length;
}

}  // namespace trivet
