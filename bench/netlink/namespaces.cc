// Many network namespaces watched by one process. To be run where /run/netns is its own, with links
// in the namespaces there: run_namespaces does that.
//
//   namespaces CONTENDER [--idle SECONDS] [--samples N]
//
// CONTENDER is "bare" (a socket in each namespace, and a dump that nobody looks at: the floor) or
// "trivet" (netlink::namespace_monitor of links). Prints names and values, separated by a tab.
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <malloc.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/netlink/bare.h"
#include "trivet/base/netns.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/namespace_monitor.h"

namespace trivet::bench {
namespace {

unsigned idle_seconds = 10;
unsigned samples = 2000;

std::int64_t now() {
  ::timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

double cpu_seconds() {
  ::timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

long wake_ups() {
  ::rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nvcsw;
}

void print(const char* name, double value) { std::printf("%s\t%.9g\n", name, value); }

void print_quantiles(const std::string& name, std::vector<double> list) {
  std::sort(list.begin(), list.end());
  print((name + ", median").c_str(), list[list.size() / 2]);
  print((name + ", 99%").c_str(), list[list.size() * 99 / 100]);
}

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const auto& entry : std::filesystem::directory_iterator("/run/netns")) {
    // The one that comes and goes.
    if (entry.path().filename() != "zz") list.push_back(entry.path().filename().string());
  }
  std::sort(list.begin(), list.end());
  return list;
}

// Another process, which changes a link when it is told to, and says when it did.
class changer {
 public:
  changer() {
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) give_up("pipe");
    void* const memory = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) give_up("mmap");
    when_ = static_cast<volatile std::int64_t*>(memory);
    child_ = ::fork();
    if (child_ < 0) give_up("fork");
    if (child_ == 0) {
      ::close(pipe[1]);
      serve(pipe[0]);
      ::_exit(0);
    }
    ::close(pipe[0]);
    tell_ = pipe[1];
  }
  changer(const changer&) = delete;
  changer& operator=(const changer&) = delete;
  ~changer() {
    ::close(tell_);
    ::waitpid(child_, nullptr, 0);
  }

  // 'l': the MTU of a link in the next namespace; 'a': a namespace gets a name; 'd': it loses it.
  void start(char word) const {
    if (::write(tell_, &word, 1) != 1) give_up("write");
  }
  /// When the last change was about to be made, on CLOCK_MONOTONIC.
  [[nodiscard]] std::int64_t when() const { return *when_; }

 private:
  void serve(int commands) {
    std::vector<netlink::client> kernels;
    const auto list = names();
    for (std::size_t i = 0; i < list.size(); i += 7) {
      kernels.push_back(
          network_namespace::by_name(list[i]).run([] { return netlink::client(NETLINK_ROUTE); }));
    }
    if (::unshare(CLONE_NEWNET) != 0) give_up("unshare");
    const int file = ::open("/run/netns/zz", O_RDONLY | O_CREAT | O_CLOEXEC, 0444);
    if (file < 0) give_up("/run/netns/zz");
    ::close(file);
    std::size_t which = 0;
    std::uint32_t mtu = 1000;
    char word = 0;
    while (::read(commands, &word, 1) == 1) {
      // The reader is to be asleep.
      ::usleep(500);
      if (word == 'l') {
        netlink::message_builder request(RTM_NEWLINK);
        ::ifinfomsg header{};
        header.ifi_index = 2 + static_cast<int>(which % 50);
        request.structure(header).attributes().value(IFLA_MTU, ++mtu);  // always another one
        *when_ = now();
        kernels[which++ % kernels.size()].request(request).check("RTM_NEWLINK");
      } else if (word == 'a') {
        *when_ = now();
        if (::mount("/proc/self/ns/net", "/run/netns/zz", nullptr, MS_BIND, nullptr) != 0) {
          give_up("mount");
        }
      } else {
        *when_ = now();
        ::umount2("/run/netns/zz", MNT_DETACH);
      }
    }
    ::unlink("/run/netns/zz");
  }

  ::pid_t child_ = 0;
  int tell_ = -1;
  volatile std::int64_t* when_ = nullptr;
};

