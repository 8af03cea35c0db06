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

void put_far_end(show_session& s, const vxlan& v, const shown<vxlan>& /*row*/) {
  const auto& address = v.group ? v.group : v.group6;
  if (!address || address->is_zero()) return;
  const bool group = is_multicast(*address);
  const std::string key = std::string(group ? "group" : "remote") + (v.group ? "" : "6");
  s.out.string(key, group ? "group " : "remote ", address->to_string());
}

void put_local(show_session& s, const vxlan& v, const shown<vxlan>& /*row*/) {
  const auto& address = v.local ? v.local : v.local6;
  if (!address || address->is_zero()) return;
  s.out.string(v.local ? "local" : "local6", "local ", address->to_string());
}

void put_ports(show_session& s, const vxlan& v, const shown<vxlan>& /*row*/) {
  if (!v.ports) return;
  s.out.open("port_range");
  s.out.number("low", "srcport ", ntohs(v.ports->low));
  s.out.number("high", "", ntohs(v.ports->high));
  s.out.close();
}

void put_learning(show_session& s, const vxlan& v, const shown<vxlan>& /*row*/) {
  if (!v.learning) return;
  s.out.member("learning", *v.learning != 0);
  if (*v.learning == 0) s.out.text("nolearning ");
}

template <class S>
void put_tos(show_session& s, const S& from, const shown<S>& /*row*/) {
  const unsigned tos = from.tos.value_or(0);
  if (tos == 0) return;
  if (tos == 1 && !s.out.json()) return s.out.text("tos inherit ");
  s.out.hexadecimal("tos", "tos ", tos);
}

template <class S>
void put_ttl(show_session& s, const S& from, const shown<S>& /*row*/) {
  if (from.ttl_inherit.value_or(0) != 0) return s.out.text("ttl inherit ");
  if (!from.ttl) return;
  if (*from.ttl == 0 && !s.out.json()) return s.out.text("ttl auto ");
  s.out.number("ttl", "ttl ", *from.ttl);
}

template <class S>
void put_df(show_session& s, const S& from, const shown<S>& /*row*/) {
  if (!from.df) return;
  constexpr std::string_view words[] = {"unset", "set", "inherit"};
  if (*from.df >= std::size(words)) return;
  s.out.member("df", words[*from.df]);
  if (*from.df != 0) s.out.text(fmt::format("df {} ", words[*from.df]));
}

void put_ageing(show_session& s, const vxlan& v, const shown<vxlan>& /*row*/) {
  if (!v.ageing) return;
  s.out.member("ageing", *v.ageing);
  s.out.text(*v.ageing == 0 ? "ageing none " : fmt::format("ageing {} ", *v.ageing));
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

bool show_overlay_kind(show_session& session, const netlink::rtnl::link_info& info) {
  if (info.kind == "vxlan") {
    session.out.open("info_data");
    if (const auto v = info.data_as<vxlan>()) show_rows(session, *v, vxlan_rows);
  } else if (info.kind == "geneve") {
    session.out.open("info_data");
    if (const auto g = info.data_as<geneve>()) show_rows(session, *g, geneve_rows);
  } else {
    return false;
  }
  session.out.close();
  return true;
}

}  // namespace trivet::tool
