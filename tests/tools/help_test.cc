// --help of every noun and verb that there is: its parts, its width, its place in completion.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tests/tools/command.h"
#include "tests/tools/commands.h"

namespace trivet::testing {
namespace {

TEST(help, knows_the_nouns) {
  const words nouns = words_below(help_of({}));
  for (const char* noun : {"packet", "probe", "socket"}) {
    EXPECT_NE(std::find(nouns.begin(), nouns.end(), noun), nouns.end()) << noun;
  }
  EXPECT_EQ(std::find(nouns.begin(), nouns.end(), "completion"), nouns.end());
}

TEST(help, has_its_parts_in_every_command) {
  for (const words& command : every_command()) {
    const std::string help = help_of(command);
    EXPECT_EQ(help.find(joined(command) + " - "), 0U) << help;
    for (const std::string& part :
         {"\nUsage: " + joined(command) + " ", std::string("\n  -j, --json "),
          std::string("\n      --netns "), std::string("\n      --color"),
          std::string("\n      --version "), std::string("\nExamples:\n  trivet "),
          std::string("\nExit status:\n")}) {
      EXPECT_NE(help.find(part), std::string::npos) << part << " in\n" << help;
    }
  }
}

TEST(help, fits_into_eighty_columns) {
  for (const words& command : every_command()) {
    std::istringstream lines(help_of(command));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 80U) << joined(command) << ": " << line;
    }
  }
}

TEST(help, every_command_is_completed) {
  const outcome script = run_trivet({"completion", "bash"});
  ASSERT_EQ(script.status, 0);
  for (const words& command : every_command()) {
    EXPECT_NE(script.output.find("    '" + joined(command) + "')\n"), std::string::npos)
        << joined(command);
  }
}

TEST(help, a_usage_error_names_the_command_it_belongs_to) {
  for (const words& command : every_command()) {
    words wrong = command;
    wrong.emplace_back("--no-such-option");
    const outcome got = run_trivet(wrong);
    EXPECT_EQ(got.status, 2) << joined(command);
    EXPECT_EQ(got.output, "");
    EXPECT_EQ(line_count(got.errors), 2U) << got.errors;
    EXPECT_NE(got.errors.find("Try '" + joined(command) + " --help'."), std::string::npos)
        << got.errors;
  }
}

}  // namespace
}  // namespace trivet::testing
