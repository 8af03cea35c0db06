#include "trivet/base/socket_base.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>

#include "trivet/base/family.h"
#include "trivet/base/poll.h"

namespace trivet {
namespace {

int int_option(int fd, int name, std::error_code& ec) noexcept {
  int value = 0;
  ::socklen_t size = sizeof value;
  if (::getsockopt(fd, SOL_SOCKET, name, &value, &size) < 0) ec = errno_code(errno);
  return value;
}

std::error_code set_nonblocking(int fd, bool on) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return errno_code(errno);
  const int wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (wanted != flags && ::fcntl(fd, F_SETFL, wanted) < 0) return errno_code(errno);
  return {};
}

bool tells_full_size(int type) noexcept {
  // On a TCP stream MSG_TRUNC means something else: throw the data away. Source: tcp(7)
  return type != SOCK_STREAM;
}

// AF_PACKET refuses flags that it has no use for (EINVAL), and only AF_UNIX hands out descriptors.
int receive_flags(int family, int type) noexcept {
  return (family == AF_UNIX ? MSG_CMSG_CLOEXEC : 0) | (tells_full_size(type) ? MSG_TRUNC : 0);
}

std::size_t capacity_of(const ::msghdr& header) noexcept {
  std::size_t capacity = 0;
  for (std::size_t i = 0; i < header.msg_iovlen; ++i) capacity += header.msg_iov[i].iov_len;
  return capacity;
}

receive_result result_of(const ::msghdr& header, std::size_t length) noexcept {
  return {std::min(length, capacity_of(header)), length, header.msg_flags};
}

std::string_view open_advice(int family, int type, int error) noexcept {
  if (error != EPERM && error != EACCES) return {};
  if (family == AF_PACKET || type == SOCK_RAW) return "needs CAP_NET_RAW: run as root";
  return {};
}

}  // namespace

socket_base::socket_base(int family, int type, int protocol)
    : fd_(::socket(family, type | SOCK_CLOEXEC, protocol)),
      family_(family),
      type_(type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)),
      protocol_(protocol) {
  if (!fd_) {
    const std::error_code code = errno_code(errno);
    const std::string operation =
        fmt::format("socket {} {} {}", family_name(family), type_name(type_), protocol);
    if (code.value() == EAFNOSUPPORT) {
      const family_diagnosis found = diagnose_family(family);
      throw family_unavailable(code, operation, found.reason, found.advice);
    }
    if (code.value() == EPROTONOSUPPORT) {
      throw family_unavailable(code, operation, unavailable_reason::unknown,
                               "this kernel offers the family, but not this protocol of it");
    }
    throw_socket_error(code, operation, open_advice(family, type_, code.value()));
  }
  if ((type & SOCK_NONBLOCK) != 0) timeout_ = std::chrono::nanoseconds::zero();
}

socket_base::socket_base(descriptor fd, int family) : fd_(std::move(fd)), family_(family) {
  std::error_code ec;
  const int actual = int_option(fd_.get(), SO_DOMAIN, ec);
  type_ = int_option(fd_.get(), SO_TYPE, ec);
  protocol_ = int_option(fd_.get(), SO_PROTOCOL, ec);
  const int flags = ::fcntl(fd_.get(), F_GETFL);
  if (!ec && (flags < 0 || ::fcntl(fd_.get(), F_SETFD, FD_CLOEXEC) < 0)) ec = errno_code(errno);
  if (ec) throw_socket_error(ec, fmt::format("adopt descriptor {}", fd_.get()));
  if (actual != family) {
    throw socket_error(
        errno_code(EAFNOSUPPORT), fmt::format("adopt descriptor {}", fd_.get()),
        fmt::format("it is of {}, not of {}", family_name(actual), family_name(family)));
  }
  if ((flags & O_NONBLOCK) != 0) timeout_ = std::chrono::nanoseconds::zero();
}

void socket_base::set_blocking(bool blocking) {
  set_timeout(blocking ? std::nullopt : std::optional(std::chrono::nanoseconds::zero()));
}

