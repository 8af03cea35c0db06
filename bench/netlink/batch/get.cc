// One RTM_GETROUTE and its answer: by the bare calls, by trivet's client, by libnl; in short
// blocks, taken in turn.
//
// usage: get ROUNDS COUNT      prints CONTENDER, NANOSECONDS of each block
#include <fmt/format.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/netlink/batch/bare.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/route/route.h"

namespace {

using trivet::bench::bare_socket;
using trivet::bench::give_up;
using trivet::bench::route_address;
namespace netlink = trivet::netlink;

class trivet_get {
 public:
  /// @param decoded  whether the answer becomes an object
  void run(unsigned n, bool decoded) {
    ::rtmsg header{};
    header.rtm_family = AF_INET;
    header.rtm_dst_len = 32;
    message_.restart(RTM_GETROUTE);
    message_.structure(header).attributes().value_big_endian(RTA_DST, route_address(n));
    std::uint32_t link = 0;
    const auto end = kernel_.get(message_, [&](const netlink::message_view& answer) {
      link = decoded ? netlink::rtnl::route::decode(answer)->output.value_or(0) : 1;
    });
    if (!end.ok() || link == 0) give_up("trivet");
  }

 private:
  netlink::client kernel_{NETLINK_ROUTE};
  netlink::message_builder message_{RTM_GETROUTE};
};

class libnl_get {
 public:
  libnl_get() : socket_(::nl_socket_alloc(), &::nl_socket_free) {
    if (::nl_connect(socket_.get(), NETLINK_ROUTE) < 0) give_up("nl_connect");
    ::nl_socket_disable_auto_ack(socket_.get());
    ::nl_socket_modify_cb(
        socket_.get(), NL_CB_VALID, NL_CB_CUSTOM,
        [](::nl_msg*, void* seen) {
          ++*static_cast<int*>(seen);
          return static_cast<int>(NL_OK);
        },
        &seen_);
  }
  libnl_get(const libnl_get&) = delete;
  libnl_get& operator=(const libnl_get&) = delete;

  void run(unsigned n) {
    ::nl_msg* const message = ::nlmsg_alloc_simple(RTM_GETROUTE, 0);
    ::rtmsg header{};
    header.rtm_family = AF_INET;
    header.rtm_dst_len = 32;
    const std::uint32_t wire = trivet::big_endian(route_address(n));
    ::nlmsg_append(message, &header, sizeof header, NLMSG_ALIGNTO);
    ::nla_put(message, RTA_DST, sizeof wire, &wire);
    const int before = seen_;
    if (::nl_send_auto(socket_.get(), message) < 0 || ::nl_recvmsgs_default(socket_.get()) < 0 ||
        seen_ == before) {
      give_up("libnl");
    }
    ::nlmsg_free(message);
  }

 private:
  std::unique_ptr<::nl_sock, void (*)(::nl_sock*)> socket_;
  int seen_ = 0;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    fmt::print(stderr, "usage: get ROUNDS COUNT\n");
    return 2;
  }
  const int rounds = std::atoi(argv[1]);
  const auto count = static_cast<unsigned>(std::atoi(argv[2]));
  bare_socket bare;
  bare_socket again;
  trivet_get ours;
  libnl_get theirs;
  struct contender {
    std::string name;
    std::function<void(unsigned)> run;
  };
  const std::vector<contender> contenders = {
      {"bare send and recv", [&](unsigned n) { bare.get_route(n); }},
      {"bare, again", [&](unsigned n) { again.get_route(n); }},
      {"trivet client", [&](unsigned n) { ours.run(n, false); }},
      {"trivet client, decoded", [&](unsigned n) { ours.run(n, true); }},
      {"libnl", [&](unsigned n) { theirs.run(n); }},
  };
  for (int round = -1; round < rounds; ++round) {
    for (std::size_t step = 0; step < contenders.size(); ++step) {
      const std::size_t from_end = contenders.size() - 1 - step;
      const std::size_t place =
          ((round % 2 == 0 ? step : from_end) + static_cast<std::size_t>(round + 1) / 2) %
          contenders.size();
      const auto start = std::chrono::steady_clock::now();
      for (unsigned n = 0; n < count; ++n) contenders[place].run(n % 256);
      const std::chrono::duration<double, std::nano> took =
          std::chrono::steady_clock::now() - start;
      if (round >= 0) {  // the first one warms up
        fmt::print("{}\t{}\t{:.1f}\n", round, contenders[place].name, took.count() / count);
      }
    }
  }
} catch (const std::exception& problem) {
  fmt::print(stderr, "get: {}\n", problem.what());
  return 1;
}
