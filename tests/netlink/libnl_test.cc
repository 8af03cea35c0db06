// libnl reads from the same bytes what we read: all that libnl 3.7 has getters for. It has none of
// nexthop objects, of a rule's user ids, nor of encapsulations other than MPLS; the data of links
// are in libnl_kinds_test.cc.
#include "trivet/netlink/interop/libnl.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <linux/lwtunnel.h>
#include <netlink/route/netconf.h>
#include <netlink/route/nexthop.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "tests/netlink/captures.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/netconf.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::netlink::rtnl {
namespace {

using trivet::testing::capture;
using trivet::testing::captured_kernels;
using trivet::testing::messages_of;

std::string text(const ::nl_addr* address) {
  char buffer[128] = "";
  if (address == nullptr) return "";
  const std::string whole = ::nl_addr2str(address, buffer, sizeof buffer);
  return whole.substr(0, whole.find('/'));
}

std::string hexadecimal(const_bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(b));
  return text;
}

// Of a forwarding entry the family of the address is not that of the message.
std::string bytes_of_address(const ::nl_addr* address) {
  if (address == nullptr) return "";
  return hexadecimal({static_cast<const std::byte*>(::nl_addr_get_binary_addr(address)),
                      ::nl_addr_get_len(address)});
}

template <class T>
std::string text(const std::optional<T>& address) {
  return address ? address->to_string() : "";
}

TEST(libnl, reads_the_same_links) {
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "link");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWLINK) continue;
      const auto ours = link::decode(message);
      const auto object = interop::object_of<::rtnl_link>(message);
      ASSERT_TRUE(object);
      auto* theirs = object.get();
      EXPECT_EQ(ours->index, ::rtnl_link_get_ifindex(theirs));
      EXPECT_EQ(*ours->name, ::rtnl_link_get_name(theirs));
      EXPECT_EQ(*ours->mtu, ::rtnl_link_get_mtu(theirs));
      EXPECT_EQ(ours->flags, ::rtnl_link_get_flags(theirs));
      EXPECT_EQ(*ours->queue_length, ::rtnl_link_get_txqlen(theirs));
      EXPECT_EQ(*ours->operstate, ::rtnl_link_get_operstate(theirs));
      EXPECT_EQ(*ours->group, ::rtnl_link_get_group(theirs));
      EXPECT_EQ(static_cast<int>(ours->master.value_or(0)), ::rtnl_link_get_master(theirs));
      EXPECT_EQ(static_cast<int>(ours->link_index.value_or(0)), ::rtnl_link_get_link(theirs));
      EXPECT_EQ(ours->address->to_string(ours->type), text(::rtnl_link_get_addr(theirs)));
      const char* kind = ::rtnl_link_get_type(theirs);
      EXPECT_EQ(ours->info ? ours->info->kind.value_or("") : "", kind == nullptr ? "" : kind);
      const char* qdisc = ::rtnl_link_get_qdisc(theirs);
      EXPECT_EQ(ours->qdisc.value_or(""), qdisc == nullptr ? "" : qdisc);
    }
  }
}

TEST(libnl, reads_the_same_addresses) {
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "addr");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWADDR) continue;
      const auto ours = address::decode(message);
      const auto object = interop::object_of<::rtnl_addr>(message);
      ASSERT_TRUE(object);
      auto* theirs = object.get();
      EXPECT_EQ(static_cast<int>(ours->index), ::rtnl_addr_get_ifindex(theirs));
      EXPECT_EQ(ours->family, ::rtnl_addr_get_family(theirs));
      EXPECT_EQ(ours->prefix_length, ::rtnl_addr_get_prefixlen(theirs));
      EXPECT_EQ(ours->scope, ::rtnl_addr_get_scope(theirs));
      EXPECT_EQ(ours->flags, ::rtnl_addr_get_flags(theirs));
      EXPECT_EQ(ours->own()->to_string(), text(::rtnl_addr_get_local(theirs)));
      EXPECT_EQ(text(ours->broadcast), text(::rtnl_addr_get_broadcast(theirs)));
      const char* label = ::rtnl_addr_get_label(theirs);
      EXPECT_EQ(ours->label.value_or(""), label == nullptr ? "" : label);
      EXPECT_EQ(ours->cache->ifa_valid, ::rtnl_addr_get_valid_lifetime(theirs));
    }
  }
}

