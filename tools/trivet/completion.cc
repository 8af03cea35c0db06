// `trivet completion bash`: a completion script written from the command's own tables.
//
// The script is a case over the words typed so far ("trivet socket send"), one arm per noun and
// verb, each with the words that may follow. Values are completed by the option's type: interface
// names for IF, files for FILE, namespaces for NAME|PATH|PID, and lists written {a,b,c}.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/help.h"

namespace trivet::tool {
namespace {

// clang-format off: it takes the script for C++
constexpr std::string_view prologue =
    R"bash(# bash completion for trivet, written by 'trivet completion bash'.

_trivet_values() {  # completes $cur with the values of type $1
  case $1 in
    IF) COMPREPLY=($(compgen -W "$(cd /sys/class/net 2>/dev/null && echo *)" -- "$cur")) ;;
    'NAME|PATH|PID')
      COMPREPLY=($(compgen -W "$(cd /run/netns 2>/dev/null && echo *)" -- "$cur")
                 $(compgen -f -- "$cur")) ;;
    FILE) COMPREPLY=($(compgen -f -- "$cur")) ;;
    '{'*'}')
      local list=${1#'{'}
      list=${list%'}'}
      COMPREPLY=($(compgen -W "${list//,/ }" -- "$cur")) ;;
    *) COMPREPLY=() ;;
  esac
}

_trivet() {
  local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local path=trivet words options takes_value type word skip= count=0 i
  _trivet_command
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ -n $skip ]]; then
      skip=
    elif [[ $word == -?* ]]; then
      if [[ " $takes_value " == *" $word "* ]]; then skip=1; fi
    elif [[ " $words " == *" $word "* ]]; then
      path+=" $word"
      count=0
      _trivet_command
    else
      ((++count))
    fi
  done
  if [[ -n $skip ]]; then
    _trivet_option
    _trivet_values "$type"
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  else
    _trivet_argument
    _trivet_values "$type"
  fi
}

)bash";

constexpr std::string_view epilogue = "complete -o filenames -F _trivet trivet\n";
// clang-format on

/// Calls `visit` for every noun and verb that --help shows.
template <class Visit>
void for_each_command(const CLI::App& app, Visit visit) {
  visit(app);
  for (const CLI::App* sub :
       app.get_subcommands([](const CLI::App* word) { return !is_hidden(*word); })) {
    for_each_command(*sub, visit);
  }
}

const CLI::App& root_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app : root_of(*app.get_parent());
}

/// The type that _trivet_values understands: "FAMILY:{a,b}" is "{a,b}".
std::string value_type(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t list = type.find('{');
  return list == std::string::npos ? type : type.substr(list);
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

/// The options that may stand at a command: its own and the common ones.
std::vector<const CLI::Option*> options_at(const CLI::App& app) {
  std::vector<const CLI::Option*> options;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) options.push_back(option);
  }
  if (app.get_parent() == nullptr) return options;
  for (const CLI::Option* option : root_of(app).get_options()) {
    if (!option->check_lname("help")) options.push_back(option);
  }
  return options;
}

/// "-c --count", separated by `separator`.
std::string names_of(const CLI::Option& option, std::string_view separator) {
  std::string names;
  for (const std::string& name : option.get_snames())
    names += fmt::format("{}-{}", separator, name);
  for (const std::string& name : option.get_lnames()) {
    names += fmt::format("{}--{}", separator, name);
  }
  return names.substr(std::min(names.size(), separator.size()));
}

/// Sets $words, $options and $takes_value for $path.
std::string command_function(const CLI::App& root) {
  std::string text = "_trivet_command() {\n  case $path in\n";
  for_each_command(root, [&text](const CLI::App& app) {
    std::string words;
    for (const CLI::App* sub :
         app.get_subcommands([](const CLI::App* word) { return !is_hidden(*word); })) {
      words += (words.empty() ? "" : " ") + sub->get_name();
    }
    std::string options;
    std::string with_value;
    for (const CLI::Option* option : options_at(app)) {
      const std::string names = names_of(*option, " ");
      options += (options.empty() ? "" : " ") + names;
      if (takes_value(*option)) with_value += (with_value.empty() ? "" : " ") + names;
    }
    text +=
        fmt::format("    '{}')\n      words='{}'\n      options='{}'\n      takes_value='{}' ;;\n",
                    command_path(app), words, options, with_value);
  });
  return text + "  esac\n}\n\n";
}

/// Sets $type to the type of the option $previous at $path.
std::string option_function(const CLI::App& root) {
  std::string text = "_trivet_option() {\n  type=\n  case \"$path $previous\" in\n";
  for_each_command(root, [&text](const CLI::App& app) {
    for (const CLI::Option* option : options_at(app)) {
      if (!takes_value(*option) || option->get_type_name().empty()) continue;
      std::string patterns;
      const std::string names = names_of(*option, "|");
      for (std::string_view rest = names; !rest.empty();) {
        const std::string_view name = rest.substr(0, rest.find('|'));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        patterns += fmt::format("{}'{} {}'", patterns.empty() ? "" : "|", command_path(app), name);
      }
      text += fmt::format("    {}) type='{}' ;;\n", patterns, value_type(*option));
    }
  });
  return text + "  esac\n}\n\n";
}

/// Sets $type to the type of argument number $count at $path.
std::string argument_function(const CLI::App& root) {
  std::string text = "_trivet_argument() {\n  type=\n  case \"$path $count\" in\n";
  for_each_command(root, [&text](const CLI::App& app) {
    int number = 0;
    for (const CLI::Option* option : app.get_options()) {
      if (!option->get_positional()) continue;
      const bool repeats = option->get_expected_max() > 1;
      text +=
          fmt::format("    '{} '{}) type='{}' ;;\n", command_path(app),
                      repeats ? std::string("*") : fmt::format("{}", number), value_type(*option));
      ++number;
    }
  });
  return text + "  esac\n}\n\n";
}

void print_bash_completion(context& ctx, CLI::App& root) {
  declare_all(root, ctx);
  ctx.out.write(prologue);
  ctx.out.write(command_function(root));
  ctx.out.write(option_function(root));
  ctx.out.write(argument_function(root));
  ctx.out.write(epilogue);
}

}  // namespace

void add_completion(CLI::App& app, context& ctx) {
  const auto declare = [&ctx, &app](CLI::App& noun) {
    add_verb(noun, ctx, "bash",
             {.summary = "print the completion script for bash",
              .details = "Covers every noun, verb and option of this build.",
              .examples = "trivet completion bash > /usr/share/bash-completion/completions/trivet\n"
                          "source <(trivet completion bash)\n"},
             [&ctx, &app] { print_bash_completion(ctx, app); });
  };
  CLI::App& noun = add_noun(app, ctx, "completion",
                            {.summary = "print a completion script for a shell"}, declare);
  noun.group("");  // for packagers, not for everyday's --help
}

}  // namespace trivet::tool
