#include "trivet/netlink/client.h"

#include <fmt/core.h>
#include <linux/rtnetlink.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <stdexcept>
#include <utility>

#include "trivet/base/poll.h"
#include "trivet/netlink/client_callbacks.h"
#include "trivet/netlink/request_check.h"
#include "trivet/netlink/request_naming.h"
#include "trivet/netlink/request_options.h"

namespace trivet::netlink {
namespace {

// The kernel makes the pieces of a dump as large as the largest read it has seen, up to 32 KiB;
// single messages may be longer.
constexpr std::size_t first_buffer_size = 65536;

// A socket that hears of changes may be given more without end.
constexpr int most_relieved = 65536;

[[noreturn, gnu::cold]] void throw_too_long() {
  throw socket_error(errno_code(EMSGSIZE), "netlink request", "an attribute exceeds 64 KiB");
}

[[noreturn, gnu::cold]] void throw_unsent(std::error_code ec, std::size_t size) {
  throw_socket_error(ec, fmt::format("send netlink request of {} bytes", size),
                     ec.value() == EMSGSIZE ? "larger than the send buffer (so::sndbuf)" : "");
}

}  // namespace

client::client(int protocol) : client(socket(protocol), true) {}

client::client(socket taken) : client(std::move(taken), false) {}

client::client(socket taken, bool connect)
    : socket_(std::move(taken)), connected_(connect), buffer_size_(first_buffer_size) {
  if (connected_) {
    socket_.connect(address());  // binds it, too
  } else if (socket_.local_address().pid() == 0) {
    socket_.bind(address());
  }
  port_ = socket_.local_address().pid();
  names_ = names_of_requests(socket_.protocol());
  configure();
}

void client::configure() { set_request_options(socket_); }

std::uint32_t client::next_sequence() noexcept {
  if (++sequence_ == 0) ++sequence_;  // 0 is what notifications without a requester carry
  return sequence_;
}

// After ENOBUFS the kernel drops all further answers, and says no more of it, until everything has
// been read that is there (NETLINK_S_CONGESTED).
[[gnu::noinline]] void client::relieve() {
  std::error_code ec;
  for (int count = 0; congested_ && count < most_relieved; ++count) {
    receive(nullptr, {deadline::immediate(), {}}, ec);
    if (ec && ec.value() != ENOBUFS) break;
  }
}

void client::send_bytes(const_bytes bytes, deadline until, std::error_code& ec) {
  occupation::refuse(*this);
  if (congested_) [[unlikely]]
    relieve();
  if (connected_) [[likely]] {
    socket_.send(bytes, ec, {.until = until});
  } else {
    socket_.send_to(bytes, address(), ec, {.until = until});
  }
}

// @return its sequence number
std::uint32_t client::send(message_builder& message, unsigned flags, answer_kind kind,
                           deadline until) {
  if (message.failed()) [[unlikely]]
    throw_too_long();
  const int protocol = socket_.protocol();
  if (kind != answer_kind::dump && asks_for_dump(protocol, message.header())) [[unlikely]]
    throw_dump_request();
  if (lacks_structure(protocol, message.header(), message.size())) [[unlikely]]
    throw_no_structure();
  const std::uint16_t given = message.header().nlmsg_flags;
  constexpr unsigned ours = NLM_F_REQUEST | NLM_F_ACK;
  message.header().nlmsg_flags = static_cast<std::uint16_t>((given & ~ours) | flags);
  message.header().nlmsg_pid = port_;
  message.header().nlmsg_seq = next_sequence();
  const const_bytes bytes = message.finish();
  message.header().nlmsg_flags = given;  // for another request of the same words
  std::error_code ec;
  send_bytes(bytes, until, ec);
  if (ec) [[unlikely]]
    throw_unsent(ec, bytes.size());
  return sequence_;
}

// Waits for the socket or the stop; only where there is a token, because it costs a system call.
[[gnu::noinline]] bool client::wait_readable(const waiting& how, std::error_code& ec) {
  const stop_watch watch(how.stop, wake_up_);
  while (!how.stop.stop_requested()) {
    ::pollfd list[] = {{socket_.native_handle(), POLLIN, 0}, {wake_up_.get(), POLLIN, 0}};
    const int count = poll(list, how.until, ec);
    if (ec) return false;
    if (list[0].revents != 0) return true;
    if (count == 0) {
      ec = errno_code(ETIMEDOUT);
      return false;
    }
    // Somebody else's stop, left over: take it, and wait on.
    std::uint64_t rung = 0;
    if (!how.stop.stop_requested()) {
      [[maybe_unused]] const auto taken = ::read(wake_up_.get(), &rung, sizeof rung);
    }
  }
  ec = errno_code(ECANCELED);
  return false;
}

template <class Function>
void client::for_each_sink(answer_sink* first, Function function) {
  if (first != nullptr) function(*first);
  if (unfinished_ && unfinished_.get() != first) function(*unfinished_);
  for (auto entry = flights_.begin(); entry != flights_.end();) {
    const auto shared = entry->second.lock();
    if (shared) function(*shared);
    entry = shared ? std::next(entry) : flights_.erase(entry);
  }
}

bool client::give_to_flights(const message_view& message) {
  const auto found = flights_.find(message.header.nlmsg_seq);
  if (found == flights_.end()) return unfinished_ && unfinished_->take(message);
  const auto shared = found->second.lock();
  bool taken = false;
  try {
    taken = shared && shared->take(message);
  } catch (...) {
    // Whoever reads now has nothing to do with it.
    taken = true;
    shared->thrown = std::current_exception();
  }
  if (!shared || shared->answer().finished()) flights_.erase(found);
  return taken;
}

void client::dispatch(const_bytes datagram, answer_sink* first) {
  const occupation visitors(*this);
  message_reader in(datagram);
  std::exception_ptr thrown;
  for (message_view message; in.next(message);) {
    try {
      if (first == nullptr || !first->take(message)) give_to_flights(message);
    } catch (...) {
      // What follows in the datagram may be the end of an answer, and does not come again.
      if (!thrown) thrown = std::current_exception();
    }
  }
  if (in.failed()) for_each_sink(first, [](answer_sink& sink) { sink.cut(); });
  if (thrown) std::rethrow_exception(thrown);
}

// Takes one datagram; ENOBUFS, and that one did not fit, is told to all who wait.
// @param datagram  what came; empty where it did not fit or was not the kernel's
// @return whether one came
bool client::receive_datagram(answer_sink* first, const waiting& how, std::error_code& ec,
                              const_bytes& datagram) {
  occupation::refuse(*this);
  deadline until = how.until;
  if (how.stop.stop_possible()) [[unlikely]] {
    if (!wait_readable(how, ec)) return false;
    until = deadline::immediate();
  }
  if (buffer_.size() < buffer_size_) [[unlikely]]
    buffer_.resize(buffer_size_);
  receive_result got;
  // recv(2) is a tenth of a short request quicker than recvmsg(2), which tells the sender.
  if (connected_) [[likely]] {
    got = socket_.receive(mutable_bytes(buffer_), ec, {.flags = 0, .until = until});
  } else {
    got = receive_from_kernel(until, ec);
  }
  if (ec) [[unlikely]] {
    tell_of_error(first, ec);
    return false;
  }
  if (got.truncated()) [[unlikely]] {
    tell_of_truncation(first, got.full_size);
    return true;
  }
  datagram = const_bytes(buffer_).first(got.size);
  return true;
}

// @return nothing where it was somebody else who sent it
[[gnu::noinline]] receive_result client::receive_from_kernel(deadline until, std::error_code& ec) {
  const received<address> told =
      socket_.receive_from(mutable_bytes(buffer_), ec, {.flags = 0, .until = until});
  if (ec || told.from.pid() == 0) return told;
  ++foreign_;
  return {};
}

[[gnu::noinline]] void client::tell_of_error(answer_sink* first, std::error_code ec) {
  if (ec.value() == ENOBUFS) {
    congested_ = true;
    for_each_sink(first, [](answer_sink& sink) { sink.overrun(); });
  } else if (ec.value() == EAGAIN) {
    congested_ = false;  // everything has been read
  }
}

// The rest is gone. Whoever asks again finds a buffer that is large enough.
[[gnu::noinline]] void client::tell_of_truncation(answer_sink* first, std::size_t full_size) {
  ++truncated_;
  buffer_size_ = align4(full_size);
  for_each_sink(first, [](answer_sink& sink) { sink.cut(); });
}

bool client::receive(answer_sink* first, const waiting& how, std::error_code& ec) {
  const_bytes datagram;
  if (!receive_datagram(first, how, ec, datagram)) return false;
  if (!datagram.empty()) dispatch(datagram, first);
  return true;
}

// Reads until the answer is there or cannot come any more. A request has run when it has been sent,
// so that after ENOBUFS its answer is either in the buffer already or lost.
// Writes an outcome of which nothing is known before: making and moving one takes its time.
void client::complete(flight& what, const waiting& how, const_bytes request, outcome& into) {
  const waiting at_once{deadline::immediate(), {}};
  std::error_code ec;
  const std::uint64_t truncated = truncated_;
  while (!what.answer().finished()) {
    if (receive(&what, what.doubtful() ? at_once : how, ec)) {
      // The message that was too long is taken for the answer: waiting on could take for ever.
      if (what.answer().kind() == answer_kind::object && truncated_ != truncated) {
        ec = errno_code(EMSGSIZE);
        break;
      }
      continue;
    }
    if (ec.value() == ENOBUFS) continue;
    if (what.doubtful()) ec = errno_code(ENOBUFS);
    break;
  }
  what.answer().tell(into);
  if (into.status == request_status::unknown) into.error = ec;
  explain(into.extended, request);
}

// Only where there is something to explain: most outcomes have no extended ACK.
void client::explain(extended_ack& extended, const_bytes request) const {
  if (!extended.offset && !extended.missing_type && extended.policy.empty()) return;
  name_attributes(extended, request, names_ ? names_(request) : nullptr);
}

outcome client::request(message_builder& message, const message_visitor& visit,
                        const waiting& how) {
  prepare(how);
  constexpr auto kind = answer_kind::acknowledged;
  flight what(port_, send(message, NLM_F_REQUEST | NLM_F_ACK, kind, how.until), kind,
              by_reference(visit));
  outcome result;
  complete(what, how, message.finish(), result);
  return result;
}

// Whether a datagram is nothing but the object that the last request asked for, which `visit` gets.
bool client::take_object(const_bytes datagram, const message_visitor& visit) {
  message_reader in(datagram);
  message_view message;
  if (!in.next(message) || align4(message.header.nlmsg_len) < datagram.size() ||
      message.type() < NLMSG_MIN_TYPE || message.header.nlmsg_seq != sequence_ ||
      message.header.nlmsg_pid != port_ || message.has(NLM_F_DUMP_INTR)) {
    return false;
  }
  const occupation visitor(*this);
  if (visit) visit(message);
  return true;
}

// Where nobody else waits the next datagram is mostly the object, for which no flight is made.
// Flattened, because a return behind a system call is mispredicted: the kernel's calls have pushed
// its address out of the processor's stack of them. Three fewer are 2% of a round trip.
[[gnu::flatten]] outcome client::get(message_builder& message, const message_visitor& visit,
                                     const waiting& how) {
  prepare(how);
  send(message, NLM_F_REQUEST, answer_kind::object, how.until);
  outcome result;
  const std::uint64_t truncated = truncated_;
  const_bytes datagram;
  std::error_code ec;
  if (flights_.empty() && receive_datagram(nullptr, how, ec, datagram) &&
      take_object(datagram, visit)) {
    result.status = request_status::done;
  } else {
    get_by_flight(message, visit, how, {datagram, ec, truncated_ != truncated}, result);
  }
  return result;
}

// The rest of get(), for all that may come instead of the object.
[[gnu::noinline]] void client::get_by_flight(message_builder& message, const message_visitor& visit,
                                             const waiting& how, const first_datagram& first,
                                             outcome& into) {
  if (first.error && first.error.value() != ENOBUFS) {
    into.error = first.error;
    return;
  }
  bool did_not_fit = first.did_not_fit;
  for (int attempt = 1;; ++attempt) {
    if (did_not_fit) {
      into.error = errno_code(EMSGSIZE);
      into.incomplete = true;
    } else {
      flight what(port_, sequence_, answer_kind::object, by_reference(visit));
      if (attempt == 1 && first.error) what.overrun();
      if (attempt == 1 && !first.bytes.empty()) dispatch(first.bytes, &what);
      complete(what, how, message.finish(), into);
    }
    // Where it is EMSGSIZE the buffer has grown to what the answer needs.
    const bool again = into.error.value() == EMSGSIZE && into.status == request_status::unknown;
    if (!again || attempt == 3) return;
    into = {};
    did_not_fit = false;
    send(message, NLM_F_REQUEST, answer_kind::object, how.until);
  }
}

pending client::start(message_builder& message, message_visitor visit, answer_kind kind) {
  if (kind == answer_kind::dump) throw std::invalid_argument("a dump is made by client::dump");
  prepare({});
  const unsigned flags = kind == answer_kind::acknowledged ? NLM_F_REQUEST | NLM_F_ACK
                                                           : static_cast<unsigned>(NLM_F_REQUEST);
  const std::uint32_t sequence = send(message, flags, kind, deadline::never());
  auto what = std::make_shared<flight>(port_, sequence, kind, std::move(visit));
  const const_bytes bytes = message.finish();
  what->request.assign(bytes.begin(), bytes.end());
  flights_[what->answer().sequence()] = what;
  return pending(std::move(what));
}

outcome client::wait(pending& which, const waiting& how) {
  if (!which) throw std::invalid_argument("no request is pending");
  // Its visitor, or another's, may forget it.
  const std::shared_ptr<flight> held = which.flight_;
  if (held->thrown) std::rethrow_exception(std::exchange(held->thrown, nullptr));
  const std::uint32_t sequence = held->answer().sequence();
  const auto own = flights_.find(sequence);
  if (!held->answer().finished() && (own == flights_.end() || own->second.lock() != held)) {
    throw std::invalid_argument("another netlink client has started that request");
  }
  outcome result;
  complete(*held, how, held->request, result);
  if (held->answer().finished()) flights_.erase(sequence);
  return result;
}

bool client::take_one(const waiting& how) {
  std::error_code ec;
  while (!receive(nullptr, how, ec)) {
    if (ec.value() == ENOBUFS) continue;
    const bool nothing = ec.value() == EAGAIN || ec.value() == ETIMEDOUT || ec.value() == ECANCELED;
    if (!nothing) throw_socket_error(ec, "receive from netlink");
    return false;
  }
  return true;
}

}  // namespace trivet::netlink
