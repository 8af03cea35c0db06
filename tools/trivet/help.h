// The text of --help, laid out from what the verbs declared.
#ifndef TOOLS_TRIVET_HELP_H_
#define TOOLS_TRIVET_HELP_H_

#include <CLI/CLI.hpp>
#include <string>

namespace trivet::tool {

/// The group of the options that every verb has.
inline constexpr auto common_group = "Common options";

/// "trivet socket send": the words that lead to a noun or a verb.
[[nodiscard]] std::string command_path(const CLI::App& app);

/// Whether --help and completion leave a noun out: its group is empty.
[[nodiscard]] inline bool is_hidden(const CLI::App& app) { return app.get_group().empty(); }

/// Synopsis, options, examples and exit status of a noun or a verb.
[[nodiscard]] std::string help_of(const CLI::App& app);

/// Hands help_of() to CLI11.
class help_formatter final : public CLI::FormatterBase {
 public:
  [[nodiscard]] std::string make_help(const CLI::App* app, std::string name,
                                      CLI::AppFormatMode mode) const override;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_HELP_H_
