#include <fmt/core.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <sys/socket.h>

#include <span>

#include "tools/trivet/netlink_show_route.h"
#include "tools/trivet/netlink_words.h"
#include "trivet/netlink/route/encapsulation.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::network_address;

// Of linux/if_tunnel.h, where they are in network byte order.
constexpr std::uint16_t flag_checksum = 0x01;
constexpr std::uint16_t flag_key = 0x04;
constexpr std::uint16_t flag_sequence = 0x08;

// By SEG6_LOCAL_FLV_OP_
constexpr std::string_view flavor_names[] = {"", "psp", "usp", "usd", "next-csid"};

std::string_view name_in(std::span<const std::string_view> names, std::size_t number,
                         std::string_view otherwise) {
  return number < names.size() ? names[number] : otherwise;
}

template <class T>
std::optional<T> read(const_bytes data) {
  T nest{};
  if (!T::policy().decode(data, nest)) return std::nullopt;
  return nest;
}

void put(show_writer& out, std::string_view key, std::string_view before,
         const std::optional<network_address>& address) {
  if (address) out.painted(ink::address, key, before, address->to_string());
}

template <class T>
void put(show_writer& out, std::string_view key, std::string_view before,
         const std::optional<T>& number) {
  if (number) out.number(key, before, *number);
}

void put_flags(show_writer& out, const std::optional<std::uint16_t>& flags) {
  const std::uint16_t set = flags.value_or(0);
  out.yes("key", "key ", (set & flag_key) != 0);
  out.yes("csum", "csum ", (set & flag_checksum) != 0);
  out.yes("seq", "seq ", (set & flag_sequence) != 0);
}

/// Keys that clash with those of what has the encapsulation: see docs/netlink.md.
struct clashing_keys {
  std::string_view destination = "dst";
  std::string_view table = "table";
  std::string_view tos = "tos";
  std::string_view id = "id";
};
constexpr clashing_keys route_keys = {
    .destination = "encap_dst", .table = "encap_table", .tos = "encap_tos"};
constexpr clashing_keys hop_keys;
constexpr clashing_keys nexthop_keys = {.id = "encap_id"};

const clashing_keys& keys_of(encapsulation_of whose) {
  switch (whose) {
    case encapsulation_of::route:
      return route_keys;
    case encapsulation_of::nexthop:
      return nexthop_keys;
    case encapsulation_of::hop:
      break;
  }
  return hop_keys;
}

void put_mpls(show_writer& out, const clashing_keys& keys, const_bytes data) {
  const auto encap = read<netlink::rtnl::mpls_encapsulation>(data);
  if (!encap) return;
  if (encap->destination) {
    out.painted(ink::address, keys.destination, " ", encap->destination->to_string());
  }
  put(out, "ttl", "ttl ", encap->ttl);
}

void put_ip(show_writer& out, const clashing_keys& keys, const_bytes data) {
  const auto encap = read<netlink::rtnl::ip_encapsulation>(data);
  if (!encap) return;
  put(out, keys.id, "id ", encap->id);
  put(out, "src", "src ", encap->source);
  put(out, keys.destination, "dst ", encap->destination);
  put(out, "ttl", "ttl ", encap->ttl);
  put(out, keys.tos, "tos ", encap->tos);
  put_flags(out, encap->flags);
}

void put_ip6(show_writer& out, const clashing_keys& keys, const_bytes data) {
  const auto encap = read<netlink::rtnl::ip6_encapsulation>(data);
  if (!encap) return;
  put(out, keys.id, "id ", encap->id);
  put(out, "src", "src ", encap->source);
  put(out, keys.destination, "dst ", encap->destination);
  put(out, "hoplimit", "hoplimit ", encap->hop_limit);
  put(out, "tc", "tc ", encap->traffic_class);
  put_flags(out, encap->flags);
}

void put_segments(show_writer& out, const std::vector<network_address>& segments) {
  out.open_list("segs");
  out.text(fmt::format("segs {} [ ", segments.size()));
  for (const network_address& segment : segments) {
    out.painted(ink::address, "", "", segment.to_string());
  }
  out.text("] ");
  out.close_list();
}

