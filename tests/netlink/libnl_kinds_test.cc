// libnl reads from the same bytes of links what we read of their kinds: all that it has getters
// for. It has none of the data of bridges, bonds and tun, and none of erspan.
#include <gtest/gtest.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/geneve.h>
#include <netlink/route/link/ip6gre.h>
#include <netlink/route/link/ip6tnl.h>
#include <netlink/route/link/ip6vti.h>
#include <netlink/route/link/ipgre.h>
#include <netlink/route/link/ipip.h>
#include <netlink/route/link/ipvlan.h>
#include <netlink/route/link/ipvti.h>
#include <netlink/route/link/macvlan.h>
#include <netlink/route/link/sit.h>
#include <netlink/route/link/sriov.h>
#include <netlink/route/link/vlan.h>
#include <netlink/route/link/vrf.h>
#include <netlink/route/link/vxlan.h>
#include <netlink/route/link/xfrmi.h>
#include <sys/socket.h>

#include <map>

#include "tests/netlink/captures.h"
#include "trivet/netlink/interop/libnl.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_bridge.h"
#include "trivet/netlink/route/link_function.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/link_stacked.h"
#include "trivet/netlink/route/link_tunnel.h"

namespace trivet::netlink::rtnl {
namespace {

using trivet::testing::capture;
using trivet::testing::captured_kernels;
using trivet::testing::messages_of;

// What a getter that writes its answer told; nothing where the attribute was not there.
template <class T, class Get>
std::optional<T> told(Get get, ::rtnl_link* link) {
  T value{};
  if (get(link, &value) < 0) return std::nullopt;
  return value;
}

template <class T, class Ours, class Get>
void expect_told(const std::optional<Ours>& ours, Get get, ::rtnl_link* link) {
  EXPECT_EQ(ours ? std::optional<T>(static_cast<T>(*ours)) : std::nullopt, told<T>(get, link));
}

// What a getter returned; below zero where the attribute was not there.
template <class T>
void expect_returned(const std::optional<T>& ours, int theirs) {
  if (ours) {
    EXPECT_EQ(static_cast<int>(*ours), theirs);
  } else {
    EXPECT_LT(theirs, 0);
  }
}

// An address or a key of four bytes as libnl returns it: as on the wire.
std::uint32_t wire(const std::optional<network_address>& ours) {
  return ours ? load_padded<std::uint32_t>(ours->bytes()) : 0;
}

std::string text(const std::optional<network_address>& first,
                 const std::optional<network_address>& second = {}) {
  return first ? first->to_string() : second ? second->to_string() : "";
}

std::string text_and_free(int status, ::nl_addr* address) {
  if (status < 0 || address == nullptr) return "";
  char buffer[64] = "";
  const std::string whole = ::nl_addr2str(address, buffer, sizeof buffer);
  ::nl_addr_put(address);
  return whole == "none" ? "" : whole.substr(0, whole.find('/'));
}

// What an int getter with a pointer to an address told.
template <class Get>
std::string address_told(Get get, ::rtnl_link* link) {
  ::nl_addr* address = nullptr;
  const int status = get(link, &address);
  return text_and_free(status, address);
}

void compare(const vlan& ours, ::rtnl_link* theirs) {
  EXPECT_EQ(ours.id, ::rtnl_link_vlan_get_id(theirs));
  EXPECT_EQ(ours.protocol,
            big_endian(static_cast<std::uint16_t>(::rtnl_link_vlan_get_protocol(theirs))));
  EXPECT_EQ(static_cast<int>(ours.flags->flags), ::rtnl_link_vlan_get_flags(theirs));
  const std::uint32_t* const ingress = ::rtnl_link_vlan_get_ingress_map(theirs);
  if (ours.ingress) {
    for (const auto& mapping : *ours.ingress) EXPECT_EQ(ingress[mapping.from], mapping.to);
  }
  int count = 0;
  const ::vlan_map* const egress = ::rtnl_link_vlan_get_egress_map(theirs, &count);
  ASSERT_EQ(ours.egress ? ours.egress->size() : 0U, static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    EXPECT_EQ(ours.egress->at(static_cast<std::size_t>(i)).from, egress[i].vm_from);
    EXPECT_EQ(ours.egress->at(static_cast<std::size_t>(i)).to, egress[i].vm_to);
  }
}

void compare(const macvlan& ours, ::rtnl_link* theirs) {
  EXPECT_EQ(ours.mode, ::rtnl_link_macvlan_get_mode(theirs));
  EXPECT_EQ(ours.flags, ::rtnl_link_macvlan_get_flags(theirs));
  if (ours.mode != unsigned{MACVLAN_MODE_SOURCE}) return;
  std::uint32_t count = 0;
  EXPECT_EQ(::rtnl_link_macvlan_count_macaddr(theirs, &count), 0);
  EXPECT_EQ(ours.addresses ? ours.addresses->size() : 0U, count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const ::nl_addr* address = nullptr;
    EXPECT_EQ(::rtnl_link_macvlan_get_macaddr(theirs, i, &address), 0);
    char buffer[64] = "";
    EXPECT_EQ(ours.addresses->at(i).to_string(1), ::nl_addr2str(address, buffer, sizeof buffer));
  }
}

void compare(const ipvlan& ours, ::rtnl_link* theirs) {
  expect_told<std::uint16_t>(ours.mode, ::rtnl_link_ipvlan_get_mode, theirs);
}

void compare(const vrf& ours, ::rtnl_link* theirs) {
  expect_told<std::uint32_t>(ours.table, ::rtnl_link_vrf_get_tableid, theirs);
}

void compare(const xfrm_link& ours, ::rtnl_link* theirs) {
  expect_told<std::uint32_t>(ours.id, ::rtnl_link_xfrmi_get_if_id, theirs);
}

void compare(const vxlan& ours, ::rtnl_link* theirs) {
  expect_told<std::uint32_t>(ours.id, ::rtnl_link_vxlan_get_id, theirs);
  expect_told<std::uint32_t>(ours.link, ::rtnl_link_vxlan_get_link, theirs);
  expect_told<std::uint32_t>(ours.ageing, ::rtnl_link_vxlan_get_ageing, theirs);
  expect_told<std::uint32_t>(ours.limit, ::rtnl_link_vxlan_get_limit, theirs);
  expect_told<std::uint32_t>(ours.port, ::rtnl_link_vxlan_get_port, theirs);
  expect_told<std::uint32_t>(ours.label, ::rtnl_link_vxlan_get_label, theirs);
  expect_returned(ours.ttl, ::rtnl_link_vxlan_get_ttl(theirs));
  expect_returned(ours.tos, ::rtnl_link_vxlan_get_tos(theirs));
  expect_returned(ours.learning, ::rtnl_link_vxlan_get_learning(theirs));
  expect_returned(ours.proxy, ::rtnl_link_vxlan_get_proxy(theirs));
  expect_returned(ours.route_short_circuit, ::rtnl_link_vxlan_get_rsc(theirs));
  expect_returned(ours.l2_miss, ::rtnl_link_vxlan_get_l2miss(theirs));
  expect_returned(ours.l3_miss, ::rtnl_link_vxlan_get_l3miss(theirs));
  expect_returned(ours.checksum, ::rtnl_link_vxlan_get_udp_csum(theirs));
  expect_returned(ours.zero_checksum6_tx, ::rtnl_link_vxlan_get_udp_zero_csum6_tx(theirs));
  expect_returned(ours.zero_checksum6_rx, ::rtnl_link_vxlan_get_udp_zero_csum6_rx(theirs));
  expect_returned(ours.remote_checksum_tx, ::rtnl_link_vxlan_get_remcsum_tx(theirs));
  expect_returned(ours.remote_checksum_rx, ::rtnl_link_vxlan_get_remcsum_rx(theirs));
  expect_returned(ours.external, ::rtnl_link_vxlan_get_collect_metadata(theirs));
  EXPECT_EQ(text(ours.group, ours.group6), address_told(::rtnl_link_vxlan_get_group, theirs));
  EXPECT_EQ(text(ours.local, ours.local6), address_told(::rtnl_link_vxlan_get_local, theirs));
  ::ifla_vxlan_port_range ports{};
  EXPECT_EQ(::rtnl_link_vxlan_get_port_range(theirs, &ports), 0);
  EXPECT_EQ(ours.ports->low, ports.low);
  EXPECT_EQ(ours.ports->high, ports.high);
}

void compare(const geneve& ours, ::rtnl_link* theirs) {
  expect_told<std::uint32_t>(ours.id, ::rtnl_link_geneve_get_id, theirs);
  expect_told<std::uint32_t>(ours.port, ::rtnl_link_geneve_get_port, theirs);
  expect_returned(ours.ttl, ::rtnl_link_geneve_get_ttl(theirs));
  expect_returned(ours.tos, ::rtnl_link_geneve_get_tos(theirs));
  expect_returned(ours.checksum, ::rtnl_link_geneve_get_udp_csum(theirs));
  EXPECT_EQ(text(ours.remote, ours.remote6), address_told(::rtnl_link_geneve_get_remote, theirs));
}

void compare_gre(const gre_tunnel& ours, ::rtnl_link* theirs) {
  EXPECT_EQ(ours.link.value_or(0), ::rtnl_link_ipgre_get_link(theirs));
  EXPECT_EQ(ours.input_flags, big_endian(::rtnl_link_ipgre_get_iflags(theirs)));
  EXPECT_EQ(ours.output_flags, big_endian(::rtnl_link_ipgre_get_oflags(theirs)));
  EXPECT_EQ(wire(ours.input_key), ::rtnl_link_ipgre_get_ikey(theirs));
  EXPECT_EQ(wire(ours.output_key), ::rtnl_link_ipgre_get_okey(theirs));
  EXPECT_EQ(wire(ours.local), ::rtnl_link_ipgre_get_local(theirs));
  EXPECT_EQ(wire(ours.remote), ::rtnl_link_ipgre_get_remote(theirs));
  EXPECT_EQ(ours.ttl, ::rtnl_link_ipgre_get_ttl(theirs));
  EXPECT_EQ(ours.tos, ::rtnl_link_ipgre_get_tos(theirs));
  EXPECT_EQ(ours.path_mtu_discovery, ::rtnl_link_ipgre_get_pmtudisc(theirs));
  expect_told<std::uint32_t>(ours.mark, ::rtnl_link_ipgre_get_fwmark, theirs);
}

void compare_gre6(const gre_tunnel& ours, ::rtnl_link* theirs) {
  expect_told<std::uint32_t>(ours.link, ::rtnl_link_ip6gre_get_link, theirs);
  expect_told<std::uint8_t>(ours.ttl, ::rtnl_link_ip6gre_get_ttl, theirs);
  expect_told<std::uint8_t>(ours.encap_limit, ::rtnl_link_ip6gre_get_encaplimit, theirs);
  expect_told<std::uint32_t>(ours.flags, ::rtnl_link_ip6gre_get_flags, theirs);
  EXPECT_EQ(big_endian(*ours.flow_info),
            told<std::uint32_t>(::rtnl_link_ip6gre_get_flowinfo, theirs));
  EXPECT_EQ(wire(ours.input_key), told<std::uint32_t>(::rtnl_link_ip6gre_get_ikey, theirs));
  EXPECT_EQ(wire(ours.output_key), told<std::uint32_t>(::rtnl_link_ip6gre_get_okey, theirs));
  const auto address = [&](int (*get)(::rtnl_link*, ::in6_addr*)) {
    const auto bytes = told<::in6_addr>(get, theirs).value_or(::in6_addr{});
    return network_address{AF_INET6, short_bytes(std::as_bytes(std::span(&bytes, 1)))};
  };
  EXPECT_EQ(*ours.local, address(::rtnl_link_ip6gre_get_local));
  EXPECT_EQ(*ours.remote, address(::rtnl_link_ip6gre_get_remote));
}

void compare_ipip(const ip_tunnel& ours, ::rtnl_link* theirs) {
  EXPECT_EQ(ours.link.value_or(0), ::rtnl_link_ipip_get_link(theirs));
  EXPECT_EQ(wire(ours.local), ::rtnl_link_ipip_get_local(theirs));
  EXPECT_EQ(wire(ours.remote), ::rtnl_link_ipip_get_remote(theirs));
  EXPECT_EQ(ours.ttl, ::rtnl_link_ipip_get_ttl(theirs));
  EXPECT_EQ(ours.tos, ::rtnl_link_ipip_get_tos(theirs));
  EXPECT_EQ(ours.path_mtu_discovery, ::rtnl_link_ipip_get_pmtudisc(theirs));
  expect_told<std::uint32_t>(ours.mark, ::rtnl_link_ipip_get_fwmark, theirs);
}

void compare_sit(const ip_tunnel& ours, ::rtnl_link* theirs) {
  EXPECT_EQ(ours.link.value_or(0), ::rtnl_link_sit_get_link(theirs));
  EXPECT_EQ(wire(ours.local), ::rtnl_link_sit_get_local(theirs));
  EXPECT_EQ(wire(ours.remote), ::rtnl_link_sit_get_remote(theirs));
  EXPECT_EQ(ours.ttl, ::rtnl_link_sit_get_ttl(theirs));
  EXPECT_EQ(ours.tos, ::rtnl_link_sit_get_tos(theirs));
  EXPECT_EQ(ours.protocol, ::rtnl_link_sit_get_proto(theirs));
  EXPECT_EQ(ours.path_mtu_discovery, ::rtnl_link_sit_get_pmtudisc(theirs));
  expect_told<std::uint16_t>(ours.prefix_length_6rd, ::rtnl_link_sit_get_ip6rd_prefixlen, theirs);
}

void compare(const ip6_tunnel& ours, ::rtnl_link* theirs) {
  EXPECT_EQ(ours.link.value_or(0), ::rtnl_link_ip6_tnl_get_link(theirs));
  EXPECT_EQ(ours.ttl, ::rtnl_link_ip6_tnl_get_ttl(theirs));
  EXPECT_EQ(ours.encap_limit, ::rtnl_link_ip6_tnl_get_encaplimit(theirs));
  EXPECT_EQ(ours.flags, ::rtnl_link_ip6_tnl_get_flags(theirs));
  EXPECT_EQ(big_endian(*ours.flow_info), ::rtnl_link_ip6_tnl_get_flowinfo(theirs));
  EXPECT_EQ(ours.protocol, ::rtnl_link_ip6_tnl_get_proto(theirs));
}

void compare_vti(const vti_tunnel& ours, ::rtnl_link* theirs) {
  EXPECT_EQ(ours.link.value_or(0), ::rtnl_link_ipvti_get_link(theirs));
  EXPECT_EQ(wire(ours.input_key), ::rtnl_link_ipvti_get_ikey(theirs));
  EXPECT_EQ(wire(ours.output_key), ::rtnl_link_ipvti_get_okey(theirs));
  EXPECT_EQ(wire(ours.local), ::rtnl_link_ipvti_get_local(theirs));
  EXPECT_EQ(wire(ours.remote), ::rtnl_link_ipvti_get_remote(theirs));
}

void compare_vti6(const vti_tunnel& ours, ::rtnl_link* theirs) {
  expect_told<std::uint32_t>(ours.link, ::rtnl_link_ip6vti_get_link, theirs);
  EXPECT_EQ(wire(ours.input_key), told<std::uint32_t>(::rtnl_link_ip6vti_get_ikey, theirs));
  EXPECT_EQ(wire(ours.output_key), told<std::uint32_t>(::rtnl_link_ip6vti_get_okey, theirs));
}

// @return whether libnl has getters of the kind
bool compare_kind(const link_info& info, ::rtnl_link* theirs) {
  const std::string& kind = *info.kind;
  if (kind == "vlan") return compare(*info.data_as<vlan>(), theirs), true;
  if (kind == "macvlan") return compare(*info.data_as<macvlan>(), theirs), true;
  if (kind == "ipvlan") return compare(*info.data_as<ipvlan>(), theirs), true;
  if (kind == "vrf") return compare(*info.data_as<vrf>(), theirs), true;
  if (kind == "xfrm") return compare(*info.data_as<xfrm_link>(), theirs), true;
  if (kind == "vxlan") return compare(*info.data_as<vxlan>(), theirs), true;
  if (kind == "geneve") return compare(*info.data_as<geneve>(), theirs), true;
  if (kind == "gre" || kind == "gretap") {
    return compare_gre(*info.data_as<gre_tunnel>(), theirs), true;
  }
  if (kind == "ip6gre") return compare_gre6(*info.data_as<gre_tunnel>(), theirs), true;
  if (kind == "ipip") return compare_ipip(*info.data_as<ip_tunnel>(), theirs), true;
  if (kind == "sit") return compare_sit(*info.data_as<ip_tunnel>(), theirs), true;
  if (kind == "ip6tnl") return compare(*info.data_as<ip6_tunnel>(), theirs), true;
  if (kind == "vti") return compare_vti(*info.data_as<vti_tunnel>(), theirs), true;
  if (kind == "vti6") return compare_vti6(*info.data_as<vti_tunnel>(), theirs), true;
  return false;
}

TEST(libnl, reads_the_same_data_of_every_kind) {
  std::map<std::string, int> compared;
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "kinds");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWLINK) continue;
      const auto ours = link::decode(message);
      const auto theirs = interop::object_of<::rtnl_link>(message);
      ASSERT_TRUE(ours && theirs);
      SCOPED_TRACE(std::string(kernel) + " " + *ours->name);
      EXPECT_EQ(ours->statistics->rx_bytes, ::rtnl_link_get_stat(theirs.get(), RTNL_LINK_RX_BYTES));
      EXPECT_EQ(ours->statistics->tx_packets,
                ::rtnl_link_get_stat(theirs.get(), RTNL_LINK_TX_PACKETS));
      if (!ours->info || !ours->info->data) continue;
      if (compare_kind(*ours->info, theirs.get())) ++compared[*ours->info->kind];
    }
  }
  EXPECT_EQ(compared.size(), 15U) << "kinds of which libnl has getters";
}

