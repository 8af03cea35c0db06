// The options of level SOL_TIPC, one type each, sorted by the kernel's name.
//
//   socket.set(trivet::tipc::option::importance{tipc::importance::high});
//   socket.join({.type = 4711, .instance = 7, .events = true});     // option::group_join
//
// Sources for all: linux/tipc.h and the kernel's net/tipc/socket.c (tipc_setsockopt).
#ifndef TRIVET_TIPC_OPTION_H_
#define TRIVET_TIPC_OPTION_H_

#include <linux/tipc.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <cstring>

#include "trivet/base/option.h"
#include "trivet/tipc/address.h"

namespace trivet::tipc {

/// TIPC_LOW_IMPORTANCE to TIPC_CRITICAL_IMPORTANCE: what is dropped last where there is congestion,
/// and how much of it a receiver queues: tipc_rmem's middle value (2 MiB) for low, twice that for
/// medium, four times for high, eight times for critical.
enum class importance : std::uint32_t { low = 0, medium = 1, high = 2, critical = 3 };

/// How long connect(2) waits for the other side to accept: 4 to 65535 ms, 8000 by default.
/// Kernels before 6.1.167 divide by a quarter of it, in whole milliseconds, so that less than 4
/// crashes them; every kernel keeps only 16 bits of it.
class connect_timeout {
 public:
  /// What is allowed, both included.
  static constexpr std::chrono::milliseconds least{4};
  static constexpr std::chrono::milliseconds most{65535};

  /// 8 s, as the kernel's.
  constexpr connect_timeout() noexcept = default;
  /// Throws socket_error EINVAL beyond least and most.
  connect_timeout(std::chrono::milliseconds time);  // NOLINT: option::conn_timeout{500ms}

  /// The time; of a socket whatever it is set to, also beyond least and most.
  [[nodiscard]] constexpr std::chrono::milliseconds value() const noexcept { return time_; }

  friend constexpr auto operator<=>(const connect_timeout&,
                                    const connect_timeout&) noexcept = default;

 private:
  friend struct trivet::option_codec<connect_timeout>;
  std::chrono::milliseconds time_{8000};
};

/// struct tipc_group_req: the group to join, and as whom.
struct group_request {
  std::uint32_t type = 0;      ///< the group: 64 or more
  std::uint32_t instance = 0;  ///< the member's number, which need not be unique
  /// cluster, or node for a group of this node only.
  tipc::scope scope = tipc::scope::cluster;
  bool loopback = false;  ///< TIPC_GROUP_LOOPBACK: what is sent comes back where it matches
  bool events = false;    ///< TIPC_GROUP_MEMBER_EVTS: joins and leaves are received as events
};

}  // namespace trivet::tipc

namespace trivet {

template <>
struct option_codec<tipc::connect_timeout> {
  static constexpr std::size_t capacity = sizeof(std::uint32_t);
  static constexpr bool grows = false;
  static const_bytes encode(const tipc::connect_timeout& value, mutable_bytes scratch) noexcept {
    const auto number = static_cast<std::uint32_t>(value.value().count());
    std::memcpy(scratch.data(), &number, sizeof number);
    return scratch.first(sizeof number);
  }
  // What the kernel says is what it is: another program may have set less.
  static tipc::connect_timeout decode(const_bytes bytes) noexcept {
    tipc::connect_timeout value;
    value.time_ = std::chrono::milliseconds(load_padded<std::uint32_t>(bytes));
    return value;
  }
};

template <>
struct option_codec<tipc::group_request> {
  static constexpr std::size_t capacity = sizeof(::tipc_group_req);
  static constexpr bool grows = false;
  static const_bytes encode(const tipc::group_request& value, mutable_bytes scratch) noexcept {
    const ::tipc_group_req raw{
        value.type, value.instance, static_cast<std::uint32_t>(value.scope),
        (value.loopback ? TIPC_GROUP_LOOPBACK : 0U) | (value.events ? TIPC_GROUP_MEMBER_EVTS : 0U)};
    std::memcpy(scratch.data(), &raw, sizeof raw);
    return scratch.first(sizeof raw);
  }
};

}  // namespace trivet

namespace trivet::tipc::option {

/// What the options below are, by the directions that the kernel offers.
template <int Name, class Value>
using get_only = socket_option<SOL_TIPC, Name, Value, option_access::get>;
template <int Name, class Value>
using set_only = socket_option<SOL_TIPC, Name, Value, option_access::set>;
template <int Name, class Value>
using get_set = socket_option<SOL_TIPC, Name, Value, option_access::get_set>;

/// TIPC_CONN_TIMEOUT: how long connect(2) waits; see connect_timeout. The socket's own timeout
/// (set_timeout) ends it earlier; but the request then stays with the other side, whose accept(2)
/// returns a connection that nobody is on.
struct conn_timeout : get_set<TIPC_CONN_TIMEOUT, connect_timeout> {};
/// TIPC_DEST_DROPPABLE: a message that cannot be delivered is dropped; else it comes back to its
/// sender as a rejection. On by default for RDM and DGRAM, off for the connected types.
struct dest_droppable : get_set<TIPC_DEST_DROPPABLE, bool> {};
/// TIPC_GROUP_JOIN: joins a group. EACCES for a type below 64, or where the socket is in one
/// already; afterwards bind(2) gives EACCES and connect(2) EINVAL until group_leave.
struct group_join : set_only<TIPC_GROUP_JOIN, group_request> {};
/// TIPC_GROUP_JOIN, read: the type of the group that the socket is in, or 0.
struct group_joined : get_only<TIPC_GROUP_JOIN, std::uint32_t> {};
/// TIPC_GROUP_LEAVE: leaves the group; EINVAL where the socket is in none.
struct group_leave : set_only<TIPC_GROUP_LEAVE, no_value> {};
/// TIPC_IMPORTANCE: of the messages sent from here on.
struct importance : get_set<TIPC_IMPORTANCE, tipc::importance> {};
/// TIPC_MCAST_BROADCAST: multicasts go out once, to every node. By default the kernel chooses.
struct mcast_broadcast : set_only<TIPC_MCAST_BROADCAST, no_value> {};
/// TIPC_MCAST_REPLICAST: multicasts go out as one copy for each node that has a receiver.
struct mcast_replicast : set_only<TIPC_MCAST_REPLICAST, no_value> {};
/// TIPC_NODELAY: a stream sends each message at once, not bundled (5.5).
struct nodelay : set_only<TIPC_NODELAY, bool> {};
/// TIPC_NODE_RECVQ_DEPTH: obsolete, always 0.
struct node_recvq_depth : get_only<TIPC_NODE_RECVQ_DEPTH, std::uint32_t> {};
/// TIPC_SOCK_RECVQ_DEPTH: messages that wait to be received.
struct sock_recvq_depth : get_only<TIPC_SOCK_RECVQ_DEPTH, std::uint32_t> {};
/// TIPC_SOCK_RECVQ_USED: bytes of kernel memory that they take (4.17).
struct sock_recvq_used : get_only<TIPC_SOCK_RECVQ_USED, std::uint32_t> {};
/// TIPC_SRC_DROPPABLE: messages may be dropped where a link is congested. On by default for DGRAM
/// only; setting it on a STREAM gives ENOPROTOOPT.
struct src_droppable : get_set<TIPC_SRC_DROPPABLE, bool> {};

}  // namespace trivet::tipc::option

#endif  // TRIVET_TIPC_OPTION_H_
