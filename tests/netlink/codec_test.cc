// Links, addresses and routes as two real kernels sent them: known values, and nothing lost when
// they are encoded again.
#include <gtest/gtest.h>
#include <linux/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>

#include "tests/netlink/captures.h"
#include "trivet/base/error.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink::rtnl {
namespace {

using trivet::testing::capture;
using trivet::testing::captured_kernels;
using trivet::testing::flatten;
using trivet::testing::messages_of;

class codecs : public ::testing::TestWithParam<std::string_view> {
 protected:
  template <class T>
  std::vector<T> all(const char* name) const {
    std::vector<T> list;
    const auto bytes = capture(GetParam(), name);
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() == NLMSG_DONE) continue;
      auto object = T::decode(message);
      EXPECT_TRUE(object);
      if (object) list.push_back(std::move(*object));
    }
    return list;
  }

  // Encodes what was decoded, and compares the attributes with the kernel's.
  template <class T, class Header>
  void expect_round_trip(const char* name, std::initializer_list<int> types) const {
    std::size_t count = 0;
    const auto bytes = capture(GetParam(), name);
    for (const message_view& message : messages_of(bytes)) {
      if (std::find(types.begin(), types.end(), message.type()) == types.end()) continue;
      ++count;
      const auto object = T::decode(message);
      ASSERT_TRUE(object);
      message_builder out(message.type(), message.header.nlmsg_flags);
      object->encode(out);
      ASSERT_FALSE(out.failed());
      const auto encoded = trivet::testing::bytes_of_message(out);
      const auto again = messages_of(encoded).at(0);
      EXPECT_TRUE(std::ranges::equal(again.payload.first(sizeof(Header)),
                                     message.payload.first(sizeof(Header))))
          << name << " message " << count;
      EXPECT_EQ(flatten(again.attributes<Header>()), flatten(message.attributes<Header>()))
          << name << " message " << count;
    }
    EXPECT_GT(count, 0U);
  }
};

TEST_P(codecs, nothing_is_lost_when_a_message_is_encoded_again) {
  expect_round_trip<link, ::ifinfomsg>("link", {RTM_NEWLINK});
  expect_round_trip<link, ::ifinfomsg>("events", {RTM_NEWLINK, RTM_DELLINK});
  expect_round_trip<address, ::ifaddrmsg>("addr", {RTM_NEWADDR});
  expect_round_trip<address, ::ifaddrmsg>("events", {RTM_NEWADDR, RTM_DELADDR});
  for (const char* name : {"route4", "route6"}) {
    expect_round_trip<route, ::rtmsg>(name, {RTM_NEWROUTE});
  }
  expect_round_trip<route, ::rtmsg>("events", {RTM_NEWROUTE, RTM_DELROUTE});
}

TEST_P(codecs, links) {
  std::map<std::string, link> links;
  for (link& l : all<link>("link")) links.emplace(l.name.value(), std::move(l));
  ASSERT_TRUE(links.contains("lo") && links.contains("v0") && links.contains("v1"));
  const link& v0 = links["v0"];
  EXPECT_EQ(v0.family, AF_UNSPEC);
  EXPECT_EQ(v0.type, 1);  // ARPHRD_ETHER
  EXPECT_EQ(v0.flags & (IFF_UP | IFF_BROADCAST), IFF_UP | IFF_BROADCAST);
  EXPECT_EQ(v0.mtu, 1500U);
  EXPECT_EQ(v0.address->to_string(v0.type), "02:00:00:00:00:01");
  EXPECT_EQ(v0.broadcast->to_string(v0.type), "ff:ff:ff:ff:ff:ff");
  EXPECT_EQ(v0.alias, "uplink");
  EXPECT_EQ(v0.info->kind, "veth");
  EXPECT_EQ(v0.properties->alternative_names,
            std::vector<std::string>{"a-name-longer-than-fifteen-bytes"});
  EXPECT_EQ(v0.link_index, static_cast<std::uint32_t>(links["v1"].index));
  EXPECT_EQ(v0.operstate, 6);  // IF_OPER_UP
  EXPECT_FALSE(v0.master);
  const link& v1 = links["v1"];
  EXPECT_EQ(v1.master, static_cast<std::uint32_t>(links["br0"].index));
  EXPECT_EQ(v1.info->slave_kind, "bridge");
  EXPECT_FALSE(v1.info->slave_data->data.empty());
  EXPECT_EQ(links["lo"].qdisc, "noqueue");
  EXPECT_FALSE(links["lo"].info) << "lo has no kind";
}

