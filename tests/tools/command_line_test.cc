// The command line as a whole: help, version, usage errors, failing standard output.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/tools/command.h"

namespace trivet::testing {
namespace {

/// A usage error: status 2, nothing on standard output, what is wrong and where help is.
void expect_usage_error(const std::vector<std::string>& arguments, const std::string& what,
                        const std::string& command) {
  const outcome got = run_trivet(arguments);
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(got.errors, "trivet: " + what + "\nTry '" + command + " --help'.\n");
}

TEST(command_line, version) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--version"}, {"completion", "bash", "--version"}}) {
    const outcome got = run_trivet(words);
    EXPECT_EQ(got.status, 0);
    EXPECT_EQ(got.output, "trivet 0.1.0\n");
    EXPECT_EQ(got.errors, "");
  }
}

TEST(command_line, help_of_every_command_has_its_parts) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"-h"}, {"--help"}, {"completion", "bash", "-h"}}) {
    const outcome got = run_trivet(words);
    EXPECT_EQ(got.status, 0);
    EXPECT_EQ(got.errors, "");
    for (const char* part : {"Usage: trivet", "--json", "--netns", "--color", "--version",
                             "Examples:", "Exit status:"}) {
      EXPECT_NE(got.output.find(part), std::string::npos) << part << " in\n" << got.output;
    }
  }
}

TEST(command_line, common_options_stand_before_the_noun_or_after_the_verb) {
  EXPECT_EQ(run_trivet({"-j", "--color=never", "completion", "bash"}).status, 0);
  EXPECT_EQ(run_trivet({"completion", "bash", "-j", "--color=never"}).status, 0);
  EXPECT_EQ(run_trivet({"completion", "bash", "--color"}).status, 0);
}

// What is below a word is declared when the word comes, wherever that is and whatever is a value.
TEST(command_line, finds_the_words_behind_options_and_their_values) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"netlink", "-df", "link", "route", "--help"},
        {"netlink", "-f", "link", "route", "--help"},
        {"--netns", "link", "netlink", "-4d", "route", "-h"}}) {
    const outcome got = run_trivet(words);
    EXPECT_EQ(got.status, 0) << got.errors;
    for (const char* verb : {"\n  show ", "\n  get ", "\n  add ", "\n  flush "}) {
      EXPECT_NE(got.output.find(verb), std::string::npos) << verb << " in\n" << got.output;
    }
  }
}

TEST(command_line, usage_errors) {
  const std::string bash = "trivet completion bash";
  expect_usage_error({"completion", "tcsh"}, "unknown command 'tcsh': one of bash",
                     "trivet completion");
  expect_usage_error({"completion"}, "a command is missing: one of bash", "trivet completion");
  expect_usage_error({"completion", "bash", "--color=red"},
                     "--color: 'red' is none of auto, always, never", bash);
  expect_usage_error({"completion", "bash", "--bogus"},
                     "The following argument was not expected: --bogus", bash);
  expect_usage_error({"netlink", "--statistics=99999999999999999999", "link"},
                     "the number behind a flag is too large", "trivet netlink link");
  expect_usage_error({"completion", "bash", "more"},
                     "The following argument was not expected: more", bash);
}

TEST(command_line, netlink_takes_the_long_options_of_ip_with_one_dash) {
  const outcome wanted = run_trivet({"netlink", "--json", "--details", "link", "show", "lo"});
  ASSERT_EQ(wanted.status, 0);
  ASSERT_NE(wanted.output.find("promiscuity"), std::string::npos);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"netlink", "-json", "-details", "link", "show", "lo"},
        {"netlink", "link", "show", "lo", "-details", "-json"},
        {"netlink", "-family", "inet", "link", "-json", "show", "lo", "-details"}}) {
    EXPECT_EQ(run_trivet(words).output, wanted.output) << ::testing::PrintToString(words);
  }
  // Of the other nouns they are what they always were.
  EXPECT_EQ(run_trivet({"completion", "-json", "bash"}).status, 2);
}

TEST(command_line, an_error_line_shows_no_control_characters) {
  const outcome got = run_trivet({"completion", "\x1b[2J\nx"});
  EXPECT_EQ(got.status, 2);
  EXPECT_NE(got.errors.find("'\\x1b[2J\\nx'"), std::string::npos) << got.errors;
  EXPECT_EQ(line_count(got.errors), 2U);
}

TEST(command_line, a_full_disk_is_an_error) {
  const outcome got = run_trivet({"completion", "bash"}, {.output_file = "/dev/full"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors, "trivet: standard output: No space left on device (free some space)\n");
}

TEST(command_line, a_closed_standard_output_is_an_error) {
  // Through a shell, which is what closes it: descriptor 1 must not become some other file.
  const int status = std::system(("exec " + trivet_path() + " --version >&- 2>/dev/null").c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST(command_line, a_closed_pipe_ends_quietly) {
  const outcome got = run_trivet({"completion", "bash"}, {.output_closed = true});
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.errors, "");
}

TEST(command_line, bash_takes_the_completion_script) {
  const outcome script = run_trivet({"completion", "bash"});
  ASSERT_EQ(script.status, 0);
  const std::string command = script.output +
                              "COMP_WORDS=(trivet --net); COMP_CWORD=1; _trivet\n"
                              "[[ ${COMPREPLY[*]} == --netns ]] || exit 1\n"
                              "COMP_WORDS=(trivet -j socket s); COMP_CWORD=3; _trivet\n"
                              "[[ ${COMPREPLY[*]} == send ]] || exit 2\n"
                              "COMP_WORDS=(trivet socket send un); COMP_CWORD=3; _trivet\n"
                              "[[ ${COMPREPLY[*]} == unix ]] || exit 3\n"
                              "COMP_WORDS=(trivet socket send --type seq); COMP_CWORD=4; _trivet\n"
                              "[[ ${COMPREPLY[*]} == seqpacket ]] || exit 4\n";
  FILE* bash = ::popen("bash --norc", "w");
  ASSERT_NE(bash, nullptr);
  ASSERT_EQ(std::fwrite(command.data(), 1, command.size(), bash), command.size());
  const int status = ::pclose(bash);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace trivet::testing
