// What an extended ACK points at, by name, in requests as they are sent.
#include "trivet/netlink/attribute_path.h"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include <cerrno>

#include "trivet/netlink/error.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/route/request_names.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink {
namespace {

// Where an attribute with this payload starts: attributes of the tests have payloads of their own.
std::uint32_t offset_of(const_bytes message, std::uint32_t payload) {
  for (std::size_t at = 0; at + 8 <= message.size(); at += 4) {
    if (load_padded<std::uint32_t>(message.subspan(at + 4)) == payload &&
        load_padded<::nlattr>(message.subspan(at)).nla_len == 8) {
      return static_cast<std::uint32_t>(at);
    }
  }
  ADD_FAILURE() << "no attribute has the payload " << payload;
  return 0;
}

std::string path_in(message_builder& message, std::uint32_t payload) {
  const const_bytes bytes = message.finish();
  const attribute_names* names = rtnl::names_of_request(message.header().nlmsg_type);
  if (names == nullptr) return "unknown type";
  return attribute_path(bytes, *names, offset_of(bytes, payload));
}

constexpr std::uint32_t mark = 0x12345678;

message_builder& link_of_kind(message_builder& out, const char* kind,
                              const std::function<void(attribute_writer&)>& data) {
  out.structure(::ifinfomsg{});
  out.attributes().text(IFLA_IFNAME, "name").nested(IFLA_LINKINFO, [&](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, kind);
    info.nested(IFLA_INFO_DATA, data);
  });
  return out;
}

TEST(attribute_path, names_what_stands_at_the_top) {
  message_builder out(RTM_NEWROUTE);
  out.structure(::rtmsg{}).attributes().value(RTA_DST, std::uint32_t{1}).value(RTA_GATEWAY, mark);
  EXPECT_EQ(path_in(out, mark), ".gateway");
}

TEST(attribute_path, knows_the_data_of_a_kind_by_its_neighbour) {
  message_builder vlan(RTM_NEWLINK);
  link_of_kind(vlan, "vlan", [](attribute_writer& d) { d.value(IFLA_VLAN_ID, mark); });
  EXPECT_EQ(path_in(vlan, mark), ".linkinfo.data.id");
  message_builder vrf(RTM_NEWLINK);
  link_of_kind(vrf, "vrf", [](attribute_writer& d) { d.value(IFLA_VRF_TABLE, mark); });
  EXPECT_EQ(path_in(vrf, mark), ".linkinfo.data.table");
  message_builder other(RTM_NEWLINK);
  link_of_kind(other, "who-knows", [](attribute_writer& d) { d.value(7, mark); });
  EXPECT_EQ(path_in(other, mark), ".linkinfo.data.7") << "a number where there is no name";
}

TEST(attribute_path, goes_through_a_struct_in_a_nest) {
  message_builder out(RTM_NEWLINK);
  link_of_kind(out, "veth", [](attribute_writer& d) {
    d.nested(VETH_INFO_PEER, [](attribute_writer& peer) {
      const ::ifinfomsg header{};
      peer.plain(std::as_bytes(std::span(&header, 1))).value(IFLA_MTU, mark);
    });
  });
  EXPECT_EQ(path_in(out, mark), ".linkinfo.data.peer.mtu");
}

TEST(attribute_path, counts_the_hops_of_a_route) {
  rtnl::route route;
  route.family = AF_INET;
  route.next_hops.emplace();
  for (const std::uint32_t gateway : {std::uint32_t{1}, mark}) {
    rtnl::next_hop hop;
    hop.family = AF_INET;
    hop.gateway = {AF_INET, rtnl::short_bytes(std::as_bytes(std::span(&gateway, 1)))};
    hop.encap_type = 1;  // LWTUNNEL_ENCAP_MPLS
    hop.encap.emplace();
    byte_buffer encap;
    attribute_writer(encap).value(MPLS_IPTUNNEL_DST, ~gateway);
    hop.encap->data = encap.to_vector();
    route.next_hops->hops.push_back(hop);
  }
  message_builder out(RTM_NEWROUTE);
  route.encode(out);
  EXPECT_EQ(path_in(out, mark), ".multipath[1].gateway");
  EXPECT_EQ(path_in(out, ~std::uint32_t{1}), ".multipath[0].encap.dst");
}

TEST(attribute_path, is_empty_where_nothing_is_pointed_at) {
  message_builder out(RTM_NEWROUTE);
  out.structure(::rtmsg{}).attributes().value(RTA_GATEWAY, mark);
  const const_bytes bytes = out.finish();
  const attribute_names& names = *rtnl::names_of_request(RTM_NEWROUTE);
  for (const std::uint32_t nowhere : {0U, 4U, 27U, 36U, 1000U, 0xffffffffU}) {
    EXPECT_EQ(attribute_path(bytes, names, nowhere), "") << nowhere;
  }
  EXPECT_EQ(attribute_path(bytes.first(20), names, 18), "") << "shorter than its struct";
  EXPECT_EQ(rtnl::names_of_request(RTM_MAX + 4), nullptr);
}

