#include "tools/trivet/netlink_titles.h"

#include <fmt/core.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>

#include "tools/trivet/netlink_words.h"
#include "tools/trivet/text.h"

namespace trivet::tool {

namespace rtnl = netlink::rtnl;

std::string title(const rtnl::link& l, const naming& names, const palette& paint) {
  return fmt::format("{}: {}", l.index, paint(ink::name, printable(names.link(l.index))));
}

std::string title(const rtnl::address& a, const naming& names, const palette& paint) {
  std::string text =
      fmt::format("{}: {} {} ", a.index, paint(ink::name, printable(names.link(a.index))),
                  family_name(a.family));
  if (a.own() != nullptr) text += paint(ink::address, a.own()->to_string());
  return text + fmt::format("/{}", a.prefix_length);
}

std::string title(const netlink::route_view& stored, const naming& names, const palette& paint) {
  const rtnl::route r = stored.decode();
  std::string text;
  if (r.type != RTN_UNICAST) text += rtnl::route_type_name(r.type) + " ";
  const auto place = [](const std::optional<rtnl::network_address>& address, int length) {
    const std::string host = address ? address->to_string() : "0";
    return address && length == rtnl::host_bits(address->family)
               ? host
               : fmt::format("{}/{}", host, length);
  };
  // Nothing else tells which family's default it is.
  const std::string destination = r.destination || r.destination_length != 0
                                      ? place(r.destination, r.destination_length)
                                  : r.family == AF_INET6 ? "default (inet6)"
                                                         : "default";
  text += paint(ink::address, destination);
  if (r.source_length != 0) text += " from " + place(r.source, r.source_length);
  if (r.tos != 0) text += " tos " + names.system.tos_name(r.tos);
  if (r.table != 0 && r.table != RT_TABLE_MAIN) {
    text += " table " + printable(names.system.tables(r.table));
  }
  if (r.metric) text += fmt::format(" metric {}", *r.metric);
  return text;
}

std::string title(const rtnl::neighbour& n, const naming& names, const palette& paint) {
  return fmt::format("{} dev {}",
                     paint(ink::address, n.destination ? n.destination->to_string() : ""),
                     paint(ink::name, printable(names.link(n.index))));
}

std::string title(const rtnl::rule& r, const naming&, const palette&) {
  return fmt::format("{} {}", family_name(r.family), r.priority.value_or(0));
}

std::string title(const rtnl::nexthop& n, const naming&, const palette&) {
  return fmt::format("id {}", n.id.value_or(0));
}

bool belongs(const rtnl::link& l, const naming& names, const std::string& device) {
  return l.name == device || names.link(l.index) == device;
}

bool belongs(const rtnl::address& a, const naming& names, const std::string& device) {
  return names.link(a.index) == device;
}

bool belongs(const netlink::route_view& stored, const naming& names, const std::string& device) {
  const rtnl::route route = stored.decode();
  const auto hops = route.hops();
  return std::any_of(hops.begin(), hops.end(), [&](const rtnl::next_hop& hop) {
    return hop.index != 0 && names.link(hop.index) == device;
  });
}

bool belongs(const rtnl::neighbour& n, const naming& names, const std::string& device) {
  return names.link(n.index) == device;
}

bool belongs(const rtnl::rule& r, const naming&, const std::string& device) {
  return r.input == device || r.output == device;
}

bool belongs(const rtnl::nexthop& n, const naming& names, const std::string& device) {
  return n.output && names.link(*n.output) == device;
}

}  // namespace trivet::tool
