// Cancelling an operation of an Asio program while it does not wait: its wait has ended, and its
// handler is still to run.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "tests/lab/namespace_test.h"
#include "tests/lab/syscall_gate.h"
#include "trivet/asio/netlink.h"
#include "trivet/asio/socket.h"
#include "trivet/base/so.h"
#include "trivet/unix/socket.h"

namespace trivet::async {
namespace {

using namespace std::chrono_literals;

// How an operation ended: nothing while it goes on.
using ending = std::optional<std::error_code>;

class asio_cancel : public lab::namespace_test {
 protected:
  // Runs until nothing is left to do, or something waits that should not.
  void finish() {
    context_.restart();
    context_.run_for(5s);
  }

  // Of the operation's own signal.
  void emit() { signal_.emit(::asio::cancellation_type::terminal); }

  ::asio::io_context context_;
  ::asio::cancellation_signal signal_;
};

// Two waits that end at the same time: after the first one's handler the other's is still to run.
class receiver : public asio_cancel {
 protected:
  void cancel_when_readable(const std::function<void()>& cancel) {
    in_.async_wait(direction::wait_read, [&](std::error_code) {
      (void)in_.plain().receive_message();  // nothing is left for the operation
      cancel();
    });
    in_.async_receive_message(::asio::bind_cancellation_slot(
        signal_.slot(), [this](std::error_code ec, const auto&) { got_ = ec; }));
    out_.send(bytes_of("readable"));
    finish();
  }

  std::pair<unix_domain::socket, unix_domain::socket> make() {
    auto [first, second] = unix_domain::socket::pair(SOCK_DGRAM);
    return {std::move(first), std::move(second)};
  }

