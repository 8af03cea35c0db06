// Links as `ip link` and `ip addr` show them.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_LINK_H_
#define TOOLS_TRIVET_NETLINK_SHOW_LINK_H_

#include <map>
#include <optional>
#include <string>

#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/link.h"

namespace trivet::tool {

/// Which links are shown. The words that choose links are the same for `link` and `addr`.
struct link_selection {
  std::optional<std::string> device;
  std::optional<std::string> master;  ///< or VRF
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

/// The names that namespaces have here, by the number that another one goes by in this one.
using namespace_names = std::map<std::int32_t, std::string>;
[[nodiscard]] namespace_names names_of_namespaces(show_session& session);

/// How a link is shown.
struct link_style {
  bool for_addresses = false;  ///< `ip addr`: without what `ip link` alone shows
  int family = 0;              ///< of the addresses asked for: hides the line of hardware addresses
};

/// The members of one link, or its lines without the newline of the last.
void show_link(show_session& session, const netlink::rtnl::link& link, const link_style& style,
               const namespace_names& namespaces);

/// The counters of a link: the member "stats64", or lines without the newline of the last.
void show_link_statistics(show_session& session, const netlink::rtnl::link& link);

/// The data of a link's kind and of its master's: the member "linkinfo".
void show_link_kind(show_session& session, const netlink::rtnl::link_info& info);

/// The virtual functions of a link: the member "vfinfo_list".
void show_link_functions(show_session& session, const netlink::rtnl::link& link);

/// The links of the namespace that are chosen, in the kernel's order.
[[nodiscard]] std::vector<netlink::rtnl::link> read_links(show_session& session,
                                                          const link_selection& selection,
                                                          bool statistics);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_LINK_H_
