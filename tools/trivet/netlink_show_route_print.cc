#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/in_route.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/trivet/netlink_show_route.h"
#include "tools/trivet/netlink_words.h"
#include "trivet/netlink/route/encapsulation.h"

namespace trivet::tool {
namespace {

using netlink::attribute;
using netlink::attribute_reader;
using netlink::message_view;
using netlink::rtnl::network_address;
using netlink::rtnl::short_bytes;

struct flag_name {
  std::uint32_t flag;
  std::string_view name;
};

constexpr flag_name cache_flags[] = {
    {RTCF_LOCAL, "local"},
    {RTCF_REJECT, "reject"},
    {RTCF_MULTICAST, "mc"},
    {RTCF_BROADCAST, "brd"},
    {RTCF_DNAT, "dst-nat"},
    {RTCF_SNAT, "src-nat"},
    {RTCF_MASQ, "masq"},
    {RTCF_DIRECTDST, "dst-direct"},
    {RTCF_DIRECTSRC, "src-direct"},
    {RTCF_REDIRECTED, "redirected"},
    {RTCF_DOREDIRECT, "redirect"},
    {RTCF_FAST, "fastroute"},
    {RTCF_NOTIFY, "notify"},
    {RTCF_TPROXY, "proxy"},
};

char* put_octet(char* at, unsigned value) {
  if (value >= 100) *at++ = static_cast<char>('0' + value / 100);
  if (value >= 10) *at++ = static_cast<char>('0' + value / 10 % 10);
  *at++ = static_cast<char>('0' + value % 10);
  return at;
}

/// Routes of multicast routing hold addresses of the family that they route.
int real_family(const ::rtmsg& header) {
  switch (header.rtm_family) {
    case RTNL_FAMILY_IPMR:
      return AF_INET;
    case RTNL_FAMILY_IP6MR:
      return AF_INET6;
    default:
      return header.rtm_family;
  }
}

int host_length(int family) { return family == AF_MPLS ? 20 : netlink::rtnl::host_bits(family); }

long ticks_per_second() {
  static const long ticks = ::sysconf(_SC_CLK_TCK);
  return ticks;
}

}  // namespace

std::string_view address_text(int family, const_bytes bytes, std::array<char, 64>& buffer,
                              std::string& fallback) {
  if (family == AF_INET && bytes.size() == 4) {
    char* at = buffer.data();
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) *at++ = '.';
      at = put_octet(at, std::to_integer<unsigned>(bytes[i]));
    }
    return {buffer.data(), static_cast<std::size_t>(at - buffer.data())};
  }
  if (family == AF_INET6 && bytes.size() == 16) {
    ::inet_ntop(AF_INET6, bytes.data(), buffer.data(), static_cast<::socklen_t>(buffer.size()));
    return buffer.data();
  }
  fallback =
      family == AF_MPLS
          ? netlink::rtnl::label_text(bytes)
          : network_address{static_cast<std::uint8_t>(family), short_bytes(bytes)}.to_string();
  return fallback;
}

bool route_view::parse_attributes(const_bytes attributes) noexcept {
  present_ = 0;
  attribute_reader in(attributes);
  for (attribute a; in.next(a);) {
    if (a.type >= data_.size()) continue;
    data_[a.type] = a.data;
    present_ |= std::uint64_t{1} << a.type;
  }
  return !in.failed();
}

bool route_view::parse(const message_view& message) noexcept {
  if (!message.holds<::rtmsg>()) return false;
  header_ = message.structure<::rtmsg>();
  return parse_attributes(message.attributes<::rtmsg>());
}

std::string_view route_printer::cached(cache& names, const netlink::rtnl::name_table& table,
                                       std::uint8_t number) {
  std::optional<std::string>& name = names[number];
  if (!name) name = table(number);
  return *name;
}

std::string_view route_printer::link(std::uint32_t index) {
  if (last_link_name_.empty() || last_link_ != index) {
    last_link_ = index;
    last_link_name_ = drawing_.names.link(index);
  }
  return last_link_name_;
}

std::string_view route_printer::table(std::uint32_t number) {
  std::string& name = tables_[number];
  if (name.empty()) name = drawing_.names.system.tables(number);
  return name;
}

void route_printer::put_address(std::string_view key, std::string_view before, int family,
                                const_bytes bytes) {
  std::array<char, 64> buffer;
  std::string fallback;
  out_.plain(ink::address, key, before, address_text(family, bytes, buffer, fallback));
}

