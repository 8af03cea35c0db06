// Requests of rtnetlink by the bare system calls: no more than the work needs, errors checked.
#ifndef BENCH_NETLINK_BATCH_BARE_H_
#define BENCH_NETLINK_BATCH_BARE_H_

#include <linux/rtnetlink.h>

#include <cstdint>
#include <vector>

namespace trivet::bench {

/// Route number n of these benchmarks is 16.0.0.0/24 + n * 256, by 10.0.0.2 and the link at hand.
[[nodiscard]] constexpr std::uint32_t route_address(unsigned n) noexcept {
  return 0x10000000U + (n << 8);
}
constexpr std::uint32_t gateway_address = 0x0a000002U;

/// Ends the benchmark with a message and errno.
[[noreturn]] void give_up(const char* what);

class bare_socket {
 public:
  bare_socket();
  bare_socket(const bare_socket&) = delete;
  bare_socket& operator=(const bare_socket&) = delete;
  ~bare_socket();

  /// Adds (RTM_NEWROUTE) or deletes the routes 0 … count - 1: 1024 requests in a sendmsg(2), of
  /// which the last is acknowledged.
  void write_routes(std::uint16_t type, unsigned count, int link);

  /// One RTM_GETROUTE and its answer. @return the answer's bytes
  std::size_t get_route(unsigned n);

 private:
  struct request;
  void flush(std::vector<request>& chunk);

  int fd_;
  std::uint32_t sequence_ = 0;
};

}  // namespace trivet::bench

#endif  // BENCH_NETLINK_BATCH_BARE_H_
