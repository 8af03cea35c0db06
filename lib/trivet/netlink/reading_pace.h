// When a state is read again. No clock is asked but that of deadline.
#ifndef TRIVET_NETLINK_READING_PACE_H_
#define TRIVET_NETLINK_READING_PACE_H_

#include <algorithm>
#include <chrono>

#include "trivet/base/deadline.h"

namespace trivet::netlink {

/// Readings take a twentieth of a processor at most while changes keep coming, or events are lost
/// again and again; where they take more than a tenth of a second, they rest for two seconds, or
/// for four times what they took. A value.
class reading_pace {
 public:
  /// A reading, or several one behind the other, took so much of a processor's time.
  /// @param doubts_remain  what was read is to be read again
  void note(std::chrono::nanoseconds took, bool doubts_remain) noexcept {
    using namespace std::chrono_literals;
    const std::chrono::nanoseconds rest =
        std::min(share * took, std::max<std::chrono::nanoseconds>(2s, 4 * took));
    not_before_ = deadline::after(rest);
    patience_ = doubts_remain
                    ? std::max(std::min<std::chrono::nanoseconds>(2 * patience_, 1s), rest)
                    : first_patience;
  }

  /// Events come in bursts: what one of them puts in doubt is settled for all of them then.
  [[nodiscard]] deadline after_doubt() const noexcept { return deadline::after(patience_); }
  /// After a loss: at once, unless that was not long ago.
  [[nodiscard]] deadline after_loss() const noexcept { return not_before_; }

  static constexpr int share = 20;  ///< one part in so many

 private:
  static constexpr std::chrono::nanoseconds first_patience = std::chrono::milliseconds(10);

  std::chrono::nanoseconds patience_ = first_patience;
  deadline not_before_ = deadline::immediate();
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_READING_PACE_H_
