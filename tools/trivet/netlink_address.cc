#include <fmt/format.h>
#include <linux/if_addr.h>
#include <sys/socket.h>

#include "tools/trivet/netlink_objects.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::address;

constexpr std::uint32_t forever = 0xffffffff;

struct flag_name {
  std::uint32_t flag;
  std::string_view name;
};

// IFA_F_PERMANENT is told by its absence: "dynamic".
constexpr flag_name flag_names[] = {
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
constexpr std::string_view protocol_names[] = {"unspec", "kernel_lo", "kernel_ra", "kernel_ll"};

bool has_peer(const address& a) { return a.local && a.peer && a.local != a.peer; }

std::string lifetime(std::uint32_t seconds) {
  return seconds == forever ? "forever" : fmt::format("{}sec", seconds);
}

}  // namespace

std::string address_protocol_name(std::uint8_t protocol) {
  return protocol < std::size(protocol_names) ? std::string(protocol_names[protocol])
                                              : std::to_string(protocol);
}

std::vector<std::string> address_flag_words(const address& a) {
  std::vector<std::string> words;
  if ((a.flags & IFA_F_SECONDARY) != 0) {
    words.emplace_back(a.family == AF_INET6 ? "temporary" : "secondary");
  }
  for (const auto& [flag, name] : flag_names) {
    if (((a.flags & flag) != 0) != (flag == IFA_F_PERMANENT)) words.emplace_back(name);
  }
  return words;
}

std::uint32_t unknown_address_flags(const address& a) {
  std::uint32_t rest = a.flags & ~std::uint32_t{IFA_F_SECONDARY};
  for (const auto& [flag, name] : flag_names) rest &= ~flag;
  return rest;
}

document::object to_document(const address& a, const naming& names) {
  document::object object;
  put(object, "index", a.index);
  put(object, "dev", names.link(a.index));
  put(object, "family", family_name(a.family));
  if (a.own() != nullptr) put(object, "local", a.own()->to_string());
  if (has_peer(a)) put(object, "address", a.peer->to_string());
  put(object, "prefixlen", a.prefix_length);
  put(object, "metric", a.metric);
  if (a.broadcast) put(object, "broadcast", a.broadcast->to_string());
  if (a.anycast) put(object, "anycast", a.anycast->to_string());
  put(object, "scope", names.system.scopes(a.scope));
  for (const std::string& word : address_flag_words(a)) put(object, word, true);
  if (unknown_address_flags(a) != 0)
    put(object, "ifa_flags", fmt::format("{:02x}", unknown_address_flags(a)));
  if (a.protocol.value_or(0) != 0) put(object, "protocol", address_protocol_name(*a.protocol));
  put(object, "label", a.label);
  if (a.cache) {
    put(object, "valid_life_time", a.cache->ifa_valid);
    put(object, "preferred_life_time", a.cache->ifa_prefered);
  }
  return object;
}

std::string title(const address& a, const naming& names, const palette& paint) {
  std::string text =
      fmt::format("{}: {} {} ", a.index, paint(ink::name, printable(names.link(a.index))),
                  family_name(a.family));
  if (a.own() != nullptr) text += paint(ink::address, a.own()->to_string());
  if (has_peer(a)) text += " peer " + a.peer->to_string();
  return text + fmt::format("/{}", a.prefix_length);
}

std::string to_text(const address& a, const naming& names, const palette& paint) {
  std::string text = title(a, names, paint);
  if (a.metric) text += fmt::format(" metric {}", *a.metric);
  if (a.broadcast) text += " brd " + a.broadcast->to_string();
  if (a.anycast) text += " any " + a.anycast->to_string();
  text += " scope " + names.system.scopes(a.scope);
  for (const std::string& word : address_flag_words(a)) text += " " + word;
  if (unknown_address_flags(a) != 0) text += fmt::format(" flags {:02x}", unknown_address_flags(a));
  if (a.protocol.value_or(0) != 0) text += " proto " + address_protocol_name(*a.protocol);
  if (a.label) text += " " + printable(*a.label);
  const bool ends = a.cache && (a.cache->ifa_valid != forever || a.cache->ifa_prefered != forever);
  if (ends) {
    text += fmt::format(" valid_lft {} preferred_lft {}", lifetime(a.cache->ifa_valid),
                        lifetime(a.cache->ifa_prefered));
  }
  return text;
}

}  // namespace trivet::tool
