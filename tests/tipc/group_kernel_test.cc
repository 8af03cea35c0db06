// Communication groups: who hears what, and what members learn of each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/tipc/testing.h"
#include "trivet/tipc/event.h"
#include "trivet/tipc/option.h"
#include "trivet/tipc/socket.h"

namespace trivet::tipc {
namespace {

using testing::errno_of;
using testing::is_quiet;
using testing::next_text;
using testing::receive_as;
using testing::soon;

constexpr std::uint32_t group = 5000;

using tipc_group = testing::namespace_test;

socket member(std::uint32_t instance, bool loopback = false) {
  socket result(SOCK_RDM);
  result.join({.type = group, .instance = instance, .loopback = loopback, .events = true});
  return result;
}

// Waits until the member has heard that another one joined.
void expect_join(socket& at, const socket& of, std::uint32_t instance) {
  event_buffer buffer;
  const auto event = receive_as<member_event>(at, buffer);
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->joined);
  EXPECT_EQ(event->socket, of.local_address().as_socket());
  EXPECT_EQ(event->member, (service{group, instance}));
}

TEST_F(tipc_group, members_hear_of_each_other) {
  auto one = member(1);
  auto two = member(2);
  expect_join(one, two, 2);
  expect_join(two, one, 1);
  const auto gone = two.local_address().as_socket();
  two.leave();
  event_buffer buffer;
  const auto left = receive_as<member_event>(one, buffer);
  ASSERT_TRUE(left);
  EXPECT_FALSE(left->joined);
  EXPECT_EQ(left->socket, gone);
  EXPECT_EQ(left->member, (service{group, 2}));
}

TEST_F(tipc_group, a_closed_socket_has_left) {
  auto one = member(1);
  {
    auto two = member(2);
    expect_join(one, two, 2);
  }
  event_buffer buffer;
  const auto left = receive_as<member_event>(one, buffer);
  ASSERT_TRUE(left);
  EXPECT_FALSE(left->joined);
  EXPECT_EQ(left->member.instance, 2U);
}

TEST_F(tipc_group, with_loopback_a_member_hears_itself) {
  auto one = member(1, true);
  expect_join(one, one, 1);
  one.send(bytes_of("echo"));
  EXPECT_EQ(next_text(one), "echo");
}

TEST_F(tipc_group, without_events_joins_are_not_heard) {
  socket quiet(SOCK_RDM);
  quiet.join({.type = group, .instance = 1});
  auto two = member(2);
  expect_join(two, quiet, 1);
  EXPECT_TRUE(is_quiet(quiet));
  // Once its join is through, a message arrives, and no event before it.
  two.send(bytes_of("first"));
  EXPECT_EQ(next_text(quiet), "first");
}

TEST_F(tipc_group, room_for_one_address_loses_the_member_but_not_the_socket) {
  auto one = member(1);
  auto two = member(2);
  std::array<std::byte, 16> into;
  const auto got = one.receive_from(into, soon());
  EXPECT_EQ(got.size, 0U);
  EXPECT_EQ(got.flags & (MSG_OOB | MSG_EOR), MSG_OOB);
  EXPECT_EQ(got.from, two.local_address());
}

class tipc_group_of_three : public tipc_group {
 protected:
  void SetUp() override {
    expect_join(one_, two_, 2);
    expect_join(one_, three_, 3);
    expect_join(two_, one_, 1);
    expect_join(two_, three_, 3);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(receive_as<member_event>(three_, buffer_));
  }

  event_buffer buffer_;
  socket one_ = member(1);
  socket two_ = member(2);
  socket three_ = member(3);
};

TEST_F(tipc_group_of_three, a_send_without_address_is_a_broadcast) {
  one_.send(bytes_of("to all"));
  for (socket* other : {&two_, &three_}) {
    const auto got = receive_as<delivery>(*other, buffer_);
    ASSERT_TRUE(got);
    EXPECT_EQ(text_of(got->data), "to all");
    EXPECT_EQ(got->from, one_.local_address().as_socket());
    EXPECT_EQ(got->member, (service{group, 1}));
    EXPECT_FALSE(got->destination);
  }
  EXPECT_TRUE(is_quiet(one_));
}

TEST_F(tipc_group_of_three, a_service_address_is_one_member_whatever_its_type) {
  one_.send_to(bytes_of("to 3"), service{99999, 3});
  EXPECT_EQ(next_text(three_), "to 3");
  EXPECT_TRUE(is_quiet(two_));
}

TEST_F(tipc_group_of_three, a_socket_address_is_that_member) {
  one_.send_to(bytes_of("to 2"), two_.local_address());
  EXPECT_EQ(next_text(two_), "to 2");
  EXPECT_TRUE(is_quiet(three_));
}

TEST_F(tipc_group_of_three, a_range_reaches_every_member_of_one_instance) {
  auto again = member(3);
  expect_join(one_, again, 3);
  one_.send_to(bytes_of("to both"), service_range{group, 3, 3});
  EXPECT_EQ(next_text(again), "(no message)") << "the first of its joins";
  ASSERT_TRUE(receive_as<member_event>(again, buffer_));
  ASSERT_TRUE(receive_as<member_event>(again, buffer_));
  EXPECT_EQ(next_text(again), "to both");
  ASSERT_TRUE(receive_as<member_event>(three_, buffer_));
  EXPECT_EQ(next_text(three_), "to both");
}

TEST_F(tipc_group_of_three, a_member_neither_binds_nor_connects) {
  EXPECT_EQ(errno_of([&] { one_.bind(service{6000, 1}); }), EACCES);
  EXPECT_EQ(errno_of([&] { one_.connect(service{6000, 1}); }), EINVAL);
}

TEST_F(tipc_group_of_three, an_outsiders_message_is_taken_and_not_delivered) {
  socket outsider(SOCK_RDM);
  EXPECT_EQ(outsider.send_to(bytes_of("hello"), service{group, 2}), 5U);
  // What a member sends afterwards arrives alone.
  one_.send_to(bytes_of("member"), two_.local_address());
  EXPECT_EQ(next_text(two_), "member");
  EXPECT_TRUE(is_quiet(two_));
}

TEST_F(tipc_group_of_three, a_broadcast_waits_for_the_slowest_member) {
  one_.set_blocking(false);
  const std::vector<std::byte> data(1000, std::byte{7});
  int sent = 0;
  std::error_code ec;
  for (; !ec; ++sent) one_.send(data, ec);
  EXPECT_EQ(ec.value(), EAGAIN);
  EXPECT_EQ(one_.poll(POLLOUT, deadline::immediate()), 0);
  EXPECT_LT(sent, 1000);
  // Reading at both members opens it again.
  for (socket* other : {&two_, &three_}) {
    while (!is_quiet(*other)) ASSERT_TRUE(receive_as<delivery>(*other, buffer_));
  }
  EXPECT_EQ(one_.poll(POLLOUT, *soon().until), POLLOUT);
}

TEST_F(tipc_group, alone_nobody_can_be_reached) {
  auto one = member(1);
  EXPECT_EQ(errno_of([&] { one.send(bytes_of("x")); }), EHOSTUNREACH);
}

}  // namespace
}  // namespace trivet::tipc
