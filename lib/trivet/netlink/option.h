// The options of level SOL_NETLINK, one type each, sorted by the kernel's name.
//
//   socket.set(trivet::netlink::option::ext_ack{true});
//
// Left out: NETLINK_RX_RING and NETLINK_TX_RING, which the kernel removed in 4.6.
// Sources for all: netlink(7) and the kernel's net/netlink/af_netlink.c (netlink_setsockopt).
#ifndef TRIVET_NETLINK_OPTION_H_
#define TRIVET_NETLINK_OPTION_H_

#include <linux/netlink.h>

#include <cstdint>
#include <vector>

#include "trivet/base/option.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

namespace trivet::netlink::option {

/// What the options below are, by the directions that the kernel offers.
template <int Name, class Value>
using get_only = socket_option<SOL_NETLINK, Name, Value, option_access::get>;
template <int Name, class Value>
using set_only = socket_option<SOL_NETLINK, Name, Value, option_access::set>;
template <int Name, class Value>
using get_set = socket_option<SOL_NETLINK, Name, Value, option_access::get_set>;

/// NETLINK_ADD_MEMBERSHIP: joins a multicast group by its number, 1 or more; EINVAL beyond the
/// protocol's last group. Some groups need CAP_NET_ADMIN.
struct add_membership : set_only<NETLINK_ADD_MEMBERSHIP, int> {};
/// NETLINK_BROADCAST_ERROR: a broadcast that this socket cannot take fails for its sender too.
struct broadcast_error : get_set<NETLINK_BROADCAST_ERROR, bool> {};
/// NETLINK_CAP_ACK: an error does not echo the request's payload (4.3).
struct cap_ack : get_set<NETLINK_CAP_ACK, bool> {};
/// NETLINK_DROP_MEMBERSHIP: leaves a multicast group by its number.
struct drop_membership : set_only<NETLINK_DROP_MEMBERSHIP, int> {};
/// NETLINK_EXT_ACK: errors and the end of a dump carry a text, an offset and more (4.12).
struct ext_ack : get_set<NETLINK_EXT_ACK, bool> {};
/// NETLINK_GET_STRICT_CHK: the kernel checks the header and attributes of get requests, and filters
/// dumps by them where it can (4.20).
struct get_strict_chk : get_set<NETLINK_GET_STRICT_CHK, bool> {};
/// NETLINK_LIST_MEMBERSHIPS: the groups joined, as 32-bit words: group g is bit (g - 1) % 32 of
/// word (g - 1) / 32 (4.2).
struct list_memberships : get_only<NETLINK_LIST_MEMBERSHIPS, std::vector<std::uint32_t>> {};
/// NETLINK_LISTEN_ALL_NSID: notifications of other network namespaces too, of those that have an
/// nsid here; control::nsid tells which. Needs CAP_NET_BROADCAST (4.2). Older kernels,
/// like 6.1 do not answer a get (ENOPROTOOPT).
struct listen_all_nsid : get_set<NETLINK_LISTEN_ALL_NSID, bool> {};
/// NETLINK_NO_ENOBUFS: what does not fit is lost without ENOBUFS. Never set it on a monitor: it
/// hides that events are missing.
struct no_enobufs : get_set<NETLINK_NO_ENOBUFS, bool> {};
/// NETLINK_PKTINFO: messages come with the group they were sent to; see control::pktinfo.
struct pktinfo : get_set<NETLINK_PKTINFO, bool> {};

}  // namespace trivet::netlink::option

#endif  // TRIVET_NETLINK_OPTION_H_
