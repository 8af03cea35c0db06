// A datagram of rtnetlink: no length is trusted, and what a codec decodes, encodes and decodes
// again is the same.
#include <linux/rtnetlink.h>

#include <span>
#include <string_view>
#include <vector>

#include "tests/fuzz/require.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_bond.h"
#include "trivet/netlink/route/link_bridge.h"
#include "trivet/netlink/route/link_overlay.h"
#include "trivet/netlink/route/link_stacked.h"
#include "trivet/netlink/route/link_tunnel.h"
#include "trivet/netlink/route/namespace_id.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/netconf.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/nexthop_bucket.h"
#include "trivet/netlink/route/route.h"
#include "trivet/netlink/route/rule.h"

namespace {

using trivet::const_bytes;
using trivet::netlink::message_builder;
using trivet::netlink::message_reader;
using trivet::netlink::message_view;
using trivet::netlink::raw_nest;
using trivet::test::require;
namespace rtnl = trivet::netlink::rtnl;

template <class T>
std::vector<std::byte> encoded(const T& object) {
  message_builder out(RTM_NEWLINK, 0);
  object.encode(out);
  if (out.failed()) return {};  // longer than an attribute may be
  const const_bytes bytes = out.finish();
  return {bytes.begin(), bytes.end()};
}

template <class T>
std::optional<T> decoded(const std::vector<std::byte>& bytes) {
  message_reader in(bytes);
  message_view message;
  require(in.next(message), "what is encoded is a message");
  return T::decode(message);
}

template <class T>
std::optional<T> round_trip(const message_view& message) {
  auto first = T::decode(message);
  if (!first) return std::nullopt;
  const std::vector<std::byte> once = encoded(*first);
  if (once.empty()) return first;
  const auto second = decoded<T>(once);
  require(second.has_value(), "what is encoded can be decoded");
  require(encoded(*second) == once, "decode, encode, decode is the identity");
  require(same_state(*first, *first), "an object is as itself");
  return first;
}

template <class T>
void nest_round_trip(const raw_nest& kept) {
  const auto first = trivet::netlink::read_nest<T>(kept);
  if (!first) return;
  raw_nest once = trivet::netlink::keep_nest(*first);
  const auto second = trivet::netlink::read_nest<T>(once);
  require(second.has_value(), "a nest that is kept can be read");
  require(trivet::netlink::keep_nest(*second).data == once.data, "and is the same again");
}

void every_kind(const raw_nest& data) {
  nest_round_trip<rtnl::bridge>(data);
  nest_round_trip<rtnl::bridge_port>(data);
  nest_round_trip<rtnl::bond>(data);
  nest_round_trip<rtnl::bond_port>(data);
  nest_round_trip<rtnl::vxlan>(data);
  nest_round_trip<rtnl::geneve>(data);
  nest_round_trip<rtnl::vlan>(data);
  nest_round_trip<rtnl::macvlan>(data);
  nest_round_trip<rtnl::ipvlan>(data);
  nest_round_trip<rtnl::vrf>(data);
  nest_round_trip<rtnl::vrf_port>(data);
  nest_round_trip<rtnl::tun>(data);
  nest_round_trip<rtnl::xfrm_link>(data);
  nest_round_trip<rtnl::gre_tunnel>(data);
  nest_round_trip<rtnl::ip_tunnel>(data);
  nest_round_trip<rtnl::ip6_tunnel>(data);
  nest_round_trip<rtnl::vti_tunnel>(data);
  nest_round_trip<rtnl::link_families>(data);
}

void every_encapsulation(const raw_nest& data) {
  nest_round_trip<rtnl::mpls_encapsulation>(data);
  nest_round_trip<rtnl::ip_encapsulation>(data);
  nest_round_trip<rtnl::ip6_encapsulation>(data);
  nest_round_trip<rtnl::seg6_encapsulation>(data);
  nest_round_trip<rtnl::seg6_local>(data);
  if (const auto seg6 = trivet::netlink::read_nest<rtnl::seg6_encapsulation>(data)) {
    require(seg6->segments().size() <= 256, "there are as many segments as a byte can count");
  }
}

void take_link(const message_view& message) {
  const auto link = round_trip<rtnl::link>(message);
  if (!link) return;
  if (link->families) every_kind(*link->families);
  if (!link->info) return;
  if (link->info->data) every_kind(*link->info->data);
  if (link->info->slave_data) every_kind(*link->info->slave_data);
}

void take_route(const message_view& message) {
  const auto route = round_trip<rtnl::route>(message);
  if (!route) return;
  if (route->encap) every_encapsulation(*route->encap);
  if (route->metrics) nest_round_trip<rtnl::route_metrics>(*route->metrics);
}

void take_nexthop(const message_view& message) {
  const auto nexthop = round_trip<rtnl::nexthop>(message);
  if (nexthop && nexthop->encap) every_encapsulation(*nexthop->encap);
}

void take(const message_view& message) {
  switch (message.type()) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return take_link(message);
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return (void)round_trip<rtnl::address>(message);
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return take_route(message);
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
      return (void)round_trip<rtnl::neighbour>(message);
    case RTM_NEWRULE:
    case RTM_DELRULE:
      return (void)round_trip<rtnl::rule>(message);
    case RTM_NEWNETCONF:
    case RTM_DELNETCONF:
      return (void)round_trip<rtnl::netconf>(message);
    case RTM_NEWNSID:
    case RTM_DELNSID:
      return (void)round_trip<rtnl::namespace_id>(message);
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
      return take_nexthop(message);
    case RTM_NEWNEXTHOPBUCKET:
      return (void)round_trip<rtnl::nexthop_bucket>(message);
    default:
      return;
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const const_bytes bytes = std::as_bytes(std::span(data, size));
  message_reader in(bytes);
  std::size_t total = 0;
  for (message_view message; in.next(message);) {
    total += sizeof(::nlmsghdr) + message.payload.size();
    require(total <= size, "messages lie inside the datagram");
    take(message);
  }
  return 0;
}
