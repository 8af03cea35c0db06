// How socket_base sends and receives: waiting under a deadline, and over EINTR.
#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "trivet/base/poll.h"
#include "trivet/base/receive_over_end.h"
#include "trivet/base/socket_base.h"
#include "trivet/base/socket_calls.h"

namespace trivet {
namespace {

bool tells_full_size(int type) noexcept {
  // On a TCP stream MSG_TRUNC means something else: throw the data away. Source: tcp(7)
  return type != SOCK_STREAM;
}

// AF_PACKET refuses flags that it has no use for (EINVAL), and only AF_UNIX hands out descriptors.
int receive_flags(int family, int type) noexcept {
  return (family == AF_UNIX ? MSG_CMSG_CLOEXEC : 0) | (tells_full_size(type) ? MSG_TRUNC : 0);
}

// What poll(2) is to wait for. It reports an error queue that is not empty without being asked.
short receive_events(int flags) noexcept {
  if ((flags & MSG_ERRQUEUE) != 0) return 0;
  return (flags & MSG_OOB) != 0 ? POLLPRI : POLLIN;
}

receive_result result_of(const ::msghdr& header, std::size_t length) noexcept {
  std::size_t capacity = 0;
  for (std::size_t i = 0; i < header.msg_iovlen; ++i) capacity += header.msg_iov[i].iov_len;
  return {std::min(length, capacity), length, header.msg_flags};
}

::msghdr header_of(std::span<const ::iovec> pieces) noexcept {
  ::msghdr header{};
  header.msg_iov = const_cast<::iovec*>(pieces.data());
  header.msg_iovlen = pieces.size();
  return header;
}

// Whether a call without a deadline that failed with EAGAIN ran into the kernel's own limit, and
// not into an O_NONBLOCK that somebody else set on the open socket.
bool kernel_limits(int fd, short events) noexcept {
  const ::timeval limit = time_option(fd, (events & POLLOUT) != 0 ? SO_SNDTIMEO : SO_RCVTIMEO);
  return limit.tv_sec != 0 || limit.tv_usec != 0;
}

// The waits of one call. They may end for nothing, and at once: see socket_base.h.
class readiness {
 public:
  readiness(int fd, short events, deadline until) noexcept
      : fd_(fd), events_(events), until_(until) {}

  // 0: try again. Else ETIMEDOUT, or what ppoll(2) said.
  int wait() noexcept {
    if (wakes_ > 0 && until_.passed()) return ETIMEDOUT;
    std::error_code ec;
    if (wakes_ > 1) pause(ec);
    if (!ec && poll_one(fd_, events_, until_, ec) == 0 && !ec) return ETIMEDOUT;
    ++wakes_;
    woken_ = deadline::clock::now();
    return ec.value();
  }

 private:
  // Keeps the wakes that lead to nothing a millisecond apart, so that they leave the CPU to others.
  void pause(std::error_code& ec) const noexcept {
    const deadline end = std::min(until_, deadline::at(woken_ + std::chrono::milliseconds(1)));
    if (!end.passed()) (void)poll({}, end, ec);
  }

