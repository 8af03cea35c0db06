#include "trivet/netlink/route/route.h"

#include <sys/socket.h>

#include <algorithm>
#include <limits>

#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink {

// RTA_VIA is struct rtvia: a family, then an address of that family.
struct via_codec {
  template <class S, std::optional<rtnl::network_address> S::*Member>
  static constexpr attribute_rule<S> rule() {
    return {RTA_VIA,
            "via",
            weight::state,
            [](const attribute& a, S& into) {
              byte_reader in(a.data);
              const auto family = in.read<::sa_family_t>();
              if (in.failed() || family > 0xff) return false;
              rtnl::network_address address;
              const attribute inner{RTA_VIA, false, false, in.rest()};
              if (!attribute_codec<rtnl::network_address>::decode(
                      inner, static_cast<std::uint8_t>(family), address)) {
                return false;
              }
              into.*Member = address;
              return true;
            },
            [](attribute_writer& out, std::uint16_t type, const S& from) {
              if (!(from.*Member)) return;
              const rtnl::network_address& address = *(from.*Member);
              std::array<std::byte, sizeof(::sa_family_t) + rtnl::short_bytes::capacity> bytes;
              byte_writer payload(bytes);
              payload.write<::sa_family_t>(address.family);
              payload.write_bytes(address.bytes());
              out.bytes(type, payload.written());
            },
            [](const S& a, const S& b) { return a.*Member == b.*Member; },
            nullptr,
            form::family_address};
  }
};

bool attribute_codec<rtnl::multipath>::decode(const attribute& a, std::uint8_t family,
                                              rtnl::multipath& into) {
  const_bytes rest = a.data;
  while (rest.size() >= sizeof(::rtnexthop)) {
    const auto header = load_padded<::rtnexthop>(rest);
    const std::size_t length = header.rtnh_len;
    if (length < sizeof(::rtnexthop) || length > rest.size()) return false;
    rtnl::next_hop hop;
    hop.family = family;
    hop.flags = header.rtnh_flags;
    hop.hops = header.rtnh_hops;
    hop.index = header.rtnh_ifindex;
    const const_bytes attributes = rest.subspan(sizeof(::rtnexthop), length - sizeof(::rtnexthop));
    if (!rtnl::next_hop::policy().decode(attributes, hop)) return false;
    into.hops.push_back(std::move(hop));
    rest = rest.subspan(std::min(align4(length), rest.size()));
  }
  return rest.empty();
}

void attribute_codec<rtnl::multipath>::encode(attribute_writer& out, std::uint16_t type,
                                              const rtnl::multipath& value) {
  // The flag is left out, as the kernel leaves it out: older ones do not mask it here.
  out.nested_unmarked(type, [&](attribute_writer& in) {
    for (const rtnl::next_hop& hop : value.hops) {
      byte_buffer bytes;
      attribute_writer attributes(bytes);
      rtnl::next_hop::policy().encode(attributes, hop);
      ::rtnexthop header{};
      const std::size_t length = sizeof header + bytes.size();
      if (attributes.failed() || length > std::numeric_limits<decltype(header.rtnh_len)>::max()) {
        return in.fail();
      }
      header.rtnh_len = static_cast<decltype(header.rtnh_len)>(length);
      header.rtnh_flags = hop.flags;
      header.rtnh_hops = hop.hops;
      header.rtnh_ifindex = hop.index;
      in.plain(std::as_bytes(std::span<const ::rtnexthop, 1>(&header, 1))).plain(bytes);
    }
  });
}

}  // namespace trivet::netlink

