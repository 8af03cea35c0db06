// The options of SOL_SOCKET, tried on a UDP socket unless another family is where they work.
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "tools/trivet/probe_trial.h"
#include "trivet/base/so.h"

namespace trivet::tool {
namespace {

constexpr socket_kind udp = {AF_INET, SOCK_DGRAM, 0};
constexpr socket_kind tcp = {AF_INET, SOCK_STREAM, 0};

option_trial set(std::string_view name, int number, int value, std::string_view needs = {}) {
  return {name, SOL_SOCKET, number, value_of(value), 0, 0, needs};
}

option_trial get(std::string_view name, int number, std::size_t size) {
  return {name, SOL_SOCKET, number, {}, size};
}

capability filter_row() {
  return {"option", "SO_ATTACH_FILTER, SO_LOCK_FILTER", [] {
            return attempt("a filter was attached, locked, and could not be removed", [] {
              trial_socket socket(AF_INET, SOCK_DGRAM, 0);
              std::array<::sock_filter, 1> program{{BPF_STMT(BPF_RET | BPF_K, 0xffffffff)}};
              socket.set_option(SOL_SOCKET, SO_ATTACH_FILTER,
                                ::sock_fprog{program.size(), program.data()});
              socket.set_option(SOL_SOCKET, SO_LOCK_FILTER, 1);
              std::error_code ec;
              socket.set_raw(SOL_SOCKET, SO_DETACH_FILTER, value_of(0), ec);
              if (ec.value() != EPERM) {
                throw socket_error(errno_code(EINVAL), "SO_DETACH_FILTER", "the lock did not hold");
              }
            });
          }};
}

/// Flags of SO_TIMESTAMPING, by the kernel's names.
constexpr std::pair<std::string_view, std::uint32_t> stamp_flags[] = {
    {"SOF_TIMESTAMPING_RX_SOFTWARE", SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE},
    {"SOF_TIMESTAMPING_RX_HARDWARE", SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE},
    {"SOF_TIMESTAMPING_TX_SOFTWARE", SOF_TIMESTAMPING_TX_SOFTWARE},
    {"SOF_TIMESTAMPING_TX_HARDWARE", SOF_TIMESTAMPING_TX_HARDWARE},
    {"SOF_TIMESTAMPING_TX_SCHED", SOF_TIMESTAMPING_TX_SCHED},
    {"SOF_TIMESTAMPING_TX_ACK", SOF_TIMESTAMPING_TX_ACK},
    {"SOF_TIMESTAMPING_OPT_ID", SOF_TIMESTAMPING_OPT_ID},
    {"SOF_TIMESTAMPING_OPT_CMSG", SOF_TIMESTAMPING_OPT_CMSG},
    {"SOF_TIMESTAMPING_OPT_TSONLY", SOF_TIMESTAMPING_OPT_TSONLY},
    {"SOF_TIMESTAMPING_OPT_PKTINFO", SOF_TIMESTAMPING_OPT_PKTINFO},
    {"SOF_TIMESTAMPING_OPT_TX_SWHW", SOF_TIMESTAMPING_OPT_TX_SWHW},
};

}  // namespace

capability_list socket_capabilities() {
  capability_list rows;
  const auto option = [&rows](const socket_kind& kind, option_trial trial) {
    rows.push_back(option_row("option", kind, std::move(trial)));
  };
  rows.push_back(filter_row());
  option(udp, set("SO_RCVBUFFORCE", SO_RCVBUFFORCE, 1 << 16, "CAP_NET_ADMIN"));
  option(udp, set("SO_SNDBUFFORCE", SO_SNDBUFFORCE, 1 << 16, "CAP_NET_ADMIN"));
  option(udp, set("SO_BUF_LOCK", SO_BUF_LOCK, 0));
  option(udp, set("SO_RXQ_OVFL", SO_RXQ_OVFL, 1));
  option(udp, get("SO_MEMINFO", SO_MEMINFO, SK_MEMINFO_VARS * sizeof(std::uint32_t)));
  option(udp, set("SO_MARK", SO_MARK, 1, "CAP_NET_ADMIN or CAP_NET_RAW"));
  option(udp, set("SO_RCVMARK", SO_RCVMARK, 1));
  option(udp, set("SO_PRIORITY", SO_PRIORITY, 7, "CAP_NET_ADMIN"));
  option(udp,
         {"SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, value_of(std::array{'l', 'o', '\0'})});
  option(udp, set("SO_BINDTOIFINDEX", SO_BINDTOIFINDEX, 0));
  option(udp, set("SO_BUSY_POLL", SO_BUSY_POLL, 50, "CAP_NET_ADMIN"));
  option(udp, set("SO_PREFER_BUSY_POLL", SO_PREFER_BUSY_POLL, 1, "CAP_NET_ADMIN"));
  option(udp, get("SO_COOKIE", SO_COOKIE, sizeof(std::uint64_t)));
  option(udp, get("SO_NETNS_COOKIE", SO_NETNS_COOKIE, sizeof(std::uint64_t)));
  option(udp, set("SO_ZEROCOPY", SO_ZEROCOPY, 1));
  option(tcp, set("SO_RESERVE_MEM", SO_RESERVE_MEM, 0));
  option(tcp, set("SO_TXREHASH", SO_TXREHASH, 1));
  option(udp, {"SO_TXTIME", SOL_SOCKET, SO_TXTIME, value_of(::sock_txtime{CLOCK_MONOTONIC, 0})});
  option(udp, set("SO_TIMESTAMP", SO_TIMESTAMP, 1));
  option(udp, set("SO_TIMESTAMPNS", SO_TIMESTAMPNS, 1));
  for (const auto& [name, flags] : stamp_flags) {
    rows.push_back(
        option_row("timestamping", udp,
                   {name, SOL_SOCKET, SO_TIMESTAMPING, value_of(static_cast<int>(flags))}));
  }
  return rows;
}

}  // namespace trivet::tool
