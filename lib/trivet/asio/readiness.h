// Waiting in an Asio program for a descriptor that somebody else owns.
#ifndef TRIVET_ASIO_READINESS_H_
#define TRIVET_ASIO_READINESS_H_

#include <asio/any_io_executor.hpp>
#include <asio/compose.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <optional>
#include <system_error>
#include <utility>

namespace trivet::async {

/// What is waited for: wait_read, wait_write (POLLIN, POLLOUT), wait_error (POLLERR).
/// Source: poll(2)
using direction = ::asio::posix::descriptor_base::wait_type;

/// epoll_ctl(2): a descriptor in Asio's reactor, which is taken out again, and not closed, at the
/// end. One of them for a descriptor: the reactor refuses a second (EEXIST). The first wait sets
/// O_NONBLOCK, which stays. Threads: as Asio's objects, one at a time (a strand).
/// Source: epoll(7), asio::posix::stream_descriptor
class readiness {
 public:
  /// @param fd  open, and outlives it; throws std::system_error where the reactor refuses it
  readiness(const ::asio::any_io_executor& executor, int fd) : descriptor_(executor, fd) {}
  readiness(readiness&&) noexcept = default;
  readiness& operator=(readiness&&) = delete;
  ~readiness() {
    if (descriptor_.is_open()) descriptor_.release();
  }

  /// Where handlers run that have no executor of their own.
  [[nodiscard]] ::asio::any_io_executor get_executor() { return descriptor_.get_executor(); }

  /// Completes as void(std::error_code) once it is ready, with operation_aborted once cancelled.
  /// Ready means that a call may be worth while, not that it will find something: another one may
  /// have taken it. Several waits may be under way.
  template <class Token>
  auto async_wait(direction what, Token&& token) {
    return descriptor_.async_wait(what, std::forward<Token>(token));
  }

  /// Ends every wait: asio::error::operation_aborted.
  void cancel() {
    std::error_code ignored;
    descriptor_.cancel(ignored);
  }

 private:
  ::asio::posix::stream_descriptor descriptor_;
};

namespace detail {

/// Whether a call found nothing to do without waiting.
[[nodiscard]] inline bool has_to_wait(const std::error_code& ec) noexcept {
  return ec == std::errc::operation_would_block || ec == std::errc::resource_unavailable_try_again;
}

/// One operation of async_retry, which Asio moves from call to call.
template <class Result, class Attempt>
struct retry {
  readiness& where;
  direction what;
  Attempt attempt;
  std::optional<Result> result{};
  std::error_code outcome{};

  template <class Self>
  void operator()(Self& self, std::error_code ec = {}) {
    if (result) return self.complete(outcome, std::move(*result));
    if (ec) return self.complete(ec, Result{});
    Result got = attempt(outcome);
    if (has_to_wait(outcome)) return where.async_wait(what, std::move(self));
    // Never from within the call that starts the operation.
    result.emplace(std::move(got));
    ::asio::post(where.get_executor(), std::move(self));
  }
};

}  // namespace detail

/// Calls `attempt` until it has something, waiting in between, and completes as
/// void(std::error_code, Result), never from within this call. Cancelling it between two attempts
/// loses nothing: an attempt either takes what is there, or waits without having taken anything.
/// The first attempt is made within this call.
/// @param where    outlives the operation
/// @param attempt  Result(std::error_code&), which never waits; EAGAIN: not yet; any other code
///   completes the operation. Result has a default constructor.
template <class Result, class Attempt, class Token>
auto async_retry(readiness& where, direction what, Attempt attempt, Token&& token) {
  return ::asio::async_compose<Token, void(std::error_code, Result)>(
      detail::retry<Result, Attempt>{where, what, std::move(attempt)}, token, where.get_executor());
}

}  // namespace trivet::async

#endif  // TRIVET_ASIO_READINESS_H_
