// The one socket class beneath every family: a descriptor, its time limits, its options, and the
// system calls with EINTR, deadlines and errors taken care of.
//
// It knows no address: basic_socket.h adds those, and the families' sockets (unix/socket.h,
// tipc/socket.h …) are what programs use. Not virtual: nobody owns a socket_base.
//
// Time (as Python's setblocking and settimeout describe it):
//   set_blocking(true), set_timeout(nullopt)   a call waits as long as it takes
//   set_blocking(false), set_timeout(0)        a call that would wait fails with would_block
//   set_timeout(t)                             a call that waited for t fails with timed_out
// and io_options::until overrides it for one call. EINTR is retried with the deadline kept. The
// kernel's own limits (so::rcvtimeo, so::sndtimeo) bound the calls of a socket without a timeout,
// which then fail with would_block.
//
// A call with a deadline waits in poll(2). Two things can make that wake for nothing: an error
// queue that nobody reads (error_queue.h) and, for send_to, the full queue of a receiver that the
// socket is not connected to. Then the call is tried once a millisecond.
//
// Threads: the kernel serialises calls on one socket, so that one thread may send while another
// receives. Opening, closing, moving, connect, set_blocking and set_timeout need that no other
// thread uses the object. Forks: a child shares the open socket; nothing of it lives in this
// process's memory alone, no thread and no lock is held between calls. Exec: close-on-exec is
// always set.
#ifndef TRIVET_BASE_SOCKET_BASE_H_
#define TRIVET_BASE_SOCKET_BASE_H_

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <system_error>
#include <typeinfo>
#include <vector>

#include "trivet/base/control.h"
#include "trivet/base/deadline.h"
#include "trivet/base/descriptor.h"
#include "trivet/base/error.h"
#include "trivet/base/message.h"
#include "trivet/base/option.h"

namespace trivet {

/// The owner of one socket. Time limits, threads, forks: see the top of this file.
class socket_base {
 public:
  socket_base(socket_base&& other) noexcept = default;
  socket_base& operator=(socket_base&& other) noexcept = default;

  /// The descriptor's number, for poll(2) and for calls that have no method; -1 when closed.
  [[nodiscard]] int native_handle() const noexcept { return fd_.get(); }
  /// Whether it owns a descriptor.
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }

  /// Gives the descriptor away, with O_NONBLOCK as it stands; the object is closed afterwards, the
  /// descriptor is not.
  [[nodiscard]] descriptor release() noexcept { return descriptor(fd_.release()); }

  /// close(2). Doing so twice is allowed.
  void close() noexcept { fd_.reset(); }

  /// The address family, SOCK_ type and protocol that it was opened with.
  [[nodiscard]] int family() const noexcept { return family_; }
  [[nodiscard]] int type() const noexcept { return type_; }
  [[nodiscard]] int protocol() const noexcept { return protocol_; }

