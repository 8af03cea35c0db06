// Names for numbers: of links, and those of /etc/iproute2.
#ifndef TOOLS_TRIVET_NETLINK_NAMING_H_
#define TOOLS_TRIVET_NETLINK_NAMING_H_

#include <cstdint>
#include <map>
#include <string>

#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/names.h"

namespace trivet::tool {

/// What is known of the links beside their own objects. Links keep their names after they are gone,
/// because what is removed with a link is told after it.
struct naming {
  netlink::rtnl::names system;
  std::map<std::int64_t, std::string> links;
  std::map<std::int64_t, std::uint32_t> link_flags;
  std::map<std::int64_t, std::uint16_t> link_types;

  void learn(const netlink::rtnl::link& link);
  /// "eth0", or "if7" for a link that nobody has told of.
  [[nodiscard]] std::string link(std::int64_t index) const;
  /// ARPHRD_, which says what its addresses are; ARPHRD_VOID for one that nobody has told of.
  [[nodiscard]] std::uint16_t link_type(std::int64_t index) const;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_NAMING_H_
