#include "trivet/tipc/topology.h"

#include <fmt/core.h>
#include <linux/tipc.h>

#include <bit>
#include <cerrno>
#include <cstring>

#include "trivet/base/error.h"

namespace trivet::tipc {
namespace {

using std::chrono::milliseconds;

// Above it the kernel takes a timeout for an endless one (msecs_to_jiffies).
constexpr milliseconds longest{std::numeric_limits<std::int32_t>::max()};

static_assert(sizeof(::tipc_subscr) == 28);
static_assert(sizeof(::tipc_event) == 48);
static_assert(sizeof(::tipc_subscr::usr_handle) == sizeof(subscription::handle));
static_assert(node_state_type == TIPC_NODE_STATE && topology_server_type == TIPC_TOP_SRV &&
              link_state_type == TIPC_LINK_STATE);

[[noreturn]] void fail(std::string_view field, std::string_view reason) {
  throw address_error::in_field("tipc subscription", field, reason);
}

void check(const subscription& wanted) {
  if (wanted.range.lower > wanted.range.upper) {
    fail("upper", fmt::format("{} is below lower, {}", wanted.range.upper, wanted.range.lower));
  }
  if (wanted.filter != topology_filter::ports && wanted.filter != topology_filter::services) {
    fail("filter", fmt::format("{} is neither ports nor services",
                               static_cast<std::uint32_t>(wanted.filter)));
  }
  if (wanted.timeout && (*wanted.timeout < milliseconds(0) || *wanted.timeout > longest)) {
    fail("timeout",
         fmt::format("{} ms is not in 0 to {}", wanted.timeout->count(), longest.count()));
  }
}

subscription decode_subscription(const ::tipc_subscr& raw) noexcept {
  subscription result;
  result.range = {raw.seq.type, raw.seq.lower, raw.seq.upper};
  result.filter = topology_filter(raw.filter);
  if (raw.timeout != static_cast<std::uint32_t>(TIPC_WAIT_FOREVER)) {
    result.timeout = milliseconds(raw.timeout);
  }
  std::memcpy(&result.handle, raw.usr_handle, sizeof result.handle);
  return result;
}

}  // namespace

std::optional<std::uint32_t> node_of(const topology_event& event) noexcept {
  if (event.subscription.range.type != node_state_type ||
      event.change == topology_change::timed_out) {
    return std::nullopt;
  }
  return event.found.lower;
}

std::optional<link_state> link_of(const topology_event& event) noexcept {
  if (event.subscription.range.type != link_state_type ||
      event.change == topology_change::timed_out) {
    return std::nullopt;
  }
  return link_state{event.found.lower, static_cast<std::uint16_t>(event.socket.ref & 0xffff),
                    static_cast<std::uint16_t>(event.socket.ref >> 16)};
}

std::array<std::byte, 28> encode_subscription(const subscription& subscription, bool cancel) {
  check(subscription);
  ::tipc_subscr raw{};
  const auto& range = subscription.range;
  raw.seq = {.type = range.type, .lower = range.lower, .upper = range.upper};
  raw.timeout = subscription.timeout ? static_cast<std::uint32_t>(subscription.timeout->count())
                                     : static_cast<std::uint32_t>(TIPC_WAIT_FOREVER);
  raw.filter = static_cast<std::uint32_t>(subscription.filter) | (cancel ? TIPC_SUB_CANCEL : 0U);
  std::memcpy(raw.usr_handle, &subscription.handle, sizeof subscription.handle);
  return std::bit_cast<std::array<std::byte, 28>>(raw);
}

std::optional<topology_event> decode_topology_event(const_bytes bytes) noexcept {
  if (bytes.size() != sizeof(::tipc_event)) return std::nullopt;
  const auto raw = load_padded<::tipc_event>(bytes);
  if (raw.event < TIPC_PUBLISHED || raw.event > TIPC_SUBSCR_TIMEOUT) return std::nullopt;
  return topology_event{topology_change(raw.event),
                        {raw.s.seq.type, raw.found_lower, raw.found_upper},
                        {raw.port.node, raw.port.ref},
                        decode_subscription(raw.s)};
}

topology::topology() : socket_(SOCK_SEQPACKET), buffer_(sizeof(::tipc_event)) {
  socket_.connect(topology_server);
}

std::uint32_t topology::own_node() const {
  return socket_.local_address().as_socket().value_or(socket_id()).node;
}

void topology::subscribe(const subscription& subscription, io_options io) {
  socket_.send(encode_subscription(subscription), io);
}

void topology::cancel(const subscription& subscription, io_options io) {
  socket_.send(encode_subscription(subscription, true), io);
}

topology_event topology::receive(io_options io) {
  std::error_code ec;
  const topology_event event = receive(ec, io);
  if (ec) {
    throw_socket_error(ec, "receive a topology event",
                       ec.value() == ECONNRESET
                           ? "the topology server ended the connection: a subscription is one too "
                             "many for it, or TIPC is being shut down here"
                           : "");
  }
  return event;
}

topology_event topology::receive(std::error_code& ec, io_options io) noexcept {
  const received_event got = socket_.receive_event(buffer_, ec, io);
  if (ec.value() == ENOTCONN) ec = errno_code(ECONNRESET);
  if (ec) return {};
  const auto* message = std::get_if<delivery>(&got);
  if (message == nullptr) {
    ec = errno_code(ECONNRESET);
    return {};
  }
  const auto decoded = message->truncated() ? std::nullopt : decode_topology_event(message->data);
  if (!decoded) ec = errno_code(EBADMSG);
  return decoded.value_or(topology_event());
}

}  // namespace trivet::tipc
