// Round trips through the socket base and through the bare system calls, in one run.
//
//   round_trip [--rounds N] [--count N] [--only CASE]
//
// Prints one line per case and contender: case, contender, nanoseconds, nanoseconds undisturbed,
// ratio to the bare calls, and the quartiles of that ratio, separated by tabs. With --count a block
// is so many operations, for counting instructions:
//
//   valgrind --tool=callgrind round_trip --rounds 1 --count 1000 --only call/udp
#include <sched.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "bench/base/calls.h"
#include "bench/paired.h"
#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet::bench {
namespace {

constexpr std::size_t message_size = 64;

template <class Socket>
using pair_of = std::pair<Socket, Socket>;

template <int Type>
pair_of<unix_domain::socket> unix_pair() {
  auto [a, b] = unix_domain::socket::pair(Type);
  return {std::move(a), std::move(b)};
}

pair_of<inet::socket> udp_pair() {
  pair_of<inet::socket> both{inet::socket(SOCK_DGRAM), inet::socket(SOCK_DGRAM)};
  both.first.bind(inet::address::loopback(0));
  both.second.bind(inet::address::loopback(0));
  both.first.connect(both.second.local_address());
  both.second.connect(both.first.local_address());
  return both;
}

void pin_to(int cpu) {
  ::cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  // Where it is forbidden the figures are noisier, not wrong.
  (void)::sched_setaffinity(0, sizeof set, &set);
}

int cpus() {
  ::cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// One thread sends on one end and receives on the other: the calls themselves, without a wait.
template <class Calls, class Socket>
contender within_a_thread(const std::shared_ptr<pair_of<Socket>>& sockets) {
  return {Calls::name, [sockets](int count) {
            Calls one(sockets->first);
            Calls other(sockets->second);
            std::array<std::byte, message_size> data{};
            std::array<std::byte, 2 * message_size> buffer;
            for (int i = 0; i < count; ++i) {
              one.send(data);
              if (other.receive(buffer) != message_size) give_up("receive: not a whole message");
            }
          }};
}

// A thread that sends back what it receives, by the same calls, until an empty message comes or the
// stream ends.
template <class Calls, class Socket>
class echo {
 public:
  echo(pair_of<Socket> sockets, int cpu)
      : sockets_(std::move(sockets)), thread_([this, cpu] {
          pin_to(cpu);
          Calls calls(sockets_.second);
          std::array<std::byte, 2 * message_size> buffer;
          while (const std::size_t size = calls.receive(buffer)) {
            calls.send(const_bytes(buffer).first(size));
          }
        }) {}
  ~echo() {
    std::error_code ec;
    sockets_.first.send({}, ec);           // an empty datagram ends it
    sockets_.first.shutdown(SHUT_WR, ec);  // and so does the end of a stream
    thread_.join();
  }
  echo(const echo&) = delete;
  echo& operator=(const echo&) = delete;

  Socket& near_end() { return sockets_.first; }

 private:
  pair_of<Socket> sockets_;
  std::thread thread_;
};

template <class Calls, class Socket>
contender between_threads(pair_of<Socket> sockets, int cpu) {
  auto far = std::make_shared<echo<Calls, Socket>>(std::move(sockets), cpu);
  return {Calls::name, [far](int count) {
            Calls calls(far->near_end());
            std::array<std::byte, message_size> data{};
            std::array<std::byte, 2 * message_size> buffer;
            for (int i = 0; i < count; ++i) {
              calls.send(data);
              if (calls.receive(buffer) != message_size) give_up("receive: not a whole message");
            }
          }};
}

template <class Socket>
std::vector<contender> calls_of(pair_of<Socket> (*open)()) {
  // All of them on the same two sockets.
  const auto sockets = std::make_shared<pair_of<Socket>>(open());
  return {within_a_thread<bare_calls<Socket>>(sockets),
          within_a_thread<bare_again<Socket>>(sockets),
          within_a_thread<bare_message_calls<Socket>>(sockets),
          within_a_thread<base_calls<Socket>>(sockets),
          within_a_thread<base_code_calls<Socket>>(sockets)};
}

template <class Socket>
std::vector<contender> round_trips_of(pair_of<Socket> (*open)(), int far_cpu) {
  return {between_threads<bare_calls<Socket>>(open(), far_cpu),
          between_threads<bare_again<Socket>>(open(), far_cpu),
          between_threads<bare_message_calls<Socket>>(open(), far_cpu),
          between_threads<base_calls<Socket>>(open(), far_cpu),
          between_threads<base_code_calls<Socket>>(open(), far_cpu)};
}

std::vector<contender> addressed_calls() {
  const auto sockets = std::make_shared<pair_of<inet::socket>>(udp_pair());
  return {within_a_thread<bare_addressed_calls<inet::socket>>(sockets),
          within_a_thread<base_addressed_calls<inet::socket>>(sockets)};
}

struct benchmark {
  std::string name;
  std::function<std::vector<contender>()> contenders;
};

std::vector<benchmark> benchmarks() {
  const auto stream = unix_pair<SOCK_STREAM>;
  const auto dgram = unix_pair<SOCK_DGRAM>;
  std::vector<benchmark> list{
      {"call/unix-stream", [=] { return calls_of<unix_domain::socket>(stream); }},
      {"call/unix-dgram", [=] { return calls_of<unix_domain::socket>(dgram); }},
      {"call/udp", [] { return calls_of<inet::socket>(udp_pair); }},
      {"call/udp-with-addresses", addressed_calls},
      {"trip/unix-stream", [=] { return round_trips_of<unix_domain::socket>(stream, 0); }},
      {"trip/unix-dgram", [=] { return round_trips_of<unix_domain::socket>(dgram, 0); }},
      {"trip/udp", [] { return round_trips_of<inet::socket>(udp_pair, 0); }},
  };
  if (cpus() > 1) {
    list.push_back(
        {"trip2/unix-stream", [=] { return round_trips_of<unix_domain::socket>(stream, 1); }});
    list.push_back(
        {"trip2/unix-dgram", [=] { return round_trips_of<unix_domain::socket>(dgram, 1); }});
    list.push_back({"trip2/udp", [] { return round_trips_of<inet::socket>(udp_pair, 1); }});
  }
  return list;
}

int run(effort how, std::string_view only) {
  const std::vector<benchmark> list = benchmarks();  // counts the CPUs before it is pinned to one
  pin_to(0);
  bool found = false;
  for (const benchmark& b : list) {
    if (!only.empty() && b.name.find(only) == std::string::npos) continue;
    found = true;
    for (const timing& t : time_in_turn(b.contenders(), how)) {
      std::printf("%s\t%s\t%.1f\t%.1f\t%.4f\t%.4f\t%.4f\n", b.name.c_str(), t.name.c_str(),
                  t.nanoseconds, t.undisturbed, t.ratio, t.lower, t.upper);
    }
    std::fflush(stdout);
  }
  if (!found) std::fprintf(stderr, "no case of that name\n");
  return found ? 0 : 2;
}

}  // namespace
}  // namespace trivet::bench

int main(int argc, char** argv) {
  trivet::bench::effort how;
  std::string_view only;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--rounds") == 0) how.rounds = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--count") == 0) how.count = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--only") == 0) only = argv[i + 1];
  }
  if (argc % 2 == 0 || how.rounds < 1) {
    std::fprintf(stderr, "usage: round_trip [--rounds N] [--count N] [--only CASE]\n");
    return 2;
  }
  return trivet::bench::run(how, only);
}
