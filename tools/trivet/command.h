// Declaring nouns and verbs, and running the one that the command line chose.
//
//   void add_link(CLI::App& app, context& ctx) {
//     CLI::App& noun = add_noun(app, "link", {.summary = "look at links"});
//     auto name = std::make_shared<std::string>();          // options live as long as the lambda
//     CLI::App& show = add_verb(noun, ctx, "show",
//                               {.summary = "print one link",
//                                .details = "Asks the kernel once and prints what it says.",
//                                .examples = "trivet link show eth0\n"},
//                               [&ctx, name] { show_link(ctx, *name); });
//     add_option(show, "NAME", *name, "the link's name").required();    // options.h
//   }
//
// A verb returns when it is done (exit status 0) and throws otherwise; failure.h says what becomes
// of an exception.
#ifndef TOOLS_TRIVET_COMMAND_H_
#define TOOLS_TRIVET_COMMAND_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// What --help says besides the options.
struct help_text {
  std::string_view summary = {};  ///< one line, small first letter, no full stop
  std::string_view details =
      {};  ///< paragraphs, which are wrapped; indented lines stay; may be empty
  std::string_view examples = {};  ///< one command per line, "# why" lines between; may be empty
};

/// A word with verbs below it. Where it has been added before, it is returned as it is.
CLI::App& add_noun(CLI::App& parent, const std::string& name, const help_text& help);

/// A word that does something: `run` is called once the whole command line has been accepted.
CLI::App& add_verb(CLI::App& parent, context& ctx, const std::string& name, const help_text& help,
                   std::function<void()> run);

/// Another word for a verb. --help and completion leave it out.
void add_alias(CLI::App& verb, const std::string& word);

/// What a noun does where no verb follows; without this that is a usage error.
void run_without_verb(CLI::App& noun, context& ctx, std::function<void()> run);

/// Parses the command line, runs the verb and returns the exit status.
int run_command(int argc, char** argv, std::span<const add_noun_function> nouns);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_COMMAND_H_
