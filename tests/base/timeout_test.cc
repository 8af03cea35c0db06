// Time limits: blocking, non-blocking and with a deadline, also while signals keep interrupting.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/testing.h"
#include "trivet/base/error.h"
#include "trivet/base/so.h"
#include "trivet/unix/socket.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;
using test::at_once;
using test::signal_storm;
using test::soon;
using test::stopwatch;
using test::unique_name;
using test::within;
using unix_domain::address;
using unix_domain::socket;

using timeouts = test::leaves_nothing_open;

// Long beside a signal's millisecond, short beside a developer's patience.
constexpr auto limit = 60ms;

// Sends until the peer's buffer takes no more.
void fill(socket& s) {
  const std::vector<std::byte> block(1024);
  std::error_code ec;
  while (!ec) s.send(block, ec, at_once());
  ASSERT_EQ(ec, std::errc::resource_unavailable_try_again);
}

void drain(socket& s) {
  std::vector<std::byte> block(65536);
  std::error_code ec;
  while (!ec) s.receive(block, ec, at_once());
}

TEST_F(timeouts, a_mode_is_what_was_set_last) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  EXPECT_EQ(a.timeout(), std::nullopt);
  a.set_blocking(false);
  EXPECT_EQ(a.timeout(), 0ns);
  EXPECT_NE(::fcntl(a.native_handle(), F_GETFL) & O_NONBLOCK, 0);
  a.set_timeout(1s);
  EXPECT_EQ(a.timeout(), 1s);
  EXPECT_NE(::fcntl(a.native_handle(), F_GETFL) & O_NONBLOCK, 0);
  a.set_blocking(true);
  EXPECT_EQ(a.timeout(), std::nullopt);
  EXPECT_EQ(::fcntl(a.native_handle(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_THROW(a.set_timeout(-1ns), socket_error);
  EXPECT_EQ(a.timeout(), std::nullopt) << "a value that is refused changes nothing";
  a.set_timeout(std::chrono::nanoseconds::max());
  a.send(bytes_of("x"));
}

TEST_F(timeouts, a_socket_may_be_opened_and_adopted_without_blocking) {
  socket opened(SOCK_DGRAM | SOCK_NONBLOCK);
  EXPECT_EQ(opened.timeout(), 0ns);
  EXPECT_EQ(opened.type(), SOCK_DGRAM);
  EXPECT_EQ(opened.get<so::type>(), SOCK_DGRAM);
  const socket adopted(opened.release());
  EXPECT_EQ(adopted.timeout(), 0ns);
  EXPECT_FALSE(opened.is_open());
  auto [a, b] = socket::pair(SOCK_STREAM | SOCK_NONBLOCK);
  EXPECT_EQ(b.timeout(), 0ns);
}

TEST_F(timeouts, a_receive_ends_when_its_time_has_passed) {
  auto [a, b] = socket::pair(SOCK_SEQPACKET);
  std::array<std::byte, 8> buffer;
  b.set_timeout(limit);
  stopwatch watch;
  EXPECT_THROW(b.receive(buffer), timed_out);
  EXPECT_GE(watch.elapsed(), limit);
  EXPECT_THROW(b.receive_message(), timed_out);
  EXPECT_THROW(b.receive_from(buffer), timed_out);
  EXPECT_GE(watch.elapsed(), 3 * limit);

  // A deadline of the call counts instead of the socket's, shorter or longer.
  EXPECT_THROW(b.receive(buffer, at_once()), would_block);
  EXPECT_THROW(b.receive(buffer, {.flags = MSG_DONTWAIT}), would_block);
  b.set_timeout(1h);
  EXPECT_THROW(b.receive(buffer, within(1ms)), timed_out);
  EXPECT_THROW(b.receive(buffer, {.until = deadline::at(deadline::clock::now() - 1s)}), timed_out);
  a.send(bytes_of("x"));
  EXPECT_EQ(b.receive(buffer, {.until = deadline::at(deadline::clock::now() - 1s)}).size, 1U)
      << "what is there is received, however late";
}

TEST_F(timeouts, a_deadline_of_never_outweighs_a_socket_that_does_not_block) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  b.set_blocking(false);
  const signal_storm storm;
  const std::jthread sender([&, &a = a] {
    storm.wait_for(3);
    a.send(bytes_of("late"));
  });
  std::array<std::byte, 8> buffer;
  EXPECT_EQ(b.receive(buffer, {.until = deadline::never()}).size, 4U);
}

TEST_F(timeouts, survive_a_storm_of_signals) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  std::array<std::byte, 8> buffer;
  fill(a);
  const signal_storm storm;
  for (const bool on_the_socket : {true, false}) {
    const auto time = [&] { return on_the_socket ? io_options() : within(limit); };
    a.set_timeout(on_the_socket ? std::optional<std::chrono::nanoseconds>(limit) : std::nullopt);
    b.set_timeout(a.timeout());
    const int hits = storm.count();
    stopwatch watch;
    std::error_code ec;
    EXPECT_EQ(a.send(bytes_of("x"), ec, time()), 0U);
    EXPECT_EQ(ec, std::errc::timed_out);
    EXPECT_GE(watch.elapsed(), limit);
    EXPECT_LT(watch.elapsed(), limit + 10s);
    EXPECT_GT(storm.count(), hits + 5) << "the storm must hit the call";

    watch = stopwatch();
    EXPECT_THROW(a.receive(buffer, time()), timed_out);
    EXPECT_GE(watch.elapsed(), limit);
    EXPECT_LT(watch.elapsed(), limit + 10s);
  }
  stopwatch watch;
  EXPECT_EQ(a.poll(POLLIN, deadline::after(limit)), 0);
  EXPECT_GE(watch.elapsed(), limit);
}

