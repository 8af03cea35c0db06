#include "tests/tools/command.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace trivet::testing {
namespace {

constexpr std::chrono::seconds patience{60};
constexpr ::uid_t nobody = 65534;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::system_category(), what);
}

descriptor open_or_throw(const std::string& path, int flags) {
  descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0644));
  if (!file) fail(path);
  return file;
}

/// A file that holds the input: unlike a pipe it needs no writer while the command runs.
descriptor input_file(std::string_view input) {
  descriptor file(::memfd_create("input", MFD_CLOEXEC));
  if (!file) fail("memfd_create");
  if (::write(file.get(), input.data(), input.size()) != static_cast<ssize_t>(input.size())) {
    fail("write");
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

struct pipe_ends {
  descriptor reading;
  descriptor writing;
};

pipe_ends make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) fail("pipe2");
  return {descriptor(fds[0]), descriptor(fds[1])};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

/// In the child: nothing here may throw or allocate.
[[noreturn]] void become(int program, int input, int output, int errors, bool as_nobody,
                         char* const* arguments, char* const* environment) {
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  if (as_nobody && ::getuid() == 0) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) {
      ::_exit(126);
    }
  }
  // By descriptor and not by path: nobody may not walk into the build's folders.
  ::fexecve(program, arguments, environment);
  ::_exit(127);
}

int milliseconds_left(std::chrono::steady_clock::time_point end) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

/// Appends what there is to `text`; closes the descriptor at its end.
void read_some(descriptor& from, std::string& text) {
  char bytes[4096];
  const ssize_t got = ::read(from.get(), bytes, sizeof bytes);
  if (got > 0) {
    text.append(bytes, static_cast<std::size_t>(got));
  } else if (got == 0 || errno != EINTR) {
    from.reset();
  }
}

}  // namespace

std::string trivet_path() {
  const char* sources = std::getenv("TEST_SRCDIR");
  const char* workspace = std::getenv("TEST_WORKSPACE");
  std::string path = "tools/trivet/trivet";
  if (sources == nullptr || workspace == nullptr || std::filesystem::exists(path)) return path;
  return std::string(sources) + "/" + workspace + "/" + path;
}

running_trivet::running_trivet(const std::vector<std::string>& arguments, const run_options& how) {
  const std::string path = trivet_path();
  const descriptor program = open_or_throw(path, O_RDONLY);
  const descriptor input = input_file(how.input);
  pipe_ends errors = make_pipe();
  pipe_ends output = make_pipe();
  if (!how.output_file.empty()) {
    output.writing = open_or_throw(how.output_file, O_WRONLY | O_CREAT | O_TRUNC);
  }
  if (how.output_closed) output.reading.reset();
  std::vector<std::string> words = {"trivet"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  environment.insert(environment.end(), how.environment.begin(), how.environment.end());
  const std::vector<char*> word_list = pointers(words);
  const std::vector<char*> environment_list = pointers(environment);
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) {
    become(program.get(), input.get(), output.writing.get(), errors.writing.get(), how.as_nobody,
           word_list.data(), environment_list.data());
  }
  output_ = std::move(output.reading);
  errors_ = std::move(errors.reading);
}

running_trivet::~running_trivet() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void running_trivet::signal(int number) const {
  if (pid_ < 0 || ::kill(pid_, number) != 0) fail("kill");
}

std::string running_trivet::take_line(descriptor& from, std::string& buffer) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    if (const std::size_t newline = buffer.find('\n'); newline != std::string::npos) {
      std::string line = buffer.substr(0, newline);
      buffer.erase(0, newline + 1);
      return line;
    }
    if (!from) throw std::runtime_error("trivet ended before it printed a line: " + errors_text_);
    ::pollfd file{from.get(), POLLIN, 0};
    if (::poll(&file, 1, milliseconds_left(end)) == 0) {
      throw std::runtime_error("trivet printed no line in 30 s");
    }
    read_some(from, buffer);
  }
}

void running_trivet::await_output() const {
  ::pollfd file{output_.get(), POLLIN, 0};
  const auto end = std::chrono::steady_clock::now() + patience;
  if (::poll(&file, 1, milliseconds_left(end)) == 0) {
    throw std::runtime_error("trivet printed nothing in 30 s");
  }
}

std::string running_trivet::read_line() { return take_line(output_, output_text_); }

std::string running_trivet::read_error_line() { return take_line(errors_, errors_text_); }

outcome running_trivet::wait() {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (output_ || errors_) {
    ::pollfd files[] = {{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}};
    if (::poll(files, 2, milliseconds_left(end)) == 0) {
      throw std::runtime_error("trivet did not end in 30 s: " + output_text_ + errors_text_);
    }
    if (files[0].revents != 0) read_some(output_, output_text_);
    if (files[1].revents != 0) read_some(errors_, errors_text_);
  }
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {code, std::move(output_text_), std::move(errors_text_)};
}

outcome run_trivet(const std::vector<std::string>& arguments, const run_options& how) {
  return running_trivet(arguments, how).wait();
}

std::size_t line_count(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace trivet::testing
