#include "trivet/netlink/client.h"

#include <fmt/format.h>

#include <cerrno>

#include "trivet/netlink/option.h"

namespace trivet::netlink {
namespace {

// The kernel makes the pieces of a dump as large as the largest read it has seen, up to 32 KiB;
// single messages may be longer.
constexpr std::size_t first_buffer_size = 65536;

}  // namespace

client::client(int protocol) : client(socket(protocol)) {}

client::client(socket taken) : socket_(std::move(taken)), buffer_(first_buffer_size) {
  if (socket_.local_address().pid() == 0) socket_.bind(address());
  port_ = socket_.local_address().pid();
  configure();
}

void client::configure() {
  // An old kernel has none of these, and then answers as it always did.
  std::error_code ignored;
  socket_.set(option::ext_ack{true}, ignored);
  socket_.set(option::cap_ack{true}, ignored);
  socket_.set(option::get_strict_chk{true}, ignored);
}

answer_reader client::send(message_builder& message, unsigned flags, answer_kind kind,
                           deadline until) {
  if (message.failed()) {
    throw socket_error(errno_code(EMSGSIZE), "netlink request", "an attribute exceeds 64 KiB");
  }
  message.header().nlmsg_flags = static_cast<std::uint16_t>(message.header().nlmsg_flags | flags);
  message.header().nlmsg_pid = port_;
  if (++sequence_ == 0) ++sequence_;  // 0 is what notifications without a requester carry
  message.header().nlmsg_seq = sequence_;
  const const_bytes bytes = message.finish();
  std::error_code ec;
  socket_.send_to(bytes, address(), ec, {.until = until});
  if (ec) {
    throw_socket_error(ec, fmt::format("send netlink request of {} bytes", bytes.size()),
                       ec.value() == EMSGSIZE ? "larger than the send buffer (so::sndbuf)" : "");
  }
  return answer_reader(port_, sequence_, kind);
}

// Takes one datagram. @return whether the socket may be read on
bool client::receive(answer_reader& answer, const message_visitor& visit, deadline until,
                     std::error_code& ec) {
  const auto got = socket_.receive_from(mutable_bytes(buffer_), ec, {.until = until});
  if (ec) return false;
  if (got.truncated()) {
    // The rest is gone. Whoever asks again finds a buffer that is large enough.
    answer.lost();
    buffer_.resize(align4(got.full_size));
    return true;
  }
  answer.feed(const_bytes(buffer_).first(got.size), got.from, visit);
  return true;
}

void client::drain(deadline until) {
  while (unfinished_ && !unfinished_->finished()) {
    std::error_code ec;
    receive(
        *unfinished_, [](const message_view&) {}, until, ec);
    if (ec && ec.value() != ENOBUFS) throw_socket_error(ec, "drain a netlink dump");
  }
  unfinished_.reset();
}

outcome client::request(message_builder& message, const message_visitor& visit, deadline until) {
  drain(until);
  answer_reader answer = send(message, NLM_F_REQUEST | NLM_F_ACK, answer_kind::acknowledged, until);
  std::error_code ec;
  while (!answer.finished()) {
    if (!receive(answer, visit, until, ec)) break;
  }
  outcome result = answer.as_outcome();
  if (ec) result.error = ec;
  return result;
}

dump_end client::dump_once(message_builder& message, const message_visitor& visit,
                           const dump_options& options) {
  drain(options.until);
  unfinished_ = send(message, NLM_F_REQUEST | NLM_F_DUMP, answer_kind::dump, options.until);
  while (!unfinished_->finished()) {
    std::error_code ec;
    receive(*unfinished_, visit, options.until, ec);
    if (ec && ec.value() == ENOBUFS) {
      // The kernel had no memory for a piece; it makes the piece again at the next read.
      unfinished_->lost();
    } else if (ec) {
      throw_socket_error(ec, "receive a netlink dump");
    }
    if (options.between) options.between();
  }
  dump_end end = unfinished_->as_dump_end();
  unfinished_.reset();
  return end;
}

dump_end client::dump(message_builder& message, const message_visitor& visit,
                      const dump_options& options) {
  for (unsigned attempt = 1;; ++attempt) {
    dump_end end = dump_once(message, visit, options);
    end.attempts = attempt;
    if (!end.interrupted || attempt >= options.attempts) return end;
    if (options.restart) options.restart();
  }
}

}  // namespace trivet::netlink
