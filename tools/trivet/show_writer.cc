#include "tools/trivet/show_writer.h"

// The whole of it: format_to() has another name by clang than in the library, which gcc built.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

// What needs no care, on a terminal or in JSON: nearly every name there is.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

void append_json(std::string& out, std::string_view text) {
  for (const char c : valid_utf8(text)) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string column_end(std::string_view text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() + 1 : 1, ' ');
}

std::string show_writer::take() {
  std::string text = std::move(buffer_);
  buffer_.clear();
  first_ = true;
  depth_ = 0;
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

void show_writer::flow(std::string_view words) {
  for (const char c : words) {
    if (c != ' ' && c != '\t' && c != '\n') {
      buffer_ += c;
    } else if (!buffer_.empty() && buffer_.back() != ' ') {
      buffer_ += ' ';
    }
  }
}

void show_writer::json_string(std::string_view key, std::string_view value) {
  name(key);
  buffer_ += '"';
  if (is_plain(value)) {
    buffer_ += value;
  } else {
    append_json(buffer_, value);
  }
  buffer_ += '"';
}

void show_writer::put_printable(std::string_view value) {
  if (is_plain(value)) {
    buffer_ += value;
  } else {
    buffer_ += printable(value);
  }
}

void show_writer::painted(ink color, std::string_view key, std::string_view before,
                          std::string_view value, std::string_view after) {
  if (json()) {
    json_string(key, value);
    return;
  }
  put_words(before);
  if (paint_.enabled()) {
    buffer_ += paint_(color, printable(value));
  } else {
    put_printable(value);
  }
  put_words(after);
}

void show_writer::on_off(std::string_view key, std::string_view before, bool is,
                         std::string_view after) {
  if (json()) {
    member(key, is);
  } else {
    string(key, before, is ? "on" : "off", after);
  }
}

void show_writer::hexadecimal(std::string_view key, std::string_view before, std::uint64_t value,
                              std::string_view after) {
  string(key, before, value == 0 ? "0" : fmt::format("{:#x}", value), after);
}

void show_writer::column(std::uint64_t value, std::size_t width) {
  if (!json()) fmt::format_to(std::back_inserter(buffer_), "{:>{}} ", value, width);
}

}  // namespace trivet::tool
