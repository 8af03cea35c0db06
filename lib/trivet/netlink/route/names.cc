#include "trivet/netlink/route/names.h"

#include <fmt/core.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

namespace trivet::netlink::rtnl {
namespace {

constexpr std::string_view route_types[] = {"unspec",   "unicast",   "local",     "broadcast",
                                            "anycast",  "multicast", "blackhole", "unreachable",
                                            "prohibit", "throw",     "nat",       "xresolve"};
static_assert(std::size(route_types) == RTN_MAX + 1);

constexpr std::string_view white = " \t\r";

// As `ip` spells them; libnl has other words for some (nohdr, ip6gre).
constexpr std::pair<std::uint16_t, const char*> link_types[] = {
    {ARPHRD_NETROM, "netrom"},
    {ARPHRD_ETHER, "ether"},
    {ARPHRD_EETHER, "eether"},
    {ARPHRD_AX25, "ax25"},
    {ARPHRD_PRONET, "pronet"},
    {ARPHRD_CHAOS, "chaos"},
    {ARPHRD_IEEE802, "ieee802"},
    {ARPHRD_ARCNET, "arcnet"},
    {ARPHRD_APPLETLK, "atalk"},
    {ARPHRD_DLCI, "dlci"},
    {ARPHRD_ATM, "atm"},
    {ARPHRD_METRICOM, "metricom"},
    {ARPHRD_IEEE1394, "ieee1394"},
    {ARPHRD_INFINIBAND, "infiniband"},
    {ARPHRD_SLIP, "slip"},
    {ARPHRD_CSLIP, "cslip"},
    {ARPHRD_SLIP6, "slip6"},
    {ARPHRD_CSLIP6, "cslip6"},
    {ARPHRD_RSRVD, "rsrvd"},
    {ARPHRD_ADAPT, "adapt"},
    {ARPHRD_ROSE, "rose"},
    {ARPHRD_X25, "x25"},
    {ARPHRD_HWX25, "hwx25"},
    {ARPHRD_CAN, "can"},
    {ARPHRD_PPP, "ppp"},
    {ARPHRD_CISCO, "hdlc"},
    {ARPHRD_LAPB, "lapb"},
    {ARPHRD_DDCMP, "ddcmp"},
    {ARPHRD_RAWHDLC, "rawhdlc"},
    {ARPHRD_TUNNEL, "ipip"},
    {ARPHRD_TUNNEL6, "tunnel6"},
    {ARPHRD_FRAD, "frad"},
    {ARPHRD_SKIP, "skip"},
    {ARPHRD_LOOPBACK, "loopback"},
    {ARPHRD_LOCALTLK, "ltalk"},
    {ARPHRD_FDDI, "fddi"},
    {ARPHRD_BIF, "bif"},
    {ARPHRD_SIT, "sit"},
    {ARPHRD_IPDDP, "ip/ddp"},
    {ARPHRD_IPGRE, "gre"},
    {ARPHRD_PIMREG, "pimreg"},
    {ARPHRD_HIPPI, "hippi"},
    {ARPHRD_ASH, "ash"},
    {ARPHRD_ECONET, "econet"},
    {ARPHRD_IRDA, "irda"},
    {ARPHRD_FCPP, "fcpp"},
    {ARPHRD_FCAL, "fcal"},
    {ARPHRD_FCPL, "fcpl"},
    {ARPHRD_FCFABRIC, "fcfb0"},
    {788, "fcfb1"},
    {789, "fcfb2"},
    {790, "fcfb3"},
    {791, "fcfb4"},
    {792, "fcfb5"},
    {793, "fcfb6"},
    {794, "fcfb7"},
    {795, "fcfb8"},
    {796, "fcfb9"},
    {797, "fcfb10"},
    {798, "fcfb11"},
    {799, "fcfb12"},
    {ARPHRD_IEEE802_TR, "tr"},
    {ARPHRD_IEEE80211, "ieee802.11"},
    {ARPHRD_IEEE80211_PRISM, "ieee802.11/prism"},
    {ARPHRD_IEEE80211_RADIOTAP, "ieee802.11/radiotap"},
    {ARPHRD_IEEE802154, "ieee802.15.4"},
    {ARPHRD_IEEE802154_MONITOR, "ieee802.15.4/monitor"},
    {ARPHRD_PHONET, "phonet"},
    {ARPHRD_PHONET_PIPE, "phonet_pipe"},
    {ARPHRD_CAIF, "caif"},
    {ARPHRD_IP6GRE, "gre6"},
    {ARPHRD_NETLINK, "netlink"},
    {ARPHRD_6LOWPAN, "6lowpan"},
    {ARPHRD_NONE, "none"},
    {ARPHRD_VOID, "void"},
};

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(white), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(white));
  line.remove_prefix(word.size());
  return word;
}

std::optional<std::uint32_t> to_number(std::string_view word) {
  int base = 10;
  if (word.starts_with("0x") || word.starts_with("0X")) {
    base = 16;
    word.remove_prefix(2);
  }
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number, base);
  if (word.empty() || error != std::errc() || end != word.data() + word.size()) {
    return std::nullopt;
  }
  return number;
}

