// What --help tells of the nouns and verbs that there are.
#ifndef TESTS_TOOLS_COMMANDS_H_
#define TESTS_TOOLS_COMMANDS_H_

#include <string>
#include <vector>

namespace trivet::testing {

/// A command line, or a part of one: {"socket", "send"}.
using words = std::vector<std::string>;

/// The text of --help; a failed expectation where there is none.
[[nodiscard]] std::string help_of(words command);

/// "trivet socket send".
[[nodiscard]] std::string joined(const words& command);

/// The words under "Nouns:" or "Verbs:".
[[nodiscard]] words words_below(const std::string& help);

/// The long names of the options under a heading, as in "Options" or "Common options".
[[nodiscard]] words options_below(const std::string& help, const std::string& heading);

/// Every noun and verb, the command itself first.
[[nodiscard]] std::vector<words> every_command();

}  // namespace trivet::testing

#endif  // TESTS_TOOLS_COMMANDS_H_
