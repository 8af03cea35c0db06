#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tools/trivet/netlink_show_kind.h"
#include "trivet/netlink/route/link_tunnel.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::gre_tunnel;
using netlink::rtnl::ip6_tunnel;
using netlink::rtnl::ip_tunnel;
using netlink::rtnl::network_address;
using netlink::rtnl::vti_tunnel;

// Of linux/if_tunnel.h, where they are in network byte order.
constexpr unsigned gre_checksum = 0x8000;
constexpr unsigned gre_key = 0x2000;
constexpr unsigned gre_sequence = 0x1000;
constexpr unsigned sit_isatap = SIT_ISATAP;
constexpr std::uint32_t traffic_class_mask = 0x0ff00000;
constexpr std::uint32_t flow_label_mask = 0x000fffff;

void put_end(show_writer& out, std::string_view key, const std::optional<network_address>& end) {
  out.string(key, fmt::format("{} ", key), !end || end->is_zero() ? "any" : end->to_string());
}

void put_link(drawing& d, const std::optional<std::uint32_t>& link) {
  if (link.value_or(0) != 0) d.out.string("link", "dev ", d.names.link(*link));
}

template <class S>
void put_ends(drawing& d, const S& tunnel) {
  put_end(d.out, "remote", tunnel.remote);
  put_end(d.out, "local", tunnel.local);
  put_link(d, tunnel.link);
}

void put_ttl(show_writer& out, std::string_view word, const std::optional<std::uint8_t>& ttl) {
  const std::string before = fmt::format("{} ", word);
  if (ttl.value_or(0) == 0 && !out.json()) return out.text(before + "inherit ");
  out.number("ttl", before, ttl.value_or(0));
}

void put_tos(show_writer& out, const std::optional<std::uint8_t>& tos) {
  const unsigned value = tos.value_or(0);
  if (value == 0) return;
  if (value == 1 && !out.json()) return out.text("tos inherit ");
  out.hexadecimal("tos", "tos ", value);
}

void put_mark(show_writer& out, const std::optional<std::uint32_t>& mark) {
  if (mark.value_or(0) != 0) out.hexadecimal("fwmark", "fwmark ", *mark);
}

// "encap fou encap-sport auto encap-dport 5555 noencap-csum …"
template <class S>
void put_encap(show_writer& out, const S& tunnel) {
  const unsigned type = tunnel.encap_type.value_or(TUNNEL_ENCAP_NONE);
  if (type == TUNNEL_ENCAP_NONE) return;
  const unsigned source = tunnel.encap_source_port.value_or(0);
  const unsigned destination = tunnel.encap_destination_port.value_or(0);
  const unsigned flags = tunnel.encap_flags.value_or(0);
  out.open("encap");
  out.text("encap ");
  if (type == TUNNEL_ENCAP_FOU || type == TUNNEL_ENCAP_GUE) {
    out.string("type", "", type == TUNNEL_ENCAP_FOU ? "fou" : "gue");
  } else {
    out.null("type");
    out.text("unknown ");
  }
  out.member("sport", source);
  out.member("dport", destination);
  out.text(source == 0 ? "encap-sport auto " : fmt::format("encap-sport {} ", source));
  out.text(fmt::format("encap-dport {} ", destination));
  const auto put = [&](unsigned flag, std::string_view key) {
    const bool is = (flags & flag) != 0;
    out.member(key, is);
    out.text(fmt::format("{}encap-{} ", is ? "" : "no", key));
  };
  put(TUNNEL_ENCAP_FLAG_CSUM, "csum");
  put(TUNNEL_ENCAP_FLAG_CSUM6, "csum6");
  put(TUNNEL_ENCAP_FLAG_REMCSUM, "remcsum");
  out.close();
}