void compare_hops(const route& ours, ::rtnl_route* theirs) {
  const std::vector<next_hop> hops = ours.hops();
  ASSERT_EQ(static_cast<int>(hops.size()), ::rtnl_route_get_nnexthops(theirs));
  for (std::size_t i = 0; i < hops.size(); ++i) {
    ::rtnl_nexthop* hop = ::rtnl_route_nexthop_n(theirs, static_cast<int>(i));
    EXPECT_EQ(hops[i].index, ::rtnl_route_nh_get_ifindex(hop));
    EXPECT_EQ(hops[i].flags, ::rtnl_route_nh_get_flags(hop));
    EXPECT_EQ(text(hops[i].gateway), text(::rtnl_route_nh_get_gateway(hop)));
    EXPECT_EQ(text(hops[i].via), text(::rtnl_route_nh_get_via(hop)));
    if (ours.next_hops) {
      EXPECT_EQ(hops[i].hops, ::rtnl_route_nh_get_weight(hop));
    }
  }
}

TEST(libnl, reads_the_same_routes) {
  std::size_t count = 0;
  for (const std::string_view kernel : captured_kernels) {
    for (const char* name : {"route4", "route6"}) {
      const auto bytes = capture(kernel, name);
      for (const message_view& message : messages_of(bytes)) {
        if (message.type() != RTM_NEWROUTE) continue;
        const auto ours = route::decode(message);
        if (ours->hops().empty()) continue;  // libnl 3.7 makes up a hop for a blackhole
        const auto object = interop::object_of<::rtnl_route>(message);
        ASSERT_TRUE(object);
        auto* theirs = object.get();
        EXPECT_EQ(ours->family, ::rtnl_route_get_family(theirs));
        EXPECT_EQ(ours->table, ::rtnl_route_get_table(theirs));
        EXPECT_EQ(ours->protocol, ::rtnl_route_get_protocol(theirs));
        EXPECT_EQ(ours->scope, ::rtnl_route_get_scope(theirs));
        EXPECT_EQ(ours->type, ::rtnl_route_get_type(theirs));
        EXPECT_EQ(ours->tos, ::rtnl_route_get_tos(theirs));
        EXPECT_EQ(ours->flags, ::rtnl_route_get_flags(theirs));
        EXPECT_EQ(ours->metric.value_or(0), ::rtnl_route_get_priority(theirs));
        EXPECT_EQ(text(ours->preferred_source), text(::rtnl_route_get_pref_src(theirs)));
        const std::string destination = text(::rtnl_route_get_dst(theirs));
        EXPECT_EQ(text(ours->destination), destination == "none" ? "" : destination);
        compare_hops(*ours, theirs);
        ++count;
      }
    }
  }
  EXPECT_GT(count, 20U);
}

void expect_same_neighbours(const char* name) {
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, name);
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWNEIGH) continue;
      const auto ours = neighbour::decode(message);
      const auto object = interop::object_of<::rtnl_neigh>(message);
      ASSERT_TRUE(object);
      auto* theirs = object.get();
      EXPECT_EQ(ours->family, ::rtnl_neigh_get_family(theirs));
      EXPECT_EQ(ours->index, ::rtnl_neigh_get_ifindex(theirs));
      const int state = ::rtnl_neigh_get_state(theirs);
      EXPECT_EQ(ours->state, state < 0 ? 0 : state);
      EXPECT_EQ(ours->flags, ::rtnl_neigh_get_flags(theirs));
      EXPECT_EQ(ours->type, ::rtnl_neigh_get_type(theirs));
      const ::nl_addr* destination = ::rtnl_neigh_get_dst(theirs);
      EXPECT_EQ(bytes_of_address(destination),
                ours->destination ? hexadecimal(ours->destination->bytes()) : "");
      EXPECT_EQ(ours->link_address ? ours->link_address->to_string(1) : "",
                text(::rtnl_neigh_get_lladdr(theirs)));
      const int vlan_id = ::rtnl_neigh_get_vlan(theirs);
      EXPECT_EQ(ours->vlan ? int{*ours->vlan} : -1, vlan_id > 0 ? vlan_id : -1);
      const int master = ::rtnl_neigh_get_master(theirs);
      EXPECT_EQ(ours->master.value_or(0), static_cast<std::uint32_t>(std::max(master, 0)));
    }
  }
}

