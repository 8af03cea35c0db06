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

/// What is waited for.
using direction = ::asio::posix::descriptor_base::wait_type;

/// A descriptor in Asio's reactor, which is taken out again, and not closed, at the end. One of
/// them for a descriptor. Threads: as Asio's objects, one at a time (a strand).
/// Source: epoll(7), asio::posix::stream_descriptor
class readiness {
 public:
  /// @param fd  outlives it
  readiness(const ::asio::any_io_executor& executor, int fd) : descriptor_(executor, fd) {}
  readiness(readiness&&) noexcept = default;
  readiness& operator=(readiness&&) = delete;
  ~readiness() {
    if (descriptor_.is_open()) descriptor_.release();
  }

  [[nodiscard]] ::asio::any_io_executor get_executor() { return descriptor_.get_executor(); }

  /// Completes as void(std::error_code) once it is ready, with operation_aborted once cancelled.
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
/// void(std::error_code, Result). Cancelling it between two attempts loses nothing: an attempt
/// either takes what is there, or waits without having taken anything.
/// @param attempt  Result(std::error_code&), which never waits; EAGAIN: not yet
template <class Result, class Attempt, class Token>
auto async_retry(readiness& where, direction what, Attempt attempt, Token&& token) {
  return ::asio::async_compose<Token, void(std::error_code, Result)>(
      detail::retry<Result, Attempt>{where, what, std::move(attempt)}, token, where.get_executor());
}

}  // namespace trivet::async

#endif  // TRIVET_ASIO_READINESS_H_