TEST_F(timeouts, a_call_without_limit_waits_through_signals) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  fill(a);
  const signal_storm storm;
  const std::jthread other([&, &b = b] {
    storm.wait_for(20);
    drain(b);
    b.send(bytes_of("answer"));
  });
  a.send(bytes_of("through"));
  EXPECT_EQ(text_of(a.receive_message().data), "answer");
}

TEST_F(timeouts, send_all_delivers_every_byte_through_signals) {
  for (const bool timed : {false, true}) {
    auto [a, b] = socket::pair(SOCK_STREAM);
    if (timed) a.set_timeout(test::patience);
    std::string data(3'000'000, '\0');
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 31 >> 4);
    std::string got;
    std::jthread reader([&, &b = b] {
      std::vector<std::byte> block(40'000);
      while (got.size() < data.size()) {
        const auto result = b.receive(block, soon());
        if (result.size == 0) break;
        got += text_of(const_bytes(block).first(result.size));
      }
    });
    const signal_storm storm;
    EXPECT_EQ(a.send_all(bytes_of(data)), data.size());
    reader.join();
    EXPECT_TRUE(got == data) << "not what was sent";
  }
}

TEST_F(timeouts, send_all_reports_what_was_taken_when_its_time_has_passed) {
  auto [a, b] = socket::pair(SOCK_STREAM);
  const std::vector<std::byte> data(20'000'000);
  a.set_timeout(limit);
  const signal_storm storm;
  stopwatch watch;
  std::error_code ec;
  const std::size_t sent = a.send_all(data, ec);
  EXPECT_EQ(ec, std::errc::timed_out);
  EXPECT_GE(watch.elapsed(), limit);
  EXPECT_GT(sent, 0U);
  EXPECT_LT(sent, data.size());

  std::size_t received = 0;
  std::vector<std::byte> block(65536);
  while (true) {
    const auto got = b.receive(block, ec, at_once());
    if (ec) break;
    received += got.size;
  }
  EXPECT_EQ(received, sent);

  // One deadline for the whole, however often a part is taken.
  const std::jthread reader([&, &b = b](const std::stop_token& stop) {
    std::vector<std::byte> bit(4096);
    std::error_code failed;
    while (!stop.stop_requested()) {
      storm.wait_for(1);
      b.receive(bit, failed, at_once());
    }
  });
  watch = stopwatch();
  try {
    a.send_all(data, within(limit));
    FAIL() << "20 MB went through in " << watch.elapsed().count() << " ns";
  } catch (const timed_out& e) {
    EXPECT_NE(std::string(e.what()).find(" of 20000000 bytes taken"), std::string::npos)
        << e.what();
  }
  EXPECT_LT(watch.elapsed(), limit + 10s);
}

