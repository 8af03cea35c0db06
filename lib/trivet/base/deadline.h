// Points in time on the steady clock, after which a call gives up.
#ifndef TRIVET_BASE_DEADLINE_H_
#define TRIVET_BASE_DEADLINE_H_

#include <chrono>
#include <compare>

namespace trivet {

/// A point on CLOCK_MONOTONIC, or never. EINTR does not move it. A value; freely shared.
/// Source: clock_gettime(2)
class deadline {
 public:
  using clock = std::chrono::steady_clock;

  /// Never passes.
  constexpr deadline() noexcept = default;
  [[nodiscard]] static constexpr deadline never() noexcept { return {}; }

  /// Has passed already: the call may not wait.
  [[nodiscard]] static constexpr deadline immediate() noexcept {
    return deadline(clock::time_point::min());
  }

  /// Passes at `when`.
  [[nodiscard]] static constexpr deadline at(clock::time_point when) noexcept {
    return deadline(when);
  }

  /// Passes `wait` from now; a wait beyond the clock's range never passes.
  [[nodiscard]] static deadline after(std::chrono::nanoseconds wait) noexcept {
    const auto now = clock::now();
    if (wait.count() <= 0) return immediate();
    return wait >= clock::time_point::max() - now ? never() : deadline(now + wait);
  }

  /// Whether it is never(), or immediate().
  [[nodiscard]] constexpr bool is_never() const noexcept {
    return when_ == clock::time_point::max();
  }
  [[nodiscard]] constexpr bool is_immediate() const noexcept {
    return when_ == clock::time_point::min();
  }

  /// What is left, at least zero; meaningless for never.
  [[nodiscard]] std::chrono::nanoseconds remaining() const noexcept {
    const auto now = clock::now();
    // Compared first: the difference to a point far back does not fit.
    if (when_ <= now) return std::chrono::nanoseconds::zero();
    return when_ - now;
  }

  /// Whether nothing is left; never() does not pass.
  [[nodiscard]] bool passed() const noexcept { return !is_never() && when_ <= clock::now(); }

  friend constexpr auto operator<=>(const deadline&, const deadline&) noexcept = default;

 private:
  explicit constexpr deadline(clock::time_point when) noexcept : when_(when) {}
  clock::time_point when_ = clock::time_point::max();
};

}  // namespace trivet

#endif  // TRIVET_BASE_DEADLINE_H_
