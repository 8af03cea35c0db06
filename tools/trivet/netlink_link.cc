#include <fmt/format.h>
#include <linux/if.h>
#include <linux/if_arp.h>

#include <algorithm>

#include "tools/trivet/netlink_objects.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::link;

struct flag_name {
  std::uint32_t flag;
  std::string_view name;
};

constexpr flag_name flag_names[] = {
    {IFF_LOOPBACK, "LOOPBACK"},   {IFF_BROADCAST, "BROADCAST"},   {IFF_POINTOPOINT, "POINTOPOINT"},
    {IFF_MULTICAST, "MULTICAST"}, {IFF_NOARP, "NOARP"},           {IFF_ALLMULTI, "ALLMULTI"},
    {IFF_PROMISC, "PROMISC"},     {IFF_MASTER, "MASTER"},         {IFF_SLAVE, "SLAVE"},
    {IFF_DEBUG, "DEBUG"},         {IFF_DYNAMIC, "DYNAMIC"},       {IFF_AUTOMEDIA, "AUTOMEDIA"},
    {IFF_PORTSEL, "PORTSEL"},     {IFF_NOTRAILERS, "NOTRAILERS"}, {IFF_UP, "UP"},
    {IFF_LOWER_UP, "LOWER_UP"},   {IFF_DORMANT, "DORMANT"},       {IFF_ECHO, "ECHO"},
};

constexpr std::string_view oper_states[] = {"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN",
                                            "TESTING", "DORMANT",    "UP"};
constexpr std::string_view link_modes[] = {"DEFAULT", "DORMANT"};

/// Whether the link below it is in this namespace, and down.
bool lower_is_down(const link& l, const naming& names) {
  if (l.link_netns || l.link_index.value_or(0) == 0) return false;
  const auto lower = names.link_flags.find(*l.link_index);
  return lower == names.link_flags.end() || (lower->second & IFF_UP) == 0;
}

std::string operstate(const link& l) {
  return *l.operstate < std::size(oper_states) ? std::string(oper_states[*l.operstate])
                                               : fmt::format("{:#x}", *l.operstate);
}

/// The name behind '@': the link below, or none.
std::string lower_name(const link& l, const naming& names) {
  if (!l.link_index) return "";
  if (*l.link_index == 0) return "NONE";
  return l.link_netns ? fmt::format("if{}", *l.link_index) : names.link(*l.link_index);
}

void put_lower(document::object& object, const link& l, const naming& names) {
  if (!l.link_index) return;
  if (*l.link_index == 0) {
    put(object, "link", document());
  } else if (l.link_netns) {
    put(object, "link_index", *l.link_index);
  } else {
    put(object, "link", names.link(*l.link_index));
  }
}

void put_hardware(document::object& object, const link& l) {
  put(object, "link_type", netlink::rtnl::link_type_name(l.type));
  if (l.address) put(object, "address", l.address->to_string(l.type));
  if (l.broadcast) {
    if ((l.flags & IFF_POINTOPOINT) != 0) put(object, "link_pointtopoint", true);
    put(object, "broadcast", l.broadcast->to_string(l.type));
  }
  if (l.permanent_address && l.permanent_address != l.address) {
    put(object, "permaddr", l.permanent_address->to_string(l.type));
  }
}

std::string hardware_text(const link& l, const palette& paint) {
  std::string text = "link/" + netlink::rtnl::link_type_name(l.type);
  if (l.address) text += " " + paint(ink::address, l.address->to_string(l.type));
  if (l.broadcast) {
    text += (l.flags & IFF_POINTOPOINT) != 0 ? " peer " : " brd ";
    text += l.broadcast->to_string(l.type);
  }
  if (l.permanent_address && l.permanent_address != l.address) {
    text += " permaddr " + l.permanent_address->to_string(l.type);
  }
  return text;
}

document::object info_document(const netlink::rtnl::link_info& info) {
  document::object object;
  put(object, "info_kind", info.kind);
  put(object, "info_slave_kind", info.slave_kind);
  return object;
}

}  // namespace

