#include "tests/lab/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <utility>

namespace trivet::lab {
namespace {

struct pipe_ends {
  descriptor reader;
  descriptor writer;
};

pipe_ends make_pipe() {
  std::array<int, 2> fds{};
  check(::pipe2(fds.data(), O_CLOEXEC), "pipe2");
  return {descriptor(fds[0]), descriptor(fds[1])};
}

std::string joined(const arguments& argv) {
  std::string text;
  for (const auto& word : argv) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

/// Starts a program whose standard descriptors are these.
pid_t spawn(const arguments& argv, int input, int output, int error) {
  std::vector<char*> pointers;
  for (const auto& word : argv) {
    // posix_spawnp(3) promises not to change them.
    pointers.push_back(const_cast<char*>(word.c_str()));
  }
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
  pid_t pid = -1;
  const int failure =
      ::posix_spawnp(&pid, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    throw std::system_error(failure, std::generic_category(), "start " + joined(argv));
  }
  return pid;
}

int shell_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      check(-1, "waitpid");
    }
  }
  return shell_status(status);
}

/// Appends what is there; false at the end of the file.
bool append(int fd, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  if (size < 0) {
    return errno == EINTR || errno == EAGAIN;
  }
  text.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}

/// Writes what fits; false when nothing is left to write, or nobody to read it.
bool feed(int fd, std::string_view& input) {
  // A socket, for MSG_NOSIGNAL: the program may end without having read its input.
  const ssize_t size = ::send(fd, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (size < 0) {
    return errno == EINTR || errno == EAGAIN;
  }
  input.remove_prefix(static_cast<std::size_t>(size));
  return !input.empty();
}

}  // namespace

command_error::command_error(const arguments& argv, const outcome& result)
    : std::runtime_error(joined(argv) + ": exit status " + std::to_string(result.status) + "\n" +
                         result.error + result.output) {}

outcome try_run(const arguments& argv, std::string_view input) {
  std::array<int, 2> sockets{};
  check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), "socketpair");
  descriptor feeder(sockets[0]);
  descriptor fed(sockets[1]);
  pipe_ends output = make_pipe();
  pipe_ends error = make_pipe();
  const pid_t pid = spawn(argv, fed.get(), output.writer.get(), error.writer.get());
  fed.reset();
  output.writer.reset();
  error.writer.reset();
  if (input.empty()) {
    feeder.reset();
  }

  outcome result;
  while (output.reader.get() >= 0 || error.reader.get() >= 0) {
    // poll(2) passes over negative descriptors: those that are done.
    std::array<pollfd, 3> entries{{{output.reader.get(), POLLIN, 0},
                                   {error.reader.get(), POLLIN, 0},
                                   {feeder.get(), POLLOUT, 0}}};
    if (::poll(entries.data(), entries.size(), -1) < 0) {
      continue;
    }
    if (entries[0].revents != 0 && !append(output.reader.get(), result.output)) {
      output.reader.reset();
    }
    if (entries[1].revents != 0 && !append(error.reader.get(), result.error)) {
      error.reader.reset();
    }
    if (entries[2].revents != 0 && !feed(feeder.get(), input)) {
      feeder.reset();
    }
  }
  result.status = wait_for(pid);
  return result;
}

std::string run(const arguments& argv, std::string_view input) {
  outcome result = try_run(argv, input);
  if (result.status != 0) {
    throw command_error(argv, result);
  }
  return std::move(result.output);
}

background::background(const arguments& argv) {
  pipe_ends ends = make_pipe();
  const descriptor nothing(check(::open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
  pid_ = spawn(argv, nothing.get(), ends.writer.get(), ends.writer.get());
  pipe_ = std::move(ends.reader);
}

background::background(background&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pipe_(std::move(other.pipe_)),
      output_(std::move(other.output_)) {}

background::~background() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

bool background::read_more(deadline until) {
  return pipe_.get() >= 0 && wait_readable(pipe_.get(), until) && append(pipe_.get(), output_);
}

bool background::read_until(std::string_view text, deadline until) {
  while (output_.find(text) == std::string::npos) {
    if (!read_more(until)) {
      return false;
    }
  }
  return true;
}

void background::signal(int number) const {
  if (pid_ > 0) {
    check(::kill(pid_, number), "kill");
  }
}

std::optional<int> background::wait(deadline until) {
  while (read_more(until)) {
  }
  // The program may have closed its output long before it ends; pidfd_open(2) tells when it does.
  const descriptor end(check(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)), "pidfd_open"));
  if (!wait_readable(end.get(), until)) {
    return std::nullopt;
  }
  return wait_for(std::exchange(pid_, -1));
}

}  // namespace trivet::lab
