#include "trivet/asio/netlink.h"

#include <sys/socket.h>

#include <algorithm>

#include "trivet/netlink/request_options.h"

namespace trivet::async::detail {
namespace {

constexpr std::size_t first_buffer_size = 65536;
constexpr std::uint32_t sequence = 1;  // the socket's first and only request

std::uint32_t bound_port(netlink::socket& socket) {
  netlink::set_request_options(socket);
  if (socket.local_address().pid() == 0) socket.bind(netlink::address());
  return socket.local_address().pid();
}

}  // namespace

dump::dump(const ::asio::any_io_executor& executor, netlink::socket taken,
           netlink::message_builder& message, netlink::message_visitor visit)
    : socket_(std::move(taken)),
      ready_(executor, socket_.native_handle()),
      answer_(bound_port(socket_), sequence, netlink::answer_kind::dump),
      visit_(std::move(visit)),
      buffer_(first_buffer_size) {
  ::nlmsghdr& header = message.header();
  header.nlmsg_flags = static_cast<std::uint16_t>(header.nlmsg_flags | NLM_F_REQUEST | NLM_F_DUMP);
  header.nlmsg_pid = socket_.local_address().pid();
  header.nlmsg_seq = sequence;
  socket_.send_to(message.finish(), netlink::address());
}

netlink::dump_end dump::attempt(std::error_code& ec) {
  // A datagram at a time: between them the program does what else it has to do.
  const auto got = socket_.receive_from(mutable_bytes(buffer_), ec, {.flags = MSG_DONTWAIT});
  if (ec == std::errc::no_buffer_space) {
    // The kernel had no memory for a piece, and makes it again at the next read.
    answer_.lost();
  } else if (ec) {
    return {};
  } else if (got.truncated()) {
    answer_.lost();
    buffer_.resize(netlink::align4(got.full_size));
  } else {
    answer_.feed(const_bytes(buffer_).first(got.size), got.from, visit_);
  }
  ec.clear();
  if (!answer_.finished()) ec = std::make_error_code(std::errc::operation_would_block);
  return answer_.as_dump_end();
}

}  // namespace trivet::async::detail
