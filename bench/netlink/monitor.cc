// Monitors of routes under as many changes as one process can make. To be run where nothing else
// is: a fresh network namespace with a link v0 that has 10.0.0.1/24.
//
//   monitor [--routes N] [--rounds N] [--buffer BYTES] [--only CONTENDER]
//
// A writer, another process, adds N routes and deletes them, 1024 requests in a send. Prints a line
// for each contender: its name, CPU nanoseconds per event that it received, the median of the
// rounds, ratio to the floor with its quartiles, events of a round and times that some were lost;
// separated by tabs.
#include "trivet/netlink/monitor.h"

#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/netlink/bare.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/table.h"

namespace trivet::bench {
namespace {

unsigned routes = 200'000;
constexpr unsigned last_number = 0xfffff;  // the route that tells the end
int receive_buffer = 64 << 20;

double cpu_seconds() {
  ::timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Another process that changes routes when it is told to.
class writer {
 public:
  explicit writer(int link) {
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) give_up("pipe");
    child_ = ::fork();
    if (child_ < 0) give_up("fork");
    if (child_ == 0) {
      ::close(pipe[1]);
      char word = 0;
      while (::read(pipe[0], &word, 1) == 1) word == 'p' ? touch_last(link) : change(link);
      ::_exit(0);
    }
    ::close(pipe[0]);
    tell_ = pipe[1];
  }
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  ~writer() {
    ::close(tell_);
    ::waitpid(child_, nullptr, 0);
  }

  void start() const { send('s'); }
  /// Adds and deletes the last route alone.
  void probe() const { send('p'); }

 private:
  void send(char word) const {
    if (::write(tell_, &word, 1) != 1) give_up("write");
  }
  static void touch_last(int link) {
    route_writer kernel(link);
    kernel.write(RTM_NEWROUTE, last_number, 1);
    kernel.write(RTM_DELROUTE, last_number, 1);
  }
  static void change(int link) {
    route_writer kernel(link);
    kernel.write(RTM_NEWROUTE, 0, routes);
    kernel.write(RTM_DELROUTE, 0, routes);
    // Long enough for whoever is behind: the last event is then not lost.
    ::usleep(500'000);
    touch_last(link);
  }

  ::pid_t child_ = 0;
  int tell_ = -1;
};

struct round_result {
  double cpu = 0;
  std::size_t events = 0;
  std::size_t losses = 0;
};

bool is_last(const std::byte* destination) {
  constexpr std::uint32_t address = 0x10000000U + (last_number << 8);
  constexpr std::uint8_t bytes[] = {address >> 24, address >> 16 & 0xff, address >> 8 & 0xff, 0};
  return std::memcmp(destination, bytes, sizeof bytes) == 0;
}
// struct rtmsg, RTA_TABLE, the header of RTA_DST.
constexpr std::size_t destination_at = sizeof(::rtmsg) + 8 + 4;

round_result receive_only(const writer& other) {
  const bare_socket socket(RTMGRP_IPV4_ROUTE);
  if (::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer,
                   sizeof receive_buffer) != 0) {
    give_up("SO_RCVBUFFORCE");
  }
  std::vector<std::byte> buffer(32768);
  round_result result;
  const double start = cpu_seconds();
  other.start();
  while (true) {
    const ::ssize_t size = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (size < 0) {
      if (errno != ENOBUFS) give_up("recv");
      ++result.losses;
      continue;
    }
    ++result.events;
    if (is_last(buffer.data() + sizeof(::nlmsghdr) + destination_at) &&
        load_padded<::nlmsghdr>(buffer).nlmsg_type == RTM_NEWROUTE) {
      break;
    }
  }
  result.cpu = cpu_seconds() - start;
  return result;
}

// What a dump says now differs in nothing from what the monitor has.
void check_exact(const netlink::monitor& kernel) {
  netlink::table state = kernel.state();
  netlink::monitor fresh({.what = netlink::objects::route_v4});
  netlink::differences differing;
  state.replace(netlink::objects::route_v4, netlink::table(fresh.state()), netlink::objects::none,
                differing);
  if (!differing.empty()) {
    std::fprintf(stderr, "the monitor's table differs from a dump in %zu routes\n",
                 differing.size());
    std::exit(1);
  }
}

round_result trivet_monitor(const writer& other) {
  netlink::monitor kernel({.what = netlink::objects::route_v4, .receive_buffer = receive_buffer});
  round_result result;
  const double start = cpu_seconds();
  other.start();
  while (true) {
    const auto event = kernel.next(deadline::never());
    if (event->kind == netlink::event_kind::overrun) ++result.losses;
    const auto* const change =
        std::get_if<netlink::difference<netlink::rtnl::route>>(&event->object);
    if (change != nullptr && change->after &&
        is_last(change->after.bytes().data() + destination_at)) {
      break;
    }
  }
  result.cpu = cpu_seconds() - start;
  result.events = kernel.statistics().messages;
  // After a loss the state may be read again later.
  do {
    while (kernel.next(deadline::after(std::chrono::milliseconds(100)))) continue;
  } while (!kernel.wake_up().is_never());
  check_exact(kernel);
  return result;
}

// Ticks of CPU time of another process.
double cpu_seconds_of(::pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/stat";
  std::FILE* const file = std::fopen(path.c_str(), "r");
  unsigned long user = 0, system = 0;
  if (file == nullptr ||
      std::fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                  &system) != 2) {
    give_up(path.c_str());
  }
  std::fclose(file);
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::string text_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  std::vector<char> piece(1 << 20);
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file)) {
    text.append(piece.data(), size);
  }
  return text;
}

