// AF_PACKET sockets on the kernel under the test, over a veth pair.
#include "trivet/packet/socket.h"

#include <gtest/gtest.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>

#include <string>

#include "tests/packet/veth.h"
#include "trivet/base/so.h"
#include "trivet/packet/control.h"
#include "trivet/packet/device.h"
#include "trivet/packet/filter.h"
#include "trivet/packet/option.h"

namespace trivet::packet {
namespace {

using packet_socket = veth_test;

filter test_filter(const char* expression = test_frames, std::uint32_t snaplen = 262144) {
  return filter::compile(expression, {.link = link_layer_of(ARPHRD_ETHER), .snaplen = snaplen});
}

TEST_F(packet_socket, receives_frames_with_where_they_came_from) {
  socket tap = open_in(far_);
  attach_filter(tap, test_filter());
  tap.bind(address("v1", ETH_P_ALL));
  send_numbered(7, 1);
  const auto got = tap.receive_message({.until = soon()});
  EXPECT_EQ(number_in(got.data), 7U);
  EXPECT_EQ(got.from.to_string(), R"(('v1', 34997, 1, 1, b'\x02\x00\x00\x00\x00\x01'))");
  const auto [ifname, protocol, pkttype, hatype, link] = tap.local_address();
  EXPECT_EQ(ifname, "v1");
  EXPECT_EQ(protocol, ETH_P_ALL);
  EXPECT_EQ(hatype, ARPHRD_ETHER);
  EXPECT_EQ(link.size(), 6U);
}

TEST_F(packet_socket, sends_by_address_without_a_header_of_its_own) {
  socket tap = open_in(far_);
  attach_filter(tap, test_filter());
  tap.bind(address("v1", ETH_P_ALL));
  socket sender = open_in(near_, SOCK_DGRAM);
  const std::string broadcast(6, '\xff');
  const address to = address("v0", test_ethertype, 0, 0, bytes_of(broadcast));
  sender.send_to(bytes_of("hello"), to);
  const auto got = tap.receive_message({.until = soon()});
  EXPECT_EQ(text_of(got.data).substr(0, 6), broadcast);
  EXPECT_EQ(text_of(got.data).substr(12), "\x88\xb5hello");
}

// A socket that is opened with a protocol hears every interface until it is bound.
TEST_F(packet_socket, hears_no_other_interface_before_it_is_bound) {
  constexpr int frames = 20;
  lab::join({near_, "other0"}, {far_, "other1"});
  socket ours = open_in(far_);
  socket eager = far_.in([] {
    return socket(descriptor(::socket(AF_PACKET, SOCK_RAW, big_endian<std::uint16_t>(ETH_P_ALL))));
  });
  attach_filter(ours, test_filter());
  replace_filter(eager, test_filter());  // it heard what the kernel sent since it was opened
  socket sender = open_in(near_);
  sender.bind(address("other0", 0));
  for (std::uint32_t i = 0; i < frames; ++i) sender.send(bytes_of(numbered_frame(i)));
  for (int i = 0; i < frames; ++i) {
    EXPECT_EQ(eager.receive_message({.until = soon()}).from.ifname(), "other1");
  }
  ours.bind(address("v1", ETH_P_ALL));
  send_numbered(99, 1);
  EXPECT_EQ(number_in(ours.receive_message({.until = soon()}).data), 99U) << "and nothing before";
}

TEST_F(packet_socket, names_an_interface_that_is_missing) {
  socket s = open_in(near_);
  try {
    s.bind(address("nosuch0", ETH_P_ALL));
    FAIL() << "bound";
  } catch (const device_error& error) {
    EXPECT_EQ(error.code().value(), ENODEV);
    EXPECT_NE(std::string(error.what()).find("'nosuch0'"), std::string::npos);
    EXPECT_NE(error.advice().find("ip link"), std::string::npos);
  }
  EXPECT_THROW(s.send_to(bytes_of("x"), address("nosuch0", 0)), device_error);
  EXPECT_THROW((void)query_device(s.native_handle(), "nosuch0"), device_error);
  EXPECT_THROW(s.bind(address("v1", ETH_P_ALL)), device_error) << "v1 is in another namespace";
}

TEST_F(packet_socket, knows_that_its_interface_went) {
  socket s = open_in(near_);
  s.bind(address("v0", ETH_P_ALL));
  near_.run({"ip", "link", "del", "v0"});
  std::array<std::byte, 64> buffer;
  std::error_code ec;
  while (!ec) s.receive(buffer, ec, {.until = soon()});  // what the kernel sent by itself
  EXPECT_EQ(ec.value(), ENETDOWN);
  EXPECT_EQ(s.local_address().index(), address::removed);
}

TEST_F(packet_socket, tells_what_a_device_is) {
  const socket s = open_in(near_);
  near_.run({"ip", "address", "add", "192.0.2.1/24", "dev", "v0"});
  const device v0 = query_device(s.native_handle(), "v0");
  EXPECT_EQ(v0.hatype, ARPHRD_ETHER);
  EXPECT_TRUE(v0.up);
  EXPECT_EQ(v0.speed, 10'000'000'000U) << "what veth claims";
  EXPECT_EQ(v0.netmask, big_endian(0xffffff00U));
  ASSERT_TRUE(v0.mac);
  const device lo = query_device(s.native_handle(), "lo");
  EXPECT_EQ(lo.hatype, ARPHRD_LOOPBACK);
  EXPECT_FALSE(lo.speed);
}

template <class Option>
void expect_switch(socket& s) {
  EXPECT_FALSE(s.get<Option>()) << Option::name;
  s.set(Option{true});
  EXPECT_TRUE(s.get<Option>()) << Option::name;
}

TEST_F(packet_socket, switches_change) {
  socket s = open_in(near_);
  expect_switch<option::auxdata>(s);
  expect_switch<option::ignore_outgoing>(s);
  expect_switch<option::loss>(s);
  expect_switch<option::origdev>(s);
  expect_switch<option::qdisc_bypass>(s);
  expect_switch<option::tx_has_off>(s);
  expect_switch<option::vnet_hdr>(s);
  static_assert(!gettable_option<option::add_membership>);
  static_assert(!settable_option<option::statistics>);
}

template <class Option>
void expect_number(socket& s, typename Option::value_type initially,
                   typename Option::value_type then) {
  EXPECT_EQ(s.get<Option>(), initially) << Option::name;
  s.set(Option{then});
  EXPECT_EQ(s.get<Option>(), then) << Option::name;
}

TEST_F(packet_socket, numbers_change) {
  socket s = open_in(near_);
  expect_number<option::version>(s, TPACKET_V1, TPACKET_V3);
  expect_number<option::reserve>(s, 0, 32);
  expect_number<option::timestamp>(s, 0, SOF_TIMESTAMPING_RAW_HARDWARE);
  s.set(option::copy_thresh{100});
  std::error_code ec;
  EXPECT_EQ(option::frame_header_size(s, TPACKET_V3, ec), 48);
  EXPECT_FALSE(ec);
  EXPECT_EQ(option::frame_header_size(s, TPACKET_V2, ec), 32);
  EXPECT_EQ(option::frame_header_size(s, 9, ec), 0);
  EXPECT_EQ(ec.value(), EINVAL);
}

TEST_F(packet_socket, shares_frames_in_a_fanout_group) {
  std::vector<socket> members;
  for (int i = 0; i < 2; ++i) {
    members.push_back(open_in(far_));
    attach_filter(members.back(), test_filter());
    members.back().bind(address("v1", ETH_P_ALL));
    EXPECT_EQ(members.back().get<option::fanout>(), 0U);
    members.back().set(option::fanout{PACKET_FANOUT_LB << 16 | 77});
    EXPECT_EQ(members.back().get<option::fanout>(), PACKET_FANOUT_LB << 16 | 77);
  }
  socket other = open_in(far_);
  other.bind(address("v1", ETH_P_ALL));
  std::error_code ec;
  other.set(option::fanout{PACKET_FANOUT_HASH << 16 | 77}, ec);
  EXPECT_EQ(ec.value(), EINVAL) << "the group has another mode";
  send_numbered(0, 2);
  const auto one = members[0].receive_message({.until = soon()});
  const auto two = members[1].receive_message({.until = soon()});
  EXPECT_EQ(*number_in(one.data) + *number_in(two.data), 1U) << "one frame each";
}

TEST_F(packet_socket, counts_memberships_and_undoes_them_at_close) {
  const auto is_promiscuous = [&] {
    return near_.run({"ip", "-d", "link", "show", "v0"}).find("promiscuity 1") != std::string::npos;
  };
  {
    socket s = open_in(near_);
    const int index = query_device(s.native_handle(), "v0").index;
    s.set(option::add_membership{option::promiscuous(index)});
    s.set(option::add_membership{option::promiscuous(index)});
    s.set(option::drop_membership{option::promiscuous(index)});
    EXPECT_TRUE(is_promiscuous()) << "added twice, dropped once";
    const std::string group("\x01\x00\x5e\x00\x00\x63", 6);
    s.set(option::add_membership{option::multicast(index, bytes_of(group))});
    EXPECT_NE(near_.run({"ip", "maddress", "show", "dev", "v0"}).find("01:00:5e:00:00:63"),
              std::string::npos);
    s.set(option::add_membership{option::all_multicast(index)});
    s.set(option::add_membership{option::unicast(index, bytes_of("\x02\x11\x11\x11\x11\x11"))});
    std::error_code ec;
    s.set(option::add_membership{option::multicast(index, bytes_of("short"))}, ec);
    EXPECT_EQ(ec.value(), EINVAL);
    s.set(option::add_membership{option::unicast(index, bytes_of(std::string(40, 'x')))}, ec);
    EXPECT_EQ(ec.value(), EINVAL) << "longer than any address";
    s.set(option::add_membership{option::promiscuous(99999)}, ec);
    EXPECT_EQ(ec.value(), ENODEV);
  }
  EXPECT_FALSE(is_promiscuous());
}

TEST_F(packet_socket, reports_a_vlan_tag_beside_the_frame) {
  socket tap = open_in(far_);
  tap.set(option::auxdata{true});
  attach_filter(tap, test_filter());
  tap.bind(address("v1", ETH_P_ALL));
  std::string tagged = numbered_frame(1);
  tagged.insert(12, std::string("\x81\x00\x60\x05", 4));
  socket sender = open_in(near_);
  sender.bind(address("v0", 0));
  sender.send(bytes_of(tagged));
  std::array<std::byte, 100> buffer;
  control_buffer control;
  const auto got = tap.receive_from(mutable_bytes(buffer), control, {.until = soon()});
  EXPECT_EQ(got.size, 64U);
  const auto aux = control.find<control::auxdata>();
  ASSERT_TRUE(aux);
  EXPECT_EQ(aux->value.tp_len, 64U);
  EXPECT_EQ(aux->vlan(), (vlan_tag{ETH_P_8021Q, 0x6005}));
}

TEST_F(packet_socket, keeps_of_a_frame_what_its_filter_returns) {
  socket tap = open_in(far_);
  attach_filter(tap, test_filter(test_frames, 20));
  tap.bind(address("v1", ETH_P_ALL));
  send_numbered(5, 1);
  const auto got = tap.receive_message({.until = soon()});
  EXPECT_EQ(got.size, 20U);
  EXPECT_EQ(number_in(got.data), 5U);
}

TEST_F(packet_socket, replaces_a_filter_and_keeps_nothing_of_the_one_before) {
  socket tap = open_in(near_);
  attach_filter(tap, test_filter());
  tap.bind(address("v0", ETH_P_ALL));
  send_numbered(0, 3);
  EXPECT_EQ(replace_filter(tap, test_filter("ether proto 0x88b5 and ether[14:4] >= 100")), 3U);
  send_numbered(5, 1);
  send_numbered(100, 1);
  EXPECT_EQ(number_in(tap.receive_message({.until = soon()}).data), 100U);
}

TEST_F(packet_socket, cannot_change_a_filter_that_is_locked) {
  socket tap = open_in(near_);
  attach_filter(tap, test_filter(), true);
  EXPECT_TRUE(tap.get<so::lock_filter>());
  try {
    attach_filter(tap, filter::drop_all());
    FAIL() << "changed";
  } catch (const not_permitted& error) {
    EXPECT_NE(error.advice().find("locked"), std::string::npos);
  }
}

}  // namespace
}  // namespace trivet::packet
