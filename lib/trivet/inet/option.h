// The useful options of levels IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP and IPPROTO_UDP, one type
// each, in the namespaces ip, ip6, tcp and udp, sorted by the kernel's name.
//
//   socket.set(trivet::tcp::nodelay{true});
//   socket.set(trivet::ip::add_membership{{.imr_multiaddr = group}});
//
// Not all that the kernel has: options that only routers, IPsec or one protocol's tuning want are
// set by number, with socket_base::set_raw. Sources: ip(7), ipv6(7), tcp(7), udp(7)
#ifndef TRIVET_INET_OPTION_H_
#define TRIVET_INET_OPTION_H_

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>

#include <string>

#include "trivet/base/option.h"

namespace trivet {

namespace ip {

template <int Name, class Value>
using get_only = socket_option<IPPROTO_IP, Name, Value, option_access::get>;
template <int Name, class Value>
using set_only = socket_option<IPPROTO_IP, Name, Value, option_access::set>;
template <int Name, class Value>
using get_set = socket_option<IPPROTO_IP, Name, Value, option_access::get_set>;

/// IP_ADD_MEMBERSHIP: joins a multicast group on an interface.
struct add_membership : set_only<IP_ADD_MEMBERSHIP, ::ip_mreqn> {};
/// IP_BIND_ADDRESS_NO_PORT: bind with port 0 leaves the choice of a port to connect.
struct bind_address_no_port : get_set<IP_BIND_ADDRESS_NO_PORT, bool> {};
/// IP_DROP_MEMBERSHIP: leaves a group.
struct drop_membership : set_only<IP_DROP_MEMBERSHIP, ::ip_mreqn> {};
/// IP_FREEBIND: bind takes an address that this machine does not have (yet).
struct freebind : get_set<IP_FREEBIND, bool> {};
/// IP_MTU: the path's MTU in bytes; connected sockets only (ENOTCONN).
struct mtu : get_only<IP_MTU, int> {};
/// IP_MTU_DISCOVER: IP_PMTUDISC_ values.
struct mtu_discover : get_set<IP_MTU_DISCOVER, int> {};
/// IP_MULTICAST_ALL: whether messages of groups that others joined come too. Default: true.
struct multicast_all : get_set<IP_MULTICAST_ALL, bool> {};
/// IP_MULTICAST_IF: the interface for multicast that is sent; it is read as an address only.
struct multicast_if : set_only<IP_MULTICAST_IF, ::ip_mreqn> {};
/// IP_MULTICAST_LOOP: whether multicast that is sent comes back to this machine. Default: true.
struct multicast_loop : get_set<IP_MULTICAST_LOOP, bool> {};
/// IP_MULTICAST_TTL: 0 to 255. Default: 1.
struct multicast_ttl : get_set<IP_MULTICAST_TTL, int> {};
/// IP_PKTINFO: messages come with a struct in_pktinfo.
struct pktinfo : get_set<IP_PKTINFO, bool> {};
/// IP_RECVERR: errors are queued, for MSG_ERRQUEUE.
struct recverr : get_set<IP_RECVERR, bool> {};
/// IP_RECVTOS: messages come with their type of service.
struct recvtos : get_set<IP_RECVTOS, bool> {};
/// IP_RECVTTL: messages come with their time to live.
struct recvttl : get_set<IP_RECVTTL, bool> {};
/// IP_TOS: type of service of what is sent.
struct tos : get_set<IP_TOS, int> {};
/// IP_TRANSPARENT: may use any address as its own; needs CAP_NET_ADMIN or CAP_NET_RAW.
struct transparent : get_set<IP_TRANSPARENT, bool> {};
/// IP_TTL: time to live of what is sent, 1 to 255.
struct ttl : get_set<IP_TTL, int> {};

}  // namespace ip

namespace ip6 {

template <int Name, class Value>
using get_only = socket_option<IPPROTO_IPV6, Name, Value, option_access::get>;
template <int Name, class Value>
using set_only = socket_option<IPPROTO_IPV6, Name, Value, option_access::set>;
template <int Name, class Value>
using get_set = socket_option<IPPROTO_IPV6, Name, Value, option_access::get_set>;

/// IPV6_ADD_MEMBERSHIP: joins a multicast group on an interface.
struct add_membership : set_only<IPV6_ADD_MEMBERSHIP, ::ipv6_mreq> {};
/// IPV6_DROP_MEMBERSHIP: leaves a group.
struct drop_membership : set_only<IPV6_DROP_MEMBERSHIP, ::ipv6_mreq> {};
/// IPV6_MTU: the path's MTU in bytes; connected sockets only (ENOTCONN).
struct mtu : get_only<IPV6_MTU, int> {};
/// IPV6_MULTICAST_HOPS: -1 (the default) to 255.
struct multicast_hops : get_set<IPV6_MULTICAST_HOPS, int> {};
/// IPV6_MULTICAST_IF: the number of the interface for multicast that is sent.
struct multicast_if : get_set<IPV6_MULTICAST_IF, int> {};
/// IPV6_MULTICAST_LOOP: whether multicast that is sent comes back to this machine. Default: true.
struct multicast_loop : get_set<IPV6_MULTICAST_LOOP, bool> {};
/// IPV6_RECVERR: errors are queued, for MSG_ERRQUEUE.
struct recverr : get_set<IPV6_RECVERR, bool> {};
/// IPV6_RECVHOPLIMIT: messages come with their hop limit.
struct recvhoplimit : get_set<IPV6_RECVHOPLIMIT, bool> {};
/// IPV6_RECVPKTINFO: messages come with a struct in6_pktinfo.
struct recvpktinfo : get_set<IPV6_RECVPKTINFO, bool> {};
/// IPV6_RECVTCLASS: messages come with their traffic class.
struct recvtclass : get_set<IPV6_RECVTCLASS, bool> {};
/// IPV6_TCLASS: traffic class of what is sent.
struct tclass : get_set<IPV6_TCLASS, int> {};
/// IPV6_UNICAST_HOPS: hop limit of what is sent; -1 for the default.
struct unicast_hops : get_set<IPV6_UNICAST_HOPS, int> {};
/// IPV6_V6ONLY: whether IPv4 is kept out; set before bind.
struct v6only : get_set<IPV6_V6ONLY, bool> {};

}  // namespace ip6

namespace tcp {

template <int Name, class Value>
using get_only = socket_option<IPPROTO_TCP, Name, Value, option_access::get>;
template <int Name, class Value>
using get_set = socket_option<IPPROTO_TCP, Name, Value, option_access::get_set>;

/// TCP_CONGESTION: the name of the congestion control.
struct congestion : get_set<TCP_CONGESTION, std::string> {};
/// TCP_CORK: whether only full segments are sent.
struct cork : get_set<TCP_CORK, bool> {};
/// TCP_DEFER_ACCEPT: seconds for which accept waits for data.
struct defer_accept : get_set<TCP_DEFER_ACCEPT, int> {};
/// TCP_FASTOPEN: the queue for connections that come with data.
struct fastopen : get_set<TCP_FASTOPEN, int> {};
/// TCP_INFO: what is known of the connection.
struct info : get_only<TCP_INFO, ::tcp_info> {};
/// TCP_KEEPCNT: probes without an answer that end the connection.
struct keepcnt : get_set<TCP_KEEPCNT, int> {};
/// TCP_KEEPIDLE: idle seconds before the first probe (so::keepalive).
struct keepidle : get_set<TCP_KEEPIDLE, int> {};
/// TCP_KEEPINTVL: seconds between probes.
struct keepintvl : get_set<TCP_KEEPINTVL, int> {};
/// TCP_MAXSEG: the largest segment in bytes.
struct maxseg : get_set<TCP_MAXSEG, int> {};
/// TCP_NODELAY: whether small segments are sent at once.
struct nodelay : get_set<TCP_NODELAY, bool> {};
/// TCP_QUICKACK: whether acknowledgements are sent at once; the kernel may turn it off again.
struct quickack : get_set<TCP_QUICKACK, bool> {};
/// TCP_USER_TIMEOUT: milliseconds for which data may stay without acknowledgement.
struct user_timeout : get_set<TCP_USER_TIMEOUT, unsigned> {};

}  // namespace tcp

namespace udp {

template <int Name, class Value>
using get_set = socket_option<IPPROTO_UDP, Name, Value, option_access::get_set>;

/// UDP_CORK: whether what is sent is gathered into one datagram until it is cleared.
struct cork : get_set<UDP_CORK, bool> {};
/// UDP_GRO: whether datagrams may come as one buffer of equal segments.
struct gro : get_set<UDP_GRO, bool> {};
/// UDP_SEGMENT: bytes into which the kernel cuts what is sent; 0 for no cutting.
struct segment : get_set<UDP_SEGMENT, int> {};

}  // namespace udp
}  // namespace trivet

#endif  // TRIVET_INET_OPTION_H_