std::vector<std::string> link_flag_words(const link& l, const naming& names) {
  std::vector<std::string> words;
  if ((l.flags & IFF_UP) != 0 && (l.flags & IFF_RUNNING) == 0) words.emplace_back("NO-CARRIER");
  std::uint32_t rest = l.flags & ~std::uint32_t{IFF_RUNNING};
  for (const auto& [flag, name] : flag_names) {
    if ((rest & flag) != 0) words.emplace_back(name);
    rest &= ~flag;
  }
  if (rest != 0) words.push_back(fmt::format("{:x}", rest));
  if (lower_is_down(l, names)) words.emplace_back("M-DOWN");
  return words;
}

void naming::learn(const netlink::rtnl::link& l) {
  if (l.name) links[l.index] = *l.name;
  link_flags[l.index] = l.flags;
  link_types[l.index] = l.type;
}

std::uint16_t naming::link_type(std::int64_t index) const {
  const auto found = link_types.find(index);
  return found == link_types.end() ? std::uint16_t{ARPHRD_VOID} : found->second;
}

std::string naming::link(std::int64_t index) const {
  const auto found = links.find(index);
  return found == links.end() ? fmt::format("if{}", index) : found->second;
}

document::object to_document(const link& l, const naming& names) {
  document::object object;
  put(object, "ifindex", l.index);
  put_lower(object, l, names);
  put(object, "ifname", l.name);
  document::array flags;
  for (std::string& word : link_flag_words(l, names)) flags.emplace_back(std::move(word));
  put(object, "flags", std::move(flags));
  put(object, "mtu", l.mtu);
  put(object, "qdisc", l.qdisc);
  if (l.master) put(object, "master", names.link(*l.master));
  if (l.operstate) put(object, "operstate", operstate(l));
  if (l.link_mode && *l.link_mode < std::size(link_modes)) {
    put(object, "linkmode", link_modes[*l.link_mode]);
  }
  if (l.group) put(object, "group", names.system.groups(*l.group));
  if (l.queue_length.value_or(0) != 0) put(object, "txqlen", l.queue_length);
  put_hardware(object, l);
  put(object, "link_netnsid", l.link_netns);
  if (l.protocol_down.value_or(0) != 0) put(object, "proto_down", true);
  put(object, "min_mtu", l.minimum_mtu);
  put(object, "max_mtu", l.maximum_mtu);
  if (l.info && (l.info->kind || l.info->slave_kind)) {
    put(object, "linkinfo", info_document(*l.info));
  }
  put(object, "num_tx_queues", l.tx_queues);
  put(object, "num_rx_queues", l.rx_queues);
  put(object, "ifalias", l.alias);
  if (l.properties) {
    document::array others;
    for (const std::string& name : l.properties->alternative_names) others.emplace_back(name);
    put(object, "altnames", std::move(others));
  }
  return object;
}

std::string title(const link& l, const naming& names, const palette& paint) {
  const std::string lower = lower_name(l, names);
  const std::string name =
      printable(names.link(l.index)) + (lower.empty() ? "" : "@") + printable(lower);
  return fmt::format("{}: {}", l.index, paint(ink::name, name));
}

std::string to_text(const link& l, const naming& names, const palette& paint) {
  std::string text =
      fmt::format("{}: <{}>", title(l, names, paint), fmt::join(link_flag_words(l, names), ","));
  if (l.mtu) text += fmt::format(" mtu {}", *l.mtu);
  if (l.qdisc) text += " qdisc " + printable(*l.qdisc);
  if (l.master) text += " master " + printable(names.link(*l.master));
  if (l.operstate) text += " state " + operstate(l);
  if (l.group) text += " group " + names.system.groups(*l.group);
  if (l.queue_length.value_or(0) != 0) text += fmt::format(" qlen {}", *l.queue_length);
  text += " " + hardware_text(l, paint);
  if (l.link_netns) text += fmt::format(" link-netnsid {}", *l.link_netns);
  if (l.info && l.info->kind) text += " kind " + printable(*l.info->kind);
  if (l.alias) text += " alias " + printable(*l.alias);
  if (l.properties) {
    for (const std::string& name : l.properties->alternative_names) {
      text += " altname " + printable(name);
    }
  }
  return text;
}

}  // namespace trivet::tool
