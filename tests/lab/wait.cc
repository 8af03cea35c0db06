#include "tests/lab/wait.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace trivet::lab {

bool wait_readable(int fd, deadline until) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd entry{fd, POLLIN, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready > 0) {
      return true;
    }
    if (ready < 0 && errno != EINTR) {
      check(ready, "poll");
    }
    if (ready == 0 && left.count() <= 0) {
      return false;
    }
  }
}

network_changes::network_changes()
    : socket_(check(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE),
                    "rtnetlink socket")) {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE |
                      RTMGRP_IPV4_RULE | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE;
  // bind(2) takes every family's address by the pointer to the common one.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  check(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
        "bind to the rtnetlink groups");
}

bool network_changes::next(deadline until) {
  if (!wait_readable(socket_.get(), until)) {
    return false;
  }
  std::array<char, 256> first_bytes{};
  while (::recv(socket_.get(), first_bytes.data(), first_bytes.size(), 0) >= 0 ||
         errno == ENOBUFS || errno == EINTR) {
  }
  return true;
}

bool wait_until(const std::function<bool()>& condition, deadline until, network_changes& changes) {
  while (!condition()) {
    if (!changes.next(until)) {
      return condition();
    }
  }
  return true;
}

bool wait_until(const std::function<bool()>& condition, deadline until) {
  network_changes changes;
  return wait_until(condition, until, changes);
}

}  // namespace trivet::lab
