// libnl reads from the same bytes what we read.
#include <gtest/gtest.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/macvlan.h>
#include <netlink/route/link/vlan.h>
#include <netlink/route/link/vrf.h>
#include <netlink/route/link/vxlan.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
#include <sys/socket.h>

#include <memory>

#include "tests/netlink/captures.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/link_stacked.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::netlink::rtnl {
namespace {

using trivet::testing::capture;
using trivet::testing::captured_kernels;
using trivet::testing::messages_of;

struct put_object {
  void operator()(::nl_object* object) const { ::nl_object_put(object); }
};
using nl_object_ptr = std::unique_ptr<::nl_object, put_object>;

// The libnl object of a message.
nl_object_ptr parse(const message_view& message) {
  message_builder out(message.type(), message.header.nlmsg_flags);
  out.attributes().plain(message.payload);
  std::vector<std::byte> bytes = trivet::testing::bytes_of_message(out);
  const std::unique_ptr<::nl_msg, decltype(&::nlmsg_free)> copy(
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libnl casts its objects so
      ::nlmsg_convert(reinterpret_cast<::nlmsghdr*>(bytes.data())), ::nlmsg_free);
  ::nlmsg_set_proto(copy.get(), NETLINK_ROUTE);
  nl_object_ptr found;
  ::nl_msg_parse(
      copy.get(),
      [](::nl_object* object, void* into) {
        ::nl_object_get(object);
        static_cast<nl_object_ptr*>(into)->reset(object);
      },
      &found);
  EXPECT_TRUE(found);
  return found;
}

std::string text(const ::nl_addr* address) {
  char buffer[128] = "";
  if (address == nullptr) return "";
  const std::string whole = ::nl_addr2str(address, buffer, sizeof buffer);
  return whole.substr(0, whole.find('/'));
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
      const nl_object_ptr object = parse(message);
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libnl casts its objects so
      auto* theirs = reinterpret_cast<::rtnl_link*>(object.get());
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
      const nl_object_ptr object = parse(message);
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libnl casts its objects so
      auto* theirs = reinterpret_cast<::rtnl_addr*>(object.get());
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
        const nl_object_ptr object = parse(message);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libnl casts its objects so
        auto* theirs = reinterpret_cast<::rtnl_route*>(object.get());
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

TEST(libnl, reads_the_same_neighbours) {
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "neigh");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWNEIGH) continue;
      const auto ours = neighbour::decode(message);
      const nl_object_ptr object = parse(message);
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libnl casts its objects so
      auto* theirs = reinterpret_cast<::rtnl_neigh*>(object.get());
      EXPECT_EQ(ours->family, ::rtnl_neigh_get_family(theirs));
      EXPECT_EQ(ours->index, ::rtnl_neigh_get_ifindex(theirs));
      const int state = ::rtnl_neigh_get_state(theirs);
      EXPECT_EQ(ours->state, state < 0 ? 0 : state);
      EXPECT_EQ(ours->flags, ::rtnl_neigh_get_flags(theirs));
      EXPECT_EQ(ours->type, ::rtnl_neigh_get_type(theirs));
      EXPECT_EQ(text(ours->destination), text(::rtnl_neigh_get_dst(theirs)));
      EXPECT_EQ(ours->link_address ? ours->link_address->to_string(1) : "",
                text(::rtnl_neigh_get_lladdr(theirs)));
    }
  }
}

TEST(libnl, reads_the_same_rules) {
  std::size_t count = 0;
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "rule");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWRULE) continue;
      const auto ours = rule::decode(message);
      if (ours->family > AF_INET6)
        continue;  // multicast routing, which libnl knows no addresses of
      const nl_object_ptr object = parse(message);
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libnl casts its objects so
      auto* theirs = reinterpret_cast<::rtnl_rule*>(object.get());
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
      ++count;
    }
  }
  EXPECT_GT(count, 20U);
}

TEST(libnl, reads_the_same_data_of_kinds) {
  std::size_t count = 0;
  for (const std::string_view kernel : captured_kernels) {
    const auto bytes = capture(kernel, "kinds");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWLINK) continue;
      const auto ours = link::decode(message);
      if (!ours->info || !ours->info->data) continue;
      const nl_object_ptr object = parse(message);
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libnl casts its objects so
      auto* theirs = reinterpret_cast<::rtnl_link*>(object.get());
      if (ours->info->kind == "vlan") {
        EXPECT_EQ(ours->info->data_as<vlan>()->id, ::rtnl_link_vlan_get_id(theirs));
        ++count;
      }
      if (ours->info->kind == "macvlan") {
        EXPECT_EQ(ours->info->data_as<macvlan>()->mode, ::rtnl_link_macvlan_get_mode(theirs));
        ++count;
      }
      std::uint32_t number = 0;
      if (ours->info->kind == "vxlan") {
        EXPECT_EQ(::rtnl_link_vxlan_get_id(theirs, &number), 0);
        EXPECT_EQ(ours->info->data_as<vxlan>()->id, number);
        EXPECT_EQ(::rtnl_link_vxlan_get_port(theirs, &number), 0);
        EXPECT_EQ(ours->info->data_as<vxlan>()->port, number);
        ++count;
      }
      if (ours->info->kind == "vrf") {
        EXPECT_EQ(::rtnl_link_vrf_get_tableid(theirs, &number), 0);
        EXPECT_EQ(ours->info->data_as<vrf>()->table, number);
        ++count;
      }
      EXPECT_EQ(ours->statistics->rx_bytes, ::rtnl_link_get_stat(theirs, RTNL_LINK_RX_BYTES));
      EXPECT_EQ(ours->statistics->tx_packets, ::rtnl_link_get_stat(theirs, RTNL_LINK_TX_PACKETS));
    }
  }
  EXPECT_GT(count, 10U);
}

}  // namespace
}  // namespace trivet::netlink::rtnl
