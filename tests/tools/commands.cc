#include "tests/tools/commands.h"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>

#include "tests/tools/command.h"

namespace trivet::testing {
namespace {

/// The lines between a heading and the next empty line.
words lines_below(const std::string& help, const std::string& heading) {
  words found;
  bool inside = false;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    if (inside && line.empty()) return found;
    if (inside) found.push_back(line);
    if (line == heading + ":") inside = true;
  }
  return found;
}

}  // namespace

std::string help_of(words command) {
  command.emplace_back("--help");
  const outcome got = run_trivet(command);
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_EQ(got.errors, "");
  return got.output;
}

std::string joined(const words& command) {
  std::string text = "trivet";
  for (const std::string& word : command) text += " " + word;
  return text;
}

words words_below(const std::string& help) {
  words found;
  for (const char* heading : {"Nouns", "Verbs"}) {
    for (const std::string& line : lines_below(help, heading)) {
      if (line.size() > 2 && line[2] != ' ') {
        found.push_back(line.substr(2, line.find(' ', 2) - 2));
      }
    }
  }
  return found;
}

words options_below(const std::string& help, const std::string& heading) {
  words found;
  for (const std::string& line : lines_below(help, heading)) {
    const std::size_t at = line.find("--");
    if (at == std::string::npos || at > 10) continue;  // a description may name options too
    const std::size_t end = line.find_first_of(" [", at);
    found.push_back(line.substr(at + 2, end - at - 2));
  }
  return found;
}

std::vector<words> every_command() {
  std::vector<words> commands = {{}};
  for (std::size_t i = 0; i < commands.size(); ++i) {
    for (const std::string& word : words_below(help_of(commands[i]))) {
      words longer = commands[i];
      longer.push_back(word);
      commands.push_back(std::move(longer));
    }
  }
  return commands;
}

}  // namespace trivet::testing
