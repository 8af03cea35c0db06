// What befalls one request of an Asio program while others are under way: its answer is lost, or
// its visitor throws.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <sys/syscall.h>

#include <asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "tests/lab/namespace_test.h"
#include "tests/lab/syscall_gate.h"
#include "trivet/asio/netlink.h"
#include "trivet/base/so.h"

namespace trivet::async {
namespace {

using namespace std::chrono_literals;
using asio_client = lab::namespace_test;
using netlink::request_status;

// Of loopback. The answer to RTM_GETLINK is an object and an acknowledgement.
struct loopback : netlink::message_builder {
  explicit loopback(std::uint16_t type = RTM_GETLINK) : netlink::message_builder(type) {
    ::ifinfomsg header{};
    header.ifi_index = 1;
    structure(header);
  }
};

// It has room for one such object, or for a few acknowledgements. What follows is lost.
netlink::socket cramped() {
  netlink::socket taken(NETLINK_ROUTE);
  taken.set(so::rcvbuf{1});
  return taken;
}

// How a request ended.
struct ending {
  int calls = 0;  // of its handler
  std::error_code ec;
  netlink::outcome outcome;

  auto handler() {
    return [this](std::error_code code, netlink::outcome end) {
      ++calls;
      ec = code;
      outcome = std::move(end);
    };
  }
};

void expect_lost(const ending& end) {
  EXPECT_EQ(end.calls, 1);
  EXPECT_EQ(end.ec, std::error_code());
  EXPECT_EQ(end.outcome.status, request_status::unknown);
  EXPECT_EQ(end.outcome.error, std::errc::no_buffer_space);
}

TEST_F(asio_client, a_lost_answer_is_an_unknown_outcome) {
  for (const std::size_t number : {1U, 3U, 50U}) {
    ::asio::io_context context;
    client kernel(context.get_executor(), netlink::client(cramped()));
    loopback request;
    std::vector<ending> ends(number);
    for (auto& end : ends) kernel.async_request(request, end.handler());
    context.run_for(5s);
    for (const auto& end : ends) expect_lost(end);
    EXPECT_TRUE(context.stopped());
  }
}

// The plain client says the same.
TEST_F(asio_client, a_lost_answer_is_an_unknown_outcome_without_asio) {
  netlink::client kernel(cramped());
  loopback request;
  const netlink::outcome end = kernel.request(request);
  EXPECT_EQ(end.status, request_status::unknown);
  EXPECT_EQ(end.error, std::errc::no_buffer_space);

  netlink::pending pending = kernel.start(request);
  EXPECT_FALSE(pending.doubtful());
  while (kernel.take_one({.until = deadline::immediate(), .stop = {}})) continue;
  EXPECT_FALSE(pending.ready());
  EXPECT_TRUE(pending.doubtful());
}

// One operation is told of ENOBUFS while the other waits: the reactor says nothing to it.
TEST_F(asio_client, a_lost_answer_ends_the_operations_that_wait) {
  ending first, second;
  std::promise<lab::syscall_gate> opened;
  std::thread program([&] {
    ::asio::io_context context;
    client kernel(context.get_executor(), netlink::client(cramped()));
    loopback request;
    opened.set_value(lab::syscall_gate(SYS_recvmsg));
    kernel.async_request(request, first.handler());
    kernel.async_request(request, second.handler());
    context.run_for(5s);
  });
  lab::syscall_gate gate = opened.get_future().get();
  int calls = 0;
  gate.guard([&] { return ++calls == 1 ? EAGAIN : 0; });  // as if nothing were there yet
  program.join();
  expect_lost(first);
  expect_lost(second);
}

// The kernel had no memory for an acknowledgement: nothing is there to be read after ENOBUFS.
TEST_F(asio_client, a_loss_is_told_to_those_who_wait_where_nothing_was_read) {
  ending first, second;
  std::promise<lab::syscall_gate> opened;
  std::thread program([&] {
    netlink::socket taken(NETLINK_ROUTE);
    const ::sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
    taken.set(so::attach_filter{nothing});
    ::asio::io_context context;
    client kernel(context.get_executor(), netlink::client(std::move(taken)));
    loopback request(RTM_SETLINK);
    opened.set_value(lab::syscall_gate(SYS_recvmsg));
    kernel.async_request(request, first.handler());
    kernel.async_request(request, second.handler());
    context.run_for(5s);
  });
  lab::syscall_gate gate = opened.get_future().get();
  int calls = 0;
  gate.guard([&] { return ++calls == 2 ? ENOBUFS : 0; });  // the first call of the second
  program.join();
  expect_lost(first);
  expect_lost(second);
}

// Until everything is read the kernel loses answers without another ENOBUFS.
TEST_F(asio_client, what_is_asked_after_a_loss_has_its_answer) {
  ::asio::io_context context;
  client kernel(context.get_executor(), netlink::client(cramped()));
  loopback request(RTM_SETLINK);  // changes nothing
  ending first, second;
  std::vector<netlink::pending> before(20);
  for (auto& one : before) one = kernel.plain().start(request);
  // The first of them has its answer, and the buffer is as full as before.
  kernel.async_request(request, first.handler());
  kernel.async_request(request, second.handler());
  context.run_for(5s);
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(second.calls, 1);
}

// An acknowledgement that is there already comes first, and ENOBUFS before it.
TEST_F(asio_client, an_operation_whose_answer_came_reads_what_is_left_after_a_loss) {
  ending first, next;
  std::promise<lab::syscall_gate> opened;
  std::thread program([&] {
    ::asio::io_context context;
    client kernel(context.get_executor(), netlink::client(cramped()));
    loopback request(RTM_SETLINK);
    opened.set_value(lab::syscall_gate(SYS_recvmsg));
    kernel.async_request(request, [&](std::error_code ec, netlink::outcome end) {
      first.handler()(ec, std::move(end));
      kernel.async_request(request, next.handler());
    });
    std::vector<netlink::pending> others(20);
    for (auto& one : others) one = kernel.plain().start(request);
    context.run_for(5s);
    EXPECT_TRUE(others.front().ready());
    EXPECT_TRUE(others.back().doubtful());
  });
  lab::syscall_gate gate = opened.get_future().get();
  int calls = 0;
  gate.guard([&] { return ++calls == 1 ? EAGAIN : 0; });
  program.join();
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(first.outcome.status, request_status::done);
  EXPECT_EQ(next.calls, 1);
  EXPECT_EQ(next.outcome.status, request_status::done);
}

// Throws what its test wants out of a visitor.
template <class Error>
netlink::message_visitor thrower(const Error& error, int& calls) {
  return [&calls, error](const netlink::message_view&) {
    ++calls;
    throw error;
  };
}

template <class Error>
void expect_thrown_by_run(const Error& error) {
  ::asio::io_context context;
  client kernel(context.get_executor(), netlink::client(NETLINK_ROUTE));
  loopback request;
  ending first, second;
  int calls = 0;
  kernel.async_request(request, thrower(error, calls), first.handler());
  kernel.async_request(request, second.handler());
  EXPECT_THROW(context.run(), Error);
  context.run_for(5s);
  EXPECT_EQ(calls, 1);
  for (const ending& end : {first, second}) {
    EXPECT_EQ(end.calls, 1);
    EXPECT_EQ(end.ec, std::error_code());
    EXPECT_EQ(end.outcome.status, request_status::done);
  }
  EXPECT_TRUE(first.outcome.incomplete);
  EXPECT_FALSE(second.outcome.incomplete);
}

TEST_F(asio_client, what_a_visitor_throws_leaves_run) {
  expect_thrown_by_run(std::runtime_error("a visitor's"));
}

TEST_F(asio_client, a_system_error_of_a_visitor_is_none_of_the_socket) {
  expect_thrown_by_run(std::system_error(std::make_error_code(std::errc::bad_message)));
}

// The visitor is called while another operation reads the socket.
TEST_F(asio_client, an_operation_does_not_fail_by_the_visitor_of_another) {
  ending first, second;
  int calls = 0;
  int thrown = 0;
  std::promise<lab::syscall_gate> opened;
  std::thread program([&] {
    ::asio::io_context context;
    client kernel(context.get_executor(), netlink::client(NETLINK_ROUTE));
    loopback request;
    opened.set_value(lab::syscall_gate(SYS_recvfrom));
    kernel.async_request(
        request, thrower(std::system_error(std::make_error_code(std::errc::io_error)), calls),
        first.handler());
    kernel.async_request(request, second.handler());
    try {
      context.run();
    } catch (const std::system_error&) {
      ++thrown;
    }
    context.run_for(5s);
  });
  lab::syscall_gate gate = opened.get_future().get();
  int receives = 0;
  gate.guard([&] { return ++receives == 1 ? EAGAIN : 0; });
  program.join();
  EXPECT_EQ(thrown, 1);
  EXPECT_EQ(calls, 1);
  for (const ending& end : {first, second}) {
    EXPECT_EQ(end.calls, 1);
    EXPECT_EQ(end.ec, std::error_code());
    EXPECT_EQ(end.outcome.status, request_status::done);
  }
}

TEST_F(asio_client, a_dump_whose_visitor_throws_ends_interrupted) {
  for (int i = 0; i < 3; ++i) {
    home().run({"ip", "link", "add", "a" + std::to_string(i), "type", "veth", "peer", "name",
                "b" + std::to_string(i)});
  }
  ::asio::io_context context;
  netlink::message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{});
  int calls = 0;
  int ends = 0;
  async_dump(context.get_executor(), netlink::socket(NETLINK_ROUTE), request,
             thrower(std::runtime_error("a visitor's"), calls),
             [&](std::error_code ec, const netlink::dump_end& end) {
               ++ends;
               EXPECT_EQ(ec, std::error_code());
               EXPECT_EQ(end.error, std::error_code());
               EXPECT_TRUE(end.interrupted);
             });
  EXPECT_THROW(context.run(), std::runtime_error);
  context.run_for(5s);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(ends, 1);
}

// Its refusal had no room in the receive buffer: nothing will ever be readable again.
TEST_F(asio_client, a_dump_whose_end_was_lost_completes) {
  ::asio::io_context context;
  netlink::socket taken(NETLINK_ROUTE);
  netlink::message_builder nobody(RTM_GETLINK);
  ::ifinfomsg header{};
  header.ifi_index = 99;
  nobody.structure(header);
  for (int i = 0; i < 2000; ++i) taken.send_to(nobody.finish(), netlink::address());
  netlink::message_builder unknown(RTM_GETDCB);
  unknown.structure(::rtgenmsg{.rtgen_family = AF_UNSPEC});
  int ends = 0;
  async_dump(context.get_executor(), std::move(taken), unknown, {},
             [&](std::error_code ec, const netlink::dump_end& end) {
               ++ends;
               EXPECT_EQ(ec, std::error_code());
               EXPECT_EQ(end.error, std::errc::no_buffer_space);
               EXPECT_TRUE(end.interrupted);
             });
  context.run_for(20s);
  EXPECT_EQ(ends, 1);
}

}  // namespace
}  // namespace trivet::async