TEST_F(timeouts, send_all_of_a_socket_that_does_not_block_reports_what_was_taken) {
  auto [a, b] = socket::pair(SOCK_STREAM | SOCK_NONBLOCK);
  const std::vector<std::byte> data(20'000'000);
  std::error_code ec;
  const std::size_t sent = a.send_all(data, ec);
  EXPECT_EQ(ec, std::errc::resource_unavailable_try_again);
  EXPECT_GT(sent, 0U);
  EXPECT_LT(sent, data.size());
  EXPECT_EQ(a.send_all({}, ec), 0U);
  EXPECT_FALSE(ec) << "nothing is always taken";
}

TEST_F(timeouts, the_kernels_own_limits_bound_a_socket_without_a_timeout) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  a.set(so::rcvtimeo{limit});
  a.set(so::sndtimeo{limit});
  std::array<std::byte, 8> buffer;
  stopwatch watch;
  EXPECT_THROW(a.receive(buffer), would_block);
  EXPECT_GE(watch.elapsed(), limit - 10ms);
  fill(a);
  watch = stopwatch();
  EXPECT_THROW(a.send(bytes_of("x")), would_block);
  EXPECT_GE(watch.elapsed(), limit - 10ms);
  // A deadline of the call is the base's.
  watch = stopwatch();
  EXPECT_THROW(a.receive(buffer, within(3 * limit)), timed_out);
  EXPECT_GE(watch.elapsed(), 3 * limit);
}

TEST_F(timeouts, a_socket_that_another_owner_made_nonblocking_still_blocks) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  ASSERT_EQ(::fcntl(b.native_handle(), F_SETFL, O_NONBLOCK), 0);
  const signal_storm storm;
  const std::jthread sender([&, &a = a] {
    storm.wait_for(3);
    a.send(bytes_of("late"));
  });
  std::array<std::byte, 8> buffer;
  EXPECT_EQ(b.receive(buffer).size, 4U);
}

TEST_F(timeouts, batches_wait_and_end_in_time) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  receive_batch<address> in(4, 16);
  const signal_storm storm;
  stopwatch watch;
  EXPECT_THROW(b.receive(in, within(limit)), timed_out);
  EXPECT_GE(watch.elapsed(), limit);
  EXPECT_EQ(in.size(), 0U);
  EXPECT_THROW(b.receive(in, at_once()), would_block);
  a.send(bytes_of("one"));
  EXPECT_EQ(b.receive(in), 1U) << "it does not wait for the other three";

  fill(a);
  send_batch<address> out;
  out.add(bytes_of("never"));
  std::error_code ec;
  EXPECT_EQ(a.send(out, ec, within(limit)), 0U);
  EXPECT_EQ(ec, std::errc::timed_out);
  EXPECT_FALSE(out.done());
  drain(b);
  EXPECT_EQ(a.send(out), 1U) << "it goes on where it stopped";
  EXPECT_TRUE(out.done());
}

// A datagram socket is writable though the receiver that it is not connected to is full: poll(2)
// then returns at once, again and again.
TEST_F(timeouts, waiting_for_a_full_receiver_does_not_burn_the_cpu) {
  socket receiver(SOCK_DGRAM);
  const address name = unique_name();
  receiver.bind(name);
  socket sender(SOCK_DGRAM);
  std::error_code ec;
  while (!ec) sender.send_to(bytes_of("x"), name, ec, at_once());
  ASSERT_EQ(ec, std::errc::resource_unavailable_try_again);
  stopwatch watch;
  ::rusage before{};
  ::rusage after{};
  ASSERT_EQ(::getrusage(RUSAGE_THREAD, &before), 0);
  EXPECT_THROW(sender.send_to(bytes_of("x"), name, within(500ms)), timed_out);
  ASSERT_EQ(::getrusage(RUSAGE_THREAD, &after), 0);
  EXPECT_GE(watch.elapsed(), 500ms);
  // Who burns the CPU never gives it up of its own accord. (Its time is no measure: user-mode-linux
  // counts by the tick, and on a busy machine also what others took.)
  EXPECT_GE(after.ru_nvcsw - before.ru_nvcsw, 20);

  const signal_storm storm;
  const std::jthread reader([&] {
    storm.wait_for(10);
    drain(receiver);
  });
  EXPECT_EQ(sender.send_to(bytes_of("x"), name, soon()), 1U);
}

}  // namespace
}  // namespace trivet
