#include <fmt/format.h>
#include <linux/icmpv6.h>
#include <linux/lwtunnel.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "tools/trivet/netlink_objects.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

using netlink::attribute;
using netlink::attribute_reader;
using netlink::rtnl::network_address;
using netlink::rtnl::next_hop;
using netlink::rtnl::route;

struct flag_name {
  std::uint32_t flag;
  std::string_view name;
};

constexpr flag_name flag_names[] = {
    {RTNH_F_DEAD, "dead"},
    {RTNH_F_ONLINK, "onlink"},
    {RTNH_F_PERVASIVE, "pervasive"},
    {RTNH_F_OFFLOAD, "offload"},
    {RTNH_F_TRAP, "trap"},
    {RTM_F_NOTIFY, "notify"},
    {RTNH_F_LINKDOWN, "linkdown"},
    {RTNH_F_UNRESOLVED, "unresolved"},
    {RTM_F_OFFLOAD, "rt_offload"},
    {RTM_F_TRAP, "rt_trap"},
    {RTM_F_OFFLOAD_FAILED, "rt_offload_failed"},
};

constexpr std::string_view metric_names[] = {
    "",         "lock",    "mtu",      "window",     "rtt",      "rttvar",
    "ssthresh", "cwnd",    "advmss",   "reordering", "hoplimit", "initcwnd",
    "features", "rto_min", "initrwnd", "quickack",   "congctl",  "fastopen_no_cookie"};
static_assert(std::size(metric_names) == RTAX_MAX + 1);

constexpr std::string_view encap_names[] = {"none", "mpls",      "ip",  "ila",   "ip6", "seg6",
                                            "bpf",  "seg6local", "rpl", "ioam6", "xfrm"};

document::array flag_array(std::uint32_t flags) {
  document::array list;
  for (const std::string_view word : route_flag_words(flags)) list.emplace_back(word);
  return list;
}

/// "default", "10.0.0.0/24", a host without its length.
std::string prefix(const std::optional<network_address>& address, int length) {
  if (!address) return length == 0 ? "default" : fmt::format("0/{} ", length);
  const int host = netlink::rtnl::host_bits(address->family);
  if (length == host) return address->to_string();
  return fmt::format("{}/{}", address->to_string(), length);
}

std::string realm(std::uint32_t number, const naming& names) { return names.system.realms(number); }

document::object flow_document(std::uint32_t flow, const naming& names) {
  document::object object;
  if (flow >> 16 != 0) put(object, "from", realm(flow >> 16, names));
  put(object, "to", realm(flow & 0xffff, names));
  return object;
}

document::object via_document(const network_address& via) {
  document::object object;
  put(object, "family", family_name(via.family));
  put(object, "host", via.to_string());
  return object;
}

/// The RTAX_ values that are set, by name.
document::object metrics_document(const std::vector<std::byte>& data) {
  document::object object;
  attribute_reader in(data);
  for (attribute a; in.next(a);) {
    if (a.type < RTAX_MTU || a.type > RTAX_MAX) continue;
    const std::string name(metric_names[a.type]);
    if (a.type == RTAX_CC_ALGO) {
      put(object, "congestion", a.text());
      continue;
    }
    const auto value = a.number<std::uint32_t>();
    if (!value || (a.type == RTAX_HOPLIMIT && *value == ~0U)) continue;
    if (a.type == RTAX_FEATURES) {
      if ((*value & RTAX_FEATURE_ECN) != 0) put(object, "ecn", document());
      if ((*value & ~std::uint32_t{RTAX_FEATURE_ECN}) != 0) {
        put(object, "features", fmt::format("{:#x}", *value));
      }
      continue;
    }
    // The kernel keeps smoothed values with fractions of 1/8 and 1/4 ms. Source: tcp_input.c
    const std::uint32_t unit = a.type == RTAX_RTT ? 8 : a.type == RTAX_RTTVAR ? 4 : 1;
    put(object, name, *value / unit);
  }
  return object;
}

document::object hop_document(const next_hop& hop, const naming& names) {
  document::object object;
  if (hop.encap_type) put(object, "encap", encapsulation_name(*hop.encap_type));
  if (hop.new_destination) put(object, "to", hop.new_destination->to_string());
  if (hop.gateway) put(object, "gateway", hop.gateway->to_string());
  if (hop.via) put(object, "via", via_document(*hop.via));
  if (hop.flow) put(object, "flow", flow_document(*hop.flow, names));
  put(object, "dev", names.link(hop.index));
  if (hop.family != AF_MPLS) put(object, "weight", hop.weight());
  put(object, "flags", flag_array(hop.flags));
  return object;
}

