// Runs the built `trivet` as a user's shell would, for the tests of its verbs.
//
//   const outcome got = run_trivet({"socket", "address", "unix", "/run/x"});
//   EXPECT_EQ(got.status, 0) << got.errors;
//
//   running_trivet watch({"tipc", "watch", "-j"});      // a stream
//   const std::string first = watch.read_line();        // waits for the event, never sleeps
//   watch.signal(SIGINT);
//   EXPECT_EQ(watch.wait().status, 0);
//
// The command is found beside the test, at bin/trivet of the runfiles (//tools/trivet as data).
#ifndef TESTS_TOOLS_COMMAND_H_
#define TESTS_TOOLS_COMMAND_H_

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "trivet/base/descriptor.h"

namespace trivet::testing {

/// What a run left.
struct outcome {
  int status;          ///< the exit status, or 128 + the signal that killed it
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

/// How to run it.
struct run_options {
  std::string_view input = {};                ///< standard input
  std::string output_file = {};               ///< standard output goes there, as to /dev/full
  std::vector<std::string> environment = {};  ///< "NAME=value"; nothing else is set but PATH
  bool output_closed = false;                 ///< standard output is a pipe without a reader
  bool as_nobody = false;                     ///< user and group 65534, no capability
};

/// A run that has not ended. Killed at destruction if it still lives.
class running_trivet {
 public:
  explicit running_trivet(const std::vector<std::string>& arguments, const run_options& how = {});
  ~running_trivet();
  running_trivet(const running_trivet&) = delete;
  running_trivet& operator=(const running_trivet&) = delete;

  /// The next line of standard output without its newline; waits for it up to 30 s and throws
  /// std::runtime_error when none comes.
  [[nodiscard]] std::string read_line();

  /// The same from standard error.
  [[nodiscard]] std::string read_error_line();

  /// Waits, up to 30 s, until there is standard output to read, and leaves it there.
  void await_output() const;

  /// Closes our end of its standard output, as head(1) does when it has seen enough.
  void close_output() { output_.reset(); }

  void signal(int number) const;
  [[nodiscard]] ::pid_t pid() const { return pid_; }

  /// Reads both outputs to their ends and waits for the exit, up to 30 s; throws
  /// std::runtime_error when it does not come.
  [[nodiscard]] outcome wait();

 private:
  std::string take_line(descriptor& from, std::string& buffer);

  ::pid_t pid_ = -1;
  descriptor output_;
  descriptor errors_;
  std::string output_text_;
  std::string errors_text_;
};

/// The command's file. In Bazel's sandbox the runfiles are named by the environment; in a kernel of
/// the lab they are the working folder.
[[nodiscard]] std::string trivet_path();

/// Runs to the end.
[[nodiscard]] outcome run_trivet(const std::vector<std::string>& arguments,
                                 const run_options& how = {});

/// How many lines a text has.
[[nodiscard]] std::size_t line_count(std::string_view text);

}  // namespace trivet::testing

#endif  // TESTS_TOOLS_COMMAND_H_
