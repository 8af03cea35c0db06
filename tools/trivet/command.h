// Declaring nouns and verbs, and running the one that the command line chose.
//
//   void add_link(CLI::App& app, context& ctx) {
//     add_noun(app, ctx, "link", {.summary = "look at links"}, [&ctx](CLI::App& noun) {
//       auto name = std::make_shared<std::string>();        // options live as long as the lambda
//       CLI::App& show = add_verb(noun, ctx, "show",
//                                 {.summary = "print one link",
//                                  .details = "Asks the kernel once and prints what it says.",
//                                  .examples = "trivet link show eth0\n"},
//                                 [&ctx, name] { show_link(ctx, *name); });
//       add_option(show, "NAME", *name, "the link's name").required();    // options.h
//     });
//   }
//
// What is below a noun is declared when the command line comes to it: a command has some hundred
// words, of which two or three are used in one run.
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

/// A word with verbs below it, which `declare` adds. Where the noun is there already, they come
/// behind those that it has.
CLI::App& add_noun(CLI::App& parent, context& ctx, const std::string& name, const help_text& help,
                   declare_function declare);

/// More of a noun or a verb that the command line has not come to yet, after what was put off.
void declare_when_named(CLI::App& word, context& ctx, declare_function declare);

/// Everything that is put off, of a word and all below it: for who looks at the whole command.
void declare_all(CLI::App& word, context& ctx);

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