  int fd_;
  short events_;
  deadline until_;
  int wakes_ = 0;
  deadline::clock::time_point woken_{};
};

}  // namespace

deadline socket_base::deadline_of(const io_options& io) const noexcept {
  if ((io.flags & MSG_DONTWAIT) != 0) return deadline::immediate();
  if (io.until) return *io.until;
  return timeout_ ? deadline::after(*timeout_) : deadline::never();
}

// Runs `call(flags)` until it does not fail with EINTR, or with EAGAIN while there is time left.
// Without a deadline the kernel does the waiting.
template <class Call>
long socket_base::retry(short events, const io_options& io, Call call) const noexcept {
  const int flags = flags_of(io);
  const long result = call(flags);
  if (result >= 0) [[likely]]
    return result;
  return retry_waiting(events, io, flags, call);
}

// Goes on after a call that failed, with its errno.
template <class Call>
[[gnu::noinline]] long socket_base::retry_waiting(short events, const io_options& io, int flags,
                                                  Call call) const noexcept {
  const bool has_kernel_limit = events == POLLIN || events == POLLOUT;
  std::optional<readiness> waiting;
  long result = -1;
  while (result < 0) {
    if (errno == EAGAIN) {
      if (!waiting) {
        const deadline until = deadline_of(io);
        const bool limited = has_kernel_limit && !is_timed(io) && kernel_limits(fd_.get(), events);
        if (until.is_immediate() || limited) return -EAGAIN;
        waiting.emplace(fd_.get(), events, until);
      }
      if (const int failed = waiting->wait()) return -failed;
    } else if (errno != EINTR) {
      return -errno;
    }
    result = call(flags);
  }
  return result;
}

descriptor socket_base::accept_raw(::sockaddr* address, ::socklen_t* size, std::error_code& ec,
                                   io_options io) noexcept {
  // accept4(2) takes no MSG_DONTWAIT.
  if (!timeout_ && !deadline_of(io).is_never()) {
    ec = code_of(-set_nonblocking(fd_.get(), true));
    if (ec) return {};
  }
  const long fd = retry(POLLIN, io, [&](int) noexcept -> long {
    return ::accept4(fd_.get(), address, size, SOCK_CLOEXEC);
  });
  ec = code_of(fd);
  return descriptor(static_cast<int>(fd));
}

long socket_base::send_raw(const ::msghdr& header, const io_options& io) noexcept {
  return retry(POLLOUT, io, [&](int flags) noexcept -> long {
    return ::sendmsg(fd_.get(), &header, flags | MSG_NOSIGNAL);
  });
}

long socket_base::receive_raw(::msghdr& header, const io_options& io) noexcept {
  const int more = receive_flags(family_, type_);
  // The kernel writes both lengths, so that a second try must find them as they were.
  const ::socklen_t name_size = header.msg_namelen;
  const std::size_t control_size = header.msg_controllen;
  const auto call = [&](int flags) noexcept -> long {
    header.msg_namelen = name_size;
    header.msg_controllen = control_size;
    return ::recvmsg(fd_.get(), &header, flags | more);
  };
  const auto receive = [&](const io_options& how, auto what) {
    return retry(receive_events(how.flags), how, what);
  };
  const long length = tells_end_first(family_, type_, io.flags)
                          ? receive_over_end(fd_.get(), io, receive, call)
                          : receive(io, call);
  if (length < 0) {
    header.msg_namelen = 0;
    header.msg_controllen = 0;
  }
  return length;
}

std::size_t socket_base::send_bytes_to(const_bytes data, const ::sockaddr* address,
                                       ::socklen_t size, std::error_code& ec,
                                       io_options io) noexcept {
  const long sent = retry(POLLOUT, io, [&](int flags) noexcept -> long {
    return ::sendto(fd_.get(), data.data(), data.size(), flags | MSG_NOSIGNAL, address, size);
  });
  ec = code_of(sent);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

std::size_t socket_base::send_header(const ::msghdr& header, std::error_code& ec,
                                     io_options io) noexcept {
  const long sent = send_raw(header, io);
  ec = code_of(sent);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

receive_result socket_base::receive_header(::msghdr& header, std::error_code& ec,
                                           io_options io) noexcept {
  const long length = receive_raw(header, io);
  ec = code_of(length);
  return length < 0 ? receive_result() : result_of(header, static_cast<std::size_t>(length));
}

std::size_t socket_base::send_headers(std::span<::mmsghdr> headers, std::error_code& ec,
                                      io_options io) noexcept {
  const auto count = static_cast<unsigned>(headers.size());
  const long sent = retry(POLLOUT, io, [&](int flags) noexcept -> long {
    return ::sendmmsg(fd_.get(), headers.data(), count, flags | MSG_NOSIGNAL);
  });
  ec = code_of(sent);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

std::size_t socket_base::receive_headers(std::span<::mmsghdr> headers, std::error_code& ec,
                                         io_options io) noexcept {
  if (tells_end_first(family_, type_, io.flags) && !headers.empty()) {
    // One at a time: an end that comes during recvmmsg(2) is an empty message for it, before those
    // that wait.
    const long length = receive_raw(headers[0].msg_hdr, io);
    ec = code_of(length);
    if (length < 0) return 0;
    headers[0].msg_len = static_cast<unsigned>(length);
    return 1;
  }
  const auto count = static_cast<unsigned>(headers.size());
  const int more = MSG_WAITFORONE | receive_flags(family_, type_);
  const long got = retry(receive_events(io.flags), io, [&](int flags) noexcept -> long {
    return ::recvmmsg(fd_.get(), headers.data(), count, flags | more, nullptr);
  });
  ec = code_of(got);
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

std::size_t socket_base::next_message_size(std::error_code& ec, io_options io) noexcept {
  ::msghdr header{};
  io.flags |= MSG_PEEK;
  return receive_header(header, ec, io).full_size;
}

long socket_base::send_again(const_bytes data, const io_options& io) noexcept {
  return retry_waiting(POLLOUT, io, flags_of(io), [&](int flags) noexcept -> long {
    return ::send(fd_.get(), data.data(), data.size(), flags | MSG_NOSIGNAL);
  });
}

long socket_base::receive_again(mutable_bytes buffer, const io_options& io) noexcept {
  return retry_waiting(POLLIN, io, flags_of(io), [&](int flags) noexcept -> long {
    return ::recv(fd_.get(), buffer.data(), buffer.size(), flags | plain_flags_);
  });
}

receive_result socket_base::receive_fully(mutable_bytes buffer, std::error_code& ec,
                                          const io_options& io) noexcept {
  const ::iovec piece = trivet::buffer(buffer);
  ::msghdr header = header_of(std::span(&piece, 1));
  return receive_header(header, ec, io);
}

void socket_base::throw_io_error(long result, const char* call) {
  throw_socket_error(code_of(result), call);
}

std::size_t socket_base::send(std::span<const ::iovec> pieces, const control_writer& control,
                              std::error_code& ec, io_options io) noexcept {
  ::msghdr header = header_of(pieces);
  header.msg_control = const_cast<std::byte*>(control.bytes().data());
  header.msg_controllen = control.bytes().size();
  return send_header(header, ec, io);
}

std::size_t socket_base::send(std::span<const ::iovec> pieces, const control_writer& control,
                              io_options io) {
  std::error_code ec;
  const std::size_t sent = send(pieces, control, ec, io);
  if (ec) throw_socket_error(ec, "send");
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

receive_result socket_base::receive(std::span<const ::iovec> pieces, control_buffer& control,
                                    std::error_code& ec, io_options io) noexcept {
  control.clear();
  ::msghdr header = header_of(pieces);
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
