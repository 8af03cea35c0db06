// What codecs do with bytes and values that are not as they should be: crafted, because no kernel
// sends them.
#include <gtest/gtest.h>
#include <linux/lwtunnel.h>
#include <sys/socket.h>

#include <stdexcept>

#include "tests/netlink/captures.h"
#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink {
namespace {

using trivet::testing::bytes_of_message;
using trivet::testing::flatten;
using trivet::testing::messages_of;

constexpr std::uint16_t marked(std::uint16_t type) { return type | NLA_F_NET_BYTEORDER; }

TEST(codec_fault, a_number_that_is_marked_as_of_network_order_is_kept_as_it_came) {
  message_builder out(RTM_NEWLINK, 0);
  ::ifinfomsg info{};
  info.ifi_index = 7;
  out.structure(info).attributes().value(IFLA_GROUP, std::uint32_t{3});
  out.attributes().value_big_endian(marked(IFLA_MTU), std::uint32_t{1500});
  const auto bytes = bytes_of_message(out);
  const auto link = rtnl::link::decode(messages_of(bytes).at(0));
  ASSERT_TRUE(link);
  EXPECT_FALSE(link->mtu) << "not 3691315200";
  EXPECT_EQ(link->group, 3U);
  ASSERT_EQ(link->others.size(), 1U);
  EXPECT_EQ(link->others[0].type, marked(IFLA_MTU));
  message_builder again(RTM_NEWLINK, 0);
  link->encode(again);
  EXPECT_EQ(bytes_of_message(again), bytes);
}

TEST(codec_fault, so_is_one_whose_row_is_of_network_order) {
  byte_buffer bytes;
  attribute_writer out(bytes);
  out.value_big_endian(marked(IFLA_VXLAN_PORT), std::uint16_t{4789});
  out.value_big_endian(IFLA_VXLAN_LABEL, std::uint32_t{5});
  raw_nest nest;
  nest.data = bytes.to_vector();
  const auto vxlan = read_nest<rtnl::vxlan>(nest);
  ASSERT_TRUE(vxlan);
  EXPECT_FALSE(vxlan->port);
  EXPECT_EQ(flatten(keep_nest(*vxlan).data), flatten(nest.data));
}

TEST(codec_fault, a_marked_element_makes_no_list) {
  std::uint32_t number = 0;
  const std::vector<std::byte> four(4);
  EXPECT_FALSE(attribute_codec<std::uint32_t>::decode({1, false, true, four}, number));
  EXPECT_TRUE(attribute_codec<std::uint32_t>::decode({1, false, false, four}, number));
  byte_buffer data;
  attribute_writer(data).value(marked(1), std::uint32_t{7});
  std::vector<std::uint32_t> list;
  using numbers = list_of<1, attribute_codec<std::uint32_t>>;
  EXPECT_FALSE(numbers::decode({9, false, false, data}, list));
}

TEST(codec_fault, the_flags_of_an_attribute_count_when_captures_are_compared) {
  byte_buffer plain;
  byte_buffer nest;
  attribute_writer(plain).bytes(1, {});
  attribute_writer(nest).bytes(1 | NLA_F_NESTED, {});
  EXPECT_NE(flatten(plain), flatten(nest));
}

rtnl::route with_hop(std::size_t encap_size) {
  rtnl::route r;
  r.family = AF_INET;
  rtnl::next_hop hop;
  hop.family = AF_INET;
  hop.encap = raw_nest{true, std::vector<std::byte>(encap_size)};
  r.next_hops = rtnl::multipath{{hop}};
  return r;
}

bool encodes(const rtnl::route& r) {
  message_builder out(RTM_NEWROUTE, 0);
  r.encode(out);
  return !out.failed();
}

TEST(codec_fault, a_hop_that_is_too_long_is_no_shorter_hop) {
  EXPECT_TRUE(encodes(with_hop(60000)));
  EXPECT_FALSE(encodes(with_hop(65528))) << "fits into an attribute, but not into a hop";
  EXPECT_FALSE(encodes(with_hop(65536))) << "fits into neither";
}

TEST(codec_fault, a_nest_with_an_attribute_that_is_too_long_is_not_kept) {
  rtnl::seg6_encapsulation segments;
  segments.header.emplace(65531);
  EXPECT_EQ(keep_nest(segments).data.size(), 65536U);
  segments.header.emplace(65532);
  EXPECT_THROW((void)keep_nest(segments), std::length_error);
}

TEST(codec_fault, thirty_labels_are_thirty_labels) {
  rtnl::route r;
  r.family = AF_MPLS;
  r.new_destination.emplace();
  std::string text;
  for (std::uint32_t label = 100; label < 130; ++label) {
    r.new_destination->push_back(label, label == 129);
    text += (text.empty() ? "" : "/") + std::to_string(label);
  }
  message_builder out(RTM_NEWROUTE, 0);
  r.encode(out);
  const auto bytes = bytes_of_message(out);
  const auto again = rtnl::route::decode(messages_of(bytes).at(0));
  ASSERT_TRUE(again && again->new_destination);
  EXPECT_EQ(again->new_destination->to_string(), text);
  EXPECT_TRUE(again->others.empty());
  rtnl::mpls_encapsulation encap;
  encap.destination = r.new_destination;
  EXPECT_EQ(read_nest<rtnl::mpls_encapsulation>(keep_nest(encap))->destination->to_string(), text);
}

TEST(codec_fault, a_piece_of_a_label_is_none) {
  rtnl::label_stack labels;
  for (const std::size_t size : {0U, 3U, 6U}) {
    const std::vector<std::byte> data(size);
    EXPECT_FALSE(attribute_codec<rtnl::label_stack>::decode({1, false, false, data}, labels));
  }
}

}  // namespace
}  // namespace trivet::netlink
