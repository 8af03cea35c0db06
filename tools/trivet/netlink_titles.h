// What a line calls an object, and to which link it belongs.
#ifndef TOOLS_TRIVET_NETLINK_TITLES_H_
#define TOOLS_TRIVET_NETLINK_TITLES_H_

#include <string>

#include "tools/trivet/netlink_naming.h"
#include "tools/trivet/palette.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/neighbour.h"
#include "trivet/netlink/route/nexthop.h"
#include "trivet/netlink/route/rule.h"
#include "trivet/netlink/route_record.h"

namespace trivet::tool {

// What tells an object from others of its kind: "7: veth0", "10.0.0.0/24 metric 5". Rules have
// nothing but all of themselves.
[[nodiscard]] std::string title(const netlink::rtnl::link& l, const naming& names,
                                const palette& paint);
[[nodiscard]] std::string title(const netlink::rtnl::address& a, const naming& names,
                                const palette& paint);
[[nodiscard]] std::string title(const netlink::route_view& stored, const naming& names,
                                const palette& paint);
[[nodiscard]] std::string title(const netlink::rtnl::neighbour& n, const naming& names,
                                const palette& paint);
[[nodiscard]] std::string title(const netlink::rtnl::rule& r, const naming& names,
                                const palette& paint);
[[nodiscard]] std::string title(const netlink::rtnl::nexthop& n, const naming& names,
                                const palette& paint);

// Whether an object belongs to a link of that name: is it, is on it, or leads over it.
[[nodiscard]] bool belongs(const netlink::rtnl::link& l, const naming& names,
                           const std::string& device);
[[nodiscard]] bool belongs(const netlink::rtnl::address& a, const naming& names,
                           const std::string& device);
[[nodiscard]] bool belongs(const netlink::route_view& stored, const naming& names,
                           const std::string& device);
[[nodiscard]] bool belongs(const netlink::rtnl::neighbour& n, const naming& names,
                           const std::string& device);
[[nodiscard]] bool belongs(const netlink::rtnl::rule& r, const naming& names,
                           const std::string& device);
[[nodiscard]] bool belongs(const netlink::rtnl::nexthop& n, const naming& names,
                           const std::string& device);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_TITLES_H_