  std::pair<unix_domain::socket, unix_domain::socket> pair_ = make();
  unix_domain::socket& out_ = pair_.first;
  socket<unix_domain::socket> in_{context_.get_executor(), std::move(pair_.second)};
  ending got_;
};

TEST_F(receiver, is_cancelled_after_its_wait_has_ended) {
  cancel_when_readable([this] { in_.cancel(); });
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

TEST_F(receiver, is_cancelled_by_its_signal_after_its_wait_has_ended) {
  cancel_when_readable([this] { emit(); });
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

TEST_F(receiver, is_not_cancelled_by_what_came_before_it) {
  in_.cancel();
  in_.async_receive_message([this](std::error_code ec, const auto&) { got_ = ec; });
  out_.send(bytes_of("there"));
  finish();
  EXPECT_EQ(got_, std::error_code());
}

TEST_F(asio_cancel, a_request_ends_after_its_wait_has_ended) {
  netlink::socket taken(NETLINK_ROUTE);
  const ::sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
  taken.set(so::attach_filter{nothing});  // no answer comes
  client kernel(context_.get_executor(), netlink::client(std::move(taken)));
  netlink::message_builder request(RTM_GETLINK);
  ::ifinfomsg loopback{};
  loopback.ifi_index = 1;
  request.structure(loopback);
  ending first, second;
  kernel.async_request(request, [&](std::error_code ec, const auto&) { first = ec; });
  kernel.async_request(request, [&](std::error_code ec, const auto&) { second = ec; });
  // Something that is no answer ends both waits.
  const int none = 0;
  ASSERT_EQ(::setsockopt(kernel.plain().underlying().native_handle(), SOL_SOCKET, SO_DETACH_FILTER,
                         &none, sizeof none),
            0);
  netlink::socket other(NETLINK_ROUTE);
  other.bind(netlink::address());
  other.send_to(bytes_of("no answer"), netlink::address(kernel.plain().port()));
  EXPECT_EQ(context_.run_one_for(5s), 1U);  // the first has taken it, and waits again
  EXPECT_EQ(kernel.plain().foreign_datagrams(), 1U);
  kernel.cancel();
  finish();
  EXPECT_EQ(first, ::asio::error::operation_aborted);
  EXPECT_EQ(second, ::asio::error::operation_aborted);
}

TEST_F(receiver, ends_with_its_socket) {
  auto in = std::make_unique<socket<unix_domain::socket>>(context_.get_executor(), make().second);
  in->async_receive_message([this](std::error_code ec, const auto&) { got_ = ec; });
  in.reset();
  finish();
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

TEST_F(receiver, ends_with_its_socket_after_its_wait_has_ended) {
  auto [first, second] = make();
  unix_domain::socket out = std::move(first);
  auto in =
      std::make_unique<socket<unix_domain::socket>>(context_.get_executor(), std::move(second));
  in->async_wait(direction::wait_read, [&](std::error_code) { in.reset(); });
  in->async_receive_message([this](std::error_code ec, const auto&) { got_ = ec; });
  out.send(bytes_of("readable"));
  finish();
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

// The kernel's answer to one is there, and another operation reads it: the reactor says nothing.
TEST_F(asio_cancel, an_answer_that_another_operation_takes_ends_the_wait) {
  ending first, second;
  std::promise<lab::syscall_gate> opened;
  std::thread program([&] {
    client kernel(context_.get_executor(), netlink::client(NETLINK_ROUTE));
    netlink::message_builder request(RTM_GETLINK);
    ::ifinfomsg loopback{};
    loopback.ifi_index = 1;
    request.structure(loopback);
    opened.set_value(lab::syscall_gate(SYS_recvfrom));
    kernel.async_request(request, [&](std::error_code ec, const auto&) { first = ec; });
    kernel.async_request(request, [&](std::error_code ec, const auto&) { second = ec; });
    finish();
  });
  lab::syscall_gate gate = opened.get_future().get();
  int calls = 0;
  gate.guard([&] { return ++calls == 1 ? EAGAIN : 0; });  // as if it were not there yet
  program.join();
  EXPECT_EQ(first, std::error_code());
  EXPECT_EQ(second, std::error_code());
}

TEST_F(asio_cancel, a_dump_ends_where_its_visitor_cancels_it) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) {
    lines += "route add blackhole 10." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
             ".0/24\n";
  }
  home().run({"ip", "-batch", "-"}, lines);
  netlink::message_builder request(RTM_GETROUTE);
  ::rtmsg header{};
  header.rtm_family = AF_INET;
  request.structure(header);
  int seen = 0;
  ending got;
  async_dump(
      context_.get_executor(), netlink::socket(NETLINK_ROUTE), request,
      [&](const netlink::message_view&) {
        if (++seen == 1) emit();
      },
      ::asio::bind_cancellation_slot(signal_.slot(),
                                     [&](std::error_code ec, const auto&) { got = ec; }));
  finish();
  EXPECT_EQ(got, ::asio::error::operation_aborted);
  EXPECT_LT(seen, 2000);
}

// A monitor in doubt, which finds that nothing has changed, and would wait on.
class doubting_monitor : public asio_cancel {
 protected:
  void start() {
    home().run({"ip", "link", "set", "lo", "mtu", "1400"});
    watch_.async_next(::asio::bind_cancellation_slot(
        signal_.slot(), [this](std::error_code ec, const auto&) { got_ = ec; }));
    ASSERT_FALSE(watch_.plain().wake_up().is_never()) << "the new MTU puts no routes in doubt";
  }

  monitor watch_{context_.get_executor(), netlink::monitor({.what = netlink::objects::route_v4})};
  ending got_;
};

TEST_F(doubting_monitor, is_cancelled_after_its_timer) {
  start();
  EXPECT_EQ(context_.run_one_for(5s), 1U);  // the timer's handler, which ends the wait
  watch_.cancel();
  finish();
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

TEST_F(doubting_monitor, is_cancelled_by_its_signal_after_its_timer) {
  start();
  EXPECT_EQ(context_.run_one_for(5s), 1U);
  emit();
  finish();
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

// Both timers have run out; the handler of this one runs first.
TEST_F(doubting_monitor, is_cancelled_just_before_its_timers_handler) {
  ::asio::steady_timer earlier(context_, std::chrono::steady_clock::now());
  start();
  earlier.async_wait([this](std::error_code) { watch_.cancel(); });
  while (!watch_.plain().wake_up().passed()) std::this_thread::yield();
  finish();
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

TEST_F(doubting_monitor, is_cancelled_by_its_signal_just_before_its_timers_handler) {
  ::asio::steady_timer earlier(context_, std::chrono::steady_clock::now());
  start();
  earlier.async_wait([this](std::error_code) { emit(); });
  while (!watch_.plain().wake_up().passed()) std::this_thread::yield();
  finish();
  EXPECT_EQ(got_, ::asio::error::operation_aborted);
}

TEST_F(doubting_monitor, waits_on_where_only_its_timer_ended_the_wait) {
  start();
  EXPECT_EQ(context_.run_one_for(5s), 1U);
  EXPECT_EQ(context_.run_one_for(5s), 1U);  // it has looked again
  EXPECT_FALSE(got_);
  home().run({"ip", "route", "add", "blackhole", "192.0.2.0/24"});
  finish();
  EXPECT_EQ(got_, std::error_code());
}

}  // namespace
}  // namespace trivet::async