namespace trivet::netlink::rtnl {
namespace {

// In the kernel's order, so that a hop is the same bytes again.
constexpr attribute_rule<next_hop> hop_rules[] = {
    rule<&next_hop::new_destination>(RTA_NEWDST, "newdst"),
    rule<&next_hop::gateway>(RTA_GATEWAY, "gateway"),
    via_codec::rule<next_hop, &next_hop::via>(),
    rule<&next_hop::flow>(RTA_FLOW, "flow"),
    encapsulation_rule<next_hop>(RTA_ENCAP),
    rule<&next_hop::encap_type>(RTA_ENCAP_TYPE, "encap-type")
        .as(form::number_of(values::encapsulations)),
};
constexpr attribute_policy<next_hop> hop_policy(hop_rules, "RTA_");

// MPLS has one table, and refuses the attribute.
constexpr attribute_rule<route> table_rule() {
  attribute_rule<route> result =
      rule<&route::table>(RTA_TABLE, "table").as(form::number_of(values::tables));
  result.encode = [](attribute_writer& out, std::uint16_t type, const route& from) {
    if (from.family != AF_MPLS) out.value(type, from.table);
  };
  return result;
}

constexpr attribute_rule<route> rules[] = {
    table_rule(),
    rule<&route::destination>(RTA_DST, "dst"),
    rule<&route::source>(RTA_SRC, "src"),
    rule<&route::input>(RTA_IIF, "iif"),
    rule<&route::output>(RTA_OIF, "oif"),
    rule<&route::gateway>(RTA_GATEWAY, "gateway"),
    rule<&route::metric>(RTA_PRIORITY, "priority"),
    rule<&route::preferred_source>(RTA_PREFSRC, "prefsrc"),
    rule<&route::metrics>(RTA_METRICS, "metrics"),
    rule<&route::next_hops>(RTA_MULTIPATH, "multipath", weight::detail)
        .as(form::nest),  // same_hops
    rule<&route::flow>(RTA_FLOW, "flow"),
    rule<&route::cache>(RTA_CACHEINFO, "cacheinfo", weight::detail)
        .as(form::structure(structures::rta_cacheinfo)),
    rule<&route::mark>(RTA_MARK, "mark"),
    via_codec::rule<route, &route::via>(),
    rule<&route::new_destination>(RTA_NEWDST, "newdst"),
    rule<&route::preference>(RTA_PREF, "pref").as(form::number_of(values::preferences)),
    rule<&route::encap_type>(RTA_ENCAP_TYPE, "encap-type")
        .as(form::number_of(values::encapsulations)),
    encapsulation_rule<route>(RTA_ENCAP),
    rule<&route::expires>(RTA_EXPIRES, "expires", weight::detail),
    rule<&route::uid>(RTA_UID, "uid"),
    rule<&route::ttl_propagate>(RTA_TTL_PROPAGATE, "ttl-propagate"),
    rule<&route::next_hop_id>(RTA_NH_ID, "nh-id"),
    // Nobody reads these into a route, and a decoder names them.
    named<route>(RTA_PROTOINFO, "protoinfo", form::number),
    named<route>(RTA_SESSION, "session", form::bytes),
    named<route>(RTA_MP_ALGO, "mp-algo", form::number),
    named<route>(RTA_MFC_STATS, "mfc-stats", form::structure(structures::rta_mfc_stats)),
    named<route>(RTA_PAD, "pad", form::bytes),
    named<route>(RTA_IP_PROTO, "ip-proto", form::number_of(values::ip_protocols)),
    named<route>(RTA_SPORT, "sport", form::big_endian),
    named<route>(RTA_DPORT, "dport", form::big_endian),
};
constexpr attribute_policy<route> route_policy(rules, "RTA_");

// RTNH_F_ flags that the kernel sets and clears without an event.
constexpr std::uint32_t silent_flags =
    RTNH_F_DEAD | RTNH_F_LINKDOWN | RTNH_F_OFFLOAD | RTNH_F_TRAP | RTNH_F_UNRESOLVED;

bool same_hop(const next_hop& a, const next_hop& b, std::uint32_t ignored_flags) {
  return a.index == b.index && a.hops == b.hops && ((a.flags ^ b.flags) & ~ignored_flags) == 0 &&
         hop_policy.same_state(a, b);
}

bool same_hops(const route& a, const route& b, std::uint32_t ignored_flags) {
  if (a.next_hops.has_value() != b.next_hops.has_value()) return false;
  if (!a.next_hops) return true;
  const auto same = [=](const next_hop& x, const next_hop& y) {
    return same_hop(x, y, ignored_flags);
  };
  const std::vector<next_hop>& left = a.next_hops->hops;
  const std::vector<next_hop>& right = b.next_hops->hops;
  if (a.family == AF_INET6) {
    return std::is_permutation(left.begin(), left.end(), right.begin(), right.end(), same);
  }
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

bool same_but_for_flags(const route& a, const route& b, std::uint32_t ignored_flags) {
  return a.family == b.family && a.destination_length == b.destination_length &&
         a.source_length == b.source_length && a.tos == b.tos && a.protocol == b.protocol &&
         a.scope == b.scope && a.type == b.type && ((a.flags ^ b.flags) & ~ignored_flags) == 0 &&
         same_hops(a, b, ignored_flags) && route_policy.same_state(a, b);
}

}  // namespace

const attribute_policy<next_hop>& next_hop::policy() { return hop_policy; }
const attribute_policy<route>& route::policy() { return route_policy; }

std::optional<route> route::decode(const message_view& message) {
  if (!message.holds<::rtmsg>()) return std::nullopt;
  const auto header = message.structure<::rtmsg>();
  route result;
  result.family = header.rtm_family;
  result.destination_length = header.rtm_dst_len;
  result.source_length = header.rtm_src_len;
  result.tos = header.rtm_tos;
  result.protocol = header.rtm_protocol;
  result.scope = header.rtm_scope;
  result.type = header.rtm_type;
  result.flags = header.rtm_flags;
  result.table = header.rtm_table;
  if (!route_policy.decode(message.attributes<::rtmsg>(), result)) return std::nullopt;
  return result;
}

void route::encode(message_builder& out) const {
  ::rtmsg header{};
  header.rtm_family = family;
  header.rtm_dst_len = destination_length;
  header.rtm_src_len = source_length;
  header.rtm_tos = tos;
  header.rtm_table = static_cast<unsigned char>(table < 256 ? table : RT_TABLE_COMPAT);
  header.rtm_protocol = protocol;
  header.rtm_scope = scope;
  header.rtm_type = type;
  header.rtm_flags = flags;
  out.structure(header);
  encode_rows<rules>(out.attributes(), *this);
}

std::vector<next_hop> route::hops() const {
  if (next_hops) return next_hops->hops;
  if (!output && !gateway && !via) return {};
  next_hop hop;
  hop.family = family;
  hop.flags = static_cast<std::uint8_t>(flags);
  hop.index = static_cast<std::int32_t>(output.value_or(0));
  hop.gateway = gateway;
  hop.via = via;
  hop.flow = flow;
  hop.new_destination = new_destination;
  hop.encap_type = encap_type;
  hop.encap = encap;
  return {hop};
}

bool same_state(const ::rta_cacheinfo& a, const ::rta_cacheinfo& b) noexcept {
  return a.rta_error == b.rta_error && (a.rta_expires != 0) == (b.rta_expires != 0);
}

bool same_state(const route& a, const route& b) {
  return same_but_for_flags(a, b, 0) &&
         same_state(a.cache.value_or(::rta_cacheinfo()), b.cache.value_or(::rta_cacheinfo()));
}

bool same_configuration(const route& a, const route& b) {
  return same_but_for_flags(a, b, silent_flags | RTM_F_OFFLOAD | RTM_F_TRAP | RTM_F_OFFLOAD_FAILED);
}

}  // namespace trivet::netlink::rtnl