TEST_P(codecs, addresses) {
  std::map<std::string, address> list;
  for (address& a : all<address>("addr")) list.emplace(a.own()->to_string(), std::move(a));
  const address& first = list.at("10.0.0.1");
  EXPECT_EQ(first.family, AF_INET);
  EXPECT_EQ(first.prefix_length, 24);
  EXPECT_EQ(first.broadcast->to_string(), "10.0.0.255");
  EXPECT_EQ(first.label, "v0");
  EXPECT_EQ(first.flags, std::uint32_t{IFA_F_PERMANENT});
  EXPECT_EQ(list.at("10.0.0.2").flags, IFA_F_PERMANENT | IFA_F_SECONDARY);
  EXPECT_EQ(list.at("10.7.0.1").peer->to_string(), "10.7.0.2");
  EXPECT_EQ(list.at("10.1.0.1").metric, 50U);
  EXPECT_EQ(list.at("10.1.0.1").flags, IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE)
      << "more bits than the struct has";
  const address& limited = list.at("2001:db8:2::1");
  EXPECT_LE(limited.cache->ifa_valid, 5000U);
  EXPECT_GT(limited.cache->ifa_valid, 4900U);
  EXPECT_EQ(list.at("2001:db8:1::1").peer->to_string(), "2001:db8:1::2");
  EXPECT_FALSE(list.at("2001:db8::1").local) << "IPv6 without a peer has IFA_ADDRESS alone";
}

std::map<std::string, route> by_destination(std::vector<route>&& list) {
  std::map<std::string, route> result;
  for (route& r : list) {
    if (r.table == RT_TABLE_LOCAL) continue;
    const std::string key = r.destination ? r.destination->to_string() : "default";
    result.emplace(key + "/" + std::to_string(r.destination_length), std::move(r));
  }
  return result;
}

TEST_P(codecs, ipv4_routes) {
  auto list = by_destination(all<route>("route4"));
  const route& plain = list.at("192.0.2.0/24");
  EXPECT_EQ(plain.table, std::uint32_t{RT_TABLE_MAIN});
  EXPECT_EQ(plain.gateway->to_string(), "10.0.0.77");
  EXPECT_EQ(plain.metric, 5U);
  EXPECT_FALSE(plain.metrics->data.empty());
  ASSERT_EQ(plain.hops().size(), 1U);
  const route& several = list.at("198.51.100.0/24");
  ASSERT_EQ(several.hops().size(), 2U);
  EXPECT_EQ(several.hops()[0].weight(), 3U);
  EXPECT_EQ(several.hops()[0].gateway->to_string(), "10.0.0.7");
  EXPECT_EQ(several.hops()[1].weight(), 1U);
  EXPECT_EQ(list.at("203.0.113.0/24").type, RTN_BLACKHOLE);
  EXPECT_TRUE(list.at("203.0.113.0/24").hops().empty());
  EXPECT_EQ(list.at("203.0.113.0/25").table, 1234U) << "more than the struct can say";
  EXPECT_EQ(list.at("203.0.113.0/25").protocol, RTPROT_BIRD);
  const route& host = list.at("203.0.113.7/32");
  EXPECT_EQ(host.tos, 0x10);
  EXPECT_EQ(host.scope, RT_SCOPE_LINK);
  EXPECT_EQ(host.preferred_source->to_string(), "10.0.0.2");
  EXPECT_EQ(host.flow, 3U << 16 | 4U);
  EXPECT_EQ(list.at("203.0.113.128/25").via->family, AF_INET6);
  EXPECT_EQ(list.at("203.0.113.128/25").via->to_string(), "fe80::9");
  EXPECT_EQ(list.at("10.90.0.0/16").next_hop_id, 9U);
  EXPECT_EQ(list.at("10.90.0.0/16").hops().size(), 2U) << "the kernel resolves the object too";
}

