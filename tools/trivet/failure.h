// How a verb ends: what becomes of an exception.
//
//   thrown                      standard error                              exit status
//   closed_output               nothing: head(1) has seen enough            0
//   usage_error                 "trivet: WHAT" and where to find help       2
//   address_error of a field    the same: the address was typed so          2
//   any other std::exception    "trivet: WHAT: WHY (CURE)", one line        1
#ifndef TOOLS_TRIVET_FAILURE_H_
#define TOOLS_TRIVET_FAILURE_H_

#include <stdexcept>
#include <string>
#include <string_view>

namespace trivet::tool {

/// The command line cannot mean anything: one line, what is wrong and what is allowed.
class usage_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Why an empty word is refused.
inline constexpr std::string_view empty_word =
    "the word is empty; is it a variable of the shell that is not set?";

/// The kernel or the peer said no, where no socket_error says it.
class failure : public std::runtime_error {
 public:
  /// @param what  the thing that failed, as in "eth7"
  /// @param why   one reason, small first letter
  /// @param cure  what the user can do about it; may be empty
  failure(std::string_view what, std::string_view why, std::string_view cure = {});
};

/// The reader of standard output has gone away (EPIPE).
class closed_output : public std::exception {};

/// Reports the exception in flight on standard error, by the table above.
/// @param command  the words that chose the verb, for the hint
/// @returns the exit status
int report_failure(const std::string& command);

/// Prints one line on standard error; control characters in it are escaped. What cannot be
/// written is lost: there is nobody to tell.
void print_error_line(std::string_view line) noexcept;

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_FAILURE_H_
