// Netlink sockets on the kernel under the test: reading needs no privilege and changes nothing.
#include "trivet/netlink/socket.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <array>
#include <vector>

#include "trivet/netlink/control.h"
#include "trivet/netlink/option.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

TEST(netlink_socket, takes_a_port_of_the_kernels_choice) {
  socket first(NETLINK_ROUTE);
  socket second(NETLINK_ROUTE);
  first.bind(address());
  second.bind(address());
  EXPECT_NE(first.local_address().pid(), 0U);
  EXPECT_NE(first.local_address().pid(), second.local_address().pid());
}

TEST(netlink_socket, names_a_port_that_is_taken) {
  socket first(NETLINK_ROUTE);
  first.bind(address());
  socket second(NETLINK_ROUTE);
  try {
    second.bind(first.local_address());
    FAIL() << "bound twice";
  } catch (const address_error& error) {
    EXPECT_EQ(error.code(), std::errc::address_in_use);
    EXPECT_NE(std::string(error.what()).find(first.local_address().to_string()), std::string::npos);
  }
}

TEST(netlink_socket, joins_groups_below_and_above_32) {
  socket s(NETLINK_ROUTE);
  s.bind(address(0, 1U << (RTNLGRP_LINK - 1)));
  s.join(RTNLGRP_NEXTHOP);
  static_assert(RTNLGRP_NEXTHOP == 32);
  s.join(RTNLGRP_BRVLAN);
  static_assert(RTNLGRP_BRVLAN == 33);
  EXPECT_EQ(s.groups(),
            (std::vector<std::uint32_t>{RTNLGRP_LINK, RTNLGRP_NEXTHOP, RTNLGRP_BRVLAN}));
  EXPECT_EQ(s.local_address().groups(), 1U | 1U << 31);
  s.leave(RTNLGRP_NEXTHOP);
  s.leave(RTNLGRP_BRVLAN);
  EXPECT_EQ(s.groups(), (std::vector<std::uint32_t>{RTNLGRP_LINK}));
  EXPECT_THROW(s.join(100000), socket_error);
  EXPECT_THROW(s.join(0), socket_error);
}

TEST(netlink_socket, refuses_a_protocol_that_no_kernel_has) {
  EXPECT_THROW(socket(31), family_unavailable);
}

template <class Option>
void expect_switch(bool initially) {
  socket s(NETLINK_ROUTE);
  EXPECT_EQ(s.get<Option>(), initially) << Option::name;
  s.set(Option{!initially});
  EXPECT_EQ(s.get<Option>(), !initially) << Option::name;
}

TEST(netlink_socket, says_what_to_do_about_a_loss) {
  const auto advice = socket::advice_for("receive", errno_code(ENOBUFS));
  EXPECT_NE(advice.find("read the state again"), std::string_view::npos) << advice;
  EXPECT_NE(advice.find("so::rcvbuf"), std::string_view::npos) << advice;
}

TEST(netlink_socket, switches_change) {
  expect_switch<option::broadcast_error>(false);
  expect_switch<option::cap_ack>(false);
  expect_switch<option::ext_ack>(false);
  expect_switch<option::get_strict_chk>(false);
  expect_switch<option::no_enobufs>(false);
  expect_switch<option::pktinfo>(false);
  static_assert(!gettable_option<option::add_membership>);
  static_assert(!settable_option<option::list_memberships>);
}

TEST(netlink_socket, tells_the_group_of_a_message) {
  socket s(NETLINK_ROUTE);
  s.bind(address());
  s.set(option::pktinfo{true});
  struct {
    ::nlmsghdr header;
    ::ifinfomsg info;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.info.ifi_index = 1;
  s.send_to(std::as_bytes(std::span(&request, 1)), address());
  std::vector<std::byte> room(32768);
  trivet::control_buffer control;
  const auto got = s.receive_from(room, control, {.until = deadline::after(10s)});
  EXPECT_EQ(got.from, address());
  EXPECT_GT(got.size, sizeof(::nlmsghdr));
  const auto info = control.find<control::pktinfo>();
  ASSERT_TRUE(info);
  EXPECT_EQ(info->group(), 0U) << "an answer is sent to no group";
}

}  // namespace
}  // namespace trivet::netlink