void run_trivet() {
  const changer other;
  ::malloc_trim(0);
  const std::size_t before = resident_memory();
  const std::int64_t start = now();
  const double cpu = cpu_seconds();
  netlink::namespace_monitor_options options{.each = {.what = netlink::objects::link}};
  options.which.own = false;
  netlink::namespace_monitor all(options);
  print("ready", static_cast<double>(now() - start) * 1e-9);
  print("ready, CPU", cpu_seconds() - cpu);
  print("memory", static_cast<double>(resident_memory() - before));
  std::size_t links = 0;
  for (const auto& space : all.spaces()) {
    if (space.state != nullptr) links += space.state->links().size();
  }
  print("links", static_cast<double>(links));
  print("namespaces", static_cast<double>(all.spaces().size()));
  while (all.next(deadline::after(std::chrono::milliseconds(300)))) continue;

  const double idle_cpu = cpu_seconds();
  const long wakes = wake_ups();
  const auto told = all.next(deadline::after(std::chrono::seconds(idle_seconds)));
  print("idle, CPU", cpu_seconds() - idle_cpu);
  // One is that of the time that is up.
  print("idle, wake-ups", static_cast<double>(wake_ups() - wakes - (told ? 0 : 1)));

  const double read_cpu = cpu_seconds();
  all.catch_up(netlink::objects::link);
  print("read again, CPU", cpu_seconds() - read_cpu);

  std::vector<double> delays;
  for (unsigned i = 0; i < samples; ++i) {
    other.start('l');
    while (true) {
      const auto event = all.next(deadline::never());
      if (event->kind == netlink::namespace_event_kind::inside) break;
    }
    delays.push_back(static_cast<double>(now() - other.when()) * 1e-9);
  }
  print_quantiles("event", delays);
  std::vector<double> appeared, vanished;
  for (unsigned i = 0; i < samples / 20; ++i) {
    other.start('a');
    while (all.next(deadline::never())->kind != netlink::namespace_event_kind::appeared) continue;
    appeared.push_back(static_cast<double>(now() - other.when()) * 1e-9);
    other.start('d');
    while (all.next(deadline::never())->kind != netlink::namespace_event_kind::vanished) continue;
    vanished.push_back(static_cast<double>(now() - other.when()) * 1e-9);
  }
  print_quantiles("appeared", appeared);
  print_quantiles("vanished", vanished);
  print("memory at the end", static_cast<double>(resident_memory() - before));
}

// A dump of the links, to its end.
void receive_links(std::vector<std::byte>& buffer) {
  const bare_socket socket;
  struct {
    ::nlmsghdr header;
    ::ifinfomsg link;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  socket.send(&request, sizeof request);
  receive_routes(socket, buffer);  // links as well: it looks at the end alone
}

void run_bare() {
  const changer other;
  ::malloc_trim(0);
  const std::size_t before = resident_memory();
  const std::int64_t start = now();
  const double cpu = cpu_seconds();
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<bare_socket>> sockets;
  std::vector<std::byte> buffer(32768);
  const auto list = names();
  for (const std::string& name : list) {
    sockets.push_back(network_namespace::by_name(name).run([&] {
      receive_links(buffer);
      return std::make_unique<bare_socket>(RTMGRP_LINK);
    }));
    ::epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = sockets.back()->fd();
    if (::epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event) != 0) give_up("epoll_ctl");
  }
  print("ready", static_cast<double>(now() - start) * 1e-9);
  print("ready, CPU", cpu_seconds() - cpu);
  print("memory", static_cast<double>(resident_memory() - before));
  print("namespaces", static_cast<double>(sockets.size()));
  ::epoll_event event{};
  const double idle_cpu = cpu_seconds();
  const long wakes = wake_ups();
  ::epoll_wait(poll, &event, 1, static_cast<int>(idle_seconds * 1000));
  print("idle, CPU", cpu_seconds() - idle_cpu);
  print("idle, wake-ups", static_cast<double>(wake_ups() - wakes - 1));
  std::vector<double> delays;
  for (unsigned i = 0; i < samples; ++i) {
    other.start('l');
    if (::epoll_wait(poll, &event, 1, -1) != 1) give_up("epoll_wait");
    if (::recv(event.data.fd, buffer.data(), buffer.size(), 0) < 0) give_up("recv");
    delays.push_back(static_cast<double>(now() - other.when()) * 1e-9);
    // Events that come with it.
    while (::recv(event.data.fd, buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) continue;
  }
  print_quantiles("event", delays);
}

}  // namespace
}  // namespace trivet::bench

int main(int argc, char** argv) try {
  std::string contender;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--idle") == 0 && i + 1 < argc) {
      trivet::bench::idle_seconds = static_cast<unsigned>(std::atoi(argv[++i]));
    } else if (std::strcmp(argv[i], "--samples") == 0 && i + 1 < argc) {
      trivet::bench::samples = static_cast<unsigned>(std::atoi(argv[++i]));
    } else {
      contender = argv[i];
    }
  }
  if (contender == "trivet") {
    trivet::bench::run_trivet();
  } else if (contender == "bare") {
    trivet::bench::run_bare();
  } else {
    std::fprintf(stderr, "usage: namespaces bare|trivet [--idle SECONDS] [--samples N]\n");
    return 2;
  }
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "namespaces: %s\n", problem.what());
  return 1;
}
