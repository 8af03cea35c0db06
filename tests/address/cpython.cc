#include "tests/address/cpython.h"

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace trivet::test {
namespace {

constexpr const char* interpreter = "/usr/bin/python3";
constexpr const char* oracle = "tests/address/oracle.py";
constexpr const char* tap = "tests/address/libsockaddr_tap.so";

io_options soon() { return {.flags = 0, .until = deadline::after(std::chrono::seconds(60))}; }

std::string absolute(const char* path) {
  const std::unique_ptr<char, decltype(&::free)> resolved(::realpath(path, nullptr), ::free);
  if (!resolved) throw_socket_error(errno_code(errno), path);
  return resolved.get();
}

// Standard input and output are `line`. The tap goes to Python alone and not to this process.
::pid_t start(int line) {
  std::string preload = "LD_PRELOAD=" + absolute(tap);
  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  std::string script = oracle;
  std::string isolated = "-I";
  std::string name = interpreter;
  char* const arguments[] = {name.data(), isolated.data(), script.data(), nullptr};
  char* const environment[] = {preload.data(), path.data(), nullptr};
  ::posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, line, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, line, STDOUT_FILENO);
  ::pid_t pid = -1;
  const int error = ::posix_spawn(&pid, interpreter, &actions, nullptr, arguments, environment);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw_socket_error(errno_code(error), interpreter, "apt-get install python3");
  }
  return pid;
}

}  // namespace

cpython::cpython() : cpython(unix_domain::socket::pair(SOCK_STREAM)) {}

cpython::cpython(socket_pair<unix_domain::socket> pair)
    : line_(std::move(pair.first)), pid_(start(pair.second.native_handle())) {}

cpython::~cpython() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void cpython::begin(std::initializer_list<std::string_view> words) {
  std::string line;
  for (const std::string_view word : words) line.append(line.empty() ? "" : "\t").append(word);
  line_.send_all(bytes_of(line + "\n"), soon());
}

python_answer cpython::end() {
  std::size_t size = 0;
  while ((size = received_.find('\n')) == std::string::npos) {
    std::array<std::byte, 65536> buffer;
    const receive_result got = line_.receive(buffer, soon());
    if (got.size == 0) throw socket_error(errno_code(EPIPE), "ask Python", "it has ended");
    received_ += text_of(const_bytes(buffer).first(got.size));
  }
  std::string_view line = std::string_view(received_).substr(0, size);
  python_answer answer;
  for (bool more = true; more;) {
    const auto tab = line.find('\t');
    answer.words.emplace_back(line.substr(0, tab));
    more = tab != std::string_view::npos;
    if (more) line.remove_prefix(tab + 1);
  }
  received_.erase(0, size + 1);
  if (answer.words.at(0) != "ok") answer.exception = answer.words.at(1);
  answer.words.erase(answer.words.begin());
  return answer;
}

python_answer cpython::ask(std::initializer_list<std::string_view> words) {
  begin(words);
  return end();
}

}  // namespace trivet::test
