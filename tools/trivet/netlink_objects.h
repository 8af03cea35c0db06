// Links, addresses and routes in the words of iproute2: as lines of text, and as JSON with the keys
// and values of `ip -j`.
#ifndef TOOLS_TRIVET_NETLINK_OBJECTS_H_
#define TOOLS_TRIVET_NETLINK_OBJECTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/trivet/netlink_document.h"
#include "tools/trivet/palette.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/names.h"
#include "trivet/netlink/route/route.h"

namespace trivet::tool {

/// Names for numbers. Links keep theirs after they are gone, because what is removed with a link
/// is told after it.
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

/// The flags of a link as `ip` names them, in its order: "NO-CARRIER", "UP", "M-DOWN".
[[nodiscard]] std::vector<std::string> link_flag_words(const netlink::rtnl::link& link,
                                                       const naming& names);

/// The members of one object of `ip -j link`.
[[nodiscard]] document::object to_document(const netlink::rtnl::link& link, const naming& names);
template <class T>
[[nodiscard]] std::vector<document_change> text_changes(const T& before, const T& after,
                                                        const naming& names) {
  return changes_between(to_document(before, names), to_document(after, names));
}
/// "7: veth0@eth0: <…> mtu 1500 … link/ether 02:… brd ff:…"
[[nodiscard]] std::string to_text(const netlink::rtnl::link& link, const naming& names,
                                  const palette& paint);
/// What tells a link from others: "7: veth0".
[[nodiscard]] std::string title(const netlink::rtnl::link& link, const naming& names,
                                const palette& paint);

/// The flags of an address as `ip` names them, in its order: "secondary", "dynamic".
[[nodiscard]] std::vector<std::string> address_flag_words(const netlink::rtnl::address& address);
/// The flags that have no name.
[[nodiscard]] std::uint32_t unknown_address_flags(const netlink::rtnl::address& address);
/// IFA_PROTO: "kernel_ll"; the number where it is unknown.
[[nodiscard]] std::string address_protocol_name(std::uint8_t protocol);

/// The members of one addr_info of `ip -j addr`, after the link's index and dev.
[[nodiscard]] document::object to_document(const netlink::rtnl::address& address,
                                           const naming& names);
/// "2: eth0 inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0"
[[nodiscard]] std::string to_text(const netlink::rtnl::address& address, const naming& names,
                                  const palette& paint);
[[nodiscard]] std::string title(const netlink::rtnl::address& address, const naming& names,
                                const palette& paint);

/// The flags of a route or a hop as `ip` names them, in its order: "dead", "onlink".
[[nodiscard]] std::vector<std::string_view> route_flag_words(std::uint32_t flags);
/// LWTUNNEL_ENCAP_: "mpls"; the number where it is unknown.
[[nodiscard]] std::string encapsulation_name(std::uint16_t type);
/// AF_: "inet"; the number where it is unknown.
[[nodiscard]] std::string family_name(int family);
/// ICMPV6_ROUTER_PREF_: "high"; the number where it is unknown.
[[nodiscard]] std::string router_preference_name(std::uint8_t preference);

/// The members of one object of `ip -j route show table all`.
[[nodiscard]] document::object to_document(const netlink::rtnl::route& route, const naming& names);
/// What has changed of a route, for a line of text: the hops are one thing, whether a route has one
/// or several.
[[nodiscard]] std::vector<document_change> text_changes(const netlink::rtnl::route& before,
                                                        const netlink::rtnl::route& after,
                                                        const naming& names);
/// "10.0.0.0/24 via 10.0.1.1 dev eth0 proto static metric 100"
[[nodiscard]] std::string to_text(const netlink::rtnl::route& route, const naming& names,
                                  const palette& paint);
[[nodiscard]] std::string title(const netlink::rtnl::route& route, const naming& names,
                                const palette& paint);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_OBJECTS_H_