void socket_base::set_timeout(std::optional<std::chrono::nanoseconds> timeout) {
  if (timeout && timeout->count() < 0) {
    throw socket_error(errno_code(EINVAL), "set_timeout", "a timeout is 0 or more");
  }
  if (const auto ec = set_nonblocking(fd_.get(), timeout.has_value())) {
    throw_socket_error(ec, "set_timeout");
  }
  timeout_ = timeout;
}

void socket_base::set_raw(int level, int name, const_bytes value, std::error_code& ec) noexcept {
  ec.clear();
  if (::setsockopt(fd_.get(), level, name, value.empty() ? nullptr : value.data(),
                   static_cast<::socklen_t>(value.size())) < 0) {
    ec = errno_code(errno);
  }
}

std::size_t socket_base::get_raw(int level, int name, mutable_bytes value,
                                 std::error_code& ec) const noexcept {
  ec.clear();
  auto size = static_cast<::socklen_t>(value.size());
  if (::getsockopt(fd_.get(), level, name, value.data(), &size) < 0) {
    ec = errno_code(errno);
    return 0;
  }
  return std::min<std::size_t>(size, value.size());
}

std::size_t socket_base::option_size(int level, int name, std::size_t least) const {
  // Options without a fixed size answer ERANGE and the size that they want (SO_PEERSEC,
  // SO_PEERGROUPS).
  std::vector<std::byte> probe(least);
  auto size = static_cast<::socklen_t>(least);
  if (::getsockopt(fd_.get(), level, name, probe.data(), &size) < 0 && errno != ERANGE) {
    return least;
  }
  return std::max<std::size_t>(size, least);
}

void socket_base::throw_option_error(const char* call, int level, int name, std::error_code ec) {
  std::string_view advice;
  if (ec.value() == ENOPROTOOPT) advice = "this kernel or this family does not know the option";
  if (ec.value() == EPERM) advice = "needs CAP_NET_ADMIN (some options: CAP_NET_RAW): run as root";
  throw_socket_error(ec, fmt::format("{} level {} option {}", call, level, name), advice);
}

short socket_base::poll(short events, deadline until) const {
  std::error_code ec;
  const short came = poll(events, until, ec);
  if (ec) throw_socket_error(ec, "poll");
  return came;
}

short socket_base::poll(short events, deadline until, std::error_code& ec) const noexcept {
  return poll_one(fd_.get(), events, until, ec);
}

void socket_base::listen(int backlog) {
  if (::listen(fd_.get(), backlog) < 0) throw_socket_error(errno_code(errno), "listen");
}

void socket_base::shutdown(int how) {
  if (::shutdown(fd_.get(), how) < 0) throw_socket_error(errno_code(errno), "shutdown");
}

bool socket_base::may_wait(const io_options& io) const noexcept {
  if ((io.flags & MSG_DONTWAIT) != 0) return false;
  if (io.until) return !io.until->is_immediate();
  return !timeout_ || timeout_->count() > 0;
}

// Waits for `events`. `until` is set at the first wait and kept over the later ones. `spinning`:
// the last wait ended at once and for nothing, because an error queue that nobody reads keeps
// POLLERR up; then a millisecond without the descriptor keeps the CPU free.
bool socket_base::wait(short events, std::optional<deadline>& until, const io_options& io,
                       bool spinning, std::error_code& ec) const noexcept {
  if (!until) until = io.until ? *io.until : timeout_ ? deadline::after(*timeout_) : deadline();
  if (spinning) {
    (void)trivet::poll({}, std::min(*until, deadline::after(std::chrono::milliseconds(1))), ec);
    if (ec) return false;
    if (until->remaining().count() > 0 || until->is_never()) return true;
    ec = errno_code(ETIMEDOUT);  // poll(2) would call it ready for ever
    return false;
  }
  if (poll_one(fd_.get(), events, *until, ec) != 0) return true;
  if (!ec) ec = errno_code(ETIMEDOUT);
  return false;
}

