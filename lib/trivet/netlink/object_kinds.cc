#include "trivet/netlink/object_kinds.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <variant>

namespace trivet::netlink {
namespace {

struct kind_visitor {
  objects operator()(const std::monostate& /*nothing*/) const { return objects::none; }
  objects operator()(const difference<rtnl::link>& /*one*/) const { return objects::link; }
  objects operator()(const difference<rtnl::address>& d) const {
    return d.newest()->family == AF_INET ? objects::address_v4 : objects::address_v6;
  }
  objects operator()(const difference<rtnl::nexthop>& /*one*/) const { return objects::nexthop; }
  objects operator()(const difference<rtnl::neighbour>& d) const {
    return d.newest()->family == AF_INET ? objects::neighbour_v4 : objects::neighbour_v6;
  }
  objects operator()(const difference<rtnl::rule>& d) const {
    return d.newest()->family == AF_INET ? objects::rule_v4 : objects::rule_v6;
  }
  objects operator()(const difference<rtnl::route>& d) const {
    return d.newest().view().family() == AF_INET ? objects::route_v4 : objects::route_v6;
  }
};

}  // namespace

objects kind_of(const any_difference& change) { return std::visit(kind_visitor{}, change); }

objects subject_of(const message_view& message) {
  const bool v4 = message.structure<::rtgenmsg>().rtgen_family == AF_INET;
  switch (message.type()) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return objects::link;
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return v4 ? objects::address_v4 : objects::address_v6;
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return v4 ? objects::route_v4 : objects::route_v6;
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
      return v4 ? objects::neighbour_v4 : objects::neighbour_v6;
    case RTM_NEWRULE:
    case RTM_DELRULE:
      return v4 ? objects::rule_v4 : objects::rule_v6;
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
      return objects::nexthop;
    default:
      return objects::none;
  }
}

}  // namespace trivet::netlink
