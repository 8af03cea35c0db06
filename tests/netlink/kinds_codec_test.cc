// Links of every kind, metrics and encapsulations as two real kernels sent them: known values, and
// nothing lost when they are encoded again.
#include <gtest/gtest.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <sys/socket.h>

#include <functional>
#include <map>

#include "tests/netlink/codec_check.h"
#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_bond.h"
#include "trivet/netlink/route/link_bridge.h"
#include "trivet/netlink/route/link_function.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/link_stacked.h"
#include "trivet/netlink/route/link_tunnel.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink::rtnl {
namespace {

using trivet::testing::decode_all;
using trivet::testing::expect_round_trip;
using trivet::testing::flatten;

class captured_kinds : public trivet::testing::captured_test {
 protected:
  static std::map<std::string, link> links() {
    std::map<std::string, link> by_name;
    for (link& l : decode_all<link>(kernel(), "kinds", RTM_NEWLINK)) {
      by_name.emplace(l.name.value(), std::move(l));
    }
    return by_name;
  }

  // Whatever is not of the type that the policy expects would be in `others`.
  template <class T>
  static void expect_known(const raw_nest& data, const std::string& whose,
                           std::initializer_list<int> unknown = {}) {
    const auto nest = read_nest<T>(data);
    ASSERT_TRUE(nest) << whose;
    for (const raw_attribute& other : nest->others) {
      const int type = other.type & NLA_TYPE_MASK;
      if (other.data.empty()) continue;  // it aligns what follows
      EXPECT_TRUE(std::find(unknown.begin(), unknown.end(), type) != unknown.end())
          << whose << " has attribute " << type;
    }
    EXPECT_EQ(flatten(keep_nest(*nest).data), flatten(data.data)) << whose;
  }
};
INSTANTIATE_CAPTURED_TEST(captured_kinds);

raw_nest nest_of(const std::function<void(attribute_writer&)>& fill) {
  byte_buffer bytes;
  attribute_writer out(bytes);
  fill(out);
  return {.data = bytes.to_vector()};
}

TEST_P(captured_kinds, nothing_is_lost_when_a_message_is_encoded_again) {
  expect_round_trip<link, ::ifinfomsg>(kernel(), "kinds", {RTM_NEWLINK});
  expect_round_trip<link, ::ifinfomsg>(kernel(), "changes", {RTM_NEWLINK, RTM_DELLINK});
  expect_round_trip<route, ::rtmsg>(kernel(), "encap4", {RTM_NEWROUTE});
  expect_round_trip<route, ::rtmsg>(kernel(), "encap6", {RTM_NEWROUTE});
  expect_round_trip<route, ::rtmsg>(kernel(), "mpls", {RTM_NEWROUTE});
}

TEST_P(captured_kinds, every_attribute_of_every_kind_has_its_row) {
  for (const auto& [name, l] : links()) {
    if (l.families) {
      EXPECT_TRUE(read_nest<link_families>(*l.families)->others.empty()) << name;
    }
    if (!l.info || !l.info->kind || !l.info->data) continue;
    const std::string& kind = *l.info->kind;
    const raw_nest& data = *l.info->data;
    std::string whose = name;
    whose.append(" of kind ").append(kind);
    if (kind == "bridge") expect_known<bridge>(data, whose, {48, 49});  // 6.18 has more
    if (kind == "bond") expect_known<bond>(data, whose);
    if (kind == "vlan") expect_known<vlan>(data, whose);
    if (kind == "macvlan" || kind == "macvtap") expect_known<macvlan>(data, whose, {9});
    if (kind == "ipvlan") expect_known<ipvlan>(data, whose);
    if (kind == "vrf") expect_known<vrf>(data, whose);
    if (kind == "tun") expect_known<tun>(data, whose);
    if (kind == "xfrm") expect_known<xfrm_link>(data, whose);
    if (kind == "vxlan") expect_known<vxlan>(data, whose, {31, 32, 33, 34});
    if (kind == "geneve") expect_known<geneve>(data, whose);
    if (kind == "gre" || kind == "gretap" || kind == "erspan")
      expect_known<gre_tunnel>(data, whose);
    if (kind == "ip6gre" || kind == "ip6gretap") expect_known<gre_tunnel>(data, whose);
    if (kind == "ipip" || kind == "sit") expect_known<ip_tunnel>(data, whose);
    if (kind == "ip6tnl") expect_known<ip6_tunnel>(data, whose);
    if (kind == "vti" || kind == "vti6") expect_known<vti_tunnel>(data, whose);
    if (l.info->slave_kind == "bridge") expect_known<bridge_port>(*l.info->slave_data, whose);
    if (l.info->slave_kind == "bond") expect_known<bond_port>(*l.info->slave_data, whose);
    if (l.info->slave_kind == "vrf") expect_known<vrf_port>(*l.info->slave_data, whose);
  }
}

TEST_P(captured_kinds, overlays_and_stacked_links) {
  const auto all = links();
  const auto vx0 = all.at("vx0").info->data_as<vxlan>();
  EXPECT_EQ(vx0->id, 42U);
  EXPECT_EQ(vx0->group->to_string(), "10.0.0.2");
  EXPECT_EQ(vx0->local->to_string(), "10.0.0.1");
  EXPECT_EQ(vx0->port, 4789) << "in host byte order";
  EXPECT_EQ(vx0->ttl, 5);
  EXPECT_TRUE(vx0->group_policy);
  EXPECT_EQ(vx0->link, static_cast<std::uint32_t>(all.at("v0").index));
  EXPECT_EQ(all.at("vx6").info->data_as<vxlan>()->group6->to_string(), "2001:db8::2");
  EXPECT_EQ(all.at("vxe").info->data_as<vxlan>()->external, 1);
  const auto source = all.at("ms0").info->data_as<macvlan>();
  EXPECT_EQ(source->mode, std::uint32_t{MACVLAN_MODE_SOURCE});
  ASSERT_EQ(source->addresses->size(), 1U);
  EXPECT_EQ(source->addresses->at(0).to_string(1), "02:00:00:00:00:77");
  EXPECT_EQ(all.at("tap0").info->data_as<tun>()->multi_queue, 1);
  const auto families = read_nest<link_families>(*all.at("v0").families);
  EXPECT_EQ(families->inet6->address_mode, IN6_ADDR_GEN_MODE_EUI64);
  EXPECT_TRUE(all.at("v0").statistics);
}

TEST_P(captured_kinds, metrics_and_encapsulations) {
  std::map<std::string, route> routes;
  for (const char* name : {"encap4", "encap6"}) {
    for (route& r : decode_all<route>(kernel(), name, RTM_NEWROUTE)) {
      if (r.destination && r.table == RT_TABLE_MAIN) {
        routes.emplace(r.destination->to_string(), std::move(r));
      }
    }
  }
  const auto mtu = read_nest<route_metrics>(*routes.at("10.6.0.0").metrics);
  EXPECT_EQ(mtu->mtu, 1400U);
  EXPECT_EQ(mtu->lock, 1U << RTAX_MTU);
  EXPECT_EQ(mtu->rtt, 30U * 8);
  EXPECT_EQ(mtu->rtt_variance, 20U * 4);
  EXPECT_TRUE(mtu->others.empty());
  EXPECT_EQ(read_nest<route_metrics>(*routes.at("10.8.0.0").metrics)->congestion_control, "cubic");
  const route& ip = routes.at("10.2.0.0");
  EXPECT_EQ(ip.encap_type, LWTUNNEL_ENCAP_IP);
  const auto wrapped = read_nest<ip_encapsulation>(*ip.encap);
  EXPECT_EQ(wrapped->id, 5U);
  EXPECT_EQ(wrapped->destination->to_string(), "192.0.2.4");
  EXPECT_EQ(wrapped->ttl, 7);
  EXPECT_EQ(wrapped->flags, 0x05) << "TUNNEL_KEY and TUNNEL_CSUM";
  const auto segments = read_nest<seg6_encapsulation>(*routes.at("2001:db8:4::").encap);
  EXPECT_EQ(segments->mode(), SEG6_IPTUN_MODE_ENCAP);
  ASSERT_EQ(segments->segments().size(), 2U);
  EXPECT_EQ(segments->segments()[0].to_string(), "2001:db8::a") << "the first on the way";
  const auto local = read_nest<seg6_local>(*routes.at("2001:db8:6::").encap);
  EXPECT_EQ(local->action, std::uint32_t{SEG6_LOCAL_ACTION_END_X});
  EXPECT_EQ(local->next_hop6->to_string(), "2001:db8::c");
  if (kernel() == "linux-6.1") {  // the other one has no MPLS
    const auto labels = read_nest<mpls_encapsulation>(*routes.at("10.1.0.0").encap);
    EXPECT_EQ(labels->destination->to_string(), "100/200");
    EXPECT_EQ(labels->ttl, 5);
  }
}

TEST(kinds, of_6_1_have_their_values) {
  std::map<std::string, link> all;
  for (link& l : decode_all<link>("linux-6.1", "kinds", RTM_NEWLINK)) {
    all.emplace(l.name.value(), std::move(l));
  }
  const auto br0 = all.at("br0").info->data_as<bridge>();
  EXPECT_EQ(br0->priority, 4096);
  EXPECT_EQ(br0->vlan_filtering, 1);
  EXPECT_EQ(br0->vlan_protocol, ETH_P_8021Q);
  const auto port = all.at("v1").info->slave_data_as<bridge_port>();
  EXPECT_EQ(port->cost, 7U);
  EXPECT_EQ(port->priority, 9);
  EXPECT_EQ(port->guard, 1);
  EXPECT_EQ(port->isolated, 1);
  const auto bo0 = all.at("bo0").info->data_as<bond>();
  EXPECT_EQ(bo0->mode, 4);
  EXPECT_EQ(bo0->miimon, 50U);
  EXPECT_EQ(bo0->lacp_rate, 1);
  EXPECT_TRUE(all.at("d0").info->slave_data_as<bond_port>()->permanent_address);
  const auto vlan5 = all.at("vlan5").info->data_as<vlan>();
  EXPECT_EQ(vlan5->id, 5);
  ASSERT_EQ(vlan5->ingress->size(), 2U);
  EXPECT_EQ(vlan5->egress->at(0).from, 3U);
  EXPECT_EQ(all.at("vlan6").info->data_as<vlan>()->protocol, ETH_P_8021AD);
  EXPECT_EQ(all.at("vr0").info->data_as<vrf>()->table, 77U);
  EXPECT_EQ(all.at("i0").info->slave_data_as<vrf_port>()->table, 77U);
  EXPECT_EQ(all.at("iv0").info->data_as<ipvlan>()->mode, IPVLAN_MODE_L3S);
  const auto gr1 = all.at("gr1").info->data_as<gre_tunnel>();
  EXPECT_EQ(gr1->remote->to_string(), "10.0.0.2");
  EXPECT_EQ(gr1->input_key->to_string(), "0.0.0.7");
  EXPECT_EQ(gr1->ttl, 9);
  EXPECT_EQ(gr1->tos, 4);
  EXPECT_EQ(all.at("gr6").info->data_as<gre_tunnel>()->remote->to_string(), "2001:db8::2");
  EXPECT_EQ(all.at("er1").info->data_as<gre_tunnel>()->erspan_index, 7U);
  EXPECT_EQ(all.at("si1").info->data_as<ip_tunnel>()->remote->to_string(), "10.0.0.6");
  EXPECT_EQ(all.at("tn6").info->data_as<ip6_tunnel>()->ttl, 9);
  EXPECT_EQ(all.at("vt1").info->data_as<vti_tunnel>()->output_key->to_string(), "0.0.0.8");
  EXPECT_EQ(all.at("ge0").info->data_as<geneve>()->id, 5U);
  EXPECT_EQ(all.at("xf0").info->data_as<xfrm_link>()->id, 5U);
  EXPECT_EQ(all.at("wg0").info->kind, "wireguard");
}

TEST(kinds, a_short_struct_is_filled_and_a_wrong_number_kept) {
  const raw_nest data = nest_of([](attribute_writer& out) {
    out.value(IFLA_VLAN_ID, std::uint8_t{5}).value(IFLA_VLAN_FLAGS, std::uint32_t{1});
  });
  const auto v = read_nest<vlan>(data);
  ASSERT_TRUE(v);
  EXPECT_FALSE(v->id);
  EXPECT_EQ(v->flags->flags, 1U);
  EXPECT_EQ(v->flags->mask, 0U);
  EXPECT_EQ(v->others.size(), 1U);
}

// No kernel at hand has such a device: the bytes are crafted after linux/if_link.h.
TEST(kinds, virtual_functions) {
  const raw_nest list = nest_of([](attribute_writer& out) {
    for (const std::uint32_t number : {0U, 1U}) {
      out.nested_unmarked(IFLA_VF_INFO, [=](attribute_writer& in) {
        ::ifla_vf_mac address{number, {2, 0, 0, 0, 0, 7}};
        in.value(IFLA_VF_MAC, address);
        in.value(IFLA_VF_TRUST, ::ifla_vf_trust{number, 1});
        in.value(99, number);
      });
    }
  });
  const auto functions = read_functions(list);
  ASSERT_EQ(functions.size(), 2U);
  EXPECT_EQ(functions[1].address->vf, 1U);
  EXPECT_EQ(functions[1].trust->setting, 1U);
  EXPECT_EQ(functions[1].others.size(), 1U);
}

TEST(kinds, a_list_with_something_else_in_it_is_kept) {
  const raw_nest data = nest_of([](attribute_writer& out) {
    out.nested_unmarked(IFLA_MACVLAN_MACADDR_DATA,
                        [](attribute_writer& in) { in.value(99, std::uint32_t{1}); });
  });
  const auto m = read_nest<macvlan>(data);
  EXPECT_FALSE(m->addresses);
  EXPECT_EQ(m->others.size(), 1U);
}

}  // namespace
}  // namespace trivet::netlink::rtnl
