#include "tools/trivet/netlink_naming.h"

#include <fmt/core.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <netdb.h>

#include <array>

namespace trivet::tool {

void naming::prefer_numbers() noexcept {
  numeric = true;
  system.prefer_numbers();
}

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

std::string naming::hardware(std::uint16_t type) const {
  return numeric ? fmt::format("[{}]", type) : netlink::rtnl::link_type_name(type);
}

std::string naming::route_type(std::uint8_t type) const {
  return numeric ? std::to_string(type) : netlink::rtnl::route_type_name(type);
}

std::string naming::ethernet_protocol(std::uint16_t protocol) const {
  if (!numeric && protocol == ETH_P_8021Q) return "802.1Q";
  if (!numeric && protocol == ETH_P_8021AD) return "802.1ad";
  return fmt::format("[{}]", protocol);
}

std::string naming::ip_protocol(std::uint8_t number) const {
  ::protoent entry{};
  ::protoent* found = nullptr;
  std::array<char, 1024> buffer;
  if (!numeric && ::getprotobynumber_r(number, &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return found->p_name;
  }
  return fmt::format("ipproto-{}", number);
}

}  // namespace trivet::tool