  /// true: calls wait as long as it takes; false: they never wait.
  void set_blocking(bool blocking);
  /// How long a call may wait; 0: never waits; nullopt: as long as it takes. O_NONBLOCK is set
  /// with any value. Throws socket_error EINVAL for a negative time.
  void set_timeout(std::optional<std::chrono::nanoseconds> timeout);
  /// What set_blocking or set_timeout set last; 0: calls never wait.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> timeout() const noexcept {
    return timeout_;
  }

  /// setsockopt(2). Throws not_permitted, or socket_error: ENOPROTOOPT where this kernel or family
  /// does not know the option.
  template <settable_option O>
  void set(const O& option) {
    std::error_code ec;
    set(option, ec);
    if (ec) throw_option_error("setsockopt", typeid(O), O::level, O::name, ec);
  }
  template <settable_option O>
  void set(const O& option, std::error_code& ec) noexcept {
    using codec = option_codec<typename O::value_type>;
    if constexpr (checked_option<O>) {
      ec = option.check();
      if (ec) return;
    }
    std::array<std::byte, codec::capacity + 1> scratch;
    set_raw(O::level, O::name, codec::encode(option.value, scratch), ec);
  }

  /// getsockopt(2). Throws as set does.
  template <gettable_option O>
  [[nodiscard]] typename O::value_type get() const {
    std::error_code ec;
    auto value = get<O>(ec);
    if (ec) throw_option_error("getsockopt", typeid(O), O::level, O::name, ec);
    return value;
  }
  /// Does not throw, except bad_alloc where the value has no fixed size (texts and lists).
  template <gettable_option O>
  [[nodiscard]] typename O::value_type get(std::error_code& ec) const
      noexcept(!option_codec<typename O::value_type>::grows) {
    using codec = option_codec<typename O::value_type>;
    if constexpr (codec::grows) {
      const std::vector<std::byte> answer = get_growing(O::level, O::name, codec::capacity, ec);
      if (ec) return {};
      return codec::decode(answer);
    } else {
      std::array<std::byte, codec::capacity> answer;
      const std::size_t size = get_raw(O::level, O::name, answer, ec);
      if (ec) return {};
      return codec::decode(const_bytes(answer).first(size));
    }
  }

  /// setsockopt(2) and getsockopt(2) by numbers, for options without a type.
  /// @return the bytes of the answer, at most value.size()
  void set_raw(int level, int name, const_bytes value, std::error_code& ec) noexcept;
  [[nodiscard]] std::size_t get_raw(int level, int name, mutable_bytes value,
                                    std::error_code& ec) const noexcept;

  /// poll(2): the events that came of those asked, POLLERR and POLLHUP included; 0 when the
  /// deadline passed.
  [[nodiscard]] short poll(short events, deadline until) const;
  [[nodiscard]] short poll(short events, deadline until, std::error_code& ec) const noexcept;

  /// listen(2). @param backlog  capped by net.core.somaxconn
  void listen(int backlog = SOMAXCONN);
  void listen(int backlog, std::error_code& ec) noexcept;

  /// shutdown(2). @param how  SHUT_RD, SHUT_WR or SHUT_RDWR; TIPC takes SHUT_RDWR only (EINVAL)
  void shutdown(int how);
  void shutdown(int how, std::error_code& ec) noexcept;

  /// send(2) to the connected peer. @return bytes taken, which for a stream may be fewer
  std::size_t send(const_bytes data, io_options io = {});
  std::size_t send(const_bytes data, std::error_code& ec, io_options io = {}) noexcept;
  /// sendmsg(2) to the connected peer: the pieces in order, with control messages.
  std::size_t send(std::span<const ::iovec> pieces, const control_writer& control = {},
                   io_options io = {});
  std::size_t send(std::span<const ::iovec> pieces, const control_writer& control,
                   std::error_code& ec, io_options io = {}) noexcept;
  /// send(2) until all is taken, under one deadline.
  /// @return bytes taken before an error; all of them where there is none
  std::size_t send_all(const_bytes data, io_options io = {});
  std::size_t send_all(const_bytes data, std::error_code& ec, io_options io = {}) noexcept;

  /// recv(2) into the caller's buffer. Size 0 is the end of a stream; in datagram families it is an
  /// empty message (TIPC: a rejected message or a group event).
  /// With MSG_ERRQUEUE it waits for the error queue, with MSG_OOB for urgent data. MSG_WAITALL has
  /// no effect on a call with a deadline.
  /// The result tells of data that was cut. In the families where recv(2) tells that too (UDP, TCP,
  /// AF_UNIX, AF_NETLINK) it tells nothing else: recvmsg(2) takes a tenth longer. There, what comes
  /// beside the data is dropped without a word; receive with a control_buffer, or receive_from, to
  /// hear of it.
  receive_result receive(mutable_bytes buffer, io_options io = {});
  receive_result receive(mutable_bytes buffer, std::error_code& ec, io_options io = {}) noexcept;
  /// recvmsg(2) into several buffers in order, with control messages.
  receive_result receive(std::span<const ::iovec> pieces, control_buffer& control,
                         io_options io = {});
  receive_result receive(std::span<const ::iovec> pieces, control_buffer& control,
                         std::error_code& ec, io_options io = {}) noexcept;

 protected:
  ~socket_base() = default;

  /// socket(2) with SOCK_CLOEXEC. `type` may hold SOCK_NONBLOCK, as set_blocking(false).
  /// Throws family_unavailable with its reason, not_permitted with the capability, socket_error.
  socket_base(int family, int type, int protocol);

  /// Takes over an open descriptor. Throws socket_error ENOTSOCK, EAFNOSUPPORT for another family;
  /// then the descriptor is closed. O_NONBLOCK is read, close-on-exec is set.
  socket_base(descriptor fd, int family);

  void bind_raw(const ::sockaddr* address, ::socklen_t size, std::error_code& ec) noexcept;
  /// A deadline that passes leaves the attempt under way (but in AF_UNIX): close the socket, or
  /// connect again to wait for the same attempt.
  void connect_raw(const ::sockaddr* address, ::socklen_t size, std::error_code& ec,
                   io_options io) noexcept;
  /// A deadline sets O_NONBLOCK on a blocking socket and leaves it there: to clear it again could
  /// make another thread's accept, or another process's, wait beyond its own deadline. Calls of
  /// this object wait all the same; set_blocking(true) clears it.
  [[nodiscard]] descriptor accept_raw(::sockaddr* address, ::socklen_t* size, std::error_code& ec,
                                      io_options io) noexcept;

  /// sendto(2), with waiting and EINTR.
  std::size_t send_bytes_to(const_bytes data, const ::sockaddr* address, ::socklen_t size,
                            std::error_code& ec, io_options io) noexcept;
  /// sendmsg(2) and recvmsg(2) as they are, with waiting and EINTR. `header` is updated; after an
  /// error it holds neither name nor control messages.
  std::size_t send_header(const ::msghdr& header, std::error_code& ec, io_options io) noexcept;
  receive_result receive_header(::msghdr& header, std::error_code& ec, io_options io) noexcept;
  /// sendmmsg(2) and recvmmsg(2). @return messages done
  std::size_t send_headers(std::span<::mmsghdr> headers, std::error_code& ec,
                           io_options io) noexcept;
  std::size_t receive_headers(std::span<::mmsghdr> headers, std::error_code& ec,
                              io_options io) noexcept;

  /// The length of the next message without taking it, for families that tell (MSG_TRUNC).
  std::size_t next_message_size(std::error_code& ec, io_options io) noexcept;

 private:
  [[nodiscard]] deadline deadline_of(const io_options& io) const noexcept;
  [[nodiscard]] bool is_timed(const io_options& io) const noexcept {
    return io.until ? !io.until->is_never() : timeout_.has_value();
  }

  // The flags of a call that waits in poll(2) if it waits at all.
  [[nodiscard]] int flags_of(const io_options& io) const noexcept {
    return io.flags | (is_timed(io) ? MSG_DONTWAIT : 0);
  }
  // Whether receive(buffer) may use recv(2).
  [[nodiscard]] bool receives_plainly(const io_options& io) const noexcept {
    return plain_flags_ >= 0 && (io.flags & (MSG_ERRQUEUE | MSG_OOB)) == 0;
  }
  [[nodiscard]] static receive_result plain_result(long length, std::size_t room) noexcept {
    const auto full = static_cast<std::size_t>(length);
    return full <= room ? receive_result{full, full, 0} : receive_result{room, full, MSG_TRUNC};
  }

  // What the system call returned, or -errno.
  template <class Call>
  long retry(short events, const io_options& io, Call call) const noexcept;
  template <class Call>
  long retry_waiting(short events, const io_options& io, int flags, Call call) const noexcept;
  [[nodiscard]] long send_raw(const ::msghdr& header, const io_options& io) noexcept;
  [[nodiscard]] long receive_raw(::msghdr& header, const io_options& io) noexcept;

  // What to do after a plain call failed, with its errno; and where there is no plain call.
  [[nodiscard]] long send_again(const_bytes data, const io_options& io) noexcept;
  [[nodiscard]] long receive_again(mutable_bytes buffer, const io_options& io) noexcept;
  [[nodiscard]] receive_result receive_fully(mutable_bytes buffer, std::error_code& ec,
                                             const io_options& io) noexcept;
  [[noreturn]] static void throw_io_error(long result, const char* call);

  // 0 or an errno.
  [[nodiscard]] int connect_unix(const ::sockaddr* address, ::socklen_t size,
                                 deadline until) const noexcept;
  [[nodiscard]] int connect_polled(const ::sockaddr* address, ::socklen_t size,
                                   deadline until) const noexcept;

  [[nodiscard]] std::vector<std::byte> get_growing(int level, int name, std::size_t least,
                                                   std::error_code& ec) const;
  [[noreturn]] static void throw_option_error(const char* call, const std::type_info& option,
                                              int level, int name, std::error_code ec);

  descriptor fd_;
  int family_;
  int type_;
  int protocol_;
  int plain_flags_;  // what recv(2) wants to tell a message's length, or -1 where it cannot
  std::optional<std::chrono::nanoseconds> timeout_;
};