// Runs `call(flags)` until it does not fail with EINTR, or with EAGAIN while there is time left.
// A blocking socket without a deadline leaves the waiting to the kernel.
template <class Call>
auto socket_base::retry(short events, std::error_code& ec, const io_options& io,
                        Call call) noexcept {
  ec.clear();
  const bool timed = io.until ? !io.until->is_never() : timeout_.has_value();
  const int flags = io.flags | (timed ? MSG_DONTWAIT : 0);
  std::optional<deadline> until;
  int waits = 0;
  while (true) {
    const auto result = call(flags);
    if (result >= 0) return result;
    if (errno == EINTR) continue;
    const bool again = errno == EAGAIN && may_wait(io);
    if (!again || !wait(events, until, io, waits++ > 1, ec)) {
      if (!ec) ec = errno_code(errno);
      return result;
    }
  }
}

void socket_base::bind_raw(const ::sockaddr* address, ::socklen_t size,
                           std::error_code& ec) noexcept {
  ec.clear();
  if (::bind(fd_.get(), address, size) < 0) ec = errno_code(errno);
}

void socket_base::connect_raw(const ::sockaddr* address, ::socklen_t size, std::error_code& ec,
                              io_options io) noexcept {
  ec.clear();
  // Without O_NONBLOCK a connect cannot be given up: it is set for this call alone.
  const bool borrow = io.until && !io.until->is_never() && !timeout_;
  if (borrow) ec = set_nonblocking(fd_.get(), true);
  if (ec) return;
  if (::connect(fd_.get(), address, size) < 0) {
    ec = errno_code(errno);
    // An interrupted connect goes on by itself; connect(2) forbids to call it again.
    const bool pending = ec.value() == EINTR || ec.value() == EINPROGRESS;
    if (pending && (may_wait(io) || ec.value() == EINTR)) {
      std::optional<deadline> until;
      ec.clear();
      if (wait(POLLOUT, until, io, false, ec)) {
        std::error_code failed;
        const int error = int_option(fd_.get(), SO_ERROR, failed);
        ec = failed ? failed : error != 0 ? errno_code(error) : std::error_code();
      }
    }
  }
  if (borrow) (void)set_nonblocking(fd_.get(), false);
}

descriptor socket_base::accept_raw(::sockaddr* address, ::socklen_t* size, std::error_code& ec,
                                   io_options io) noexcept {
  const bool borrow = io.until && !io.until->is_never() && !timeout_;
  if (borrow && (ec = set_nonblocking(fd_.get(), true))) return {};
  const int fd =
      retry(POLLIN, ec, io, [&](int) { return ::accept4(fd_.get(), address, size, SOCK_CLOEXEC); });
  if (borrow) (void)set_nonblocking(fd_.get(), false);
  return descriptor(fd);
}

