// Bytes that a kernel or a peer sent, made fit for a terminal and for JSON.
//
// A name or a message may hold any byte. On the terminal and in JSON a byte that is no part of
// valid UTF-8 is written \xHH, two small hexadecimal digits; on the terminal control characters
// are written so too, or as \n, \r and \t, so that no peer can move the cursor. A backslash stays
// as it is: where the exact bytes matter, the verbs print them in hexadecimal as well.
#ifndef TOOLS_TRIVET_TEXT_H_
#define TOOLS_TRIVET_TEXT_H_

#include <string>
#include <string_view>

namespace trivet::tool {

/// Text for a terminal: one line, no control characters, valid UTF-8.
[[nodiscard]] std::string printable(std::string_view bytes);

/// Text for JSON: valid UTF-8, control characters kept (the JSON writer escapes them).
[[nodiscard]] std::string valid_utf8(std::string_view bytes);

/// Whether bytes are valid UTF-8 without control characters other than tab, newline and return.
[[nodiscard]] bool is_text(std::string_view bytes) noexcept;

/// "0a1b": two digits for each byte.
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_TEXT_H_