// What tunnels over IPv6 have in common, between their ends and their own.
template <class S>
void put_ipv6(show_writer& out, const S& tunnel) {
  const std::uint32_t flags = tunnel.flags.value_or(0);
  put_ttl(out, "hoplimit", tunnel.ttl);
  if ((flags & IP6_TNL_F_IGN_ENCAP_LIMIT) != 0) {
    out.yes("ip6_tnl_f_ign_encap_limit", "encaplimit none ");
  } else if (tunnel.encap_limit) {
    out.number("encap_limit", "encaplimit ", *tunnel.encap_limit);
  }
  if ((flags & IP6_TNL_F_USE_ORIG_TCLASS) != 0) {
    out.yes("ip6_tnl_f_use_orig_tclass", "tclass inherit ");
  } else if (tunnel.flow_info) {
    out.string("tclass", "tclass ",
               fmt::format("{:#04x}", (*tunnel.flow_info & traffic_class_mask) >> 20));
  }
  if ((flags & IP6_TNL_F_USE_ORIG_FLOWLABEL) != 0) {
    out.yes("ip6_tnl_f_use_orig_flowlabel", "flowlabel inherit ");
  } else if (tunnel.flow_info) {
    out.string("flowlabel", "flowlabel ",
               fmt::format("{:#07x}", *tunnel.flow_info & flow_label_mask));
  }
  out.yes("ip6_tnl_f_rcv_dscp_copy", "dscp inherit ", (flags & IP6_TNL_F_RCV_DSCP_COPY) != 0);
}

template <class S>
void put_ipv6_end(show_writer& out, const S& tunnel) {
  const std::uint32_t flags = tunnel.flags.value_or(0);
  out.yes("ip6_tnl_f_allow_local_remote", "allow-localremote ",
          (flags & IP6_TNL_F_ALLOW_LOCAL_REMOTE) != 0);
  if ((flags & IP6_TNL_F_USE_ORIG_FWMARK) != 0) {
    out.yes("ip6_tnl_f_use_orig_fwmark", "fwmark inherit ");
  } else {
    put_mark(out, tunnel.mark);
  }
}

void put_gre_flags(show_writer& out, const gre_tunnel& g) {
  const unsigned in = g.input_flags.value_or(0);
  const unsigned sent = g.output_flags.value_or(0);
  if ((in & gre_key) != 0 && g.input_key) out.string("ikey", "ikey ", g.input_key->to_string());
  if ((sent & gre_key) != 0 && g.output_key) out.string("okey", "okey ", g.output_key->to_string());
  out.yes("iseq", "iseq ", (in & gre_sequence) != 0);
  out.yes("oseq", "oseq ", (sent & gre_sequence) != 0);
  out.yes("icsum", "icsum ", (in & gre_checksum) != 0);
  out.yes("ocsum", "ocsum ", (sent & gre_checksum) != 0);
}

void put_erspan(show_writer& out, const gre_tunnel& g) {
  if (g.erspan_index) out.number("erspan_index", "erspan_index ", *g.erspan_index);
  if (g.erspan_version) out.number("erspan_ver", "erspan_ver ", *g.erspan_version);
  if (g.erspan_direction) {
    out.string("erspan_dir", "erspan_dir ", *g.erspan_direction == 0 ? "ingress" : "egress");
  }
  if (g.erspan_hardware) out.hexadecimal("erspan_hwid", "erspan_hwid ", *g.erspan_hardware);
}

void put_gre(drawing& d, const gre_tunnel& g, int family) {
  show_writer& out = d.out;
  out.yes("external", "external ", g.external);
  put_ends(d, g);
  if (family == AF_INET) {
    put_ttl(out, "ttl", g.ttl);
    put_tos(out, g.tos);
    if (g.path_mtu_discovery) {
      out.member("pmtudisc", *g.path_mtu_discovery != 0);
      if (*g.path_mtu_discovery == 0) out.text("nopmtudisc ");
    }
    out.yes("ignore_df", "ignore-df ", g.ignore_df.value_or(0) != 0);
    put_gre_flags(out, g);
    put_mark(out, g.mark);
  } else {
    put_ipv6(out, g);
    put_gre_flags(out, g);
    put_ipv6_end(out, g);
  }
  put_erspan(out, g);
  put_encap(out, g);
}

