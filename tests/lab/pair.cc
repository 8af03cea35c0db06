#include "tests/lab/pair.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cstdlib>

#include "tests/lab/descriptor.h"

namespace trivet::lab {
namespace {

/// One question to the launcher and its answer; launcher/pair.py has the language.
std::string ask(const std::string& question) {
  const char* path = std::getenv("TRIVET_LAB_CONTROL");
  if (path == nullptr || node() == 0) {
    throw std::runtime_error("this test needs kernels = [\"uml_pair\"] or [\"qemu_pair\"]");
  }
  const descriptor line(check(::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC), path));
  check(::flock(line.get(), LOCK_EX), "flock the control line");
  if (::write(line.get(), question.data(), question.size()) !=
      static_cast<ssize_t>(question.size())) {
    check(-1, "write to the control line");
  }
  std::string answer;
  for (char next = 0; next != '\n';) {
    if (check(static_cast<int>(::read(line.get(), &next, 1)), "read the control line") == 0) {
      throw std::runtime_error("the control line has ended");
    }
    answer += next;
  }
  answer.pop_back();
  return answer;
}

[[noreturn]] void refuse(const std::string& answer) {
  if (answer == "gone") {
    throw peer_gone();
  }
  throw std::runtime_error("the lab answers: " + answer);
}

}  // namespace

int node() {
  const char* number = std::getenv("TRIVET_LAB_NODE");
  return number != nullptr ? std::atoi(number) : 0;
}

std::string link_device() {
  const char* name = std::getenv("TRIVET_LAB_LINK");
  return name != nullptr ? name : "";
}

std::string exchange(std::string_view name, std::string_view value) {
  if (name.empty() || name.find_first_of(" \n") != std::string_view::npos ||
      value.find('\n') != std::string_view::npos) {
    throw std::invalid_argument("exchange: a name without spaces and a value without line ends");
  }
  const std::string answer = ask("exchange " + std::string(name) + " " + std::string(value) + "\n");
  constexpr std::string_view good = "value ";
  if (!answer.starts_with(good)) {
    refuse(answer);
  }
  return answer.substr(good.size());
}

// Qualified: std::exchange, found by the argument, would match better.
void barrier(std::string_view name) { lab::exchange(name, {}); }

void kill_peer() {
  const std::string answer = ask("kill\n");
  if (answer != "killed") {
    refuse(answer);
  }
}

}  // namespace trivet::lab
