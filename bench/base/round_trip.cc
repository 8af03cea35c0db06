// Round trips through the socket base beside the bare system calls, in one run.
//
// The two take turns in short rounds, so that a machine whose speed drifts moves both; what is
// reported is the median of the ratios of neighbouring rounds. "one thread" sends and receives on
// both ends itself: four system calls and nothing else, where the base's own cost shows most.
// "two threads" is what a program sees: the other end is a thread that answers by bare calls.
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace {

using namespace trivet;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t message_size = 64;
constexpr int rounds = 201;

using buffer_type = std::array<std::byte, message_size>;

// The floor: what a C program writes.
void bare_send(int fd, const buffer_type& data) {
  if (::send(fd, data.data(), data.size(), MSG_NOSIGNAL) < 0) std::abort();
}
void bare_receive(int fd, buffer_type& data) {
  if (::recv(fd, data.data(), data.size(), 0) < 0) std::abort();
}

double nanoseconds_each(int trips, const std::function<void()>& trip) {
  const auto start = clock_type::now();
  for (int i = 0; i < trips; ++i) trip();
  const std::chrono::duration<double, std::nano> taken = clock_type::now() - start;
  return taken.count() / trips;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

// Takes turns and prints a line. `bare` and `base` make one round trip each.
void compare(std::string_view name, int trips, const std::function<void()>& bare,
             const std::function<void()>& base) {
  std::vector<double> bare_times;
  std::vector<double> base_times;
  std::vector<double> ratios;
  nanoseconds_each(trips, bare);
  nanoseconds_each(trips, base);
  for (int round = 0; round < rounds; ++round) {
    const bool base_first = round % 2 == 1;  // who comes second finds a warmer machine
    double base_time = base_first ? nanoseconds_each(trips, base) : 0;
    const double bare_time = nanoseconds_each(trips, bare);
    if (!base_first) base_time = nanoseconds_each(trips, base);
    bare_times.push_back(bare_time);
    base_times.push_back(base_time);
    ratios.push_back(base_time / bare_time);
  }
  fmt::print("{:<34}{:>9.0f} ns{:>9.0f} ns{:>9.3f}\n", name, median(bare_times), median(base_times),
             median(ratios));
}

template <class Socket>
void measure(std::string_view name, Socket& near, Socket& far) {
  buffer_type data{};
  const int near_fd = near.native_handle();
  const int far_fd = far.native_handle();
  compare(
      fmt::format("{}, one thread", name), 1000,
      [&] {
        bare_send(near_fd, data);
        bare_receive(far_fd, data);
        bare_send(far_fd, data);
        bare_receive(near_fd, data);
      },
      [&] {
        near.send(data);
        far.receive(data);
        far.send(data);
        near.receive(data);
      });

  std::thread echo([far_fd] {
    buffer_type answer{};
    while (::recv(far_fd, answer.data(), answer.size(), 0) > 0 && answer[0] == std::byte{0}) {
      bare_send(far_fd, answer);
    }
  });
  compare(
      fmt::format("{}, two threads", name), 300,
      [&] {
        bare_send(near_fd, data);
        bare_receive(near_fd, data);
      },
      [&] {
        near.send(data);
        near.receive(data);
      });
  data[0] = std::byte{1};  // tells the other thread to end
  near.send(data);
  echo.join();
}

}  // namespace

int main() {
  fmt::print("round trips of {} bytes, medians of {} rounds\n\n", message_size, rounds);
  fmt::print("{:<34}{:>12}{:>12}{:>9}\n", "", "bare calls", "Trivet", "ratio");
  for (const auto& [name, type] :
       {std::pair{"AF_UNIX stream", SOCK_STREAM}, std::pair{"AF_UNIX datagram", SOCK_DGRAM}}) {
    auto [near, far] = unix_domain::socket::pair(type);
    measure(name, near, far);
  }
  inet::socket near(SOCK_DGRAM);
  inet::socket far(SOCK_DGRAM);
  near.bind(inet::address::parse("('127.0.0.1', 0)"));
  far.bind(inet::address::parse("('127.0.0.1', 0)"));
  near.connect(far.local_address());
  far.connect(near.local_address());
  measure("UDP on loopback", near, far);
}
