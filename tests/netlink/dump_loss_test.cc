// Dumps where the kernel had no room for a piece, for the refusal or for the end: none is waited
// for in vain, none is left half read, and what comes next is whole.
#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "tests/lab/namespace_test.h"
#include "trivet/base/so.h"
#include "trivet/netlink/batch.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/option.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t routes = 4000;

deadline patience() { return deadline::after(20s); }

class dump_loss : public trivet::lab::namespace_test {
 protected:
  void SetUp() override {
    std::string lines;
    for (std::size_t i = 0; i < routes; ++i) {
      lines += "route add blackhole 10." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
               ".0/24\n";
    }
    home().run({"ip", "-batch", "-"}, lines);
    ::rtmsg header{};
    header.rtm_family = AF_INET;
    header.rtm_table = RT_TABLE_MAIN;
    ask_for_routes_.structure(header);
    ::ifinfomsg nobody{};
    nobody.ifi_index = 99;
    ask_for_nobody_.structure(nobody);
  }

  // The kernel makes pieces as large as the largest read so far.
  dump_end read_all(client& kernel, std::size_t& seen) {
    seen = 0;
    return kernel.dump(ask_for_routes_, [&](const message_view&) { ++seen; },
                       {.until = patience()});
  }

  // Answers that nobody reads yet: errors that take their part of the receive buffer.
  std::vector<pending> leave_unread(client& kernel, int count) {
    std::vector<pending> unread;
    unread.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) unread.push_back(kernel.start(ask_for_nobody_));
    return unread;
  }

  message_builder ask_for_routes_{RTM_GETROUTE};
  message_builder ask_for_nobody_{RTM_GETLINK};
};

// Where there is room for an error and not for a piece, the kernel answers ENOBUFS and keeps the
// dump; another one would be EBUSY.
TEST_F(dump_loss, a_dump_that_had_no_room_for_its_first_piece_is_read_to_its_end) {
  int without_room = 0;
  // How many errors leave no room for a piece differs from kernel to kernel.
  for (int unread = 20; unread <= 400; unread += 12) {
    client kernel(NETLINK_ROUTE);
    std::size_t seen = 0;
    ASSERT_TRUE(read_all(kernel, seen).clean());
    ASSERT_EQ(seen, routes);
    const auto waiting = leave_unread(kernel, unread);
    const dump_end end = read_all(kernel, seen);
    ASSERT_FALSE(end.error) << unread << ": " << end.error.message();
    EXPECT_EQ(seen, routes) << unread;
    without_room += end.interrupted ? 1 : 0;
    const dump_end next = read_all(kernel, seen);
    ASSERT_TRUE(next.clean()) << unread << ": " << next.error.message();
    EXPECT_EQ(seen, routes) << unread;
  }
  EXPECT_GT(without_room, 0) << "there was room for each";
}

TEST_F(dump_loss, a_refusal_that_was_lost_ends_the_dump) {
  client kernel(NETLINK_ROUTE);
  const auto waiting = leave_unread(kernel, 2000);
  message_builder unknown(RTM_GETDCB);
  unknown.structure(::rtgenmsg{.rtgen_family = AF_UNSPEC});
  const dump_end lost = kernel.dump(unknown, {}, {.until = patience()});
  EXPECT_EQ(lost.error, std::errc::no_buffer_space) << "there was room for the refusal";
  EXPECT_TRUE(lost.interrupted);
  EXPECT_THROW(lost.check("RTM_GETDCB"), socket_error);
  const dump_end refused = kernel.dump(unknown, {}, {.until = patience()});
  EXPECT_EQ(refused.error, std::errc::operation_not_supported);
  std::size_t seen = 0;
  EXPECT_TRUE(read_all(kernel, seen).clean());
  EXPECT_EQ(seen, routes);
}

TEST_F(dump_loss, a_dump_that_was_given_up_after_a_loss_is_in_nobodys_way) {
  client kernel(NETLINK_ROUTE);
  std::size_t seen = 0;
  ASSERT_TRUE(read_all(kernel, seen).clean());
  const auto waiting = leave_unread(kernel, 2000);
  struct enough {};
  EXPECT_THROW((void)kernel.dump(ask_for_routes_, [](const message_view&) { throw enough(); },
                                 {.until = patience()}),
               enough);
  ::ifinfomsg loopback{};
  loopback.ifi_index = 1;
  message_builder request(RTM_GETLINK);
  request.structure(loopback);
  EXPECT_TRUE(kernel.request(request, {}, patience()).ok());
  EXPECT_TRUE(read_all(kernel, seen).clean());
  EXPECT_EQ(seen, routes);
}

