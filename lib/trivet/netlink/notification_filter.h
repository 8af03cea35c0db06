// Filters for the socket of a monitor: what they refuse costs nothing but running them.
#ifndef TRIVET_NETLINK_NOTIFICATION_FILTER_H_
#define TRIVET_NETLINK_NOTIFICATION_FILTER_H_

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "trivet/netlink/objects.h"

namespace trivet::netlink {

/// As many tables are told apart in the kernel; where there are more, routes of all pass.
inline constexpr std::size_t most_filtered_tables = 256;

/// A classic BPF program for so::attach_filter: lets pass what a monitor of these kinds has a use
/// for, by type, family and routing table. Bridge ports, forwarding entries of bridges, proxies,
/// traffic classes and filters, and most of what a sysctl tells are refused; they come in the same
/// groups. Never for a socket that makes requests: it would filter their answers as well.
/// @param wanted  the kinds; links pass in any case
/// @param tables  RT_TABLE_; empty: all
/// Source: Documentation/networking/filter.rst, net/core/filter.c (bpf_skb_get_nlattr)
[[nodiscard]] std::vector<::sock_filter> notification_filter(objects wanted,
                                                             std::span<const std::uint32_t> tables);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_NOTIFICATION_FILTER_H_
