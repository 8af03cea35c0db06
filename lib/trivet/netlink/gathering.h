// When to let notifications gather before they are read. No clock is asked but that of deadline, or
// the caller's.
#ifndef TRIVET_NETLINK_GATHERING_H_
#define TRIVET_NETLINK_GATHERING_H_

#include <chrono>
#include <cstddef>

#include "trivet/base/deadline.h"

namespace trivet::netlink {

/// Where notifications come one by one and quickly, to wake up for each takes longer than to read
/// it: who waits stays away for a moment then, and finds many, as network drivers do (interrupt
/// coalescing). It ends with the first time that it has not paid. A value.
class gathering {
 public:
  /// How long to stay away. A timer adds as much again (PR_SET_TIMERSLACK).
  static constexpr std::chrono::nanoseconds moment = std::chrono::microseconds(50);

  /// Whether to stay away for a moment before the next call.
  [[nodiscard]] bool pays() const noexcept { return pays_ && !behind_; }

  using time_source = deadline::clock::time_point (*)();

  /// A call that could wait gave so many notifications, of `most` that there was room for.
  /// @param now  asked every eighth time
  void note(std::size_t count, std::size_t most, time_source now = &deadline::clock::now) {
    behind_ = count == most;  // others are there already
    if (pays_) {
      pays_ = behind_ || count >= worthwhile;
    } else if (count > few) {
      lonely_ = 0;
    } else if (++lonely_ % run == 0) {
      const auto time = now();
      pays_ = time - since_ < run * quick;
      since_ = time;
    }
  }

 private:
  static constexpr std::chrono::nanoseconds quick = std::chrono::microseconds(20);
  static constexpr std::size_t few = 2;
  static constexpr std::size_t worthwhile = 4;
  static constexpr unsigned run = 8;  // calls that gave few between two looks at the clock

  bool pays_ = false;
  bool behind_ = false;
  unsigned lonely_ = 0;  // calls that gave few
  deadline::clock::time_point since_{};
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_GATHERING_H_
