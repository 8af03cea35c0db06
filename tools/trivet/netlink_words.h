// Flags and other numbers of the kernel in the words of iproute2.
#ifndef TOOLS_TRIVET_NETLINK_WORDS_H_
#define TOOLS_TRIVET_NETLINK_WORDS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/trivet/netlink_naming.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"

namespace trivet::tool {

/// The flags of a link as `ip` names them, in its order: "NO-CARRIER", "UP", "M-DOWN".
[[nodiscard]] std::vector<std::string> link_flag_words(const netlink::rtnl::link& link,
                                                       const naming& names);

/// The flags of an address as `ip` names them, in its order: "secondary", "dynamic".
[[nodiscard]] std::vector<std::string> address_flag_words(const netlink::rtnl::address& address);
/// The flags that have no name.
[[nodiscard]] std::uint32_t unknown_address_flags(const netlink::rtnl::address& address);
/// IFA_PROTO: "kernel_ll"; the number where it is unknown.
[[nodiscard]] std::string address_protocol_name(std::uint8_t protocol);

/// The flags of a route or a hop as `ip` names them, in its order: "dead", "onlink".
[[nodiscard]] std::vector<std::string_view> route_flag_words(std::uint32_t flags);
/// LWTUNNEL_ENCAP_: "mpls"; the number where it is unknown.
[[nodiscard]] std::string encapsulation_name(std::uint16_t type);
/// SEG6_IPTUN_MODE_ from 0 on: "inline", "encap".
[[nodiscard]] std::span<const std::string_view> seg6_mode_names() noexcept;
/// SEG6_LOCAL_ACTION_ from 0 on: "<unknown>", "End", "End.X".
[[nodiscard]] std::span<const std::string_view> seg6_action_names() noexcept;
/// AF_: "inet"; the number where it is unknown.
[[nodiscard]] std::string family_name(int family);
/// ICMPV6_ROUTER_PREF_: "high"; the number where it is unknown.
[[nodiscard]] std::string router_preference_name(std::uint8_t preference);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_WORDS_H_
