// The man pages against the command: a page for each noun, every verb and option on it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/tools/commands.h"

namespace trivet::testing {
namespace {

/// A page's source; empty where there is none.
std::string page(const std::string& name) {
  const std::string runfiles = std::getenv("TEST_SRCDIR");
  const std::string workspace = std::getenv("TEST_WORKSPACE");
  std::ifstream file(runfiles + "/" + workspace + "/docs/man/" + name + ".1");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(manual, names_every_noun) {
  const std::string text = page("trivet");
  for (const std::string& noun : words_below(help_of({}))) {
    EXPECT_NE(text.find(".Xr trivet-" + noun + " 1"), std::string::npos) << noun;
  }
}

TEST(manual, describes_the_common_options) {
  const std::string text = page("trivet");
  const words options = options_below(help_of({}), "Common options");
  EXPECT_EQ(options.size(), 5U);
  for (const std::string& option : options) {
    EXPECT_NE(text.find("Fl -" + option), std::string::npos) << option;
  }
}

TEST(manual, has_a_page_for_each_noun_with_every_option) {
  for (const words& command : every_command()) {
    if (command.empty()) continue;
    const std::string text = page("trivet-" + command[0]);
    EXPECT_NE(text, "") << "docs/man/trivet-" << command[0] << ".1";
    if (text.empty()) continue;
    if (command.size() > 1) {
      EXPECT_NE(text.find(joined(command)), std::string::npos) << joined(command);
    }
    for (const std::string& option : options_below(help_of(command), "Options")) {
      EXPECT_NE(text.find("Fl -" + option), std::string::npos)
          << joined(command) << " --" << option;
    }
  }
}

}  // namespace
}  // namespace trivet::testing
