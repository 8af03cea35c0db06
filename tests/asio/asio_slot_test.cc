// Which types of cancellation an operation takes from its slot: all where nothing has happened by
// then, total not where a request has been sent.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "tests/lab/namespace_test.h"
#include "trivet/asio/netlink.h"
#include "trivet/asio/socket.h"
#include "trivet/base/so.h"
#include "trivet/unix/socket.h"

namespace trivet::async {
namespace {

using ::asio::cancellation_type;

// How an operation ended: nothing while it goes on.
using ending = std::optional<std::error_code>;

class asio_slot : public lab::namespace_test {
 protected:
  // The handler of an operation, with the slot of signal_.
  auto handler() {
    got_ = {};
    return ::asio::bind_cancellation_slot(signal_.slot(),
                                          [this](std::error_code ec, const auto&) { got_ = ec; });
  }

  // What has happened to the operation once everything that can run has run.
  ending after(cancellation_type type) {
    signal_.emit(type);
    context_.restart();
    context_.poll();
    return got_;
  }

  static std::pair<unix_domain::socket, unix_domain::socket> make() {
    auto [first, second] = unix_domain::socket::pair(SOCK_DGRAM);
    return {std::move(first), std::move(second)};
  }

  // Its requests have no answers.
  static netlink::socket unanswered() {
    netlink::socket taken(NETLINK_ROUTE);
    const ::sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
    taken.set(so::attach_filter{nothing});
    return taken;
  }

  ::asio::io_context context_;
  ::asio::cancellation_signal signal_;
  ending got_;
};

// Of operations that have done nothing when they are cancelled.
class asio_slot_type : public asio_slot, public ::testing::WithParamInterface<cancellation_type> {
 protected:
  static ending aborted() { return std::error_code(::asio::error::operation_aborted); }
};

INSTANTIATE_TEST_SUITE_P(all, asio_slot_type,
                         ::testing::Values(cancellation_type::terminal, cancellation_type::partial,
                                           cancellation_type::total));

TEST_P(asio_slot_type, ends_a_receive) {
  auto [out, plain] = make();
  socket<unix_domain::socket> in(context_.get_executor(), std::move(plain));
  in.async_receive_message(handler());
  EXPECT_EQ(after(GetParam()), aborted());
}

TEST_P(asio_slot_type, ends_a_send_that_waits_for_room) {
  auto [plain, in] = make();
  socket<unix_domain::socket> out(context_.get_executor(), std::move(plain));
  std::error_code full;
  while (!full) out.plain().send(bytes_of("x"), full, {.flags = MSG_DONTWAIT, .until = {}});
  ASSERT_EQ(full, std::errc::resource_unavailable_try_again);
  out.async_send(bytes_of("y"), handler());
  EXPECT_EQ(after(GetParam()), aborted());
}

TEST_P(asio_slot_type, ends_a_wait) {
  auto [out, plain] = make();
  socket<unix_domain::socket> in(context_.get_executor(), std::move(plain));
  in.async_wait(
      direction::wait_read,
      ::asio::bind_cancellation_slot(signal_.slot(), [this](std::error_code ec) { got_ = ec; }));
  EXPECT_EQ(after(GetParam()), aborted());
}

TEST_P(asio_slot_type, ends_the_monitors_operation) {
  monitor watch(context_.get_executor(), netlink::monitor({.what = netlink::objects::link}));
  watch.async_next(handler());
  EXPECT_EQ(after(GetParam()), aborted());
}

TEST_F(asio_slot, a_request_that_was_sent_is_cancelled_in_part) {
  client kernel(context_.get_executor(), netlink::client(unanswered()));
  netlink::message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{});
  for (const auto type : {cancellation_type::partial, cancellation_type::terminal}) {
    kernel.async_request(request, handler());
    EXPECT_EQ(after(cancellation_type::total), ending());
    EXPECT_EQ(after(type), ending(::asio::error::operation_aborted));
  }
}

TEST_F(asio_slot, a_dump_is_cancelled_in_part) {
  netlink::message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{});
  for (const auto type : {cancellation_type::partial, cancellation_type::terminal}) {
    async_dump(context_.get_executor(), unanswered(), request, {}, handler());
    EXPECT_EQ(after(cancellation_type::total), ending());
    EXPECT_EQ(after(type), ending(::asio::error::operation_aborted));
  }
}

}  // namespace
}  // namespace trivet::async
