#include "trivet/netlink/route/encapsulation.h"

#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>
#include <linux/seg6.h>
#include <linux/seg6_hmac.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <sys/socket.h>

#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<mpls_encapsulation> mpls_rules[] = {
    rule<&mpls_encapsulation::destination>(MPLS_IPTUNNEL_DST, "dst"),
    rule<&mpls_encapsulation::ttl>(MPLS_IPTUNNEL_TTL, "ttl"),
};
constexpr attribute_policy<mpls_encapsulation> mpls_policy(mpls_rules, "MPLS_IPTUNNEL_");

constexpr attribute_rule<ip_encapsulation> ip_rules[] = {
    rule<&ip_encapsulation::id, big_endian_number>(LWTUNNEL_IP_ID, "id"),
    rule<&ip_encapsulation::destination, address_by_length>(LWTUNNEL_IP_DST, "dst"),
    rule<&ip_encapsulation::source, address_by_length>(LWTUNNEL_IP_SRC, "src"),
    rule<&ip_encapsulation::ttl>(LWTUNNEL_IP_TTL, "ttl"),
    rule<&ip_encapsulation::tos>(LWTUNNEL_IP_TOS, "tos"),
    rule<&ip_encapsulation::flags, big_endian_number>(LWTUNNEL_IP_FLAGS, "flags"),
};
constexpr attribute_policy<ip_encapsulation> ip_policy(ip_rules, "LWTUNNEL_IP_");

constexpr attribute_rule<ip6_encapsulation> ip6_rules[] = {
    rule<&ip6_encapsulation::id, big_endian_number>(LWTUNNEL_IP6_ID, "id"),
    rule<&ip6_encapsulation::destination, address_by_length>(LWTUNNEL_IP6_DST, "dst"),
    rule<&ip6_encapsulation::source, address_by_length>(LWTUNNEL_IP6_SRC, "src"),
    rule<&ip6_encapsulation::hop_limit>(LWTUNNEL_IP6_HOPLIMIT, "hoplimit"),
    rule<&ip6_encapsulation::traffic_class>(LWTUNNEL_IP6_TC, "tc"),
    rule<&ip6_encapsulation::flags, big_endian_number>(LWTUNNEL_IP6_FLAGS, "flags"),
};
constexpr attribute_policy<ip6_encapsulation> ip6_policy(ip6_rules, "LWTUNNEL_IP6_");

constexpr attribute_rule<seg6_encapsulation> seg6_rules[] = {
    rule<&seg6_encapsulation::header>(SEG6_IPTUNNEL_SRH, "srh"),
};
constexpr attribute_policy<seg6_encapsulation> seg6_policy(seg6_rules, "SEG6_IPTUNNEL_");

constexpr attribute_rule<seg6_flavors> flavor_rules[] = {
    rule<&seg6_flavors::operations>(SEG6_LOCAL_FLV_OPERATION, "operation"),
    rule<&seg6_flavors::block_bits>(SEG6_LOCAL_FLV_LCBLOCK_BITS, "lcblock-bits"),
    rule<&seg6_flavors::node_function_bits>(SEG6_LOCAL_FLV_LCNODE_FN_BITS, "lcnode-fn-bits"),
};
constexpr attribute_policy<seg6_flavors> flavor_policy(flavor_rules, "SEG6_LOCAL_FLV_");

constexpr attribute_rule<seg6_counters> counter_rules[] = {
    named<seg6_counters>(SEG6_LOCAL_CNT_PAD, "pad", form::bytes),
    rule<&seg6_counters::packets>(SEG6_LOCAL_CNT_PACKETS, "packets"),
    rule<&seg6_counters::bytes>(SEG6_LOCAL_CNT_BYTES, "bytes"),
    rule<&seg6_counters::errors>(SEG6_LOCAL_CNT_ERRORS, "errors"),
};
constexpr attribute_policy<seg6_counters> counter_policy(counter_rules, "SEG6_LOCAL_CNT_");

constexpr attribute_rule<seg6_local> local_rules[] = {
    rule<&seg6_local::action>(SEG6_LOCAL_ACTION, "action")
        .as(form::number_of(values::local_actions)),
    rule<&seg6_local::header>(SEG6_LOCAL_SRH, "srh"),
    rule<&seg6_local::table>(SEG6_LOCAL_TABLE, "table"),
    rule<&seg6_local::next_hop4, address_by_length>(SEG6_LOCAL_NH4, "nh4"),
    rule<&seg6_local::next_hop6, address_by_length>(SEG6_LOCAL_NH6, "nh6"),
    rule<&seg6_local::input>(SEG6_LOCAL_IIF, "iif"),
    rule<&seg6_local::output>(SEG6_LOCAL_OIF, "oif"),
    rule<&seg6_local::vrf_table>(SEG6_LOCAL_VRFTABLE, "vrftable"),
    rule<&seg6_local::counters>(SEG6_LOCAL_COUNTERS, "counters", weight::detail),
    rule<&seg6_local::flavors>(SEG6_LOCAL_FLAVORS, "flavors"),
};
constexpr attribute_policy<seg6_local> local_policy(local_rules, "SEG6_LOCAL_");

