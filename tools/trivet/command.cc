#include "tools/trivet/command.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/help.h"
#include "trivet/base/version.h"

namespace trivet::tool {
namespace {

constexpr help_text root_help = {
    .summary = "Linux sockets beneath IP: netlink, TIPC and packet sockets",
    .details =
        "Common options may stand before the noun or after the verb.\n"
        "'trivet NOUN VERB --help' shows the options and examples of each verb.",
    .examples =
        "trivet probe                     # what this kernel can do\n"
        "trivet netlink monitor --netns blue\n"
        "trivet packet capture -i eth0 -w eth0.pcapng tcp port 80\n"
        "trivet tipc watch -j\n",
};

constexpr auto word_group = "Words";

void describe(CLI::App& app, const help_text& help) {
  app.description(fmt::format("{}\n{}", help.summary, help.details));
  app.footer(std::string(help.examples));
}

/// @param color  the word after --color=
void add_common_options(CLI::App& app, context& ctx, std::string& color) {
  app.set_help_flag("-h,--help", "show this help")->group(common_group);
  app.set_version_flag("--version", std::string(version), "print the version")->group(common_group);
  app.add_flag("-j,--json", ctx.json,
               "JSON: one document per line for a stream, an array for a table")
      ->group(common_group);
  app.add_option("--netns", ctx.netns, "work in this network namespace")
      ->type_name("NAME|PATH|PID")
      ->group(common_group);
  // A flag, and not an option, because the value may only be joined with '=': in
  // "--color link" the word link belongs to the verb.
  app.add_flag("--color{always}", color, "colour: always, never, or auto, which heeds NO_COLOR")
      ->type_name("auto|always|never")
      ->take_last()
      ->group(common_group);
}

/// The option of a command or above that goes by a word; nullptr where there is none.
const CLI::Option* find_option(const CLI::App* at, const std::string& word) {
  for (; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* declared : at->get_options()) {
      if (declared->check_name(word)) return declared;
    }
  }
  return nullptr;
}

/// An option of ip(8) as it is declared here. What a verb has a meaning of its own for, as `sniff`
/// for -c, stays as it is.
std::string option_of_ip(const CLI::App* at, const std::string& word) {
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"-details", "--details"},
      {"-statistics", "--statistics"},
      {"-stats", "--statistics"},
      {"-json", "--json"},
      {"-oneline", "--oneline"},
      {"-family", "--family"},
      {"-netns", "--netns"},
      {"-n", "--netns"},
      {"-brief", "--brief"},
      {"-br", "--brief"},
      {"-pretty", "--pretty"},
      {"-Numeric", "--numeric"},
      {"-timestamp", "--timestamp"},
      {"-tshort", "--timestamp"},
      {"-ts", "--timestamp"},
      {"-color", "--color"},
      {"-c", "--color"}};
  const std::string name = word.substr(0, word.find('='));
  for (const auto& [one_dash, two_dashes] : known) {
    if (name != one_dash || find_option(at, name) != nullptr) continue;
    const bool joined = name.size() < word.size();  // "-c=auto"; the others have no '='
    if (!joined || two_dashes == "--color")
      return std::string(two_dashes) + word.substr(name.size());
  }
  return word;
}

/// Whether the word behind an option is its value; of short options in one word the first that has
/// a value takes the rest of it.
bool takes_next_word(const CLI::App* at, const std::string& word) {
  if (const CLI::Option* whole = find_option(at, word)) return whole->get_items_expected_min() > 0;
  if (word.starts_with("--")) return false;
  for (std::size_t i = 1; i < word.size(); ++i) {
    const CLI::Option* letter = find_option(at, std::string("-") + word[i]);
    if (letter == nullptr) return false;
    if (letter->get_items_expected_min() > 0) return i + 1 == word.size();
  }
  return false;
}

/// Adds what is below a word, once.
void declare_put_off(CLI::App& word, context& ctx) {
  const auto node = ctx.put_off.extract(&word);
  if (node.empty()) return;
  for (const declare_function& declare : node.mapped()) declare(word);
}

/// The words behind `trivet`, of which `netlink` takes the options of ip(8) as they stand in
/// scripts: with one dash, where "-json" would be -j, -s, -o and -n. Not values, nor what is behind
/// "--". Declares what is below the words that are there.
std::vector<std::string> command_words(CLI::App& app, context& ctx, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  CLI::App* at = &app;
  bool netlink = false;
  bool value = false;
  for (std::string& word : words) {
    if (std::exchange(value, false)) continue;
    if (word == "--") break;
    if (!word.starts_with('-')) {
      const auto below =
          at->get_subcommands([&word](CLI::App* sub) { return sub->check_name(word); });
      if (below.empty()) continue;
      at = below.front();
      declare_put_off(*at, ctx);
      netlink = netlink || word == "netlink";
      continue;
    }
    if (netlink) word = option_of_ip(at, word);
    value = takes_next_word(at, word);
  }
  return words;
}