TEST(libnl, reads_the_same_ports_of_a_bridge) {
  int count = 0;
  const auto bytes = capture("linux-6.1", "bridge");
  for (const message_view& message : messages_of(bytes)) {
    if (message.type() != RTM_NEWLINK) continue;
    attribute_reader in(message.attributes<::ifinfomsg>());
    bridge_port ours;
    bool found = false;
    for (attribute a; in.next(a);) {
      if (a.type == IFLA_PROTINFO) found = bridge_port::policy().decode(a.data, ours);
    }
    if (!found) continue;
    const auto theirs = interop::object_of<::rtnl_link>(message);
    ASSERT_TRUE(theirs);
    EXPECT_EQ(ours.state, ::rtnl_link_bridge_get_port_state(theirs.get()));
    EXPECT_EQ(ours.priority, ::rtnl_link_bridge_get_priority(theirs.get()));
    expect_told<std::uint32_t>(ours.cost, ::rtnl_link_bridge_get_cost, theirs.get());
    const int flags = ::rtnl_link_bridge_get_flags(theirs.get());
    EXPECT_EQ(*ours.hairpin != 0, (flags & RTNL_BRIDGE_HAIRPIN_MODE) != 0);
    EXPECT_EQ(*ours.guard != 0, (flags & RTNL_BRIDGE_BPDU_GUARD) != 0);
    EXPECT_EQ(*ours.root_block != 0, (flags & RTNL_BRIDGE_ROOT_BLOCK) != 0);
    EXPECT_EQ(*ours.fast_leave != 0, (flags & RTNL_BRIDGE_FAST_LEAVE) != 0);
    EXPECT_EQ(*ours.learning != 0, (flags & RTNL_BRIDGE_LEARNING) != 0);
    EXPECT_EQ(*ours.flood != 0, (flags & RTNL_BRIDGE_UNICAST_FLOOD) != 0);
    ++count;
  }
  EXPECT_GT(count, 0);
}

