// Waiting in an Asio program for a descriptor that somebody else owns.
#ifndef TRIVET_ASIO_READINESS_H_
#define TRIVET_ASIO_READINESS_H_

#include <asio/any_io_executor.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/compose.hpp>
#include <asio/error.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace trivet::async {

/// What is waited for: wait_read, wait_write (POLLIN, POLLOUT), wait_error (POLLERR).
/// Source: poll(2)
using direction = ::asio::posix::descriptor_base::wait_type;

/// epoll_ctl(2): a descriptor in Asio's reactor, which is taken out again, and not closed, at the
/// end. One of them for a descriptor: the reactor refuses a second (EEXIST). The first wait sets
/// O_NONBLOCK, which stays. It stays where it is, because operations refer to it. Threads: as
/// Asio's objects, one at a time (a strand). Source: epoll(7), asio::posix::stream_descriptor
class readiness {
 public:
  /// @param fd  open, and outlives it; throws std::system_error where the reactor refuses it
  readiness(const ::asio::any_io_executor& executor, int fd) : descriptor_(executor, fd) {}
  readiness(const readiness&) = delete;
  readiness& operator=(const readiness&) = delete;
  /// Ends every wait and every operation of async_retry, as cancel().
  ~readiness() {
    *cancellations_ = gone;
    descriptor_.release();
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

  /// Ends every wait (asio::error::operation_aborted) and every operation of async_retry.
  void cancel() {
    ++*cancellations_;
    wake();
  }

  /// What cancellations() is at the end of this object.
  static constexpr std::uint64_t gone = ~std::uint64_t{0};

  /// How often cancel() was called. An operation that waits more than once compares: a wait that
  /// has ended already, and whose handler is still to run, hears nothing of a cancel(). The count
  /// outlives the object.
  [[nodiscard]] std::shared_ptr<const std::uint64_t> cancellations() const noexcept {
    return cancellations_;
  }

  /// Ends every wait (asio::error::operation_aborted), and is no cancellation: an operation of
  /// async_retry makes another attempt.
  void wake() {
    std::error_code ignored;
    descriptor_.cancel(ignored);
  }

 private:
  ::asio::posix::stream_descriptor descriptor_;
  std::shared_ptr<std::uint64_t> cancellations_ = std::make_shared<std::uint64_t>(0);
};

namespace detail {

/// Whether a call found nothing to do without waiting.
[[nodiscard]] inline bool has_to_wait(const std::error_code& ec) noexcept {
  return ec == std::errc::operation_would_block || ec == std::errc::resource_unavailable_try_again;
}

/// Whether an operation was cancelled since it began, by whichever way, also while it did not wait.
class cancellation {
 public:
  /// In each call of the operation: what was cancelled before its first one does not concern it.
  /// @return whether this is the first
  bool begin(const readiness& where) noexcept {
    if (count_) return false;
    count_ = where.cancellations();
    before_ = *count_;
    return true;
  }

  /// @param self  of async_compose: knows of its cancellation slot
  template <class Self>
  [[nodiscard]] bool requested(const Self& self) const noexcept {
    return *count_ != before_ ||
           self.get_cancellation_state().cancelled() != ::asio::cancellation_type::none;
  }

  /// Whether what was waited for is there no more.
  [[nodiscard]] bool gone() const noexcept { return *count_ == readiness::gone; }

 private:
  std::shared_ptr<const std::uint64_t> count_;
  std::uint64_t before_ = 0;
};

/// One operation of async_retry, which Asio moves from call to call.
template <class Result, class Filter, class Attempt>
struct retry {
  readiness& where;
  direction what;
  Attempt attempt;
  std::optional<Result> result{};
  std::error_code outcome{};
  cancellation cancelled{};

  template <class Self>
  void operator()(Self& self, std::error_code ec = {}) {
    if (result) return self.complete(outcome, std::move(*result));
    const bool first = cancelled.begin(where);
    if (first) self.reset_cancellation_state(Filter());
    if (!first && cancelled.gone()) ec = ::asio::error::operation_aborted;
    const bool woken =
        ec == ::asio::error::operation_aborted && !first && !cancelled.requested(self);
    if (ec && !woken) return self.complete(ec, Result{});
    Result got = attempt(outcome);
    if (has_to_wait(outcome)) {
      if (!cancelled.requested(self)) return where.async_wait(what, std::move(self));
      outcome = ::asio::error::operation_aborted;
    }
    // Never from within the call that starts the operation.
    result.emplace(std::move(got));
    ::asio::post(where.get_executor(), std::move(self));
  }
};

}  // namespace detail

/// Calls `attempt` until it has something, waiting in between, and completes as
/// void(std::error_code, Result), never from within this call. Cancelled at any time, it waits no
/// more, and nothing is lost: an attempt either takes what is there, which is then the result, or
/// has taken nothing. The first attempt is made within this call.
/// @tparam Filter  which cancellation_type its slot takes: all of them; where an attempt that has
///   to wait may have done something, as a request that is sent, asio::enable_partial_cancellation
/// @param where    its end cancels the operation
/// @param attempt  Result(std::error_code&), which never waits; EAGAIN: not yet; any other code
///   completes the operation. Result has a default constructor.
template <class Result, class Filter = ::asio::enable_total_cancellation, class Attempt,
          class Token>
auto async_retry(readiness& where, direction what, Attempt attempt, Token&& token) {
  return ::asio::async_compose<Token, void(std::error_code, Result)>(
      detail::retry<Result, Filter, Attempt>{where, what, std::move(attempt)}, token,
      where.get_executor());
}

}  // namespace trivet::async

#endif  // TRIVET_ASIO_READINESS_H_
