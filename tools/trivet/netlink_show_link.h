// Links as `ip link` and `ip addr` show them.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_LINK_H_
#define TOOLS_TRIVET_NETLINK_SHOW_LINK_H_

#include <optional>
#include <string>

#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/link.h"

namespace trivet::tool {

/// Which links are shown. The words that choose links are the same for `link` and `addr`.
struct link_selection {
  std::optional<std::string> device;
  std::optional<std::string> master;
  bool master_is_vrf = false;  ///< it has to be one
  bool no_master = false;
  bool up = false;
  std::optional<std::uint32_t> group;
  std::string kind;        ///< of the link
  std::string slave_kind;  ///< of its master: "bridge" of "bridge_slave"

  /// Takes the next words if they are one of these selectors.
  bool take(selector_words& words, const netlink::rtnl::names& names);

  [[nodiscard]] bool matches(const netlink::rtnl::link& link, const show_session& session,
                             std::uint32_t master_index) const;
};

/// The names of the namespaces that links of this one lead to.
[[nodiscard]] namespace_names names_of_namespaces(show_session& session);

/// The links of the namespace that are chosen, in the kernel's order.
[[nodiscard]] std::vector<netlink::rtnl::link> read_links(show_session& session,
                                                          const link_selection& selection,
                                                          bool statistics);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_LINK_H_