std::string hop_text(const next_hop& hop, const naming& names, const palette& paint) {
  std::string text = " nexthop";
  if (hop.encap_type) text += " encap " + encapsulation_name(*hop.encap_type);
  if (hop.new_destination) text += " as to " + hop.new_destination->to_string();
  if (hop.gateway) text += " via " + paint(ink::address, hop.gateway->to_string());
  if (hop.via) {
    text += fmt::format(" via {} {}", family_name(hop.via->family), hop.via->to_string());
  }
  text += " dev " + paint(ink::name, printable(names.link(hop.index)));
  if (hop.family != AF_MPLS) text += fmt::format(" weight {}", hop.weight());
  for (const std::string_view word : route_flag_words(hop.flags)) text += fmt::format(" {}", word);
  return text;
}

/// Puts the hops in the place of everything that is said of one or of several.
void gather_hops(document::object& object, const route& r, const naming& names) {
  std::erase_if(object, [](const document::member& m) {
    return m.first == "gateway" || m.first == "via" || m.first == "dev" || m.first == "nexthops";
  });
  const palette plain(false);
  document::array hops;
  for (const next_hop& hop : r.hops()) {
    // An array around the text, so that it is listed and not taken for a set of words.
    hops.emplace_back(document::array{
        document(hop_text(hop, names, plain).substr(std::string_view(" nexthop ").size()))});
  }
  put(object, "hops", std::move(hops));
}

/// Seconds until the route goes, or nothing.
std::optional<std::int64_t> expires(const route& r) {
  if (!r.cache || r.cache->rta_expires == 0) return std::nullopt;
  static const long ticks = ::sysconf(_SC_CLK_TCK);
  return static_cast<std::int32_t>(r.cache->rta_expires) / ticks;
}

bool is_ip(const route& r) { return r.family == AF_INET || r.family == AF_INET6; }

void put_places(document::object& object, const route& r, const naming& names) {
  if (r.type != RTN_UNICAST) put(object, "type", netlink::rtnl::route_type_name(r.type));
  put(object, "dst", prefix(r.destination, r.destination_length));
  if (r.source) {
    put(object, "from", prefix(r.source, r.source_length));
  } else if (r.source_length != 0) {
    put(object, "src", fmt::format("0/{}", r.source_length));
  }
  put(object, "nhid", r.next_hop_id);
  if (r.new_destination) put(object, "to", r.new_destination->to_string());
  if (r.encap_type) put(object, "encap", encapsulation_name(*r.encap_type));
  if (r.tos != 0) put(object, "tos", names.system.tos_name(r.tos));
  if (r.gateway) put(object, "gateway", r.gateway->to_string());
  if (r.via) put(object, "via", via_document(*r.via));
  if (r.output) put(object, "dev", names.link(*r.output));
  if (r.table != 0 && r.table != RT_TABLE_MAIN) put(object, "table", names.system.tables(r.table));
}

std::string metrics_text(const route& r) {
  if (!r.metrics) return "";
  const std::string text = document(metrics_document(r.metrics->data)).text();
  return text.empty() ? "" : " " + text;
}

std::string gateway_text(const route& r, const palette& paint) {
  if (r.gateway) return " via " + paint(ink::address, r.gateway->to_string());
  if (!r.via) return "";
  return fmt::format(" via {} {}", family_name(r.via->family), r.via->to_string());
}

}  // namespace

std::string encapsulation_name(std::uint16_t type) {
  return type < std::size(encap_names) ? std::string(encap_names[type]) : std::to_string(type);
}

std::string family_name(int family) {
  switch (family) {
    case AF_INET:
      return "inet";
    case AF_INET6:
      return "inet6";
    case AF_MPLS:
      return "mpls";
    case AF_PACKET:
      return "link";
    default:
      return std::to_string(family);
  }
}

std::vector<std::string_view> route_flag_words(std::uint32_t flags) {
  std::vector<std::string_view> words;
  for (const auto& [flag, name] : flag_names) {
    if ((flags & flag) != 0) words.push_back(name);
  }
  return words;
}

std::string router_preference_name(std::uint8_t preference) {
  switch (preference) {
    case ICMPV6_ROUTER_PREF_LOW:
      return "low";
    case ICMPV6_ROUTER_PREF_MEDIUM:
      return "medium";
    case ICMPV6_ROUTER_PREF_HIGH:
      return "high";
    default:
      return std::to_string(preference);
  }
}

