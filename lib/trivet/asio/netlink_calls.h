// The longer functions of netlink.h, which includes this file.
//
// Inline, as all that uses Asio: what Asio allocates in one source may be freed in another, and how
// it does so follows from what each of them included before it, and from its ASIO_ macros.
#ifndef TRIVET_ASIO_NETLINK_CALLS_H_
#define TRIVET_ASIO_NETLINK_CALLS_H_

#include <sys/socket.h>

#include <exception>
#include <functional>

#include "trivet/asio/netlink.h"  // IWYU pragma: keep
#include "trivet/netlink/dump_nudge.h"
#include "trivet/netlink/request_check.h"
#include "trivet/netlink/request_options.h"

namespace trivet::async {

inline netlink::outcome client::attempt(running& what, std::error_code& ec) {
  netlink::pending& flight = what.flight;
  const netlink::waiting at_once{.until = deadline::immediate(), .stop = {}};
  netlink::outcome result;
  ec.clear();
  try {
    int taken = 0;
    // After ENOBUFS the kernel drops all answers, and does not say so again, until everything is
    // read: whatever is asked next would have none.
    while ((!flight.ready() || flight.doubtful()) && plain_.take_one(at_once)) ++taken;
    if (flight.ready() || flight.doubtful()) {
      result = plain_.wait(flight, at_once);
      if (what.visit && what.visit->threw()) result.incomplete = true;
    } else {
      ec = std::make_error_code(std::errc::operation_would_block);
    }
    // What others wait for may be taken now, or lost: the reactor would not wake them.
    if (taken > (flight.ready() ? 1 : 0) || flight.doubtful()) ready_.wake();
  } catch (const std::system_error& error) {
    ec = error.code();
    ready_.wake();
  }
  return result;
}

namespace detail {

/// Of a dump. The kernel makes its pieces as large as the largest read, up to 32 KiB.
inline constexpr std::size_t first_buffer_size = 65536;
/// The socket's first and only request.
inline constexpr std::uint32_t dump_sequence = 1;

/// Its port, once it has the options of requests and is bound.
inline std::uint32_t bound_port(netlink::socket& socket) {
  netlink::set_request_options(socket);
  if (socket.local_address().pid() == 0) socket.bind(netlink::address());
  return socket.local_address().pid();
}

inline void visitor::operator()(const netlink::message_view& message) {
  if (threw_ || !visit_) return;
  try {
    visit_(message);
  } catch (...) {
    threw_ = true;
    ::asio::post(executor_,
                 [thrown = std::current_exception()] { std::rethrow_exception(thrown); });
  }
}

inline dump::dump(const ::asio::any_io_executor& executor, netlink::socket taken,
                  netlink::message_builder& message, netlink::message_visitor visit)
    : socket_(std::move(taken)),
      ready_(executor, socket_.native_handle()),
      answer_(bound_port(socket_), dump_sequence, netlink::answer_kind::dump),
      visit_(executor, std::move(visit)),
      buffer_(first_buffer_size) {
  ::nlmsghdr& header = message.header();
  if (netlink::lacks_structure(socket_.protocol(), header, message.size())) {
    netlink::throw_no_structure();
  }
  header.nlmsg_flags = static_cast<std::uint16_t>(header.nlmsg_flags | NLM_F_REQUEST | NLM_F_DUMP);
  header.nlmsg_pid = socket_.local_address().pid();
  header.nlmsg_seq = dump_sequence;
  socket_.send_to(message.finish(), netlink::address());
}

inline netlink::dump_end dump::attempt(std::error_code& ec) {
  // A datagram at a time: between them the program does what else it has to do. After ENOBUFS
  // nothing may be left that would wake it: dump_nudge.h.
  do {
    take_one(ec);
  } while (!ec && !answer_.finished() && (doubtful_ || answer_.stalled()));
  if (!ec && !answer_.finished()) ec = std::make_error_code(std::errc::operation_would_block);
  return answer_.as_dump_end();
}

inline void dump::take_one(std::error_code& ec) {
  const auto got = socket_.receive_from(mutable_bytes(buffer_), ec, {.flags = MSG_DONTWAIT});
  if (ec == std::errc::no_buffer_space) {
    doubtful_ = true;
    answer_.lost();
    ec.clear();
  } else if (ec == std::errc::resource_unavailable_try_again && (doubtful_ || answer_.stalled())) {
    ec.clear();
    if (std::exchange(nudged_, true)) {
      answer_.end_lost();
    } else {
      netlink::nudge_dump(socket_, socket_.local_address().pid(), dump_sequence + 1, ec);
    }
  } else if (ec) {
    return;
  } else if (got.truncated()) {
    nudged_ = false;
    answer_.lost();
    buffer_.resize(netlink::align4(got.full_size));
  } else {
    const auto take = [this](const netlink::message_view& message) {
      nudged_ = false;
      visit_(message);
    };
    answer_.feed(const_bytes(buffer_).first(got.size), got.from, take);
    if (visit_.threw()) answer_.lost();
  }
}

}  // namespace detail
}  // namespace trivet::async

#endif  // TRIVET_ASIO_NETLINK_CALLS_H_