constexpr attribute_rule<route_metrics> metric_rules[] = {
    rule<&route_metrics::lock>(RTAX_LOCK, "lock"),
    rule<&route_metrics::mtu>(RTAX_MTU, "mtu"),
    rule<&route_metrics::window>(RTAX_WINDOW, "window"),
    rule<&route_metrics::rtt>(RTAX_RTT, "rtt"),
    rule<&route_metrics::rtt_variance>(RTAX_RTTVAR, "rttvar"),
    rule<&route_metrics::slow_start>(RTAX_SSTHRESH, "ssthresh"),
    rule<&route_metrics::congestion_window>(RTAX_CWND, "cwnd"),
    rule<&route_metrics::advertised_mss>(RTAX_ADVMSS, "advmss"),
    rule<&route_metrics::reordering>(RTAX_REORDERING, "reordering"),
    rule<&route_metrics::hop_limit>(RTAX_HOPLIMIT, "hoplimit"),
    rule<&route_metrics::initial_window>(RTAX_INITCWND, "initcwnd"),
    rule<&route_metrics::features>(RTAX_FEATURES, "features"),
    rule<&route_metrics::minimum_timeout>(RTAX_RTO_MIN, "rto-min"),
    rule<&route_metrics::initial_receive_window>(RTAX_INITRWND, "initrwnd"),
    rule<&route_metrics::quick_ack>(RTAX_QUICKACK, "quickack"),
    rule<&route_metrics::congestion_control>(RTAX_CC_ALGO, "cc-algo"),
    rule<&route_metrics::no_cookie>(RTAX_FASTOPEN_NO_COOKIE, "fastopen-no-cookie"),
};
constexpr attribute_policy<route_metrics> metric_policy(metric_rules, "RTAX_");

constexpr std::size_t segment_size = 16;
constexpr std::size_t fixed_size = 8;  // of struct ipv6_sr_hdr, before the segments
constexpr std::size_t length_at = 1;   // of what is behind the first eight bytes, in as many
constexpr std::size_t flags_at = 5;
constexpr std::size_t last_entry = 4;  // where it says how many segments there are, less one

}  // namespace

const attribute_policy<mpls_encapsulation>& mpls_encapsulation::policy() { return mpls_policy; }
const attribute_policy<ip_encapsulation>& ip_encapsulation::policy() { return ip_policy; }
const attribute_policy<ip6_encapsulation>& ip6_encapsulation::policy() { return ip6_policy; }
const attribute_policy<seg6_encapsulation>& seg6_encapsulation::policy() { return seg6_policy; }
const attribute_policy<seg6_flavors>& seg6_flavors::policy() { return flavor_policy; }
const attribute_policy<seg6_counters>& seg6_counters::policy() { return counter_policy; }
const attribute_policy<seg6_local>& seg6_local::policy() { return local_policy; }
const attribute_policy<route_metrics>& route_metrics::policy() { return metric_policy; }

bool same_encapsulation(std::uint16_t type, const raw_nest& a, const raw_nest& b) {
  if (a == b) return true;
  if (type != LWTUNNEL_ENCAP_SEG6_LOCAL) return false;
  const auto before = read_nest<seg6_local>(a);
  const auto after = read_nest<seg6_local>(b);
  return before && after && before->counters.has_value() == after->counters.has_value() &&
         before->others == after->others && local_policy.same_state(*before, *after);
}

std::vector<network_address> segments_of(const_bytes header) {
  std::vector<network_address> list;
  if (header.size() < fixed_size) return list;
  const std::size_t count = std::to_integer<std::size_t>(header[last_entry]) + 1;
  const const_bytes segments = header.subspan(fixed_size);
  // They stand in reverse.
  for (std::size_t i = count; i-- > 0;) {
    if ((i + 1) * segment_size > segments.size()) continue;
    list.push_back({AF_INET6, short_bytes(segments.subspan(i * segment_size, segment_size))});
  }
  return list;
}

std::optional<std::uint32_t> hmac_key_of(const_bytes header) {
  if (header.size() < fixed_size || (header[flags_at] & std::byte{SR6_FLAG1_HMAC}) == std::byte{}) {
    return std::nullopt;
  }
  // It is the last of what stands behind the segments.
  const std::size_t whole = (std::to_integer<std::size_t>(header[length_at]) + 1) * 8;
  if (whole > header.size() || whole < fixed_size + sizeof(::sr6_tlv_hmac)) return std::nullopt;
  const auto signature =
      load_padded<::sr6_tlv_hmac>(header.first(whole).last(sizeof(::sr6_tlv_hmac)));
  return big_endian(signature.hmackeyid);
}

std::optional<int> seg6_encapsulation::mode() const {
  if (!header || header->size() < sizeof(int)) return std::nullopt;
  return load_padded<int>(*header);
}

std::vector<network_address> seg6_encapsulation::segments() const {
  if (!header || header->size() < sizeof(int)) return {};
  return segments_of(const_bytes(*header).subspan(sizeof(int)));
}

}  // namespace trivet::netlink::rtnl
