// The contenders: the bare system calls, and the base's three ways to make them.
#ifndef BENCH_BASE_CALLS_H_
#define BENCH_BASE_CALLS_H_

#include <sys/socket.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "trivet/base/address.h"
#include "trivet/base/bytes.h"
#include "trivet/base/message.h"

namespace trivet::bench {

[[noreturn]] inline void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// send(2) and recv(2) by hand, errors checked.
template <class Socket>
class bare_calls {
 public:
  static constexpr const char* name = "bare system calls";
  explicit bare_calls(Socket& socket) : fd_(socket.native_handle()) {}

  void send(const_bytes data) {
    if (::send(fd_, data.data(), data.size(), MSG_NOSIGNAL) < 0) give_up("send");
  }
  std::size_t receive(mutable_bytes buffer) {
    const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (got < 0) give_up("recv");
    return static_cast<std::size_t>(got);
  }

 private:
  int fd_;
};

/// The same again: how far from 1 its ratio is, the machine's noise is.
template <class Socket>
struct bare_again : bare_calls<Socket> {
  static constexpr const char* name = "bare system calls, again";
  using bare_calls<Socket>::bare_calls;
};

/// send(2) and recvmsg(2), which is the system call that reports truncation.
template <class Socket>
class bare_message_calls {
 public:
  static constexpr const char* name = "bare, with recvmsg";
  explicit bare_message_calls(Socket& socket) : fd_(socket.native_handle()) {}

  void send(const_bytes data) {
    if (::send(fd_, data.data(), data.size(), MSG_NOSIGNAL) < 0) give_up("send");
  }
  std::size_t receive(mutable_bytes buffer) {
    ::iovec piece{buffer.data(), buffer.size()};
    ::msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    const ssize_t got = ::recvmsg(fd_, &header, 0);
    if (got < 0 || (header.msg_flags & MSG_TRUNC) != 0) give_up("recvmsg");
    return static_cast<std::size_t>(got);
  }

 private:
  int fd_;
};

/// sendto(2) and recvfrom(2), the receiver named with every message.
template <class Socket>
class bare_addressed_calls {
 public:
  static constexpr const char* name = "bare system calls";
  explicit bare_addressed_calls(Socket& socket)
      : fd_(socket.native_handle()), peer_(socket.peer_address().to_sockaddr()) {}

  void send(const_bytes data) {
    if (::sendto(fd_, data.data(), data.size(), MSG_NOSIGNAL, peer_.get(), peer_.size()) < 0) {
      give_up("sendto");
    }
  }
  std::size_t receive(mutable_bytes buffer) {
    from_.set_size(sockaddr_bytes::capacity);
    const ssize_t got =
        ::recvfrom(fd_, buffer.data(), buffer.size(), 0, from_.get(), from_.size_pointer());
    if (got < 0) give_up("recvfrom");
    return static_cast<std::size_t>(got);
  }

 private:
  int fd_;
  sockaddr_bytes peer_;
  sockaddr_bytes from_;
};

/// The base with addresses.
template <class Socket>
class base_addressed_calls {
 public:
  static constexpr const char* name = "base";
  explicit base_addressed_calls(Socket& socket) : socket_(socket), peer_(socket.peer_address()) {}

  void send(const_bytes data) { socket_.send_to(data, peer_); }
  std::size_t receive(mutable_bytes buffer) { return socket_.receive_from(buffer).size; }

 private:
  Socket& socket_;
  typename Socket::address_type peer_;
};

/// The base, throwing.
template <class Socket>
class base_calls {
 public:
  static constexpr const char* name = "base";
  explicit base_calls(Socket& socket) : socket_(socket) {}

  void send(const_bytes data) { socket_.send(data); }
  std::size_t receive(mutable_bytes buffer) { return socket_.receive(buffer).size; }

 protected:
  Socket& socket_;
};

/// The base with error codes.
template <class Socket>
class base_code_calls {
 public:
  static constexpr const char* name = "base, error_code";
  explicit base_code_calls(Socket& socket) : socket_(socket) {}

  void send(const_bytes data) {
    std::error_code ec;
    socket_.send(data, ec);
    if (ec) give_up("send");
  }
  std::size_t receive(mutable_bytes buffer) {
    std::error_code ec;
    const receive_result got = socket_.receive(buffer, ec);
    if (ec) give_up("receive");
    return got.size;
  }

 private:
  Socket& socket_;
};

}  // namespace trivet::bench

#endif  // BENCH_BASE_CALLS_H_