void put_protocol(show_writer& out, const std::optional<std::uint8_t>& protocol,
                  std::string_view of_ipv4, std::string_view of_ipv6) {
  if (!protocol) return;
  switch (*protocol) {
    case IPPROTO_IPIP:
      return out.string("proto", "", of_ipv4);
    case IPPROTO_IPV6:
      return out.string("proto", "", of_ipv6);
    case IPPROTO_MPLS:
      return out.string("proto", "", "mplsip");
    case 0:
      return out.string("proto", "", "any");
    default:
      return;
  }
}

void put_6rd(show_writer& out, const ip_tunnel& t) {
  if (t.prefix_length_6rd.value_or(0) == 0 || !t.prefix_6rd) return;
  out.string("prefix", "6rd-prefix ", t.prefix_6rd->to_string(), "");
  out.number("prefixlen", "/", *t.prefix_length_6rd);
  if (!t.relay_prefix_6rd || t.relay_prefix_6rd->is_zero()) return;
  out.string("relay_prefix", "6rd-relay_prefix ", t.relay_prefix_6rd->to_string(), "");
  out.number("relay_prefixlen", "/", t.relay_prefix_length_6rd.value_or(0));
}

void put_ip(drawing& d, const ip_tunnel& t) {
  show_writer& out = d.out;
  out.yes("external", "external ", t.external);
  put_protocol(out, t.protocol, "ipip", "ip6ip");
  put_ends(d, t);
  put_ttl(out, "ttl", t.ttl);
  put_tos(out, t.tos);
  const bool discovery = t.path_mtu_discovery.value_or(0) != 0;
  out.member("pmtudisc", discovery);
  out.text(discovery ? "pmtudisc " : "nopmtudisc ");
  out.yes("isatap", "isatap ", (t.flags.value_or(0) & sit_isatap) != 0);
  put_6rd(out, t);
  put_mark(out, t.mark);
  put_encap(out, t);
}

void put_ip6(drawing& d, const ip6_tunnel& t) {
  show_writer& out = d.out;
  out.yes("external", "external ", t.external);
  put_protocol(out, t.protocol, "ipip6", "ip6ip6");
  put_ends(d, t);
  put_ipv6(out, t);
  out.yes("ip6_tnl_f_mip6_dev", "mip6 ", (t.flags.value_or(0) & IP6_TNL_F_MIP6_DEV) != 0);
  put_ipv6_end(out, t);
  put_encap(out, t);
}

void put_vti(drawing& d, const vti_tunnel& t) {
  put_ends(d, t);
  const auto put = [&](std::string_view key, const std::optional<network_address>& value) {
    if (value && !value->is_zero()) d.out.string(key, fmt::format("{} ", key), value->to_string());
  };
  put("ikey", t.input_key);
  put("okey", t.output_key);
  put_mark(d.out, t.mark);
}

template <class S, class Put>
bool show(drawing& d, const netlink::rtnl::link_info& info, Put put) {
  d.out.open("info_data");
  if (const auto data = info.data_as<S>()) put(d, *data);
  d.out.close();
  return true;
}

}  // namespace

bool show_tunnel_kind(drawing& d, const netlink::rtnl::link_info& info) {
  const std::string& kind = *info.kind;
  if (kind == "gre" || kind == "gretap" || kind == "erspan") {
    return show<gre_tunnel>(d, info,
                            [](drawing& to, const gre_tunnel& g) { put_gre(to, g, AF_INET); });
  }
  if (kind == "ip6gre" || kind == "ip6gretap" || kind == "ip6erspan") {
    return show<gre_tunnel>(d, info,
                            [](drawing& to, const gre_tunnel& g) { put_gre(to, g, AF_INET6); });
  }
  if (kind == "ipip" || kind == "sit") return show<ip_tunnel>(d, info, put_ip);
  if (kind == "ip6tnl") return show<ip6_tunnel>(d, info, put_ip6);
  if (kind == "vti" || kind == "vti6") return show<vti_tunnel>(d, info, put_vti);
  return false;
}

}  // namespace trivet::tool
