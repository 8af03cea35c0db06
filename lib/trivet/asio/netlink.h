// Netlink requests, dumps and the monitor in an Asio program.
//
//   async::client kernel(executor, netlink::client(NETLINK_ROUTE));
//   const netlink::outcome done = co_await kernel.async_request(request, asio::use_awaitable);
//   const netlink::dump_end end = co_await async::async_dump(
//       executor, netlink::socket(NETLINK_ROUTE), dump, visit, asio::use_awaitable);
//   async::monitor monitor(executor, netlink::monitor());
//   const netlink::event event = co_await monitor.async_next(asio::use_awaitable);
#ifndef TRIVET_ASIO_NETLINK_H_
#define TRIVET_ASIO_NETLINK_H_

#include <asio/error.hpp>
#include <asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "trivet/asio/readiness.h"
#include "trivet/base/error.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/monitor.h"

namespace trivet::async {

/// netlink::client: any number of requests in flight. It stays where it is, and its end cancels its
/// operations. Threads: as Asio's objects (a strand). Source: netlink(7)
class client {
 public:
  /// Takes over a client and adds its descriptor to the executor's reactor (epoll_ctl(2)). Throws
  /// std::system_error where that fails, as for a descriptor that is there already.
  client(const ::asio::any_io_executor& executor, netlink::client plain)
      : plain_(std::move(plain)), ready_(executor, plain_.underlying().native_handle()) {}
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// For what does not wait: port(), set_names(), foreign_datagrams(). A call of it that reads the
  /// socket takes answers of other requests with it, which then complete with the next that comes.
  [[nodiscard]] netlink::client& plain() noexcept { return plain_; }

  /// netlink::client::start, and the wait for its end: void(std::error_code, netlink::outcome).
  /// The request is sent at once; the kernel does it then and there. What the kernel answers is in
  /// the outcome, a refusal too; the code is set where the socket failed. After operation_aborted
  /// the request may have been done or not, and its answer is passed over.
  /// @param message  not needed any more once this returns
  /// Throws socket_error where the request cannot be sent: EMSGSIZE if it is larger than the send
  /// buffer.
  template <class Token>
  auto async_request(netlink::message_builder& message, Token&& token) {
    return async_request(message, netlink::message_visitor{}, std::forward<Token>(token));
  }

  /// The same; messages before the acknowledgement go to `visit`, which is called while any
  /// operation of this client reads the socket, in the thread that runs the executor.
  template <class Token>
  auto async_request(netlink::message_builder& message, netlink::message_visitor visit,
                     Token&& token) {
    return async_retry<netlink::outcome>(
        ready_, direction::wait_read,
        [this,
         flight = std::make_shared<netlink::pending>(plain_.start(message, std::move(visit)))](
            std::error_code& ec) { return attempt(*flight, ec); },
        std::forward<Token>(token));
  }

  /// Ends every operation: operation_aborted. The kernel is not told: requests run when they are
  /// sent.
  void cancel() { ready_.cancel(); }

 private:
  netlink::outcome attempt(netlink::pending& flight, std::error_code& ec) {
    try {
      int taken = 0;
      while (!flight.ready() && plain_.take_one({.until = deadline::immediate(), .stop = {}})) {
        ++taken;
      }
      // What others wait for may be taken now: the reactor would not wake them.
      if (taken > (flight.ready() ? 1 : 0)) ready_.wake();
      if (!flight.ready()) {
        ec = std::make_error_code(std::errc::operation_would_block);
        return {};
      }
      ec.clear();
      return plain_.wait(flight, {.until = deadline::immediate(), .stop = {}});
    } catch (const std::system_error& error) {
      ec = error.code();
      return {};
    }
  }

  netlink::client plain_;
  readiness ready_;
};

namespace detail {

/// A dump on a socket of its own, which ends with it.
class dump {
 public:
  dump(const ::asio::any_io_executor& executor, netlink::socket taken,
       netlink::message_builder& message, netlink::message_visitor visit);

  /// Takes what is there. @return the end, once ec is clear
  netlink::dump_end attempt(std::error_code& ec);

  [[nodiscard]] readiness& ready() noexcept { return ready_; }