// The calls of the data path are inline as far as they succeed at once: then they are the system
// call and a comparison.

inline std::size_t socket_base::send(const_bytes data, io_options io) {
  long sent = ::send(fd_.get(), data.data(), data.size(), flags_of(io) | MSG_NOSIGNAL);
  if (sent < 0) [[unlikely]] {
    sent = send_again(data, io);
    if (sent < 0) throw_io_error(sent, "send");
  }
  return static_cast<std::size_t>(sent);
}

inline std::size_t socket_base::send(const_bytes data, std::error_code& ec,
                                     io_options io) noexcept {
  if (ec.value() != 0) ec.clear();
  long sent = ::send(fd_.get(), data.data(), data.size(), flags_of(io) | MSG_NOSIGNAL);
  if (sent < 0) [[unlikely]] {
    sent = send_again(data, io);
    if (sent < 0) {
      ec = errno_code(static_cast<int>(-sent));
      return 0;
    }
  }
  return static_cast<std::size_t>(sent);
}

inline receive_result socket_base::receive(mutable_bytes buffer, std::error_code& ec,
                                           io_options io) noexcept {
  if (!receives_plainly(io)) return receive_fully(buffer, ec, io);
  if (ec.value() != 0) ec.clear();
  long length = ::recv(fd_.get(), buffer.data(), buffer.size(), flags_of(io) | plain_flags_);
  if (length < 0) [[unlikely]] {
    length = receive_again(buffer, io);
    if (length < 0) {
      ec = errno_code(static_cast<int>(-length));
      return {};
    }
  }
  return plain_result(length, buffer.size());
}

inline receive_result socket_base::receive(mutable_bytes buffer, io_options io) {
  if (!receives_plainly(io)) {
    std::error_code ec;
    const receive_result result = receive_fully(buffer, ec, io);
    if (ec) throw_io_error(-ec.value(), "receive");
    return result;
  }
  long length = ::recv(fd_.get(), buffer.data(), buffer.size(), flags_of(io) | plain_flags_);
  if (length < 0) [[unlikely]] {
    length = receive_again(buffer, io);
    if (length < 0) throw_io_error(length, "receive");
  }
  return plain_result(length, buffer.size());
}

}  // namespace trivet

#endif  // TRIVET_BASE_SOCKET_BASE_H_
