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
  netlink::rtnl::names system;  ///< prefer_numbers() below tells these, too
  std::map<std::int64_t, std::string> links{};
  std::map<std::int64_t, std::uint32_t> link_flags{};
  std::map<std::int64_t, std::uint16_t> link_types{};
  bool numeric = false;  ///< -N; set by prefer_numbers()

  /// Numbers in place of names from now on; links keep theirs.
  void prefer_numbers() noexcept;

  void learn(const netlink::rtnl::link& link);
  /// "eth0", or "if7" for a link that nobody has told of.
  [[nodiscard]] std::string link(std::int64_t index) const;
  /// ARPHRD_, which says what its addresses are; ARPHRD_VOID for one that nobody has told of.
  [[nodiscard]] std::uint16_t link_type(std::int64_t index) const;

  /// ARPHRD_: "ether", "[1]".
  [[nodiscard]] std::string hardware(std::uint16_t type) const;
  /// RTN_: "blackhole", "6".
  [[nodiscard]] std::string route_type(std::uint8_t type) const;
  /// ETH_P_ of a VLAN: "802.1Q", "[33024]".
  [[nodiscard]] std::string ethernet_protocol(std::uint16_t protocol) const;
  /// IPPROTO_, as /etc/protocols has it: "tcp", "ipproto-6".
  [[nodiscard]] std::string ip_protocol(std::uint8_t number) const;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_NAMING_H_