std::size_t socket_base::send_header(const ::msghdr& header, std::error_code& ec,
                                     io_options io) noexcept {
  io.flags |= MSG_NOSIGNAL;
  const auto sent =
      retry(POLLOUT, ec, io, [&](int flags) { return ::sendmsg(fd_.get(), &header, flags); });
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

receive_result socket_base::receive_header(::msghdr& header, std::error_code& ec,
                                           io_options io) noexcept {
  io.flags |= receive_flags(family_, type_);
  // The kernel writes both lengths, so that a second try must find them as they were.
  const ::socklen_t name_size = header.msg_namelen;
  const std::size_t control_size = header.msg_controllen;
  const auto length = retry(POLLIN, ec, io, [&](int flags) {
    header.msg_namelen = name_size;
    header.msg_controllen = control_size;
    return ::recvmsg(fd_.get(), &header, flags);
  });
  if (length < 0) {
    header.msg_namelen = 0;
    header.msg_controllen = 0;
    return {};
  }
  return result_of(header, static_cast<std::size_t>(length));
}

std::size_t socket_base::send_headers(std::span<::mmsghdr> headers, std::error_code& ec,
                                      io_options io) noexcept {
  io.flags |= MSG_NOSIGNAL;
  const auto count = static_cast<unsigned>(headers.size());
  const int sent = retry(POLLOUT, ec, io, [&](int flags) {
    return ::sendmmsg(fd_.get(), headers.data(), count, flags);
  });
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

std::size_t socket_base::receive_headers(std::span<::mmsghdr> headers, std::error_code& ec,
                                         io_options io) noexcept {
  io.flags |= MSG_WAITFORONE | receive_flags(family_, type_);
  const auto count = static_cast<unsigned>(headers.size());
  const int got = retry(POLLIN, ec, io, [&](int flags) {
    return ::recvmmsg(fd_.get(), headers.data(), count, flags, nullptr);
  });
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

std::size_t socket_base::next_message_size(std::error_code& ec, io_options io) noexcept {
  ::msghdr header{};
  io.flags |= MSG_PEEK;
  return receive_header(header, ec, io).full_size;
}

std::size_t socket_base::send(const_bytes data, std::error_code& ec, io_options io) noexcept {
  io.flags |= MSG_NOSIGNAL;
  const auto sent = retry(POLLOUT, ec, io, [&](int flags) {
    return ::send(fd_.get(), data.data(), data.size(), flags);
  });
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

std::size_t socket_base::send(const_bytes data, io_options io) {
  std::error_code ec;
  const std::size_t sent = send(data, ec, io);
  if (ec) throw_socket_error(ec, "send");
  return sent;
}

std::size_t socket_base::send(std::span<const ::iovec> pieces, const control_writer& control,
                              std::error_code& ec, io_options io) noexcept {
  ::msghdr header{};
  header.msg_iov = const_cast<::iovec*>(pieces.data());
  header.msg_iovlen = pieces.size();
  header.msg_control = const_cast<std::byte*>(control.bytes().data());
  header.msg_controllen = control.bytes().size();
  return send_header(header, ec, io);
}

std::size_t socket_base::send(std::span<const ::iovec> pieces, const control_writer& control,
                              io_options io) {
  std::error_code ec;
  const std::size_t sent = send(pieces, control, ec, io);
  if (ec) throw_socket_error(ec, "sendmsg");
  return sent;
}

std::size_t socket_base::send_all(const_bytes data, std::error_code& ec, io_options io) noexcept {
  ec.clear();
  if (!io.until && timeout_ && timeout_->count() > 0) io.until = deadline::after(*timeout_);
  std::size_t sent = 0;
  while (sent < data.size() && !ec) sent += send(data.subspan(sent), ec, io);
  return sent;
}

std::size_t socket_base::send_all(const_bytes data, io_options io) {
  std::error_code ec;
  const std::size_t sent = send_all(data, ec, io);
  if (ec) throw_socket_error(ec, fmt::format("send ({} of {} bytes taken)", sent, data.size()));
  return sent;
}

receive_result socket_base::receive(mutable_bytes buffer, std::error_code& ec,
                                    io_options io) noexcept {
  ::iovec piece = trivet::buffer(buffer);
  ::msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  return receive_header(header, ec, io);
}

receive_result socket_base::receive(mutable_bytes buffer, io_options io) {
  std::error_code ec;
  const receive_result result = receive(buffer, ec, io);
  if (ec) throw_socket_error(ec, "receive");
  return result;
}

receive_result socket_base::receive(std::span<const ::iovec> pieces, control_buffer& control,
                                    std::error_code& ec, io_options io) noexcept {
  control.clear();
  ::msghdr header{};
  header.msg_iov = const_cast<::iovec*>(pieces.data());
  header.msg_iovlen = pieces.size();
  header.msg_control = control.storage().data();
  header.msg_controllen = control.storage().size();
  const receive_result result = receive_header(header, ec, io);
  control.filled(header.msg_controllen, result.control_truncated());
  return result;
}

receive_result socket_base::receive(std::span<const ::iovec> pieces, control_buffer& control,
                                    io_options io) {
  std::error_code ec;
  const receive_result result = receive(pieces, control, ec, io);
  if (ec) throw_socket_error(ec, "receive");
  return result;
}

}  // namespace trivet
