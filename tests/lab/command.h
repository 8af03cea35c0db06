// Running other programs: to an end, or in the background.

#ifndef TESTS_LAB_COMMAND_H_
#define TESTS_LAB_COMMAND_H_

#include <sys/types.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lab/descriptor.h"
#include "tests/lab/wait.h"

namespace trivet::lab {

/// A program's name, looked up in $PATH, and its arguments.
using arguments = std::vector<std::string>;

/// How a program ended: its exit status, or 128 + the signal that killed it.
struct outcome {
  int status = 0;
  std::string output;
  std::string error;
};

/// A program failed; what() has its arguments, its status and what it wrote.
class command_error : public std::runtime_error {
 public:
  command_error(const arguments& argv, const outcome& result);
};

/// posix_spawnp(3), then reads both outputs to their ends. The program is in the calling thread's
/// namespaces; its standard input is `input`.
/// @throws std::system_error if it cannot be started
outcome try_run(const arguments& argv, std::string_view input = {});

/// try_run; returns its standard output.
/// @throws command_error if its status is not 0
std::string run(const arguments& argv, std::string_view input = {});

/// A program that runs beside the test. Killed, if it still runs, and waited for by the destructor.
///
///     background capture({"tcpdump", "-l", "-i", "lo"});
///     ASSERT_TRUE(capture.read_until("listening on", after(patience)));
class background {
 public:
  /// Its standard input is /dev/null; both its outputs go into one pipe.
  explicit background(const arguments& argv);
  background(background&& other) noexcept;
  background& operator=(background&&) = delete;
  ~background();

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Reads until the output, from its very start, contains the text. False at the deadline or at
  /// the end of the output.
  bool read_until(std::string_view text, deadline until);

  /// Everything read so far.
  [[nodiscard]] const std::string& output() const { return output_; }

  /// kill(2).
  void signal(int number) const;

  /// Reads the output to its end and waits for the program's. nullopt at the deadline.
  std::optional<int> wait(deadline until);

 private:
  bool read_more(deadline until);

  pid_t pid_ = -1;
  descriptor pipe_;
  std::string output_;
};

}  // namespace trivet::lab

#endif  // TESTS_LAB_COMMAND_H_
