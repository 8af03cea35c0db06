#include "tools/trivet/help.h"

#include <fmt/core.h>

#include <string_view>
#include <vector>

namespace trivet::tool {
namespace {

constexpr std::size_t text_width = 80;
constexpr std::size_t left_width = 26;

constexpr std::string_view exit_status =
    "\nExit status:\n"
    "  0  done, also when a stream was ended by a signal\n"
    "  1  the kernel or the peer said no; one line on standard error says why\n"
    "  2  the command line was wrong\n";

/// Appends words to a text whose last line is begun, and breaks lines before they grow too long.
class wrapper {
 public:
  wrapper(std::string& text, std::size_t indent)
      : text_(text), indent_(indent), column_(text.size() - (text.rfind('\n') + 1)) {}

  void add_words(std::string_view words) {
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      words.remove_prefix(std::min(words.size(), word.size() + 1));
      if (!word.empty()) add_word(word);
    }
  }

 private:
  void add_word(std::string_view word) {
    if (!first_ && column_ + 1 + word.size() > text_width) {
      text_ += "\n" + std::string(indent_, ' ');
      column_ = indent_;
      first_ = true;
    }
    if (!first_) text_ += ' ';
    column_ += word.size() + (first_ ? 0 : 1);
    text_ += word;
    first_ = false;
  }

  std::string& text_;
  std::size_t indent_;
  std::size_t column_;
  bool first_ = true;
};

/// Two columns, the right one wrapped.
void append_row(std::string& text, const std::string& left, std::string_view right) {
  constexpr std::size_t indent = left_width + 2;
  text += "  " + left;
  if (left.size() >= left_width) {
    text += "\n" + std::string(indent, ' ');
  } else {
    text.append(left_width - left.size(), ' ');
  }
  wrapper(text, indent).add_words(right);
  text += "\n";
}

/// Paragraphs, each wrapped anew; a line that begins with a space is kept as it is.
void append_paragraphs(std::string& text, std::string_view paragraphs) {
  std::string paragraph;
  const auto finish = [&] {
    if (paragraph.empty()) return;
    wrapper(text, 0).add_words(paragraph);
    text += "\n";
    paragraph.clear();
  };
  while (!paragraphs.empty()) {
    const std::string_view line = paragraphs.substr(0, paragraphs.find('\n'));
    paragraphs.remove_prefix(std::min(paragraphs.size(), line.size() + 1));
    if (!line.empty() && line[0] != ' ') {
      paragraph.append(line).append(" ");
      continue;
    }
    finish();
    text.append(line).append("\n");
  }
  finish();
}

bool repeats(const CLI::Option& option) { return option.get_expected_max() > 1; }

std::string argument_word(const CLI::Option& option) {
  const std::string word = option.get_name(true) + (repeats(option) ? "..." : "");
  return option.get_required() ? word : "[" + word + "]";
}

/// "FAMILY:{a,b}" is shown as FAMILY; the set is for completion.
std::string shown_type(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

/// "-c, --count N" or "    --color[=WHEN]".
std::string option_words(const CLI::Option& option) {
  std::string words;
  for (const std::string& name : option.get_snames()) words += "-" + name + ", ";
  if (words.empty()) words = "    ";
  for (const std::string& name : option.get_lnames()) words += "--" + name + ", ";
  words.resize(words.size() - 2);
  const std::string type = shown_type(option);
  if (type.empty()) return words;
  const bool is_flag = option.get_expected_max() == 0 || option.get_type_size_max() == 0;
  return words + (is_flag ? "[=" + type + "]" : " " + type);
}

std::string synopsis(const CLI::App& app, bool has_options) {
  std::string line = "Usage: " + command_path(app);
  if (has_options) line += " [OPTIONS]";
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_required() && !option->get_positional()) {
      line += " " + (option->get_snames().empty() ? "--" + option->get_lnames().front()
                                                  : "-" + option->get_snames().front());
      line += " " + shown_type(*option);
    }
  }
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) line += " " + argument_word(*option);
  }
  const auto words = app.get_subcommands([](const CLI::App* sub) { return !is_hidden(*sub); });
  if (words.empty()) return line + "\n";
  return line + (app.get_parent() == nullptr ? " NOUN [VERB] ...\n" : " VERB ...\n");
}

/// The options of `app` of which `wanted` holds, under a heading.
template <class Wanted>
void append_options(std::string& text, std::string_view heading, const CLI::App& app,
                    Wanted wanted) {
  bool any = false;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty() || !wanted(*option)) continue;
    if (!any) text += fmt::format("\n{}:\n", heading);
    any = true;
    append_row(text, option->get_positional() ? option->get_name(true) : option_words(*option),
               option->get_description());
  }
}

void append_common_options(std::string& text, const CLI::App& app) {
  const CLI::App* root = &app;
  while (root->get_parent() != nullptr) root = root->get_parent();
  append_options(text, common_group, *root,
                 [](const CLI::Option& option) { return option.get_group() == common_group; });
}

void append_words(std::string& text, const CLI::App& app) {
  const auto words = app.get_subcommands([](const CLI::App* sub) { return !is_hidden(*sub); });
  if (words.empty()) return;
  text += app.get_parent() == nullptr ? "\nNouns:\n" : "\nVerbs:\n";
  for (const CLI::App* word : words) {
    const std::string description = word->get_description();
    append_row(text, word->get_name(), description.substr(0, description.find('\n')));
  }
}

void append_examples(std::string& text, std::string_view examples) {
  if (examples.empty()) return;
  text += "\nExamples:\n";
  while (!examples.empty()) {
    const std::string_view line = examples.substr(0, examples.find('\n'));
    examples.remove_prefix(std::min(examples.size(), line.size() + 1));
    text += fmt::format("  {}\n", line);
  }
}

}  // namespace

std::string command_path(const CLI::App& app) {
  if (app.get_parent() == nullptr) return app.get_name();
  return command_path(*app.get_parent()) + " " + app.get_name();
}

std::string help_of(const CLI::App& app) {
  const std::string description = app.get_description();
  const std::size_t end = std::min(description.find('\n'), description.size());
  const auto is_argument = [](const CLI::Option& option) { return option.get_positional(); };
  const auto is_own_option = [](const CLI::Option& option) {
    return !option.get_positional() && option.get_group() != common_group;
  };
  std::string text = fmt::format("{} - {}\n\n", command_path(app), description.substr(0, end));
  text += synopsis(app, true);
  if (end + 1 < description.size()) {
    text += "\n";
    append_paragraphs(text, std::string_view(description).substr(end + 1));
  }
  append_words(text, app);
  append_options(text, "Arguments", app, is_argument);
  append_options(text, "Options", app, is_own_option);
  append_common_options(text, app);
  append_examples(text, app.get_footer());
  text += exit_status;
  return text;
}

std::string help_formatter::make_help(const CLI::App* app, std::string /*name*/,
                                      CLI::AppFormatMode /*mode*/) const {
  return help_of(*app);
}

}  // namespace trivet::tool