void route_printer::put_destination(const route_view& route) {
  const ::rtmsg& header = route.header();
  const int family = real_family(header);
  const auto put = [&](std::string_view key, std::string_view before, unsigned type, int length) {
    std::array<char, 64> buffer;
    std::string fallback;
    const std::string_view host = address_text(family, route.bytes(type), buffer, fallback);
    if (length == host_length(header.rtm_family)) {
      out_.plain(ink::address, key, before, host);
      return;
    }
    if (host.data() != buffer.data()) {
      out_.painted(ink::address, key, before, fmt::format("{}/{}", host, length));
      return;
    }
    char* at = buffer.data() + host.size();
    *at++ = '/';
    at = put_octet(at, static_cast<unsigned>(length));
    out_.plain(ink::address, key, before,
               {buffer.data(), static_cast<std::size_t>(at - buffer.data())});
  };
  if (route.has(RTA_DST)) {
    put("dst", "", RTA_DST, header.rtm_dst_len);
  } else if (header.rtm_dst_len != 0) {
    out_.string("dst", "", fmt::format("0/{} ", header.rtm_dst_len));
  } else {
    out_.string("dst", "", "default");
  }
  if (route.has(RTA_SRC)) {
    put("from", "from ", RTA_SRC, header.rtm_src_len);
  } else if (header.rtm_src_len != 0) {
    out_.string("src", "from ", fmt::format("0/{}", header.rtm_src_len));
  }
}

void route_printer::put_via(const_bytes via) {
  byte_reader in(via);
  const auto family = in.read<::sa_family_t>();
  std::array<char, 64> buffer;
  std::string fallback;
  const std::string_view host = address_text(family, in.rest(), buffer, fallback);
  const std::string word = family_name(family);
  out_.open("via");
  out_.string("family", "via ", word);
  out_.painted(ink::address, "host", "", host);
  out_.close();
}

void route_printer::put_flags(std::uint32_t flags) {
  out_.open_list("flags");
  if (flags != 0) {
    for (const std::string_view word : route_flag_words(flags)) out_.string("", "", word);
  }
  out_.close_list();
}

void route_printer::put_flow(std::uint32_t flow) {
  const std::uint32_t from = flow >> 16;
  out_.open("flow");
  out_.text(from != 0 ? "realms " : "realm ");
  if (from != 0) out_.string("from", "", drawing_.names.system.realms(from), "/");
  out_.string("to", "", drawing_.names.system.realms(flow & 0xffff));
  out_.close();
}

void route_printer::put_origin(const route_view& route) {
  const ::rtmsg& header = route.header();
  const bool details = drawing_.options.details;
  const std::uint32_t table_number = route.table();
  if (style_.table && table_number != 0 && (table_number != RT_TABLE_MAIN || details)) {
    out_.string("table", "table ", table(table_number));
  }
  if ((header.rtm_flags & RTM_F_CLONED) != 0) return;
  if (style_.protocol && (header.rtm_protocol != RTPROT_BOOT || details)) {
    out_.string("protocol", "proto ",
                cached(protocols_, drawing_.names.system.protocols, header.rtm_protocol));
  }
  if (style_.scope && (header.rtm_scope != RT_SCOPE_UNIVERSE || details)) {
    out_.string("scope", "scope ", cached(scopes_, drawing_.names.system.scopes, header.rtm_scope));
  }
}

void route_printer::put_cache_flags(std::uint32_t flags) {
  flags &= ~std::uint32_t{0xffff};
  out_.open_list("cache");
  out_.line_break();
  out_.text("    cache ");
  std::string words;
  for (const auto& [flag, name] : cache_flags) {
    if ((flags & flag) == 0) continue;
    flags &= ~flag;
    out_.member("", name);
    words += (words.empty() ? "" : ",") + std::string(name);
  }
  if (flags != 0) {
    const std::string rest = fmt::format("{:x}", flags);
    out_.member("", rest);
    words += (words.empty() ? "" : ",") + rest;
  }
  if (!words.empty()) out_.text(fmt::format("<{}> ", words));
  out_.close_list();
}

void route_printer::put_cache(const ::rta_cacheinfo& info) {
  const long ticks = ticks_per_second();
  if (info.rta_expires != 0) {
    out_.number("expires", "expires ", static_cast<std::int32_t>(info.rta_expires) / ticks, "sec ");
  }
  if (info.rta_error != 0) out_.number("error", "error ", info.rta_error);
  if (drawing_.options.statistics > 0) {
    if (info.rta_clntref != 0) out_.number("users", "users ", info.rta_clntref);
    if (info.rta_used != 0) out_.number("used", "used ", info.rta_used);
    if (info.rta_lastuse != 0) out_.number("age", "age ", info.rta_lastuse / ticks, "sec ");
  }
  if (info.rta_id != 0) out_.hexadecimal("ipid", "ipid ", info.rta_id);
  if (info.rta_ts != 0 || info.rta_tsage != 0) {
    out_.hexadecimal("ts", "ts ", info.rta_ts, "");
    out_.number("tsage", "tsage ", info.rta_tsage, "sec ");
  }
}

void route_printer::put_hop(const route_view& route, const ::rtnexthop& header,
                            const_bytes attributes) {
  route_view hop;
  (void)hop.parse_attributes(attributes);  // what came before a wrong length is shown
  const int family = route.header().rtm_family;
  out_.open();
  out_.line_break();
  out_.text("\tnexthop ");
  if (hop.has(RTA_ENCAP)) {
    show_encapsulation(drawing_, encapsulation_of::hop, hop.number<std::uint16_t>(RTA_ENCAP_TYPE),
                       hop.bytes(RTA_ENCAP));
  }
  if (hop.has(RTA_NEWDST)) put_address("to", "as to ", family, hop.bytes(RTA_NEWDST));
  if (hop.has(RTA_GATEWAY)) put_address("gateway", "via ", family, hop.bytes(RTA_GATEWAY));
  if (hop.has(RTA_VIA)) put_via(hop.bytes(RTA_VIA));
  if (hop.has(RTA_FLOW)) put_flow(hop.number(RTA_FLOW));
  out_.string("dev", "dev ", link(static_cast<std::uint32_t>(header.rtnh_ifindex)));
  if (family != AF_MPLS) out_.number("weight", "weight ", header.rtnh_hops + 1);
  put_flags(header.rtnh_flags);
  out_.close();
}