// A program that prints a line for each event, with the route's destination in it.
round_result program(const writer& other, const std::vector<std::string>& words) {
  std::FILE* const out = std::tmpfile();
  if (out == nullptr) give_up("tmpfile");
  // Reading it here moves the offset that both share.
  if (::fcntl(::fileno(out), F_SETFL, O_APPEND) != 0) give_up("fcntl");
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::fileno(out), 1);
    ::dup2(::fileno(out), 2);
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  const std::string last = "31.255.255.0";
  const auto count = [](const std::string& text, std::string_view word) {
    std::size_t sum = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      ++sum;
    }
    return sum;
  };
  // It listens when it has seen a route.
  std::string before;
  while (count(before = text_of(out), last) == 0) {
    other.probe();
    ::usleep(100'000);
    if (::waitpid(child, nullptr, WNOHANG) != 0) {
      std::fprintf(stderr, "%s ended: %s\n", words[0].c_str(), before.c_str());
      std::exit(1);
    }
  }
  const double start = cpu_seconds_of(child);
  other.start();
  std::string text;
  while (count(text = text_of(out), last) < count(before, last) + 2) ::usleep(300'000);
  round_result result;
  result.cpu = cpu_seconds_of(child) - start;
  result.events = count(text, "\n") - count(before, "\n");
  result.losses = count(text, "overrun") + count(text, "available");
  ::kill(child, SIGTERM);
  ::waitpid(child, nullptr, 0);
  std::fclose(out);
  return result;
}

struct contender {
  std::string name;
  std::function<round_result(const writer&)> run;
  int rounds;
};

double quantile(std::vector<double> list, double part) {
  std::sort(list.begin(), list.end());
  return list[static_cast<std::size_t>(part * static_cast<double>(list.size() - 1))];
}

int run(int rounds, std::string_view only) {
  const int link = static_cast<int>(::if_nametoindex("v0"));
  if (link == 0) give_up("link v0");
  const writer other(link);
  std::vector<contender> contenders{{"receive only", receive_only, rounds}};
  for (const contender& one : std::vector<contender>{
           {"receive only, again", receive_only, rounds},
           {"trivet monitor", trivet_monitor, rounds},
           {"trivet netlink monitor route",
            [](const writer& w) {
              return program(w, {"bazel-bin/tools/trivet/trivet", "netlink", "monitor", "route"});
            },
            1},
           {"ip monitor route",
            [](const writer& w) {
              return program(w, {"ip", "monitor", "route"});
            },
            1},
           {"pyroute2",
            [](const writer& w) {
              return program(w, {"/usr/bin/python3", "bench/netlink/monitor_pyroute2.py"});
            },
            1}}) {
    if (only.empty() || one.name.find(only) != std::string::npos) contenders.push_back(one);
  }
  std::vector<std::vector<double>> costs(contenders.size()), ratios(contenders.size());
  std::vector<round_result> last(contenders.size());
  for (int i = 0; i < rounds; ++i) {
    for (std::size_t who = 0; who < contenders.size(); ++who) {
      if (i >= contenders[who].rounds) continue;
      last[who] = contenders[who].run(other);
      costs[who].push_back(last[who].cpu / static_cast<double>(last[who].events) * 1e9);
      ratios[who].push_back(costs[who].back() / costs[0].back());
    }
  }
  for (std::size_t who = 0; who < contenders.size(); ++who) {
    std::printf("%s\t%.0f\t%.3f\t%.3f\t%.3f\t%zu\t%zu\n", contenders[who].name.c_str(),
                quantile(costs[who], 0.5), quantile(ratios[who], 0.5), quantile(ratios[who], 0.25),
                quantile(ratios[who], 0.75), last[who].events, last[who].losses);
  }
  return 0;
}

}  // namespace
}  // namespace trivet::bench

int main(int argc, char** argv) {
  int rounds = 5;
  std::string_view only;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--routes") == 0) {
      trivet::bench::routes = static_cast<unsigned>(std::atol(argv[i + 1]));
    }
    if (std::strcmp(argv[i], "--buffer") == 0)
      trivet::bench::receive_buffer = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--only") == 0) only = argv[i + 1];
  }
  if (argc % 2 == 0 || rounds < 1) {
    std::fprintf(stderr,
                 "usage: monitor [--routes N] [--rounds N] [--buffer BYTES] [--only CONTENDER]\n");
    return 2;
  }
  return trivet::bench::run(rounds, only);
}