// A deadline counts although there always is something to be read; what is left is drained by
// whatever comes next.
TEST_F(dump_loss, a_deadline_counts_while_pieces_come) {
  for (int next = 0; next < 3; ++next) {
    client kernel(NETLINK_ROUTE);
    const deadline soon = deadline::after(1ms);
    dump_options options;
    options.until = soon;
    std::size_t seen = 0;
    // Before the second piece.
    options.between = [&] {
      while (!soon.passed()) continue;
    };
    EXPECT_THROW((void)kernel.dump(
                     ask_for_routes_, [&](const message_view&) { ++seen; }, options),
                 timed_out);
    EXPECT_LT(seen, routes);
    if (next == 0) {
      EXPECT_TRUE(read_all(kernel, seen).clean());
      EXPECT_EQ(seen, routes);
      continue;
    }
    ::ifinfomsg loopback{};
    loopback.ifi_index = 1;
    message_builder request(RTM_NEWLINK);
    request.structure(loopback).attributes().value(IFLA_MTU, 1500U);
    if (next == 1) {
      pending one = kernel.start(request);
      EXPECT_TRUE(kernel.wait(one, {patience(), {}}).ok());
    } else {
      batch all(kernel, {}, {.how = {patience(), {}}});
      all.add(request);
      all.flush();
      EXPECT_EQ(all.totals().done, 1U);
    }
  }
}

TEST_F(dump_loss, a_message_that_was_dumped_may_be_sent_as_a_request) {
  client kernel(NETLINK_ROUTE);
  ::ifinfomsg loopback{};
  message_builder links(RTM_GETLINK, NLM_F_ACK);
  links.structure(loopback);
  std::size_t seen = 0;
  const auto count = [&](const message_view&) { ++seen; };
  ASSERT_TRUE(kernel.dump(links, count, {.until = patience()}).clean());
  EXPECT_EQ(seen, 1U);
  EXPECT_FALSE(kernel.take_one({deadline::immediate(), {}})) << "a dump sends no acknowledgement";
  // Without an index it is refused, and no second dump, which would have no acknowledgement.
  EXPECT_EQ(kernel.request(links, count, patience()).status, request_status::refused);
  EXPECT_EQ(seen, 1U);
  message_builder dump(RTM_GETLINK, NLM_F_DUMP);
  dump.structure(loopback);
  EXPECT_THROW((void)kernel.request(dump), std::invalid_argument);
  EXPECT_THROW((void)kernel.get(dump, {}), std::invalid_argument);
  EXPECT_THROW((void)kernel.start(dump), std::invalid_argument);
}

TEST_F(dump_loss, no_callback_uses_the_client_that_calls_it) {
  client kernel(NETLINK_ROUTE);
  const auto ask = [&](auto&&...) { (void)kernel.request(ask_for_nobody_, {}, patience()); };
  EXPECT_THROW((void)kernel.dump(ask_for_routes_, ask, {.until = patience()}), std::logic_error);
  dump_options between;
  between.until = patience();
  between.between = ask;
  EXPECT_THROW((void)kernel.dump(ask_for_routes_, {}, between), std::logic_error);
  std::size_t seen = 0;
  const auto free_memory = [&](const message_view&) {
    kernel.release_memory();
    ++seen;
  };
  EXPECT_TRUE(kernel.dump(ask_for_routes_, free_memory, {.until = patience()}).clean());
  EXPECT_EQ(seen, routes);
  EXPECT_EQ(kernel.request(ask_for_nobody_, {}, patience()).error, std::errc::no_such_device);
}

// Loss is never hidden, whoever makes the socket.
TEST_F(dump_loss, is_not_hidden_by_an_option) {
  EXPECT_FALSE(client(NETLINK_ROUTE).underlying().get<option::no_enobufs>());
}

}  // namespace
}  // namespace trivet::netlink
