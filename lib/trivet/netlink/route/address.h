// Addresses of interfaces: RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR without a socket.
#ifndef TRIVET_NETLINK_ROUTE_ADDRESS_H_
#define TRIVET_NETLINK_ROUTE_ADDRESS_H_

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

#ifndef IFA_PROTO
#define IFA_PROTO 11  // 5.18
#endif

namespace trivet::netlink::rtnl {

/// struct ifaddrmsg and its attributes. A value. Source: rtnetlink(7), linux/if_addr.h
struct address {
  std::uint8_t family = 0;         ///< AF_INET, AF_INET6
  std::uint8_t prefix_length = 0;  ///< bits
  std::uint8_t scope = 0;          ///< RT_SCOPE_
  std::uint32_t flags = 0;  ///< IFA_F_, all of them: IFA_FLAGS holds more than the struct can
  std::uint32_t index = 0;  ///< of the link

  std::optional<network_address> peer;       ///< IFA_ADDRESS: the other end, or the address itself
  std::optional<network_address> local;      ///< IFA_LOCAL; IPv6 has it only beside a peer
  std::optional<std::string> label;          ///< IFA_LABEL
  std::optional<network_address> broadcast;  ///< IFA_BROADCAST
  std::optional<network_address> anycast;    ///< IFA_ANYCAST
  std::optional<::ifa_cacheinfo> cache;      ///< IFA_CACHEINFO: lifetimes, in seconds
  std::optional<std::uint32_t> metric;   ///< IFA_RT_PRIORITY: of its prefix route; 0: the default
  std::optional<std::uint8_t> protocol;  ///< IFA_PROTO: who added it
  std::vector<raw_attribute> others;

  /// The address of this end: local, or peer where there is no local.
  [[nodiscard]] const network_address* own() const noexcept {
    return local ? &*local : peer ? &*peer : nullptr;
  }

  /// From RTM_NEWADDR or RTM_DELADDR; nullopt where the message is shorter than its struct or a
  /// length in it is wrong.
  [[nodiscard]] static std::optional<address> decode(const message_view& message);
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<address>& policy();
};

/// Whether two states of an address are the same but for the time that is left of it and unknown
/// attributes. Endless and limited lifetimes differ.
[[nodiscard]] bool same_state(const address& a, const address& b);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_ADDRESS_H_
