#include <fmt/core.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_iptunnel.h>
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

/// Keys that clash with those of the route itself: see docs/netlink.md.
struct clashing_keys {
  std::string_view destination;
  std::string_view table;
};
constexpr clashing_keys plain_keys = {"dst", "table"};
constexpr clashing_keys route_keys = {"encap_dst", "encap_table"};

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
  put(out, "id", "id ", encap->id);
  put(out, "src", "src ", encap->source);
  put(out, keys.destination, "dst ", encap->destination);
  put(out, "ttl", "ttl ", encap->ttl);
  put(out, "tos", "tos ", encap->tos);
  put_flags(out, encap->flags);
}

void put_ip6(show_writer& out, const clashing_keys& keys, const_bytes data) {
  const auto encap = read<netlink::rtnl::ip6_encapsulation>(data);
  if (!encap) return;
  put(out, "id", "id ", encap->id);
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

void put_seg6(show_writer& out, const_bytes data) {
  const auto encap = read<netlink::rtnl::seg6_encapsulation>(data);
  if (!encap || !encap->mode()) return;
  const auto mode = static_cast<std::size_t>(*encap->mode());
  out.string("mode", "mode ", name_in(seg6_mode_names(), mode, "<unknown>"));
  put_segments(out, encap->segments());
}

void put_seg6_local(drawing& d, const clashing_keys& keys, const_bytes data) {
  const auto local = read<netlink::rtnl::seg6_local>(data);
  if (!local || !local->action) return;
  show_writer& out = d.out;
  out.string("action", "action ", name_in(seg6_action_names(), *local->action, "<invalid>"));
  if (local->header) {
    out.open("srh");
    put_segments(out, netlink::rtnl::segments_of(*local->header));
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
}

}  // namespace

void show_encapsulation(drawing& d, encapsulation_of whose, std::uint16_t type, const_bytes data) {
  const clashing_keys& keys = whose == encapsulation_of::route ? route_keys : plain_keys;
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
