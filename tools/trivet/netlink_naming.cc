#include "tools/trivet/netlink_naming.h"

#include <fmt/core.h>
#include <linux/if_arp.h>

namespace trivet::tool {

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

}  // namespace trivet::tool
