// Nexthop objects, for those who show what refers to them.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
#define TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_

#include <cstdint>
#include <map>
#include <string_view>

#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/nexthop.h"

namespace trivet::tool {

/// Where nexthops are: words that the kernel itself chooses by.
struct nexthop_place {
  std::uint32_t device = 0;  ///< index of a link; 0: any
  std::uint32_t master = 0;  ///< that of what its links belong to

  /// Takes the next words if they are dev, master or vrf, each with a name. The links have to be
  /// known. Throws failure where there is no such link.
  bool take(selector_words& words, const show_session& session);
  void fill(netlink::attribute_writer& request) const;
};

/// A time in clock ticks, as a number of seconds.
void put_ticks(show_writer& out, std::string_view key, std::string_view before,
               std::uint64_t ticks);

/// "nexthop bucket", below a noun that is there.
void add_bucket_show(CLI::App& nexthop, context& ctx, const shared_options& options);

/// Nexthop objects by id.
using nexthop_list = std::map<std::uint32_t, netlink::rtnl::nexthop>;

/// All that there are.
[[nodiscard]] nexthop_list read_nexthops(show_session& session);

/// What the nexthop object of a route is: the member "nh_info"; nothing where it is not listed.
void show_nexthop_of(drawing& d, const nexthop_list& list, std::uint32_t id);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_NEXTHOP_H_
