#include "tools/trivet/socket_input.h"

#include <fmt/core.h>

#include <charconv>

#include "tools/trivet/failure.h"
#include "tools/trivet/input_file.h"

namespace trivet::tool {
namespace {

constexpr std::size_t longest_message = std::size_t{16} << 20;

std::string names_of(std::span<const named_value> values) {
  std::string names;
  for (const named_value& value : values) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", value.name);
  }
  return names;
}

const named_value* find(std::span<const named_value> values, std::string_view name) {
  for (const named_value& value : values) {
    if (value.name == name) return &value;
  }
  return nullptr;
}

}  // namespace

int parse_type(const std::optional<std::string>& word, std::string_view family,
               std::span<const named_value> types) {
  if (!word) return types.front().value;
  if (const named_value* type = find(types, *word)) return type->value;
  throw usage_error(
      fmt::format("--type: {} has no '{}' sockets: {}", family, *word, names_of(types)));
}

int parse_protocol(const std::optional<std::string>& word, std::span<const named_value> names,
                   int otherwise) {
  if (!word) return otherwise;
  if (const named_value* protocol = find(names, *word)) return protocol->value;
  int number = 0;
  const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), number);
  if (error == std::errc() && end == word->data() + word->size() && number >= 0) return number;
  throw usage_error(fmt::format("--protocol: '{}' is no number{}{}", *word,
                                names.empty() ? "" : " and none of ", names_of(names)));
}

std::string read_input_piece() { return std::string(input_file("-").read()); }

std::string read_input() {
  std::string input;
  for (std::string piece = read_input_piece(); !piece.empty(); piece = read_input_piece()) {
    input += piece;
    if (input.size() > longest_message) {
      throw failure("standard input", "is longer than 16 MiB, which no message may be",
                    "send it over a stream: --type stream");
    }
  }
  return input;
}

}  // namespace trivet::tool
