// Netlink by the bare system calls: no more than the work needs, errors checked.
#ifndef BENCH_NETLINK_BARE_H_
#define BENCH_NETLINK_BARE_H_

#include <linux/rtnetlink.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace trivet::bench {

/// Ends the benchmark with a message and errno.
[[noreturn]] void give_up(const char* what);

/// socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), bound to a port of its own.
class bare_socket {
 public:
  explicit bare_socket(std::uint32_t groups = 0);
  bare_socket(const bare_socket&) = delete;
  bare_socket& operator=(const bare_socket&) = delete;
  ~bare_socket();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  void send(const void* data, std::size_t size) const;
  /// Sends the request of a dump of the IPv4 routes.
  void ask_for_routes() const;

 private:
  int fd_;
};

/// What a route of these benchmarks is: number i is 16.0.0.0/24 and i * 256, by one gateway.
class route_writer {
 public:
  /// Routes go over the link of this index, by 10.0.0.2.
  explicit route_writer(int link) noexcept : link_(link) {}

  /// Adds or deletes the routes numbered first … first + count - 1: 1024 requests in a send, of
  /// which the last is acknowledged.
  void write(std::uint16_t type, unsigned first, unsigned count);

 private:
  struct request {
    ::nlmsghdr header;
    ::rtmsg route;
    ::nlattr destination_header;
    std::array<std::uint8_t, 4> destination;
    ::nlattr gateway_header;
    std::array<std::uint8_t, 4> gateway;
    ::nlattr link_header;
    int link;
  };
  static_assert(sizeof(request) == 52);

  void flush();

  bare_socket socket_;
  int link_;
  std::uint32_t sequence_ = 0;
  std::vector<request> batch_;
};

/// Receives a dump of the IPv4 routes to its end, and looks at nothing else. @return bytes
std::size_t receive_routes(const bare_socket& socket, std::vector<std::byte>& buffer);

/// The memory of this process that is in use, in bytes: VmRSS.
[[nodiscard]] std::size_t resident_memory();

}  // namespace trivet::bench

#endif  // BENCH_NETLINK_BARE_H_
