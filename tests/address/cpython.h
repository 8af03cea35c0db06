// CPython's socket module as a process of its own, asked line by line (oracle.py says what).
//
//   cpython python;
//   const auto answer = python.ask({"encode", "inet", "('127.0.0.1', 80)"});
//   EXPECT_EQ(answer.word(0), "020000507f000001…");
#ifndef TESTS_ADDRESS_CPYTHON_H_
#define TESTS_ADDRESS_CPYTHON_H_

#include <sys/types.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "trivet/unix/socket.h"

namespace trivet::test {

/// What Python said: words, or the exception as "Type: text".
struct python_answer {
  std::vector<std::string> words;
  std::string exception;

  [[nodiscard]] bool ok() const { return exception.empty(); }
  /// A word of the answer, or the exception in its place, so that a comparison shows it.
  [[nodiscard]] std::string word(std::size_t i) const {
    if (!ok()) return exception;
    return i < words.size() ? words[i] : "no word " + std::to_string(i);
  }
};

/// Debian's /usr/bin/python3 with oracle.py and the tap. One thread at a time.
class cpython {
 public:
  /// Throws socket_error where it cannot be started: apt-get install python3.
  cpython();
  /// kill(2).
  ~cpython();
  cpython(const cpython&) = delete;
  cpython& operator=(const cpython&) = delete;

  /// Words hold no tab and no line end. Throws timed_out, or socket_error where Python has ended.
  python_answer ask(std::initializer_list<std::string_view> words);
  /// Sends the question alone, for one that waits for what the test does next.
  void begin(std::initializer_list<std::string_view> words);
  python_answer end();

 private:
  explicit cpython(socket_pair<unix_domain::socket> pair);
  unix_domain::socket line_;
  ::pid_t pid_ = -1;
  std::string received_;
};

}  // namespace trivet::test

#endif  // TESTS_ADDRESS_CPYTHON_H_
