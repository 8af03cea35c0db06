// Drawing objects of the kernel as `ip` does, whoever asks: a verb that shows them, or a monitor.
#ifndef TOOLS_TRIVET_NETLINK_DRAWING_H_
#define TOOLS_TRIVET_NETLINK_DRAWING_H_

#include <cstdint>
#include <map>
#include <string>

#include "tools/trivet/netlink_naming.h"
#include "tools/trivet/show_writer.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::tool {

/// The options that stand before a noun or behind its verb, as those of `ip`.
struct netlink_options {
  int family = 0;  ///< AF_INET, AF_INET6, AF_MPLS, AF_PACKET (links), AF_BRIDGE; AF_UNSPEC: any
  bool one_line = false;
  bool brief = false;      ///< links, addresses and neighbours in a line of columns
  bool numeric = false;    ///< numbers in place of names: naming::prefer_numbers()
  bool timestamp = false;  ///< a monitor says when: as its own option
  bool pretty = false;     ///< JSON is indented
  bool details = false;
  int statistics = 0;  ///< how often -s was given
};

/// Where objects are drawn, and what is known beside them.
struct drawing {
  show_writer out;
  naming names;
  const netlink_options& options;
};

/// The names that namespaces have here, by the number that another one goes by in this one.
using namespace_names = std::map<std::int32_t, std::string>;

/// How a link is shown.
struct link_style {
  bool for_addresses = false;  ///< `ip addr`: without what `ip link` alone shows
  int family = 0;              ///< of the addresses asked for: hides the line of hardware addresses
};

// Each writes the members of one object, or its lines without the newline of the last. Routes:
// netlink_show_route.h.
void show_link(drawing& d, const netlink::rtnl::link& link, const link_style& style,
               const namespace_names& namespaces);
/// Its link stands before it where there is one line for each address (-o).
void show_address(drawing& d, const netlink::rtnl::address& address);
/// @param with_link  whether the link is shown
void show_neighbour(drawing& d, const netlink::rtnl::neighbour& neighbour, bool with_link);
void show_rule(drawing& d, const netlink::rtnl::rule& rule);
void show_nexthop(drawing& d, const netlink::rtnl::nexthop& nexthop);

/// The counters of a link: the member "stats64", or lines without the newline of the last.
void show_link_statistics(drawing& d, const netlink::rtnl::link& link);

/// The data of a link's kind and of its master's: the member "linkinfo".
void show_link_kind(drawing& d, const netlink::rtnl::link_info& info);

/// The virtual functions of a link: the member "vfinfo_list".
void show_link_functions(drawing& d, const netlink::rtnl::link& link);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_DRAWING_H_
