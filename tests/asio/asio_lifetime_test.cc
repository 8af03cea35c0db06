// Objects of an Asio program that come to their end while an operation of them is under way.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include "tests/lab/namespace_test.h"
#include "trivet/asio/netlink.h"
#include "trivet/asio/socket.h"
#include "trivet/unix/socket.h"

namespace trivet::async {
namespace {

using namespace std::chrono_literals;
using asio_lifetime = lab::namespace_test;

// How an operation ended: nothing while it goes on.
using ending = std::optional<std::error_code>;

// An operation refers to the object that it is of.
template <class Object>
constexpr bool stays_where_it_is =
    !std::is_copy_constructible_v<Object> && !std::is_move_constructible_v<Object> &&
    !std::is_copy_assignable_v<Object> && !std::is_move_assignable_v<Object>;

TEST(asio_lifetime_types, what_operations_refer_to_stays_where_it_is) {
  EXPECT_TRUE(stays_where_it_is<socket<unix_domain::socket>>);
  EXPECT_TRUE(stays_where_it_is<readiness>);
  EXPECT_TRUE(stays_where_it_is<client>);
  EXPECT_TRUE(stays_where_it_is<monitor>);
}

netlink::monitor links() { return netlink::monitor({.what = netlink::objects::link}); }

TEST_F(asio_lifetime, the_end_of_a_monitor_cancels_its_operation) {
  ::asio::io_context context;
  auto watch = std::make_unique<monitor>(context.get_executor(), links());
  ending got;
  watch->async_next([&](std::error_code ec, const netlink::event&) { got = ec; });
  context.poll();
  EXPECT_FALSE(got);
  watch.reset();
  context.restart();
  context.run_for(5s);
  EXPECT_EQ(got, ::asio::error::operation_aborted);
}

// The wait has ended, and the operation's handler is still to run.
TEST_F(asio_lifetime, the_end_of_a_monitor_cancels_its_operation_after_the_wait_has_ended) {
  ::asio::io_context context;
  auto watch = std::make_unique<monitor>(context.get_executor(), links());
  ending got;
  watch->async_next([&](std::error_code ec, const netlink::event&) { got = ec; });
  home().run({"ip", "link", "set", "lo", "mtu", "1400"});
  ::asio::post(context, [&] { watch.reset(); });
  context.run_for(5s);
  EXPECT_EQ(got, ::asio::error::operation_aborted);
}

TEST_F(asio_lifetime, a_monitor_ends_within_the_handler_of_its_operation) {
  ::asio::io_context context;
  auto watch = std::make_unique<monitor>(context.get_executor(), links());
  ending got;
  watch->async_next([&](std::error_code ec, const netlink::event&) {
    got = ec;
    watch.reset();
  });
  home().run({"ip", "link", "set", "lo", "mtu", "1400"});
  context.run_for(5s);
  EXPECT_EQ(got, std::error_code());
}

// No handler is called then, and nothing is touched that is gone.
TEST_F(asio_lifetime, a_context_ends_before_the_operations_in_it) {
  ending got;
  {
    ::asio::io_context context;
    monitor watch(context.get_executor(), links());
    auto [first, second] = unix_domain::socket::pair(SOCK_DGRAM);
    socket<unix_domain::socket> in(context.get_executor(), std::move(second));
    watch.async_next([&](std::error_code ec, const netlink::event&) { got = ec; });
    in.async_receive_message([&](std::error_code ec, const auto&) { got = ec; });
    context.poll();
  }
  EXPECT_FALSE(got);
}

}  // namespace
}  // namespace trivet::async