TEST(attribute_path, stops_where_a_length_is_wrong) {
  message_builder out(RTM_NEWROUTE);
  out.structure(::rtmsg{}).attributes().value(RTA_GATEWAY, mark).value(RTA_OIF, mark);
  const const_bytes good = out.finish();
  for (const std::uint16_t wrong : {std::uint16_t{0}, std::uint16_t{3}, std::uint16_t{60000}}) {
    std::vector<std::byte> bytes(good.begin(), good.end());
    std::memcpy(bytes.data() + 28, &wrong, sizeof wrong);
    EXPECT_EQ(attribute_path(bytes, *rtnl::names_of_request(RTM_NEWROUTE), 36), "");
  }
  // Nests without end.
  std::vector<std::byte> deep(good.begin(), good.begin() + 28);
  for (std::size_t left = 4000; left > 4; left -= 4) {
    const ::nlattr header{static_cast<std::uint16_t>(left), NLA_F_NESTED | 99};
    const auto raw = std::as_bytes(std::span(&header, 1));
    deep.insert(deep.end(), raw.begin(), raw.end());
  }
  deep.resize(28 + 4000);
  EXPECT_LT(attribute_path(deep, *rtnl::names_of_request(RTM_NEWROUTE), 3900).size(), 100U);
}

TEST(attribute_path, names_what_is_missing) {
  message_builder out(RTM_NEWLINK);
  link_of_kind(out, "vlan", [](attribute_writer& d) { d.value(IFLA_VLAN_PROTOCOL, mark); });
  const const_bytes bytes = out.finish();
  const attribute_names& names = *rtnl::names_of_request(RTM_NEWLINK);
  extended_ack missing;
  EXPECT_EQ(missing_path(bytes, names, missing), "");
  missing.missing_type = IFLA_MTU;
  EXPECT_EQ(missing_path(bytes, names, missing), ".mtu");
  missing.missing_type = IFLA_VLAN_ID;
  // The nest is that which holds the attribute with the mark.
  missing.missing_nest = offset_of(bytes, mark) - 4;
  EXPECT_EQ(missing_path(bytes, names, missing), ".linkinfo.data.id");
  missing.missing_nest = 3;
  EXPECT_EQ(missing_path(bytes, names, missing), "");
}

std::string words(const std::function<void(attribute_writer&)>& fill) {
  byte_buffer bytes;
  attribute_writer out(bytes);
  fill(out);
  return policy_in_words(bytes);
}

TEST(policy_in_words, tells_type_range_and_length) {
  using type = std::uint32_t;
  EXPECT_EQ(words([](attribute_writer& p) {
              p.value(NL_POLICY_TYPE_ATTR_TYPE, type{NL_ATTR_TYPE_U16})
                  .value(NL_POLICY_TYPE_ATTR_MIN_VALUE_U, std::uint64_t{1})
                  .value(NL_POLICY_TYPE_ATTR_MAX_VALUE_U, std::uint64_t{4094});
            }),
            "u16 from 1 to 4094");
  EXPECT_EQ(words([](attribute_writer& p) {
              p.value(NL_POLICY_TYPE_ATTR_TYPE, type{NL_ATTR_TYPE_S32})
                  .value(NL_POLICY_TYPE_ATTR_MIN_VALUE_S, std::int64_t{-5});
            }),
            "s32 of at least -5");
  EXPECT_EQ(words([](attribute_writer& p) {
              p.value(NL_POLICY_TYPE_ATTR_TYPE, type{NL_ATTR_TYPE_NUL_STRING})
                  .value(NL_POLICY_TYPE_ATTR_MAX_LENGTH, std::uint32_t{15});
            }),
            "text with a zero byte behind it of at most 15 bytes");
  EXPECT_EQ(words([](attribute_writer& p) {
              p.value(NL_POLICY_TYPE_ATTR_TYPE, type{NL_ATTR_TYPE_U8})
                  .value(NL_POLICY_TYPE_ATTR_MASK, std::uint64_t{3});
            }),
            "u8 within the mask 3");
  EXPECT_EQ(words([](attribute_writer&) {}), "");
  EXPECT_EQ(words([](attribute_writer& p) { p.value(NL_POLICY_TYPE_ATTR_TYPE, type{999}); }), "");
}

TEST(netlink_error, says_where_and_what_was_expected) {
  extended_ack extended;
  extended.message = "Attribute failed policy validation";
  extended.path = ".linkinfo.data.id";
  extended.expected = "u16 from 1 to 4094";
  const error refused(std::make_error_code(std::errc::result_out_of_range), "RTM_NEWLINK v0",
                      extended);
  EXPECT_STREQ(refused.what(),
               "RTM_NEWLINK v0: Attribute failed policy validation (.linkinfo.data.id: u16 from 1 "
               "to 4094): Numerical result out of range");
  EXPECT_EQ(refused.path(), ".linkinfo.data.id");
  extended_ack missing;
  missing.missing = ".ifname";
  const error incomplete(std::make_error_code(std::errc::invalid_argument), "RTM_NEWLINK", missing);
  EXPECT_STREQ(incomplete.what(), "RTM_NEWLINK (.ifname is missing): Invalid argument");
  EXPECT_EQ(incomplete.path(), ".ifname");
  const error denied(std::make_error_code(std::errc::operation_not_permitted), "RTM_NEWLINK", {});
  EXPECT_STREQ(denied.what(),
               "RTM_NEWLINK: Operation not permitted (needs CAP_NET_ADMIN: run as root)");
}

}  // namespace
}  // namespace trivet::netlink
