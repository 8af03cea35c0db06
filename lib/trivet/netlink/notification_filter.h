// Filters for the socket of a monitor: what they refuse costs nothing but running them.
#ifndef TRIVET_NETLINK_NOTIFICATION_FILTER_H_
#define TRIVET_NETLINK_NOTIFICATION_FILTER_H_

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <vector>

namespace trivet::netlink {

/// A classic BPF program for so::attach_filter: lets routes of these tables pass, and all that is
/// no route. Never for a socket that makes requests: it would filter their answers as well.
/// @param tables  RT_TABLE_, at most 64; throws std::invalid_argument for more
/// Source: Documentation/networking/filter.rst, net/core/filter.c (bpf_skb_get_nlattr)
[[nodiscard]] std::vector<::sock_filter> filter_by_table(std::span<const std::uint32_t> tables);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_NOTIFICATION_FILTER_H_