TEST(libnl, reads_the_same_neighbours) { expect_same_neighbours("neigh"); }
TEST(libnl, reads_the_same_forwarding_entries) { expect_same_neighbours("fdb"); }

TEST(libnl, reads_the_same_rules) {
  std::size_t count = 0;
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "rule");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWRULE) continue;
      const auto ours = rule::decode(message);
      if (ours->family > AF_INET6)
        continue;  // multicast routing, which libnl knows no addresses of
      const auto object = interop::object_of<::rtnl_rule>(message);
      ASSERT_TRUE(object);
      auto* theirs = object.get();
      EXPECT_EQ(ours->family, ::rtnl_rule_get_family(theirs));
      EXPECT_EQ(ours->priority.value_or(0), ::rtnl_rule_get_prio(theirs));
      EXPECT_EQ(ours->mark.value_or(0), ::rtnl_rule_get_mark(theirs));
      EXPECT_EQ(ours->mark_mask.value_or(0), ::rtnl_rule_get_mask(theirs));
      EXPECT_EQ(ours->table, ::rtnl_rule_get_table(theirs));
      EXPECT_EQ(ours->action, ::rtnl_rule_get_action(theirs));
      EXPECT_EQ(ours->target.value_or(0), ::rtnl_rule_get_goto(theirs));
      EXPECT_EQ(text(ours->source), text(::rtnl_rule_get_src(theirs)));
      EXPECT_EQ(text(ours->destination), text(::rtnl_rule_get_dst(theirs)));
      const char* input = ::rtnl_rule_get_iif(theirs);
      EXPECT_EQ(ours->input.value_or(""), input == nullptr ? "" : input);
      const char* output = ::rtnl_rule_get_oif(theirs);
      EXPECT_EQ(ours->output.value_or(""), output == nullptr ? "" : output);
      EXPECT_EQ(ours->flow.value_or(0), ::rtnl_rule_get_realms(theirs));
      EXPECT_EQ(ours->tos, ::rtnl_rule_get_dsfield(theirs));
      EXPECT_EQ(ours->l3mdev.value_or(0), std::max(::rtnl_rule_get_l3mdev(theirs), 0));
      const auto expect_number = [&](const std::optional<std::uint8_t>& value,
                                     int (*get)(::rtnl_rule*, std::uint8_t*)) {
        std::uint8_t told = 0;
        const bool has = get(theirs, &told) == 0;
        EXPECT_EQ(value, has ? std::optional<std::uint8_t>(told) : std::nullopt);
      };
      expect_number(ours->protocol, ::rtnl_rule_get_protocol);
      expect_number(ours->ip_protocol, ::rtnl_rule_get_ipproto);
      const auto expect_ports = [&](const std::optional<::fib_rule_port_range>& value,
                                    int (*get)(::rtnl_rule*, std::uint16_t*, std::uint16_t*)) {
        std::uint16_t start = 0;
        std::uint16_t end = 0;
        const bool has = get(theirs, &start, &end) == 0;
        EXPECT_EQ(value.has_value(), has && end != 0);
        if (!value) return;
        EXPECT_EQ(value->start, start);
        EXPECT_EQ(value->end, end);
      };
      expect_ports(ours->source_ports, ::rtnl_rule_get_sport);
      expect_ports(ours->destination_ports, ::rtnl_rule_get_dport);
      ++count;
    }
  }
  EXPECT_GT(count, 20U);
}

TEST(libnl, reads_the_same_settings_of_links) {
  std::size_t count = 0;
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "netconf");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWNETCONF) continue;
      const auto ours = netconf::decode(message);
      const interop::any_object_ptr object = interop::any_object_of(message);
      ASSERT_TRUE(ours && object);
      auto* theirs = static_cast<::rtnl_netconf*>(static_cast<void*>(object.get()));
      const auto expect_told = [&](const std::optional<std::int32_t>& value,
                                   int (*get)(::rtnl_netconf*, int*)) {
        int number = 0;
        const bool told = get(theirs, &number) == 0;
        EXPECT_EQ(value, told ? std::optional<std::int32_t>(number) : std::nullopt);
      };
      int family = 0;
      EXPECT_EQ(::rtnl_netconf_get_family(theirs, &family), 0);
      EXPECT_EQ(ours->family, family);
      expect_told(ours->index, ::rtnl_netconf_get_ifindex);
      expect_told(ours->forwarding, ::rtnl_netconf_get_forwarding);
      expect_told(ours->multicast_forwarding, ::rtnl_netconf_get_mc_forwarding);
      expect_told(ours->reverse_path, ::rtnl_netconf_get_rp_filter);
      expect_told(ours->proxy, ::rtnl_netconf_get_proxy_neigh);
      expect_told(ours->ignore_linkdown, ::rtnl_netconf_get_ignore_routes_linkdown);
      expect_told(ours->input, ::rtnl_netconf_get_input);
      ++count;
    }
  }
  EXPECT_GT(count, 10U);
}

