// Any Trivet socket in an Asio program.
//
//   async::socket<tipc::socket> service(context.get_executor(), tipc::socket(SOCK_RDM));
//   service.plain().bind(tipc::service_range{.type = 4711, .lower = 0, .upper = 99});
//   auto question = co_await service.async_receive_message(asio::use_awaitable);
//   co_await service.async_send_to(question.data, question.from, asio::use_awaitable);
#ifndef TRIVET_ASIO_SOCKET_H_
#define TRIVET_ASIO_SOCKET_H_

#include <sys/socket.h>

#include <system_error>
#include <utility>

#include "trivet/asio/readiness.h"
#include "trivet/base/message.h"

namespace trivet::async {

/// A socket of any family and the operations that wait. The buffers and addresses handed in outlive
/// the operation, as in Asio. One operation of each direction at a time; threads: as Asio's
/// sockets. Errors are those of the plain calls; operation_aborted: it was cancelled, and nothing
/// is lost or sent, so that a slot takes each cancellation_type, total too. It stays where it is,
/// and its end cancels its operations; one that has to move is held by a std::unique_ptr.
template <class Socket>
class socket {
 public:
  using plain_socket = Socket;                    ///< as tipc::socket
  using address = typename Socket::address_type;  ///< as tipc::address

  /// Takes over a socket, blocking or not, and adds its descriptor to the executor's reactor.
  /// Throws std::system_error where that fails.
  socket(const ::asio::any_io_executor& executor, Socket plain)
      : plain_(std::move(plain)), ready_(executor, plain_.native_handle()) {}
  socket(const socket&) = delete;
  socket& operator=(const socket&) = delete;

  /// For everything that does not wait: bind, options, local_address …
  [[nodiscard]] Socket& plain() noexcept { return plain_; }
  /// Where handlers run that have no executor of their own.
  [[nodiscard]] ::asio::any_io_executor get_executor() { return ready_.get_executor(); }

  /// Socket::receive_message: void(std::error_code, message<address>).
  template <class Token>
  auto async_receive_message(Token&& token) {
    return async_retry<message<address>>(
        ready_, direction::wait_read,
        [this](std::error_code& ec) { return plain_.receive_message(ec, at_once()); },
        std::forward<Token>(token));
  }

  /// Socket::receive into the caller's buffer: void(std::error_code, receive_result).
  template <class Token>
  auto async_receive(mutable_bytes into, Token&& token) {
    return async_retry<receive_result>(
        ready_, direction::wait_read,
        [this, into](std::error_code& ec) { return plain_.receive(into, ec, at_once()); },
        std::forward<Token>(token));
  }

  /// Socket::send: void(std::error_code, std::size_t), the bytes taken; of a stream these may be
  /// fewer than were given.
  template <class Token>
  auto async_send(const_bytes data, Token&& token) {
    return async_retry<std::size_t>(
        ready_, direction::wait_write,
        [this, data](std::error_code& ec) { return plain_.send(data, ec, at_once()); },
        std::forward<Token>(token));
  }

  /// Socket::send_to: void(std::error_code, std::size_t).
  template <class Token>
  auto async_send_to(const_bytes data, const address& to, Token&& token) {
    return async_retry<std::size_t>(
        ready_, direction::wait_write,
        [this, data, to](std::error_code& ec) { return plain_.send_to(data, to, ec, at_once()); },
        std::forward<Token>(token));
  }

  /// Waits until the plain calls have something to do: void(std::error_code). For what has no
  /// operation here, as accept(2) or a ring.
  template <class Token>
  auto async_wait(direction what, Token&& token) {
    return ready_.async_wait(what, std::forward<Token>(token));
  }

  /// Ends every operation: operation_aborted. So does the end of this object.
  void cancel() { ready_.cancel(); }

 private:
  static io_options at_once() { return {.flags = MSG_DONTWAIT, .until = {}}; }

  Socket plain_;
  readiness ready_;
};

}  // namespace trivet::async

#endif  // TRIVET_ASIO_SOCKET_H_
