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

namespace detail {

/// A program's visitor, called while some operation reads the socket, which is not always its own:
/// an exception of it is no failure of either. It leaves io_context::run() as one of a handler.
class visitor {
 public:
  visitor(::asio::any_io_executor executor, netlink::message_visitor visit)
      : executor_(std::move(executor)), visit_(std::move(visit)) {}

  void operator()(const netlink::message_view& message);

  /// Whether it threw; it is not called again then.
  [[nodiscard]] bool threw() const noexcept { return threw_; }

 private:
  ::asio::any_io_executor executor_;
  netlink::message_visitor visit_;
  bool threw_ = false;
};

}  // namespace detail

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
  /// the outcome, a refusal too; the code is set where the socket failed. ENOBUFS is in the
  /// outcome, which is unknown, of each request whose acknowledgement it took. After
  /// operation_aborted the request may have been done or not, and its answer is passed over: a slot
  /// takes cancellation_type partial and terminal.
  /// @param message  not needed any more once this returns
  /// Throws socket_error where the request cannot be sent: EMSGSIZE if it is larger than the send
  /// buffer.
  template <class Token>
  auto async_request(netlink::message_builder& message, Token&& token) {
    return run({plain_.start(message), {}}, std::forward<Token>(token));
  }

  /// The same; messages before the acknowledgement go to `visit`, which is called while any
  /// operation of this client reads the socket, in the thread that runs the executor. What it
  /// throws is thrown by a handler of that executor, out of io_context::run(); it is not called
  /// again, and the operation completes as ever, with outcome::incomplete.
  template <class Token>
  auto async_request(netlink::message_builder& message, netlink::message_visitor visit,
                     Token&& token) {
    if (!visit) return async_request(message, std::forward<Token>(token));
    auto guarded = std::make_shared<detail::visitor>(ready_.get_executor(), std::move(visit));
    auto flight =
        plain_.start(message, [guarded](const netlink::message_view& m) { (*guarded)(m); });
    return run({std::move(flight), std::move(guarded)}, std::forward<Token>(token));
  }

  /// Ends every operation: operation_aborted. The kernel is not told: requests run when they are
  /// sent.
  void cancel() { ready_.cancel(); }

 private:
  struct running {
    netlink::pending flight;
    std::shared_ptr<const detail::visitor> visit;  // none where nobody is told of messages
  };

  template <class Token>
  auto run(running what, Token&& token) {
    return async_retry<netlink::outcome, ::asio::enable_partial_cancellation>(
        ready_, direction::wait_read,
        [this, what = std::move(what)](std::error_code& ec) mutable { return attempt(what, ec); },
        std::forward<Token>(token));
  }

  /// Takes what is there, until this one's answer has come. @return the outcome, once ec is clear
  netlink::outcome attempt(running& what, std::error_code& ec);

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
  void take_one(std::error_code& ec);

  netlink::socket socket_;
  readiness ready_;
  netlink::answer_reader answer_;
  visitor visit_;
  bool doubtful_ = false;  // since ENOBUFS
  bool nudged_ = false;    // and nothing of it has come since
  std::vector<std::byte> buffer_;
};

}  // namespace detail

/// NLM_F_DUMP on a socket of its own, in pieces, so that a long one does not keep the program:
/// void(std::error_code, netlink::dump_end). Made once: whether changes came in between is in the
/// end, and making it again is left to the caller. Cancelling closes the socket: nothing has to be
/// drained; a slot takes cancellation_type partial and terminal. Throws socket_error where the
/// request cannot be sent. Threads: as Asio's objects.
/// @param taken    a socket of the protocol, in the namespace that is asked; binds it
/// @param message  not needed any more once this returns
/// @param visit    is called for each object, in the thread that runs the executor; the view is
///   valid during the call. What it throws is thrown by a handler of that executor, out of
///   io_context::run(); it is not called again, the dump goes on to its end, and that is
///   interrupted: objects are missing
/// Source: netlink(7)
template <class Token>
auto async_dump(const ::asio::any_io_executor& executor, netlink::socket taken,
                netlink::message_builder& message, netlink::message_visitor visit, Token&& token) {
  auto running =
      std::make_shared<detail::dump>(executor, std::move(taken), message, std::move(visit));
  readiness& ready = running->ready();
  return async_retry<netlink::dump_end, ::asio::enable_partial_cancellation>(
      ready, direction::wait_read,
      [running = std::move(running)](std::error_code& ec) { return running->attempt(ec); },
      std::forward<Token>(token));
}

/// netlink::monitor: one event after the other. It stays where it is, and its end cancels its
/// operation. Threads: as Asio's objects (a strand). Source: rtnetlink(7)
class monitor {
 public:
  /// Takes over a monitor, which has read its state already, and adds its descriptor to the
  /// executor's reactor. Throws std::system_error where that fails.
  monitor(const ::asio::any_io_executor& executor, netlink::monitor plain)
      : state_(std::make_shared<state>(executor, std::move(plain))) {}
  monitor(const monitor&) = delete;
  monitor& operator=(const monitor&) = delete;
  ~monitor() { state_->ready.cancel(); }  // the operation ends the timer

  /// For what is known now: state(), statistics(). Events change it.
  [[nodiscard]] const netlink::monitor& plain() const noexcept { return state_->plain; }

  /// netlink::monitor::next: void(std::error_code, netlink::event). One at a time. Cancelled
  /// (operation_aborted), it has taken no event: a slot takes each cancellation_type. A loss is an
  /// event and no error; the code is set where the socket failed. Reading the state again, where it
  /// is due, is done in one piece, and takes as long as the kernel takes.
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
      if (first) self.reset_cancellation_state(::asio::enable_total_cancellation());
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

#include "trivet/asio/netlink_calls.h"

#endif  // TRIVET_ASIO_NETLINK_H_
