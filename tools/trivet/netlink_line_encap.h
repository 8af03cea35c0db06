// "encap TYPE …" in a line of ip-route(8) or ip-nexthop(8): what packets are wrapped into.
#ifndef TOOLS_TRIVET_NETLINK_LINE_ENCAP_H_
#define TOOLS_TRIVET_NETLINK_LINE_ENCAP_H_

#include <cstdint>

#include "tools/trivet/netlink_line.h"
#include "trivet/netlink/policy.h"

namespace trivet::tool {

/// RTA_ENCAP_TYPE and RTA_ENCAP, NHA_ENCAP_TYPE and NHA_ENCAP. A value.
struct line_encap {
  std::uint16_t type = 0;  ///< LWTUNNEL_ENCAP_
  netlink::raw_nest nest;
};

/// The words behind "encap": mpls, ip, ip6, seg6, seg6local. Throws usage_error, failure.
[[nodiscard]] line_encap read_encap(line_words& words, line_resolver& resolver);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_LINE_ENCAP_H_
