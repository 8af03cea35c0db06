#include "trivet/netlink/object_dumps.h"

#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace trivet::netlink {

void for_each_dump(objects kind, const std::vector<std::uint32_t>& tables,
                   const std::function<void(message_builder&)>& visit) {
  const bool v6 = overlap(
      kind, objects::address_v6 | objects::route_v6 | objects::neighbour_v6 | objects::rule_v6);
  const auto family = static_cast<unsigned char>(v6 ? AF_INET6 : AF_INET);
  if (overlap(kind, objects::route)) {
    // One dump for each table that is wanted: the others' routes are not even looked at.
    std::vector<std::uint32_t> wanted = tables;
    if (wanted.empty()) wanted.push_back(RT_TABLE_UNSPEC);
    for (const std::uint32_t number : wanted) {
      message_builder request(RTM_GETROUTE);
      ::rtmsg header{};
      header.rtm_family = family;
      request.structure(header);
      if (number != RT_TABLE_UNSPEC) request.attributes().value(RTA_TABLE, number);
      visit(request);
    }
    return;
  }
  const std::uint16_t type = kind == objects::link               ? RTM_GETLINK
                             : overlap(kind, objects::address)   ? RTM_GETADDR
                             : overlap(kind, objects::neighbour) ? RTM_GETNEIGH
                             : overlap(kind, objects::rule)      ? RTM_GETRULE
                                                                 : RTM_GETNEXTHOP;
  message_builder request(type);
  switch (type) {
    case RTM_GETLINK:
      request.structure(::ifinfomsg{});
      request.attributes().value(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
      break;
    case RTM_GETADDR: {
      ::ifaddrmsg header{};
      header.ifa_family = family;
      request.structure(header);
      break;
    }
    case RTM_GETNEIGH: {
      ::ndmsg header{};
      header.ndm_family = family;
      request.structure(header);
      break;
    }
    case RTM_GETRULE: {
      ::fib_rule_hdr header{};
      header.family = family;
      request.structure(header);
      break;
    }
    default:
      request.structure(::nhmsg{});
      break;
  }
  visit(request);
}

}  // namespace trivet::netlink
