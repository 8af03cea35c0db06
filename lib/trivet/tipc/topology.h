// The topology service: who is bound to what, and which nodes and links come and go.
//
//   tipc::topology topology;
//   topology.subscribe({.range = {.type = 4711, .lower = 0, .upper = 99}});
//   topology.subscribe(tipc::node_states());
//   while (true) {
//     const tipc::topology_event event = topology.receive();
//     if (const auto node = tipc::node_of(event)) …
//   }
//
// The names of nodes and links: names.h.
#ifndef TRIVET_TIPC_TOPOLOGY_H_
#define TRIVET_TIPC_TOPOLOGY_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

#include "trivet/base/bytes.h"
#include "trivet/tipc/address.h"
#include "trivet/tipc/socket.h"

namespace trivet::tipc {

/// The kernel's own service types. Source: linux/tipc.h
inline constexpr std::uint32_t node_state_type = 0;       ///< TIPC_NODE_STATE
inline constexpr std::uint32_t topology_server_type = 1;  ///< TIPC_TOP_SRV
inline constexpr std::uint32_t link_state_type = 2;       ///< TIPC_LINK_STATE

/// Where the topology server is found, in every network namespace.
inline constexpr service topology_server{.type = topology_server_type, .instance = 1};

/// What a subscription reports.
enum class topology_filter : std::uint32_t {
  ports = 1,     ///< TIPC_SUB_PORTS: every binding that overlaps the range
  services = 2,  ///< TIPC_SUB_SERVICE: of each bound range only the first socket and the last
};

/// struct tipc_subscr: a range to watch.
struct subscription {
  service_range range{};                            ///< lower is not above upper
  topology_filter filter = topology_filter::ports;  ///< what is reported of it
  /// How long; nullopt: until cancelled. At most 2^31 - 1 ms. It ends with an event.
  std::optional<std::chrono::milliseconds> timeout{};
  /// Comes back with every event.
  std::uint64_t handle = 0;

  friend auto operator<=>(const subscription&, const subscription&) noexcept = default;
};

/// Nodes that can be reached, this one included once it has an address.
[[nodiscard]] constexpr subscription node_states(std::uint64_t handle = 0) noexcept {
  return {.range = {node_state_type, 0, std::numeric_limits<std::uint32_t>::max()},
          .handle = handle};
}

/// Links of this node that are up.
[[nodiscard]] constexpr subscription link_states(std::uint64_t handle = 0) noexcept {
  return {.range = {link_state_type, 0, std::numeric_limits<std::uint32_t>::max()},
          .handle = handle};
}

/// The server's own binding, which is always there. Subscriptions are answered in order, so that
/// its event comes after everything that was there when the earlier ones were made: it marks the
/// end of the initial state.
[[nodiscard]] constexpr subscription initial_state_end(std::uint64_t handle = 0) noexcept {
  return {.range = {topology_server_type, topology_server.instance, topology_server.instance},
          .handle = handle};
}

/// What has happened. Source: linux/tipc.h
enum class topology_change : std::uint32_t {
  published = 1,  ///< TIPC_PUBLISHED
  withdrawn = 2,  ///< TIPC_WITHDRAWN
  timed_out = 3,  ///< TIPC_SUBSCR_TIMEOUT: the subscription is over
};

/// struct tipc_event.
struct topology_event {
  topology_change change = topology_change::published;  ///< what it is
  /// The range as it was bound, of which at least one instance was asked for. For timed_out the
  /// subscription's own.
  service_range found{};
  /// The socket that is bound; of a node state the node alone, of a link state see link_of().
  socket_id socket{};
  /// The subscription that reports it.
  tipc::subscription subscription{};

  friend auto operator<=>(const topology_event&, const topology_event&) noexcept = default;
};

/// A link of this node, from its end.
struct link_state {
  std::uint32_t peer = 0;          ///< the other node's number
  std::uint16_t local_bearer = 0;  ///< number of this node's bearer, for find_link_name()
  std::uint16_t peer_bearer = 0;   ///< and of the other's

  friend auto operator<=>(const link_state&, const link_state&) noexcept = default;
};

/// The number of the node that came or went; nullopt where the event is no node state.
[[nodiscard]] std::optional<std::uint32_t> node_of(const topology_event& event) noexcept;

/// The link that came up or went down; nullopt where the event is no link state.
[[nodiscard]] std::optional<link_state> link_of(const topology_event& event) noexcept;

/// The 28 bytes that the server takes, in host byte order.
/// @param cancel  TIPC_SUB_CANCEL: ends the subscription instead
/// Throws address_error: upper below lower, a timeout below 0 or too long. The server answers such
/// a one by closing the connection with all its subscriptions.
[[nodiscard]] std::array<std::byte, 28> encode_subscription(const subscription& subscription,
                                                            bool cancel = false);

/// The 48 bytes of an event; nullopt where the length or the kind is another.
[[nodiscard]] std::optional<topology_event> decode_topology_event(const_bytes bytes) noexcept;

/// A connection to the topology server of the network namespace in which it is made. One thread may
/// receive while another subscribes; else as socket_base. Where a namespace ends within
/// milliseconds of a connection in it, Linux 6.1 can hang (tipc_topsrv_exit_net). Source:
/// linux/tipc.h and the kernel's net/tipc/topsrv.c
class topology final {
 public:
  /// socket(2) and connect(2). Throws family_unavailable with the reason where there is no TIPC.
  topology();

  /// Readable when an event is there.
  [[nodiscard]] int native_handle() const noexcept { return socket_.native_handle(); }

  /// As socket_base::set_blocking and set_timeout.
  void set_blocking(bool blocking) { socket_.set_blocking(blocking); }
  void set_timeout(std::optional<std::chrono::nanoseconds> timeout) {
    socket_.set_timeout(timeout);
  }

  /// getsockname(2): the number of this node, as it is now; 0 as long as it has none.
  [[nodiscard]] std::uint32_t own_node() const;

  /// Starts a subscription. What is bound already is reported first, as if it were new.
  /// Throws address_error before the server is asked; see encode_subscription. A node has room for
  /// 65535 subscriptions; the one that is too many ends the connection.
  void subscribe(const subscription& subscription, io_options io = {});

  /// Ends a subscription made here, which must be the same in every field. There is no answer, also
  /// where there is no such subscription; events that were under way still come.
  void cancel(const subscription& subscription, io_options io = {});

  /// The next event. Throws timed_out, would_block; peer_error where the server has ended the
  /// connection.
  [[nodiscard]] topology_event receive(io_options io = {});
  /// @param ec  ETIMEDOUT, EAGAIN; ECONNRESET where the server has ended the connection; EBADMSG
  /// for a message that is no event
  [[nodiscard]] topology_event receive(std::error_code& ec, io_options io = {}) noexcept;

 private:
  tipc::socket socket_;
  event_buffer buffer_;
};

}  // namespace trivet::tipc

#endif  // TRIVET_TIPC_TOPOLOGY_H_
