// Addresses, prefixes and numbers as ip(8) takes them on its command line.
#ifndef TOOLS_TRIVET_NETLINK_PREFIX_H_
#define TOOLS_TRIVET_NETLINK_PREFIX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trivet/netlink/route/label_stack.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::tool {

/// An address and how many of its bits count. "default" and "any" have none.
struct line_prefix {
  netlink::rtnl::network_address address;  ///< family 0: "default" where no family is known
  int length = 0;
  bool length_given = false;
  bool has_address = false;  ///< false for "default"

  /// Throws usage_error.
  [[nodiscard]] static line_prefix parse(std::string_view what, std::string_view text, int family);
};

/// A number as strtoul(3) with base 0 reads it, all of it; nothing where it is none.
[[nodiscard]] std::optional<std::uint64_t> line_number(std::string_view text);

/// "10.1", which is 10.1.0.0, "2001:db8::1", or "100/200" of MPLS; nothing where it is none.
/// @param family  AF_UNSPEC: IPv4 or IPv6
[[nodiscard]] std::optional<netlink::rtnl::network_address> parse_line_address(
    std::string_view text, int family);

/// "100/200": MPLS labels of 20 bits, the last of which is marked as the bottom of the stack.
[[nodiscard]] std::optional<netlink::rtnl::label_stack> parse_line_labels(std::string_view text);

/// What an address of the family is called in an error: "an IPv4 address".
[[nodiscard]] std::string address_phrase(int family);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_PREFIX_H_