 private:
  netlink::socket socket_;
  readiness ready_;
  netlink::answer_reader answer_;
  netlink::message_visitor visit_;
  std::vector<std::byte> buffer_;
};

}  // namespace detail

/// NLM_F_DUMP on a socket of its own, in pieces, so that a long one does not keep the program:
/// void(std::error_code, netlink::dump_end). Made once: whether changes came in between is in the
/// end, and making it again is left to the caller. Cancelling closes the socket: nothing has to be
/// drained. Throws socket_error where the request cannot be sent. Threads: as Asio's objects.
/// @param taken    a socket of the protocol, in the namespace that is asked; binds it
/// @param message  not needed any more once this returns
/// @param visit    is called for each object, in the thread that runs the executor; the view is
///   valid during the call
/// Source: netlink(7)
template <class Token>
auto async_dump(const ::asio::any_io_executor& executor, netlink::socket taken,
                netlink::message_builder& message, netlink::message_visitor visit, Token&& token) {
  auto running =
      std::make_shared<detail::dump>(executor, std::move(taken), message, std::move(visit));
  readiness& ready = running->ready();
  return async_retry<netlink::dump_end>(
      ready, direction::wait_read,
      [running = std::move(running)](std::error_code& ec) { return running->attempt(ec); },
      std::forward<Token>(token));
}

/// netlink::monitor: one event after the other. Threads: as Asio's objects (a strand). An operation
/// keeps what it needs alive. Source: rtnetlink(7)
class monitor {
 public:
  /// Takes over a monitor, which has read its state already, and adds its descriptor to the
  /// executor's reactor. Throws std::system_error where that fails.
  monitor(const ::asio::any_io_executor& executor, netlink::monitor plain)
      : state_(std::make_shared<state>(executor, std::move(plain))) {}

  /// For what is known now: state(), statistics(). Events change it.
  [[nodiscard]] const netlink::monitor& plain() const noexcept { return state_->plain; }

  /// netlink::monitor::next: void(std::error_code, netlink::event). One at a time. Cancelled
  /// (operation_aborted), it has taken no event. A loss is an event and no error; the code is set
  /// where the socket failed. Reading the state again, where it is due, is done in one piece, and
  /// takes as long as the kernel takes.
  template <class Token>
  auto async_next(Token&& token) {
    return ::asio::async_compose<Token, void(std::error_code, netlink::event)>(
        operation{state_}, token, state_->ready.get_executor());
  }

  /// Ends the operation: operation_aborted.
  void cancel() {
    state_->timer.cancel();
    state_->ready.cancel();
  }

 private:
  struct state {
    state(const ::asio::any_io_executor& executor, netlink::monitor taken)
        : plain(std::move(taken)), ready(executor, plain.native_handle()), timer(executor) {}

    netlink::monitor plain;
    readiness ready;
    ::asio::steady_timer timer;  // for what is due although nothing is readable
    bool woken = false;          // by the timer, which then ends the wait
  };

  struct operation {
    std::shared_ptr<state> shared;
    std::optional<netlink::event> result{};
    std::error_code outcome{};
    bool finished = false;
    detail::cancellation cancelled{};

    template <class Self>
    void operator()(Self& self, std::error_code ec = {}) {
      if (finished) return self.complete(outcome, result ? std::move(*result) : netlink::event{});
      state& s = *shared;
      s.timer.cancel();
      const bool by_timer = std::exchange(s.woken, false);
      if (ec && !by_timer) return self.complete(ec, netlink::event{});
      // The wait may have ended by itself, and the program have cancelled before this call.
      const bool first = cancelled.begin(s.ready);
      if (!first && cancelled.requested(self)) {
        return self.complete(::asio::error::operation_aborted, netlink::event{});
      }
      try {
        result = s.plain.next(deadline::immediate());
      } catch (const std::system_error& error) {
        outcome = error.code();
      }
      if (result || outcome) {
        finished = true;
        return ::asio::post(s.ready.get_executor(), std::move(self));
      }
      set_timer();
      s.ready.async_wait(direction::wait_read, std::move(self));
    }

    void set_timer() {
      const deadline due = shared->plain.wake_up();
      if (due.is_never()) return;
      shared->timer.expires_after(due.remaining());
      shared->timer.async_wait([where = std::weak_ptr(shared)](std::error_code ec) {
        const auto held = where.lock();
        if (ec || !held) return;
        held->woken = true;
        held->ready.wake();
      });
    }
  };

  std::shared_ptr<state> state_;
};

}  // namespace trivet::async

#endif  // TRIVET_ASIO_NETLINK_H_