void route_printer::put_hops(const route_view& route) {
  out_.open_list("nexthops");
  const_bytes rest = route.bytes(RTA_MULTIPATH);
  while (rest.size() >= sizeof(::rtnexthop)) {
    const auto header = load_padded<::rtnexthop>(rest);
    const std::size_t length = header.rtnh_len;
    if (length < sizeof(::rtnexthop) || length > rest.size()) break;
    put_hop(route, header, rest.subspan(sizeof(::rtnexthop), length - sizeof(::rtnexthop)));
    rest = rest.subspan(std::min(netlink::align4(length), rest.size()));
  }
  out_.close_list();
}

void route_printer::put_rest(const route_view& route) {
  const ::rtmsg& header = route.header();
  if (const auto mark = route.number(RTA_MARK); mark != 0) {
    out_.member("mark", mark);
    out_.text(mark >= 16 ? fmt::format("mark {:#x} ", mark) : fmt::format("mark {} ", mark));
  }
  if (style_.realm && route.has(RTA_FLOW)) put_flow(route.number(RTA_FLOW));
  if (route.has(RTA_UID)) out_.number("uid", "uid ", route.number(RTA_UID));
  if (header.rtm_family == AF_INET && (header.rtm_flags & RTM_F_CLONED) != 0) {
    put_cache_flags(header.rtm_flags);
  }
  if (route.has(RTA_CACHEINFO) && (header.rtm_family == AF_INET || header.rtm_family == AF_INET6)) {
    put_cache(load_padded<::rta_cacheinfo>(route.bytes(RTA_CACHEINFO)));
  }
  if (route.has(RTA_METRICS)) show_metrics(out_, route.bytes(RTA_METRICS));
  if (style_.input && route.has(RTA_IIF)) {
    out_.painted(ink::name, "iif", "iif ", link(route.number(RTA_IIF)));
  }
  if (route.has(RTA_PREF)) {
    out_.string("pref", "pref ", router_preference_name(route.number<std::uint8_t>(RTA_PREF)), "");
  }
  if (route.has(RTA_TTL_PROPAGATE)) {
    // The key is spelt as iproute2 spells it.
    const bool propagate = route.number<std::uint8_t>(RTA_TTL_PROPAGATE) != 0;
    out_.member("ttl-propogate", propagate);
    out_.text(propagate ? "ttl-propogate enabled" : "ttl-propogate disabled");
  }
  if (route.has(RTA_NH_ID) && describe_nexthop) describe_nexthop(route.number(RTA_NH_ID));
  if (route.has(RTA_MULTIPATH)) put_hops(route);
}

void route_printer::print(const route_view& route) {
  out_.open();
  print_members(route);
  out_.close_line();
}

void route_printer::print_members(const route_view& route) {
  const ::rtmsg& header = route.header();
  if (header.rtm_type != RTN_UNICAST || drawing_.options.details) {
    out_.string("type", "", drawing_.names.route_type(header.rtm_type));
  }
  put_destination(route);
  if (route.has(RTA_NH_ID)) out_.number("nhid", "nhid ", route.number(RTA_NH_ID));
  if (route.has(RTA_NEWDST)) {
    put_address("to", "as to ", header.rtm_family, route.bytes(RTA_NEWDST));
  }
  if (route.has(RTA_ENCAP)) {
    show_encapsulation(drawing_, encapsulation_of::route,
                       route.number<std::uint16_t>(RTA_ENCAP_TYPE), route.bytes(RTA_ENCAP));
  }
  if (header.rtm_tos != 0 && style_.tos) {
    out_.string("tos", "tos ", drawing_.names.system.tos_name(header.rtm_tos));
  }
  if (style_.gateway && route.has(RTA_GATEWAY)) {
    put_address("gateway", "via ", header.rtm_family, route.bytes(RTA_GATEWAY));
  }
  if (route.has(RTA_VIA)) put_via(route.bytes(RTA_VIA));
  if (style_.device && route.has(RTA_OIF)) {
    out_.painted(ink::name, "dev", "dev ", link(route.number(RTA_OIF)));
  }
  put_origin(route);
  if (style_.source && route.has(RTA_PREFSRC)) {
    put_address("prefsrc", "src ", header.rtm_family, route.bytes(RTA_PREFSRC));
  }
  if (style_.metric && route.has(RTA_PRIORITY)) {
    out_.number("metric", "metric ", route.number(RTA_PRIORITY));
  }
  put_flags(header.rtm_flags);
  put_rest(route);
}

}  // namespace trivet::tool
