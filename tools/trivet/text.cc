#include "tools/trivet/text.h"

#include <fmt/core.h>

#include "trivet/base/tuple.h"

namespace trivet::tool {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// U+0080 to U+009F, which terminals obey as well.
bool is_c1_control(std::string_view sequence) {
  return sequence.size() == 2 && sequence[0] == '\xc2' &&
         static_cast<unsigned char>(sequence[1]) < 0xa0;
}

void append_escaped(std::string& text, std::string_view bytes) {
  for (const char c : bytes) {
    text += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
}

void append_control(std::string& text, char c) {
  switch (c) {
    case '\n':
      text += "\\n";
      return;
    case '\r':
      text += "\\r";
      return;
    case '\t':
      text += "\\t";
      return;
    default:
      append_escaped(text, {&c, 1});
  }
}

std::string escape(std::string_view bytes, bool keep_control) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t size = utf8_sequence(bytes);
    const std::string_view sequence = bytes.substr(0, size == 0 ? 1 : size);
    if (size == 0 || (!keep_control && is_c1_control(sequence))) {
      append_escaped(text, sequence);
    } else if (!keep_control && is_control(sequence[0])) {
      append_control(text, sequence[0]);
    } else {
      text += sequence;
    }
    bytes.remove_prefix(sequence.size());
  }
  return text;
}

}  // namespace

std::string printable(std::string_view bytes) { return escape(bytes, false); }

std::string valid_utf8(std::string_view bytes) { return escape(bytes, true); }

bool is_text(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const std::size_t size = utf8_sequence(bytes);
    if (size == 0 || is_c1_control(bytes.substr(0, size))) return false;
    const char c = bytes[0];
    if (is_control(c) && c != '\t' && c != '\n' && c != '\r') return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace trivet::tool
