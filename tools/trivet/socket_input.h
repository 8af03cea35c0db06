// What `trivet socket` reads: words of the command line, and standard input.
#ifndef TOOLS_TRIVET_SOCKET_INPUT_H_
#define TOOLS_TRIVET_SOCKET_INPUT_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tools/trivet/socket_family.h"

namespace trivet::tool {

/// The number of --type. Throws usage_error with the types that the family has.
[[nodiscard]] int parse_type(const std::optional<std::string>& word, std::string_view family,
                             std::span<const named_value> types);

/// The number of --protocol, by number or by one of `names`; `otherwise` where it is not given.
/// Throws usage_error.
[[nodiscard]] int parse_protocol(const std::optional<std::string>& word,
                                 std::span<const named_value> names, int otherwise);

/// All of standard input as one message. Throws failure beyond 16 MiB, which no family takes.
[[nodiscard]] std::string read_input();

/// The next bytes of standard input, at most 64 KiB; empty at its end.
[[nodiscard]] std::string read_input_piece();

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_INPUT_H_