// No kernel at hand has such a device: the bytes are crafted after linux/if_link.h.
TEST(libnl, reads_the_same_virtual_functions) {
  message_builder out(RTM_NEWLINK, 0);
  ::ifinfomsg head{};
  head.ifi_index = 7;
  out.structure(head).attributes().text(IFLA_IFNAME, "pf0").value(IFLA_NUM_VF, std::uint32_t{1});
  out.attributes().nested_unmarked(IFLA_VFINFO_LIST, [](attribute_writer& list) {
    list.nested_unmarked(IFLA_VF_INFO, [](attribute_writer& in) {
      in.value(IFLA_VF_MAC, ::ifla_vf_mac{3, {2, 0, 0, 0, 0, 7}});
      in.value(IFLA_VF_VLAN, ::ifla_vf_vlan{3, 0, 0});
      in.value(IFLA_VF_RATE, ::ifla_vf_rate{3, 10, 20});
      in.value(IFLA_VF_SPOOFCHK, ::ifla_vf_spoofchk{3, 1});
      in.value(IFLA_VF_LINK_STATE, ::ifla_vf_link_state{3, IFLA_VF_LINK_STATE_ENABLE});
      in.value(IFLA_VF_TRUST, ::ifla_vf_trust{3, 1});
    });
  });
  const auto bytes = trivet::testing::bytes_of_message(out);
  const message_view message = messages_of(bytes).at(0);
  const auto ours = link::decode(message);
  ASSERT_TRUE(ours && ours->functions);
  const virtual_function own = read_functions(*ours->functions).at(0);
  const auto theirs = interop::object_of<::rtnl_link>(message);
  ASSERT_TRUE(theirs);
  ::rtnl_link_vf* const vf = ::rtnl_link_vf_get(theirs.get(), 3);
  ASSERT_NE(vf, nullptr);
  std::uint32_t number = 0;
  EXPECT_EQ(::rtnl_link_vf_get_index(vf, &number), 0);
  EXPECT_EQ(own.address->vf, number);
  EXPECT_EQ(::rtnl_link_vf_get_linkstate(vf, &number), 0);
  EXPECT_EQ(own.link_state->link_state, number);
  EXPECT_EQ(::rtnl_link_vf_get_spoofchk(vf, &number), 0);
  EXPECT_EQ(own.spoof_check->setting, number);
  EXPECT_EQ(::rtnl_link_vf_get_trust(vf, &number), 0);
  EXPECT_EQ(own.trust->setting, number);
  ::nl_vf_rate rate{};
  EXPECT_EQ(::rtnl_link_vf_get_rate(vf, &rate), 0);
  EXPECT_EQ(own.rate->min_tx_rate, rate.min_tx_rate);
  EXPECT_EQ(own.rate->max_tx_rate, rate.max_tx_rate);
  ::rtnl_link_vf_put(vf);
}

}  // namespace
}  // namespace trivet::netlink::rtnl