// All metrics that are numbers: libnl takes the name of a congestion control for one.
void compare_metrics(const route_metrics& ours, ::rtnl_route* theirs) {
  using member = std::optional<std::uint32_t> route_metrics::*;
  constexpr std::pair<int, member> all[] = {
      {RTAX_LOCK, &route_metrics::lock},
      {RTAX_MTU, &route_metrics::mtu},
      {RTAX_WINDOW, &route_metrics::window},
      {RTAX_RTT, &route_metrics::rtt},
      {RTAX_RTTVAR, &route_metrics::rtt_variance},
      {RTAX_SSTHRESH, &route_metrics::slow_start},
      {RTAX_CWND, &route_metrics::congestion_window},
      {RTAX_ADVMSS, &route_metrics::advertised_mss},
      {RTAX_REORDERING, &route_metrics::reordering},
      {RTAX_HOPLIMIT, &route_metrics::hop_limit},
      {RTAX_INITCWND, &route_metrics::initial_window},
      {RTAX_FEATURES, &route_metrics::features},
      {RTAX_RTO_MIN, &route_metrics::minimum_timeout},
      {RTAX_INITRWND, &route_metrics::initial_receive_window},
      {RTAX_QUICKACK, &route_metrics::quick_ack},
      {RTAX_FASTOPEN_NO_COOKIE, &route_metrics::no_cookie},
  };
  for (const auto& [number, value] : all) {
    std::uint32_t told = 0;
    const bool has = ::rtnl_route_get_metric(theirs, number, &told) == 0;
    EXPECT_EQ(ours.*value, has ? std::optional<std::uint32_t>(told) : std::nullopt) << number;
  }
}

// libnl has getters of MPLS alone, and takes no message with another encapsulation that it knows
// nothing of.
TEST(libnl, reads_the_same_metrics_and_labels) {
  std::size_t metrics = 0;
  std::size_t labels = 0;
  for (const std::string_view kernel : captured_kernels) {
    for (const char* name : {"route4", "encap4", "encap6", "mpls"}) {
      const auto bytes = capture(kernel, name);
      for (const message_view& message : messages_of(bytes)) {
        if (message.type() != RTM_NEWROUTE) continue;
        const auto ours = route::decode(message);
        const auto object = interop::object_of<::rtnl_route>(message);
        if (!object || ours->hops().empty()) continue;
        SCOPED_TRACE(std::string(name) + " " + text(ours->destination));
        if (ours->metrics) {
          compare_metrics(*read_nest<route_metrics>(*ours->metrics), object.get());
          ++metrics;
        }
        const std::vector<next_hop> hops = ours->hops();
        for (std::size_t i = 0; i < hops.size(); ++i) {
          ::rtnl_nexthop* hop = ::rtnl_route_nexthop_n(object.get(), static_cast<int>(i));
          EXPECT_EQ(hops[i].new_destination ? hexadecimal(hops[i].new_destination->entries) : "",
                    bytes_of_address(::rtnl_route_nh_get_newdst(hop)));
          if (hops[i].new_destination) ++labels;
          if (hops[i].encap_type != LWTUNNEL_ENCAP_MPLS) continue;
          const auto encap = read_nest<mpls_encapsulation>(*hops[i].encap);
          EXPECT_EQ(hexadecimal(encap->destination->entries),
                    bytes_of_address(::rtnl_route_nh_get_encap_mpls_dst(hop)));
          EXPECT_EQ(encap->ttl.value_or(0), ::rtnl_route_nh_get_encap_mpls_ttl(hop));
          ++labels;
        }
      }
    }
  }
  EXPECT_GT(metrics, 5U);
  EXPECT_EQ(labels, 5U);
}

}  // namespace
}  // namespace trivet::netlink::rtnl
