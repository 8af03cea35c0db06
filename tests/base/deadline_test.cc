// Deadlines: their arithmetic at the ends of the clock, and ppoll(2) under them.
#include "trivet/base/deadline.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>

#include "trivet/base/descriptor.h"
#include "trivet/base/poll.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;
using clock = deadline::clock;

static_assert(clock::is_steady);

TEST(deadline, knows_never_and_immediate) {
  EXPECT_TRUE(deadline().is_never());
  EXPECT_TRUE(deadline::never().is_never());
  EXPECT_FALSE(deadline::never().passed());
  EXPECT_TRUE(deadline::immediate().is_immediate());
  EXPECT_TRUE(deadline::immediate().passed());
  EXPECT_EQ(deadline::immediate().remaining(), 0ns);
  EXPECT_LT(deadline::immediate(), deadline::after(0s + 1ns));
  EXPECT_LT(deadline::after(1h), deadline::never());
}

TEST(deadline, overflows_at_neither_end) {
  EXPECT_TRUE(deadline::after(std::chrono::nanoseconds::max()).is_never());
  EXPECT_TRUE(deadline::after(0ns).is_immediate());
  EXPECT_TRUE(deadline::after(-1h).is_immediate());
  EXPECT_TRUE(deadline::after(std::chrono::nanoseconds::min()).is_immediate());
  // A nanosecond after the earliest point: the difference to now does not fit in 64 bits.
  const deadline early = deadline::at(clock::time_point::min() + 1ns);
  EXPECT_EQ(early.remaining(), 0ns);
  EXPECT_TRUE(early.passed());
  EXPECT_FALSE(early.is_immediate());
  const deadline late = deadline::at(clock::time_point::max() - 1ns);
  EXPECT_GT(late.remaining(), 24h);
  EXPECT_FALSE(late.passed());
}

TEST(deadline, counts_down) {
  const deadline soon = deadline::after(1h);
  EXPECT_LE(soon.remaining(), 1h);
  EXPECT_GT(soon.remaining(), 59min);
  EXPECT_EQ(deadline::at(clock::now() - 1s).remaining(), 0ns);
}

TEST(poll, returns_events_and_zero_at_the_deadline) {
  const descriptor event(::eventfd(0, EFD_CLOEXEC));
  std::error_code ec = std::make_error_code(std::errc::io_error);
  EXPECT_EQ(poll_one(event.get(), POLLIN, deadline::immediate(), ec), 0);
  EXPECT_FALSE(ec) << "a deadline that passes is no error";
  const auto start = clock::now();
  EXPECT_EQ(poll_one(event.get(), POLLIN, deadline::after(20ms), ec), 0);
  EXPECT_GE(clock::now() - start, 20ms);

  const std::uint64_t one = 1;
  ASSERT_EQ(::write(event.get(), &one, sizeof one), ssize_t{sizeof one});
  EXPECT_EQ(poll_one(event.get(), POLLIN, deadline::never(), ec), POLLIN);
  std::array<::pollfd, 2> list{{{event.get(), POLLIN, 0}, {event.get(), POLLOUT, 0}}};
  EXPECT_EQ(poll(list, deadline::after(1h), ec), 2);
  EXPECT_EQ(poll({}, deadline::after(1ms), ec), 0) << "nothing to wait for but the time";
}

TEST(poll, says_that_a_descriptor_is_not_open) {
  std::error_code ec;
  int closed = 0;
  {
    const descriptor event(::eventfd(0, EFD_CLOEXEC));
    closed = event.get();
  }
  EXPECT_EQ(poll_one(closed, POLLIN, deadline::never(), ec), POLLNVAL);
  EXPECT_FALSE(ec);
}

}  // namespace
}  // namespace trivet