std::optional<std::string> contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void read_files(name_table& into, const std::string& file) {
  constexpr const char* folders[] = {"/etc/iproute2", "/usr/share/iproute2", "/usr/lib/iproute2"};
  for (const std::filesystem::path folder : folders) {
    const auto text = contents(folder / file);
    if (!text) continue;
    into.read(*text);
    break;
  }
  for (const std::filesystem::path folder : folders) {
    std::error_code ignored;
    std::vector<std::filesystem::path> list;
    for (const auto& entry : std::filesystem::directory_iterator(folder / (file + ".d"), ignored)) {
      if (entry.path().extension() == ".conf") list.push_back(entry.path());
    }
    std::sort(list.begin(), list.end());
    for (const auto& path : list) into.read(contents(path).value_or(""));
  }
}

}  // namespace

std::string name_table::operator()(std::uint32_t number) const {
  const auto found = names_.find(number);
  return numeric_ || found == names_.end() ? std::to_string(number) : found->second;
}

std::optional<std::uint32_t> name_table::number(std::string_view name) const {
  for (const auto& [number, known] : names_) {
    if (known == name) return number;
  }
  return to_number(name);
}

void name_table::read(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const auto number = to_number(next_word(line));
    const std::string_view name = next_word(line);
    if (number && !name.empty()) set(*number, name);
  }
}

names names::built_in() {
  names result;
  for (const auto& [number, name] : {std::pair{RTPROT_UNSPEC, "unspec"},
                                     {RTPROT_REDIRECT, "redirect"},
                                     {RTPROT_KERNEL, "kernel"},
                                     {RTPROT_BOOT, "boot"},
                                     {RTPROT_STATIC, "static"},
                                     {RTPROT_GATED, "gated"},
                                     {RTPROT_RA, "ra"},
                                     {RTPROT_MRT, "mrt"},
                                     {RTPROT_ZEBRA, "zebra"},
                                     {RTPROT_BIRD, "bird"},
                                     {RTPROT_DNROUTED, "dnrouted"},
                                     {RTPROT_XORP, "xorp"},
                                     {RTPROT_NTK, "ntk"},
                                     {RTPROT_DHCP, "dhcp"},
                                     {RTPROT_KEEPALIVED, "keepalived"},
                                     {RTPROT_BABEL, "babel"},
                                     {RTPROT_OPENR, "openr"},
                                     {RTPROT_BGP, "bgp"},
                                     {RTPROT_ISIS, "isis"},
                                     {RTPROT_OSPF, "ospf"},
                                     {RTPROT_RIP, "rip"},
                                     {RTPROT_EIGRP, "eigrp"}}) {
    result.protocols.set(static_cast<std::uint32_t>(number), name);
  }
  result.tables.set(RT_TABLE_DEFAULT, "default");
  result.tables.set(RT_TABLE_MAIN, "main");
  result.tables.set(RT_TABLE_LOCAL, "local");
  result.scopes.set(RT_SCOPE_UNIVERSE, "global");
  result.scopes.set(RT_SCOPE_SITE, "site");
  result.scopes.set(RT_SCOPE_LINK, "link");
  result.scopes.set(RT_SCOPE_HOST, "host");
  result.scopes.set(RT_SCOPE_NOWHERE, "nowhere");
  result.realms.set(0, "unknown");
  result.groups.set(0, "default");
  return result;
}

names names::system() {
  names result = built_in();
  read_files(result.protocols, "rt_protos");
  read_files(result.tables, "rt_tables");
  read_files(result.scopes, "rt_scopes");
  read_files(result.realms, "rt_realms");
  read_files(result.tos, "rt_dsfield");
  read_files(result.groups, "group");
  read_files(result.down_reasons, "protodown_reasons");
  return result;
}

void names::prefer_numbers() noexcept {
  for (name_table* table : {&protocols, &tables, &scopes, &realms, &tos, &groups, &down_reasons}) {
    table->prefer_numbers();
  }
}

std::string names::tos_name(std::uint8_t value) const {
  const std::string name = tos(value);
  return name == std::to_string(value) ? fmt::format("0x{:02x}", value) : name;
}

std::string route_type_name(std::uint8_t type) {
  return type <= RTN_MAX ? std::string(route_types[type]) : std::to_string(type);
}

std::optional<std::uint8_t> route_type_number(std::string_view name) {
  const auto found = std::find(std::begin(route_types), std::end(route_types), name);
  if (found != std::end(route_types)) {
    return static_cast<std::uint8_t>(found - std::begin(route_types));
  }
  const auto number = to_number(name);
  if (!number || *number > 0xff) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

std::string link_type_name(std::uint16_t type) {
  for (const auto& [number, name] : link_types) {
    if (number == type) return name;
  }
  return fmt::format("[{}]", type);
}

}  // namespace trivet::netlink::rtnl