void put_header(show_writer& out, const_bytes header) {
  put_segments(out, netlink::rtnl::segments_of(header));
  const auto key = netlink::rtnl::hmac_key_of(header);
  if (!key) return;
  out.literal("hmac", fmt::format("\"0x{:x}\"", *key));
  out.text(fmt::format("hmac {:X} ", *key));
}

void put_flavors(show_writer& out, const netlink::rtnl::seg6_flavors& flavors) {
  if (!flavors.operations) return;
  out.open_list("flavors");
  std::string text;
  for (std::size_t bit = 0; bit < std::size(flavor_names); ++bit) {
    if ((*flavors.operations >> bit & 1U) == 0 || flavor_names[bit].empty()) continue;
    out.literal("", fmt::format("\"{}\"", flavor_names[bit]));
    text += (text.empty() ? "" : ",") + std::string(flavor_names[bit]);
  }
  out.close_list();
  out.text(fmt::format("flavors {} ", text));
  if ((*flavors.operations >> SEG6_LOCAL_FLV_OP_NEXT_CSID & 1U) == 0) return;
  put(out, "lblen", "lblen ", flavors.block_bits);
  put(out, "nflen", "nflen ", flavors.node_function_bits);
}

void put_counters(show_writer& out, const netlink::rtnl::seg6_counters& counters) {
  out.open("stats64");
  put(out, "packets", "packets ", counters.packets);
  put(out, "bytes", "bytes ", counters.bytes);
  put(out, "errors", "errors ", counters.errors);
  out.close();
}

void put_seg6(show_writer& out, const_bytes data) {
  const auto encap = read<netlink::rtnl::seg6_encapsulation>(data);
  if (!encap || !encap->mode()) return;
  const auto mode = static_cast<std::size_t>(*encap->mode());
  out.string("mode", "mode ", name_in(seg6_mode_names(), mode, "<unknown>"));
  put_header(out, const_bytes(*encap->header).subspan(sizeof(int)));
}

void put_seg6_local(drawing& d, const clashing_keys& keys, const_bytes data) {
  const auto local = read<netlink::rtnl::seg6_local>(data);
  if (!local || !local->action) return;
  show_writer& out = d.out;
  out.string("action", "action ", name_in(seg6_action_names(), *local->action, "<invalid>"));
  if (local->header) {
    out.open("srh");
    put_header(out, *local->header);
    out.close();
  }
  if (local->table) out.string(keys.table, "table ", d.names.system.tables(*local->table));
  if (local->vrf_table) {
    out.string("vrftable", "vrftable ", d.names.system.tables(*local->vrf_table));
  }
  put(out, "nh4", "nh4 ", local->next_hop4);
  put(out, "nh6", "nh6 ", local->next_hop6);
  if (local->input) out.string("iif", "iif ", d.names.link(*local->input));
  if (local->output) out.string("oif", "oif ", d.names.link(*local->output));
  if (local->counters && d.options.statistics > 0) put_counters(out, *local->counters);
  if (local->flavors) put_flavors(out, *local->flavors);
}

}  // namespace

void show_encapsulation(drawing& d, encapsulation_of whose, std::uint16_t type, const_bytes data) {
  const clashing_keys& keys = keys_of(whose);
  d.out.string("encap", " encap ", encapsulation_name(type));
  switch (type) {
    case LWTUNNEL_ENCAP_MPLS:
      return put_mpls(d.out, keys, data);
    case LWTUNNEL_ENCAP_IP:
      return put_ip(d.out, keys, data);
    case LWTUNNEL_ENCAP_IP6:
      return put_ip6(d.out, keys, data);
    case LWTUNNEL_ENCAP_SEG6:
      return put_seg6(d.out, data);
    case LWTUNNEL_ENCAP_SEG6_LOCAL:
      return put_seg6_local(d, keys, data);
    default:
      return;
  }
}

}  // namespace trivet::tool
