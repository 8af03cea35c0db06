#include "tools/trivet/netlink_words.h"

#include <fmt/core.h>
#include <linux/icmpv6.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace trivet::tool {
namespace {

using netlink::rtnl::address;
using netlink::rtnl::link;

struct flag_name {
  std::uint32_t flag;
  std::string_view name;
};

constexpr flag_name link_flags[] = {
    {IFF_LOOPBACK, "LOOPBACK"},   {IFF_BROADCAST, "BROADCAST"},   {IFF_POINTOPOINT, "POINTOPOINT"},
    {IFF_MULTICAST, "MULTICAST"}, {IFF_NOARP, "NOARP"},           {IFF_ALLMULTI, "ALLMULTI"},
    {IFF_PROMISC, "PROMISC"},     {IFF_MASTER, "MASTER"},         {IFF_SLAVE, "SLAVE"},
    {IFF_DEBUG, "DEBUG"},         {IFF_DYNAMIC, "DYNAMIC"},       {IFF_AUTOMEDIA, "AUTOMEDIA"},
    {IFF_PORTSEL, "PORTSEL"},     {IFF_NOTRAILERS, "NOTRAILERS"}, {IFF_UP, "UP"},
    {IFF_LOWER_UP, "LOWER_UP"},   {IFF_DORMANT, "DORMANT"},       {IFF_ECHO, "ECHO"},
};

// IFA_F_PERMANENT is told by its absence: "dynamic".
constexpr flag_name address_flags[] = {
    {IFA_F_NODAD, "nodad"},
    {IFA_F_OPTIMISTIC, "optimistic"},
    {IFA_F_DADFAILED, "dadfailed"},
    {IFA_F_HOMEADDRESS, "home"},
    {IFA_F_DEPRECATED, "deprecated"},
    {IFA_F_TENTATIVE, "tentative"},
    {IFA_F_PERMANENT, "dynamic"},
    {IFA_F_MANAGETEMPADDR, "mngtmpaddr"},
    {IFA_F_NOPREFIXROUTE, "noprefixroute"},
    {IFA_F_MCAUTOJOIN, "autojoin"},
    {IFA_F_STABLE_PRIVACY, "stable-privacy"},
};

// IFA_PROTO, as linux/if_addr.h has it since 5.18.
constexpr std::string_view address_protocols[] = {"unspec", "kernel_lo", "kernel_ra", "kernel_ll"};

constexpr flag_name route_flags[] = {
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

constexpr std::string_view encapsulations[] = {"none", "mpls",      "ip",  "ila",   "ip6", "seg6",
                                               "bpf",  "seg6local", "rpl", "ioam6", "xfrm"};

/// Whether the link below it is in this namespace, and down.
bool lower_is_down(const link& l, const naming& names) {
  if (l.link_netns || l.link_index.value_or(0) == 0) return false;
  const auto lower = names.link_flags.find(*l.link_index);
  return lower == names.link_flags.end() || (lower->second & IFF_UP) == 0;
}

}  // namespace

std::vector<std::string> link_flag_words(const link& l, const naming& names) {
  std::vector<std::string> words;
  if ((l.flags & IFF_UP) != 0 && (l.flags & IFF_RUNNING) == 0) words.emplace_back("NO-CARRIER");
  std::uint32_t rest = l.flags & ~std::uint32_t{IFF_RUNNING};
  for (const auto& [flag, name] : link_flags) {
    if ((rest & flag) != 0) words.emplace_back(name);
    rest &= ~flag;
  }
  if (rest != 0) words.push_back(fmt::format("{:x}", rest));
  if (lower_is_down(l, names)) words.emplace_back("M-DOWN");
  return words;
}

std::vector<std::string> address_flag_words(const address& a) {
  std::vector<std::string> words;
  if ((a.flags & IFA_F_SECONDARY) != 0) {
    words.emplace_back(a.family == AF_INET6 ? "temporary" : "secondary");
  }
  for (const auto& [flag, name] : address_flags) {
    if (((a.flags & flag) != 0) != (flag == IFA_F_PERMANENT)) words.emplace_back(name);
  }
  return words;
}

std::uint32_t unknown_address_flags(const address& a) {
  std::uint32_t rest = a.flags & ~std::uint32_t{IFA_F_SECONDARY};
  for (const auto& [flag, name] : address_flags) rest &= ~flag;
  return rest;
}

std::string address_protocol_name(std::uint8_t protocol) {
  return protocol < std::size(address_protocols) ? std::string(address_protocols[protocol])
                                                 : std::to_string(protocol);
}

std::vector<std::string_view> route_flag_words(std::uint32_t flags) {
  std::vector<std::string_view> words;
  for (const auto& [flag, name] : route_flags) {
    if ((flags & flag) != 0) words.push_back(name);
  }
  return words;
}

std::string encapsulation_name(std::uint16_t type) {
  return type < std::size(encapsulations) ? std::string(encapsulations[type])
                                          : std::to_string(type);
}

std::span<const std::string_view> seg6_mode_names() noexcept {
  static constexpr std::string_view names[] = {"inline", "encap", "l2encap", "encap.red",
                                               "l2encap.red"};
  return names;
}

std::span<const std::string_view> seg6_action_names() noexcept {
  static constexpr std::string_view names[] = {
      "<unknown>", "End",     "End.X",   "End.T",   "End.DX2",       "End.DX6",
      "End.DX4",   "End.DT6", "End.DT4", "End.B6",  "End.B6.Encaps", "End.BM",
      "End.S",     "End.AS",  "End.AM",  "End.BPF", "End.DT46"};
  return names;
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

}  // namespace trivet::tool