document::object to_document(const route& r, const naming& names) {
  document::object object;
  put_places(object, r, names);
  if (r.protocol != RTPROT_BOOT) put(object, "protocol", names.system.protocols(r.protocol));
  if (r.scope != RT_SCOPE_UNIVERSE) put(object, "scope", names.system.scopes(r.scope));
  if (r.preferred_source) put(object, "prefsrc", r.preferred_source->to_string());
  put(object, "metric", r.metric);
  put(object, "flags", flag_array(r.flags));
  if (r.mark.value_or(0) != 0) put(object, "mark", r.mark);
  if (r.flow) put(object, "flow", flow_document(*r.flow, names));
  put(object, "uid", r.uid);
  put(object, "expires", expires(r));
  if (is_ip(r) && r.cache && r.cache->rta_error != 0) put(object, "error", r.cache->rta_error);
  if (r.metrics) {
    put(object, "metrics", document::array{document(metrics_document(r.metrics->data))});
  }
  if (r.input) put(object, "iif", names.link(*r.input));
  if (r.preference) put(object, "pref", router_preference_name(*r.preference));
  // The key is spelt as iproute2 spells it.
  if (r.ttl_propagate) put(object, "ttl-propogate", *r.ttl_propagate != 0);
  if (r.next_hops) {
    document::array hops;
    for (const next_hop& hop : r.next_hops->hops) hops.emplace_back(hop_document(hop, names));
    put(object, "nexthops", std::move(hops));
  }
  return object;
}

std::vector<document_change> text_changes(const route& before, const route& after,
                                          const naming& names) {
  document::object former = to_document(before, names);
  document::object present = to_document(after, names);
  if (before.next_hops || after.next_hops) {
    gather_hops(former, before, names);
    gather_hops(present, after, names);
  }
  return changes_between(former, present);
}

std::string title(const route& r, const naming& names, const palette& paint) {
  std::string text;
  if (r.type != RTN_UNICAST) text += netlink::rtnl::route_type_name(r.type) + " ";
  const std::string destination = prefix(r.destination, r.destination_length);
  // Nothing else tells which family's default it is.
  text += paint(ink::address,
                destination == "default" && r.family == AF_INET6 ? "default (inet6)" : destination);
  if (r.source_length != 0) text += " from " + prefix(r.source, r.source_length);
  if (r.tos != 0) text += " tos " + names.system.tos_name(r.tos);
  if (r.table != 0 && r.table != RT_TABLE_MAIN) {
    text += " table " + printable(names.system.tables(r.table));
  }
  if (r.metric) text += fmt::format(" metric {}", *r.metric);
  return text;
}

std::string to_text(const route& r, const naming& names, const palette& paint) {
  std::string text;
  if (r.type != RTN_UNICAST) text += netlink::rtnl::route_type_name(r.type) + " ";
  text += paint(ink::address, prefix(r.destination, r.destination_length));
  if (r.source_length != 0) text += " from " + prefix(r.source, r.source_length);
  if (r.next_hop_id) text += fmt::format(" nhid {}", *r.next_hop_id);
  if (r.new_destination) text += " as to " + r.new_destination->to_string();
  if (r.encap_type) text += " encap " + encapsulation_name(*r.encap_type);
  if (r.tos != 0) text += " tos " + names.system.tos_name(r.tos);
  text += gateway_text(r, paint);
  if (r.output) text += " dev " + paint(ink::name, printable(names.link(*r.output)));
  if (r.table != 0 && r.table != RT_TABLE_MAIN) {
    text += " table " + printable(names.system.tables(r.table));
  }
  if (r.protocol != RTPROT_BOOT) text += " proto " + names.system.protocols(r.protocol);
  if (r.scope != RT_SCOPE_UNIVERSE) text += " scope " + names.system.scopes(r.scope);
  if (r.preferred_source) text += " src " + r.preferred_source->to_string();
  if (r.metric) text += fmt::format(" metric {}", *r.metric);
  for (const std::string_view word : route_flag_words(r.flags)) text += fmt::format(" {}", word);
  if (r.flow) text += " realms " + document(flow_document(*r.flow, names)).text();
  if (const auto seconds = expires(r)) text += fmt::format(" expires {}sec", *seconds);
  if (is_ip(r) && r.cache && r.cache->rta_error != 0) {
    text += fmt::format(" error {}", r.cache->rta_error);
  }
  text += metrics_text(r);
  if (r.preference) text += " pref " + router_preference_name(*r.preference);
  if (r.next_hops) {
    for (const next_hop& hop : r.next_hops->hops) text += hop_text(hop, names, paint);
  }
  return text;
}

}  // namespace trivet::tool
