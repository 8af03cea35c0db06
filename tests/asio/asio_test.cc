// Trivet in Asio programs: callbacks, coroutines, cancellation.
#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <string>
#include <vector>

#include "tests/lab/namespace_test.h"
#include "trivet/asio/netlink.h"
#include "trivet/asio/socket.h"
#include "trivet/netlink/route/link.h"
#include "trivet/unix/socket.h"

namespace trivet::async {
namespace {

using ::asio::awaitable;
using ::asio::use_awaitable;
using in_asio = lab::namespace_test;

// Runs a coroutine to its end; what it throws fails the test.
template <class Coroutine>
void run(::asio::io_context& context, Coroutine coroutine) {
  std::exception_ptr thrown;
  ::asio::co_spawn(context, std::move(coroutine),
                   [&](const std::exception_ptr& error) { thrown = error; });
  context.run();
  context.restart();
  if (thrown) std::rethrow_exception(thrown);
}

template <class Socket>
struct end_pair {
  socket<Socket> first;
  socket<Socket> second;
};

end_pair<unix_domain::socket> datagrams(::asio::io_context& context) {
  auto [first, second] = unix_domain::socket::pair(SOCK_DGRAM);
  return {{context.get_executor(), std::move(first)}, {context.get_executor(), std::move(second)}};
}

TEST_F(in_asio, a_coroutine_waits_for_what_another_sends) {
  ::asio::io_context context;
  auto ends = datagrams(context);
  ::asio::co_spawn(
      context,
      [&]() -> awaitable<void> {
        const auto question = co_await ends.second.async_receive_message(use_awaitable);
        co_await ends.second.async_send(question.data, use_awaitable);
      },
      ::asio::detached);
  std::string answer;
  run(context, [&]() -> awaitable<void> {
    co_await ends.first.async_send(bytes_of("there and back"), use_awaitable);
    answer = text_of((co_await ends.first.async_receive_message(use_awaitable)).data);
  });
  EXPECT_EQ(answer, "there and back");
}

TEST_F(in_asio, a_callback_never_runs_within_the_call_that_starts_it) {
  ::asio::io_context context;
  auto ends = datagrams(context);
  ends.first.plain().send(bytes_of("is there already"));
  std::size_t size = 0;
  ends.second.async_receive_message(
      [&](std::error_code ec, const auto& message) { size = ec ? 0 : message.data.size(); });
  EXPECT_EQ(size, 0U);
  context.run();
  EXPECT_EQ(size, 16U);
}

TEST_F(in_asio, a_cancelled_receive_takes_nothing) {
  ::asio::io_context context;
  auto ends = datagrams(context);
  ::asio::cancellation_signal signal;
  std::error_code cancelled;
  ends.second.async_receive_message(::asio::bind_cancellation_slot(
      signal.slot(), [&](std::error_code ec, const auto&) { cancelled = ec; }));
  ::asio::post(context, [&] { signal.emit(::asio::cancellation_type::terminal); });
  context.run();
  context.restart();
  EXPECT_EQ(cancelled, ::asio::error::operation_aborted);

  ends.first.plain().send(bytes_of("later"));
  std::string got;
  run(context, [&]() -> awaitable<void> {
    got = text_of((co_await ends.second.async_receive_message(use_awaitable)).data);
  });
  EXPECT_EQ(got, "later");
}

TEST_F(in_asio, an_error_of_the_socket_completes_the_operation) {
  ::asio::io_context context;
  auto [first, second] = unix_domain::socket::pair(SOCK_STREAM);
  socket<unix_domain::socket> writer(context.get_executor(), std::move(first));
  { const auto closed = std::move(second); }
  std::error_code got;
  writer.async_send(bytes_of("x"), [&](std::error_code ec, std::size_t) { got = ec; });
  context.run();
  EXPECT_EQ(got, std::errc::broken_pipe);
}

void make_new_link(netlink::message_builder& request, std::string_view name,
                   std::string_view kind) {
  request.structure(::ifinfomsg{});
  request.attributes().text(IFLA_IFNAME, name);
  request.attributes().nested(
      IFLA_LINKINFO, [&](netlink::attribute_writer& info) { info.text(IFLA_INFO_KIND, kind); });
}

TEST_F(in_asio, requests_are_in_flight_together_and_each_has_its_outcome) {
  ::asio::io_context context;
  client kernel(context.get_executor(), netlink::client(NETLINK_ROUTE));
  netlink::message_builder good(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
  make_new_link(good, "v0", "veth");
  netlink::message_builder bad(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
  make_new_link(bad, "v9", "no-such-kind");
  std::vector<int> errors(2, -1);
  kernel.async_request(bad, [&](std::error_code ec, const netlink::outcome& end) {
    errors[0] = ec ? -2 : end.error.value();
  });
  kernel.async_request(good, [&](std::error_code ec, const netlink::outcome& end) {
    errors[1] = ec ? -2 : end.error.value();
  });
  context.run();
  EXPECT_EQ(errors, (std::vector<int>{EOPNOTSUPP, 0}));
}

TEST_F(in_asio, a_dump_arrives_whole) {
  for (int i = 0; i < 40; ++i) {
    home().run({"ip", "link", "add", "a" + std::to_string(i), "type", "veth", "peer", "name",
                "b" + std::to_string(i)});
  }
  ::asio::io_context context;
  int links = 0;
  int datagrams_between = 0;
  netlink::dump_end end;
  run(context, [&]() -> awaitable<void> {
    netlink::message_builder request(RTM_GETLINK);
    request.structure(::ifinfomsg{});
    // What the program does meanwhile runs between two pieces.
    ::asio::post(context, [&] { datagrams_between = links; });
    end = co_await async_dump(
        context.get_executor(), netlink::socket(NETLINK_ROUTE), request,
        [&](const netlink::message_view&) { ++links; }, use_awaitable);
  });
  EXPECT_TRUE(end.clean());
  EXPECT_EQ(links, 81);
  EXPECT_LT(datagrams_between, 81);
}

TEST_F(in_asio, a_cancelled_dump_leaves_nothing_behind) {
  ::asio::io_context context;
  netlink::message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{});
  for (int i = 0; i < 100; ++i) {
    ::asio::cancellation_signal signal;
    std::error_code got = std::make_error_code(std::errc::interrupted);
    async_dump(
        context.get_executor(), netlink::socket(NETLINK_ROUTE), request,
        [](const netlink::message_view&) {},
        ::asio::bind_cancellation_slot(
            signal.slot(), [&](std::error_code ec, const netlink::dump_end&) { got = ec; }));
    signal.emit(::asio::cancellation_type::terminal);
    context.run();
    context.restart();
    EXPECT_TRUE(!got || got == ::asio::error::operation_aborted) << got.message();
  }
}

TEST_F(in_asio, the_monitor_tells_one_event_after_the_other) {
  ::asio::io_context context;
  monitor watch(context.get_executor(), netlink::monitor({.what = netlink::objects::link}));
  std::vector<std::string> told;
  ::asio::co_spawn(
      context,
      [&]() -> awaitable<void> {
        client kernel(context.get_executor(), netlink::client(NETLINK_ROUTE));
        netlink::message_builder request(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
        make_new_link(request, "v0", "veth");
        (co_await kernel.async_request(request, use_awaitable)).check("RTM_NEWLINK");
      },
      [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
  run(context, [&]() -> awaitable<void> {
    while (told.size() < 2) {
      const netlink::event event = co_await watch.async_next(use_awaitable);
      const auto* link = std::get_if<netlink::difference<netlink::rtnl::link>>(&event.object);
      if (event.kind == netlink::event_kind::added && link != nullptr) {
        told.push_back(*link->newest()->name);
      }
    }
  });
  EXPECT_EQ(told.size(), 2U);
  EXPECT_NE(std::find(told.begin(), told.end(), "v0"), told.end());
  EXPECT_EQ(watch.plain().state().links().size(), 3U);
}

TEST_F(in_asio, what_happens_without_an_event_is_told_in_time) {
  home().run({"ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"});
  home().run({"ip", "addr", "add", "192.0.2.1/24", "dev", "v0"});
  home().run({"ip", "link", "set", "v1", "up"});
  home().run({"ip", "link", "set", "v0", "up"});
  ::asio::io_context context;
  monitor watch(context.get_executor(), netlink::monitor({.what = netlink::objects::route_v4}));
  home().run({"ip", "link", "set", "v0", "down"});
  bool gone = false;
  run(context, [&]() -> awaitable<void> {
    while (!gone) {
      const netlink::event event = co_await watch.async_next(use_awaitable);
      const auto* route = std::get_if<netlink::difference<netlink::rtnl::route>>(&event.object);
      gone = event.kind == netlink::event_kind::removed && route != nullptr &&
             route->before->destination_length == 24;
    }
  });
  EXPECT_TRUE(gone);
}

TEST_F(in_asio, a_cancelled_monitor_has_taken_no_event) {
  ::asio::io_context context;
  monitor watch(context.get_executor(), netlink::monitor({.what = netlink::objects::link}));
  std::error_code got;
  watch.async_next([&](std::error_code ec, const netlink::event&) { got = ec; });
  ::asio::post(context, [&] { watch.cancel(); });
  context.run();
  context.restart();
  EXPECT_EQ(got, ::asio::error::operation_aborted);
  home().run({"ip", "link", "set", "lo", "mtu", "1400"});
  run(context, [&]() -> awaitable<void> {
    const netlink::event event = co_await watch.async_next(use_awaitable);
    EXPECT_EQ(event.kind, netlink::event_kind::changed);
  });
}

}  // namespace
}  // namespace trivet::async
