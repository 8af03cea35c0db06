#include <arpa/inet.h>

#include "tools/trivet/netlink_show_kind.h"
#include "trivet/netlink/route/link_overlay.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::geneve;
using netlink::rtnl::network_address;
using netlink::rtnl::vxlan;

bool is_multicast(const network_address& address) {
  const auto first = std::to_integer<unsigned>(address.bytes()[0]);
  return address.family == AF_INET ? first >> 4 == 0xe : first == 0xff;
}

void put_far_end(drawing& d, const vxlan& v, const shown<vxlan>& /*row*/) {
  const auto& address = v.group ? v.group : v.group6;
  if (!address || address->is_zero()) return;
  const bool group = is_multicast(*address);
  const std::string key = std::string(group ? "group" : "remote") + (v.group ? "" : "6");
  d.out.string(key, group ? "group " : "remote ", address->to_string());
}

void put_local(drawing& d, const vxlan& v, const shown<vxlan>& /*row*/) {
  const auto& address = v.local ? v.local : v.local6;
  if (!address || address->is_zero()) return;
  d.out.string(v.local ? "local" : "local6", "local ", address->to_string());
}

void put_ports(drawing& d, const vxlan& v, const shown<vxlan>& /*row*/) {
  if (!v.ports) return;
  d.out.open("port_range");
  d.out.number("low", "srcport ", ntohs(v.ports->low));
  d.out.number("high", "", ntohs(v.ports->high));
  d.out.close();
}

void put_learning(drawing& d, const vxlan& v, const shown<vxlan>& /*row*/) {
  if (!v.learning) return;
  d.out.member("learning", *v.learning != 0);
  if (*v.learning == 0) d.out.text("nolearning ");
}

template <class S>
void put_tos(drawing& d, const S& from, const shown<S>& /*row*/) {
  const unsigned tos = from.tos.value_or(0);
  if (tos == 0) return;
  if (tos == 1 && !d.out.json()) return d.out.text("tos inherit ");
  d.out.hexadecimal("tos", "tos ", tos);
}

template <class S>
void put_ttl(drawing& d, const S& from, const shown<S>& /*row*/) {
  if (from.ttl_inherit.value_or(0) != 0) return d.out.text("ttl inherit ");
  if (!from.ttl) return;
  if (*from.ttl == 0 && !d.out.json()) return d.out.text("ttl auto ");
  d.out.number("ttl", "ttl ", *from.ttl);
}

template <class S>
void put_df(drawing& d, const S& from, const shown<S>& /*row*/) {
  if (!from.df) return;
  constexpr std::string_view words[] = {"unset", "set", "inherit"};
  if (*from.df >= std::size(words)) return;
  d.out.member("df", words[*from.df]);
  if (*from.df != 0) d.out.text(fmt::format("df {} ", words[*from.df]));
}

void put_ageing(drawing& d, const vxlan& v, const shown<vxlan>& /*row*/) {
  if (!v.ageing) return;
  d.out.member("ageing", *v.ageing);
  d.out.text(*v.ageing == 0 ? "ageing none " : fmt::format("ageing {} ", *v.ageing));
}

constexpr shown<vxlan> vxlan_rows[] = {
    yes<&vxlan::external>("external"),
    yes<&vxlan::vni_filter>("vnifilter"),
    number<&vxlan::id>("id"),
    special(put_far_end),
    special(put_local),
    link_name<&vxlan::link>("link", "dev"),
    special(put_ports),
    number<&vxlan::port>("port", "dstport"),
    special(put_learning),
    yes<&vxlan::proxy>("proxy"),
    yes<&vxlan::route_short_circuit>("rsc"),
    yes<&vxlan::l2_miss>("l2miss"),
    yes<&vxlan::l3_miss>("l3miss"),
    special<vxlan>(put_tos),
    special<vxlan>(put_ttl),
    special<vxlan>(put_df),
    hexadecimal_if_any<&vxlan::label>("label", "flowlabel"),
    special(put_ageing),
    number_if_any<&vxlan::limit>("limit", "maxaddr"),
    yes_or_no<&vxlan::checksum>("udp_csum", "udpcsum"),
    yes_or_no<&vxlan::zero_checksum6_tx>("udp_zero_csum6_tx", "udp6zerocsumtx"),
    yes_or_no<&vxlan::zero_checksum6_rx>("udp_zero_csum6_rx", "udp6zerocsumrx"),
    yes<&vxlan::remote_checksum_tx>("remcsum_tx", "remcsumtx"),
    yes<&vxlan::remote_checksum_rx>("remcsum_rx", "remcsumrx"),
    yes<&vxlan::group_policy>("gbp"),
    yes<&vxlan::generic_protocol>("gpe"),
};

constexpr shown<geneve> geneve_rows[] = {
    yes<&geneve::external>("external"),
    number<&geneve::id>("id"),
    ip_address<&geneve::remote>("remote"),
    ip_address<&geneve::remote6>("remote6", "remote"),
    special<geneve>(put_ttl),
    special<geneve>(put_tos),
    special<geneve>(put_df),
    hexadecimal_if_any<&geneve::label>("label", "flowlabel"),
    number<&geneve::port>("port", "dstport"),
    yes_or_no<&geneve::checksum>("udp_csum", "udpcsum"),
    yes_or_no<&geneve::zero_checksum6_tx>("udp_zero_csum6_tx", "udp6zerocsumtx"),
    yes_or_no<&geneve::zero_checksum6_rx>("udp_zero_csum6_rx", "udp6zerocsumrx"),
    yes<&geneve::inherit_protocol>("inner_proto_inherit", "innerprotoinherit"),
};

}  // namespace

bool show_overlay_kind(drawing& d, const netlink::rtnl::link_info& info) {
  if (info.kind == "vxlan") {
    d.out.open("info_data");
    if (const auto v = info.data_as<vxlan>()) show_rows(d, *v, vxlan_rows);
  } else if (info.kind == "geneve") {
    d.out.open("info_data");
    if (const auto g = info.data_as<geneve>()) show_rows(d, *g, geneve_rows);
  } else {
    return false;
  }
  d.out.close();
  return true;
}

}  // namespace trivet::tool