/// The last word of the command line that was understood as a noun or a verb.
CLI::App& deepest(CLI::App& app) {
  CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

/// Says in our words what CLI11 found wrong.
std::string usage_problem(CLI::App& app, const CLI::ParseError& error) {
  CLI::App& at = deepest(app);
  const auto words = at.get_subcommands([](const CLI::App* sub) { return !is_hidden(*sub); });
  if (words.empty()) return error.what();
  std::string known;
  for (const CLI::App* word : words) known += (known.empty() ? "" : ", ") + word->get_name();
  for (const std::string& word : app.remaining(true)) {
    if (!word.starts_with('-')) return fmt::format("unknown command '{}': one of {}", word, known);
    return fmt::format("unknown option '{}'", word);
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return fmt::format("a command is missing: one of {}", known);
  }
  return error.what();
}

/// Runs the verb, so that what it printed before it failed still reaches the reader.
void run_verb(context& ctx) {
  try {
    ctx.run();
  } catch (const closed_output&) {
    throw;
  } catch (...) {
    ctx.out.flush();
    throw;
  }
  ctx.out.flush();
}

int parse_and_run(int argc, char** argv, std::span<const add_noun_function> nouns, context& ctx) {
  CLI::App app("", "trivet");
  app.formatter(std::make_shared<help_formatter>());
  app.fallthrough();  // lets the common options stand behind the verb
  app.require_subcommand(1);
  describe(app, root_help);
  std::string color = "auto";
  add_common_options(app, ctx, color);
  for (const add_noun_function add : nouns) add(app, ctx);
  try {
    std::vector<std::string> words = command_words(app, ctx, argc, argv);
    std::reverse(words.begin(), words.end());  // the order that CLI11 asks for
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    ctx.out.write(help_of(deepest(app)));
    ctx.out.flush();
    return 0;
  } catch (const CLI::CallForVersion&) {
    ctx.out.write(fmt::format("trivet {}\n", version));
    ctx.out.flush();
    return 0;
  } catch (const CLI::ParseError& error) {
    ctx.command = command_path(deepest(app));
    throw usage_error(usage_problem(app, error));
  } catch (const std::out_of_range&) {  // of std::stoll: a flag as --statistics=NUMBER
    ctx.command = command_path(deepest(app));
    throw usage_error("the number behind a flag is too large");
  } catch (const usage_error&) {
    ctx.command = command_path(deepest(app));
    throw;
  }
  ctx.command = command_path(deepest(app));
  const auto when = parse_color_when(color);
  if (!when) throw usage_error(fmt::format("--color: '{}' is none of auto, always, never", color));
  ctx.paint = palette(!ctx.json && wants_color(*when));
  run_verb(ctx);
  return 0;
}

}  // namespace

CLI::App& add_noun(CLI::App& parent, context& ctx, const std::string& name, const help_text& help,
                   declare_function declare) {
  const auto known =
      parent.get_subcommands([&name](const CLI::App* sub) { return sub->get_name() == name; });
  if (!known.empty()) {
    declare_when_named(*known.front(), ctx, std::move(declare));
    return *known.front();
  }
  CLI::App& noun = *parent.add_subcommand(name);
  noun.group(word_group);  // not the parent's, which may be hidden
  noun.set_help_flag("-h,--help", "show this help")->group(common_group);
  noun.require_subcommand(1);
  describe(noun, help);
  declare_when_named(noun, ctx, std::move(declare));
  return noun;
}

void declare_when_named(CLI::App& word, context& ctx, declare_function declare) {
  ctx.put_off[&word].push_back(std::move(declare));
  // Should CLI11 come to a word by another way than command_words does.
  word.preparse_callback([&word, &ctx](std::size_t) { declare_put_off(word, ctx); });
}

void declare_all(CLI::App& word, context& ctx) {
  declare_put_off(word, ctx);
  for (CLI::App* below : word.get_subcommands([](const CLI::App*) { return true; })) {
    declare_all(*below, ctx);
  }
}

CLI::App& add_verb(CLI::App& parent, context& ctx, const std::string& name, const help_text& help,
                   std::function<void()> run) {
  CLI::App& verb = *parent.add_subcommand(name);
  verb.group(word_group);
  verb.set_help_flag("-h,--help", "show this help")->group(common_group);
  describe(verb, help);
  verb.callback([&ctx, run = std::move(run)] { ctx.run = run; });
  return verb;
}

void add_alias(CLI::App& verb, const std::string& word) { verb.alias(word); }

void run_without_verb(CLI::App& noun, context& ctx, std::function<void()> run) {
  noun.require_subcommand(0, 1);
  noun.callback([&noun, &ctx, run = std::move(run)] {
    if (noun.get_subcommands().empty()) ctx.run = run;
  });
}

int run_command(int argc, char** argv, std::span<const add_noun_function> nouns) {
  context ctx;
  try {
    return parse_and_run(argc, argv, nouns, ctx);
  } catch (...) {
    return report_failure(ctx.command);
  }
}

}  // namespace trivet::tool