TEST_P(codecs, ipv6_routes) {
  auto list = by_destination(all<route>("route6"));
  const route& several = list.at("2001:db8:10::/48");
  ASSERT_EQ(several.hops().size(), 2U);
  EXPECT_EQ(several.hops()[1].gateway->to_string(), "2001:db8::98");
  EXPECT_EQ(list.at("2001:db8:13::/48").type, RTN_PROHIBIT);
  EXPECT_EQ(list.at("2001:db8:13::/48").table, 77U);
  const route& limited = list.at("2001:db8:14::/48");
  EXPECT_EQ(limited.preference, 1);  // ICMPV6_ROUTER_PREF_HIGH
  EXPECT_GT(limited.cache->rta_expires, 0U);
}

INSTANTIATE_TEST_SUITE_P(kernels, codecs, ::testing::ValuesIn(captured_kernels),
                         [](const auto& tested) {
                           std::string name(tested.param);
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

// What is crafted instead of captured.

std::vector<std::byte> link_message(auto fill) {
  message_builder out(RTM_NEWLINK, 0);
  ::ifinfomsg info{};
  info.ifi_index = 7;
  out.structure(info);
  fill(out.attributes());
  return trivet::testing::bytes_of_message(out);
}

TEST(codec, keeps_a_number_of_the_wrong_length) {
  const auto bytes = link_message([](attribute_writer& out) {
    out.value(IFLA_MTU, std::uint16_t{1500}).value(IFLA_GROUP, std::uint32_t{3});
  });
  const auto l = link::decode(messages_of(bytes).at(0));
  ASSERT_TRUE(l);
  EXPECT_FALSE(l->mtu);
  EXPECT_EQ(l->group, 3U);
  ASSERT_EQ(l->others.size(), 1U);
  EXPECT_EQ(l->others[0].type, IFLA_MTU);
  EXPECT_EQ(l->others[0].data.size(), 2U);
}

TEST(codec, keeps_an_attribute_from_the_future_with_its_flags) {
  const auto bytes = link_message(
      [](attribute_writer& out) { out.nested(1000, [](attribute_writer& in) { in.flag(1); }); });
  const auto l = link::decode(messages_of(bytes).at(0));
  ASSERT_EQ(l->others.size(), 1U);
  EXPECT_EQ(l->others[0].type, 1000 | NLA_F_NESTED);
  message_builder out(RTM_NEWLINK, 0);
  l->encode(out);
  EXPECT_EQ(trivet::testing::bytes_of_message(out), bytes);
}

TEST(codec, refuses_a_message_that_is_cut) {
  const auto bytes = link_message([](attribute_writer& out) { out.text(IFLA_IFNAME, "eth0"); });
  const auto whole = messages_of(bytes).at(0);
  for (std::size_t size = 0; size < whole.payload.size(); ++size) {
    message_view cut = whole;
    cut.payload = whole.payload.first(size);
    const auto l = link::decode(cut);
    // Between the struct and its first attribute is nothing to miss, nor in the padding behind it.
    constexpr std::size_t struct_size = sizeof(::ifinfomsg);
    constexpr std::size_t attribute_size = 4 + sizeof("eth0");
    const bool in_between = size >= struct_size && size < struct_size + 4;
    EXPECT_EQ(l.has_value(), in_between || size >= struct_size + attribute_size) << size;
  }
}

TEST(codec, an_ip_address_has_the_length_of_its_family) {
  message_builder out(RTM_NEWADDR, 0);
  ::ifaddrmsg header{};
  header.ifa_family = AF_INET;
  out.structure(header).attributes().bytes(IFA_LOCAL, std::vector<std::byte>(16));
  const auto bytes = trivet::testing::bytes_of_message(out);
  const auto a = address::decode(messages_of(bytes).at(0));
  EXPECT_EQ(a->own(), nullptr);
  EXPECT_EQ(a->others.size(), 1U);
}

TEST(codec, a_short_cacheinfo_is_filled_with_zeros_and_a_long_one_cut) {
  for (const std::size_t size : {4U, 12U, 40U}) {
    message_builder out(RTM_NEWADDR, 0);
    ::ifaddrmsg header{};
    header.ifa_family = AF_INET;
    std::vector<std::byte> cache(size, std::byte{0xff});
    out.structure(header).attributes().bytes(IFA_CACHEINFO, cache);
    const auto bytes = trivet::testing::bytes_of_message(out);
    const auto a = address::decode(messages_of(bytes).at(0));
    ASSERT_TRUE(a->cache) << size;
    EXPECT_EQ(a->cache->ifa_prefered, 0xffffffff);
    EXPECT_EQ(a->cache->ifa_valid, size < 8 ? 0U : 0xffffffff);
  }
}

std::optional<route> route_with_multipath(const std::vector<std::byte>& hops) {
  message_builder out(RTM_NEWROUTE, 0);
  ::rtmsg header{};
  header.rtm_family = AF_INET;
  out.structure(header).attributes().bytes(RTA_MULTIPATH, hops);
  const auto bytes = trivet::testing::bytes_of_message(out);
  return route::decode(messages_of(bytes).at(0));
}

TEST(codec, trusts_no_length_of_a_hop) {
  for (const int length : {0, 7, 9, 200}) {
    std::vector<std::byte> hop(8);
    hop[0] = static_cast<std::byte>(length);
    const auto r = route_with_multipath(hop);
    ASSERT_TRUE(r) << length;
    EXPECT_FALSE(r->next_hops) << length;
    EXPECT_EQ(r->others.size(), 1U) << "kept as it came";
  }
  std::vector<std::byte> hop(8);
  hop[0] = std::byte{8};
  EXPECT_EQ(route_with_multipath(hop)->next_hops->hops.size(), 1U);
}

TEST(codec, decodes_nothing_out_of_bounds_whatever_is_changed) {
  std::size_t decoded = 0;
  for (const std::string_view kernel : captured_kernels) {
    for (const char* name : {"link", "addr", "route4", "route6"}) {
      const auto whole = capture(kernel, name);
      for (std::size_t at = 0; at < whole.size(); at += 11) {
        for (const int value : {0, 1, 3, 0x80, 0xff}) {
          auto changed = whole;
          changed[at] = static_cast<std::byte>(value);
          message_reader in(changed);
          for (message_view m; in.next(m);) {
            decoded += link::decode(m).has_value();
            decoded += address::decode(m).has_value();
            decoded += route::decode(m).has_value();
          }
        }
      }
    }
  }
  EXPECT_GT(decoded, 0U);
}

TEST(same_state, of_ipv6_hops_does_not_depend_on_their_order) {
  route a;
  a.family = AF_INET6;
  a.next_hops.emplace();
  for (const int index : {3, 4}) {
    next_hop hop;
    hop.index = index;
    a.next_hops->hops.push_back(hop);
  }
  route b = a;
  std::ranges::reverse(b.next_hops->hops);
  EXPECT_TRUE(same_state(a, b));
  a.family = b.family = AF_INET;
  EXPECT_FALSE(same_state(a, b));
}

TEST(same_state, of_a_route_is_whether_it_expires_but_not_when) {
  const auto expiring = [](int ticks) {
    route r;
    r.family = AF_INET6;
    r.cache.emplace();
    r.cache->rta_expires = ticks;
    return r;
  };
  EXPECT_TRUE(same_state(expiring(100), expiring(99)));
  EXPECT_TRUE(same_state(expiring(100), expiring(-1))) << "it is gone soon";
  EXPECT_FALSE(same_state(expiring(100), expiring(0)));
  route endless = expiring(0);
  endless.cache.reset();
  EXPECT_TRUE(same_state(expiring(0), endless));
}

TEST(same_state, of_an_address_does_not_depend_on_what_is_left_of_its_life) {
  address a;
  a.cache = ::ifa_cacheinfo{100, 200, 1, 2};
  address b = a;
  b.cache->ifa_prefered = 99;
  EXPECT_TRUE(same_state(a, b));
  b.cache->ifa_prefered = 0xffffffff;
  EXPECT_FALSE(same_state(a, b)) << "for ever is something else";
}

TEST(network_address, prints_and_parses) {
  for (const char* text : {"10.0.0.1", "2001:db8::1", "::"}) {
    EXPECT_EQ(network_address::parse(text).to_string(), text);
  }
  EXPECT_THROW((void)network_address::parse("10.0.0"), trivet::address_error);
  const std::uint8_t label[] = {0, 0x06, 0x41, 0};
  const network_address mpls{AF_MPLS, short_bytes(std::as_bytes(std::span(label)))};
  EXPECT_EQ(mpls.to_string(), "100");
  EXPECT_TRUE(network_address::parse("0.0.0.0").is_zero());
}

}  // namespace
}  // namespace trivet::netlink::rtnl
