// The options of level SOL_PACKET, one type each, sorted by the kernel's name.
//
//   socket.set(trivet::packet::option::auxdata{true});
//   socket.set(option::add_membership{option::promiscuous(index)});
//
// Once a ring exists, version, reserve, loss, vnet_hdr and vnet_hdr_sz fail with EBUSY.
// Left out: PACKET_RECV_OUTPUT, which no Linux kernel implements, and PACKET_HDRLEN, which reads
// its answer's question: frame_header_size(). Sources for all: packet(7), linux/if_packet.h and the
// kernel's net/packet/af_packet.c.
#ifndef TRIVET_PACKET_OPTION_H_
#define TRIVET_PACKET_OPTION_H_

#include <linux/if_packet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "trivet/base/option.h"
#include "trivet/base/so.h"
#include "trivet/base/socket_base.h"

#ifndef SOL_PACKET
#define SOL_PACKET 263
#endif
// Younger than Debian 12's headers; the numbers are the kernel's ABI.
#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24
#endif
#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING 0x4000
#endif

namespace trivet::packet::option {

/// What the options below are, by the directions that the kernel offers.
template <int Name, class Value>
using get_only = socket_option<SOL_PACKET, Name, Value, option_access::get>;
template <int Name, class Value>
using set_only = socket_option<SOL_PACKET, Name, Value, option_access::set>;
template <int Name, class Value>
using get_set = socket_option<SOL_PACKET, Name, Value, option_access::get_set>;

/// struct packet_mreq with room for any link-layer address. Its interface's index, what is asked
/// for, and the address where that has one.
struct membership {
  int index = 0;                           ///< of the interface; 0 is refused (ENODEV)
  std::uint16_t type = PACKET_MR_PROMISC;  ///< PACKET_MR_
  std::uint16_t size = 0;                  ///< bytes of `link` that count
  std::uint8_t link[32]{};                 ///< for PACKET_MR_MULTICAST and PACKET_MR_UNICAST
};

/// PACKET_MR_PROMISC: the interface hands up frames for others too.
[[nodiscard]] inline membership promiscuous(int index) noexcept {
  return {index, PACKET_MR_PROMISC, 0, {}};
}
/// PACKET_MR_ALLMULTI: frames for every multicast address.
[[nodiscard]] inline membership all_multicast(int index) noexcept {
  return {index, PACKET_MR_ALLMULTI, 0, {}};
}
namespace detail {
[[nodiscard]] inline membership with_link(int index, std::uint16_t type,
                                          const_bytes link) noexcept {
  membership result{
      index, type, static_cast<std::uint16_t>(std::min<std::size_t>(link.size(), 33)), {}};
  if (!link.empty())
    std::memcpy(result.link, link.data(), std::min(link.size(), sizeof result.link));
  return result;
}
}  // namespace detail
/// PACKET_MR_MULTICAST: frames for one multicast address, as long as the interface's own (else
/// EINVAL).
[[nodiscard]] inline membership multicast(int index, const_bytes link) noexcept {
  return detail::with_link(index, PACKET_MR_MULTICAST, link);
}
/// PACKET_MR_UNICAST: frames for one more unicast address.
[[nodiscard]] inline membership unicast(int index, const_bytes link) noexcept {
  return detail::with_link(index, PACKET_MR_UNICAST, link);
}

/// PACKET_ADD_MEMBERSHIP: the kernel counts them per interface, and undoes them when the socket is
/// closed. ENODEV where there is no such interface.
struct add_membership : set_only<PACKET_ADD_MEMBERSHIP, membership> {};
/// PACKET_AUXDATA: frames come with control::auxdata: status, lengths, VLAN tag (2.6.21).
struct auxdata : get_set<PACKET_AUXDATA, bool> {};
/// PACKET_COPY_THRESH: a frame too long for its slot of a V1 or V2 ring is queued whole for recv
/// too, if it is longer than this many bytes; 0 switches it off. To read it needs 6.3.
struct copy_thresh : get_set<PACKET_COPY_THRESH, int> {};
/// PACKET_DROP_MEMBERSHIP: undoes one of add_membership.
struct drop_membership : set_only<PACKET_DROP_MEMBERSHIP, membership> {};
/// PACKET_FANOUT: shares the frames of an interface with the other sockets of a group: the id in
/// the lower 16 bits, a PACKET_FANOUT_ mode and flags in the upper. Only a bound socket may join;
/// EINVAL where the group has another mode, interface or protocol.
struct fanout : get_set<PACKET_FANOUT, std::uint32_t> {};
/// PACKET_FANOUT: the same, with the most members that the group is to have (5.12).
struct fanout_limited : set_only<PACKET_FANOUT, ::fanout_args> {};
/// PACKET_FANOUT_DATA: the classic BPF program of a group in mode PACKET_FANOUT_CBPF; what it
/// returns, modulo the members, picks one.
struct fanout_data_cbpf : set_only<PACKET_FANOUT_DATA, std::span<const ::sock_filter>> {};
/// PACKET_FANOUT_DATA: the loaded eBPF program of a group in mode PACKET_FANOUT_EBPF.
struct fanout_data_ebpf : set_only<PACKET_FANOUT_DATA, int> {};
/// PACKET_IGNORE_OUTGOING: no frames that this machine sends (4.20).
struct ignore_outgoing : get_set<PACKET_IGNORE_OUTGOING, bool> {};
/// PACKET_LOSS: a malformed frame in a transmit ring is skipped, else it stops the ring.
struct loss : get_set<PACKET_LOSS, bool> {};
/// PACKET_ORIGDEV: an address tells the interface that the frame came in on, and not the bond or
/// bridge above it (2.6.25).
struct origdev : get_set<PACKET_ORIGDEV, bool> {};
/// PACKET_QDISC_BYPASS: frames go to the driver at once. They may be dropped when it is busy, and
/// no packet socket sees them (3.14).
struct qdisc_bypass : get_set<PACKET_QDISC_BYPASS, bool> {};
/// PACKET_RESERVE: bytes left free before each frame of a receive ring (2.6.27).
struct reserve : get_set<PACKET_RESERVE, unsigned> {};
/// PACKET_ROLLOVER_STATS: what a fanout group's rollover did; EINVAL without it (4.2).
struct rollover_stats : get_only<PACKET_ROLLOVER_STATS, ::tpacket_rollover_stats> {};
/// PACKET_RX_RING: makes a receive ring of version 3; all zeros ends it. receive_ring does this.
struct rx_ring : set_only<PACKET_RX_RING, ::tpacket_req3> {};
/// PACKET_RX_RING of version 1 or 2.
struct rx_ring_v2 : set_only<PACKET_RX_RING, ::tpacket_req> {};
/// PACKET_STATISTICS: frames and drops since the last time that they were read; freezes of a V3
/// ring, else 0. Reading sets them to 0 and ends TP_STATUS_LOSING: let one reader own them.
/// tp_packets counts the drops too. A socket with a ring answers for the ring.
struct statistics : get_only<PACKET_STATISTICS, ::tpacket_stats_v3> {};
/// PACKET_TIMESTAMP: the clock of a ring's stamps, SOF_TIMESTAMPING_RAW_HARDWARE or _SOFTWARE.
struct timestamp : get_set<PACKET_TIMESTAMP, int> {};
/// PACKET_TX_HAS_OFF: the frames of a transmit ring say where their data begins (3.10).
struct tx_has_off : get_set<PACKET_TX_HAS_OFF, bool> {};
/// PACKET_TX_RING: makes a transmit ring of version 1 or 2; all zeros ends it.
struct tx_ring : set_only<PACKET_TX_RING, ::tpacket_req> {};
/// PACKET_TX_RING of version 3, since 4.11.
struct tx_ring_v3 : set_only<PACKET_TX_RING, ::tpacket_req3> {};
/// PACKET_VERSION: the layout of rings: TPACKET_V1, TPACKET_V2 or TPACKET_V3.
struct version : get_set<PACKET_VERSION, int> {};
/// PACKET_VNET_HDR: a struct virtio_net_hdr stands before each frame (SOCK_RAW; 2.6.37).
struct vnet_hdr : get_set<PACKET_VNET_HDR, bool> {};
/// PACKET_VNET_HDR_SZ: its size, 0, 10 or 12 bytes (6.6).
struct vnet_hdr_sz : get_set<PACKET_VNET_HDR_SZ, int> {};

/// getsockopt(PACKET_HDRLEN): the bytes that a ring frame of a TPACKET_ version has before the
/// link-layer address, as the kernel has them; EINVAL for a version that it does not know.
[[nodiscard]] inline int frame_header_size(const socket_base& socket, int version,
                                           std::error_code& ec) noexcept {
  std::array<std::byte, sizeof(int)> value;
  std::memcpy(value.data(), &version, sizeof version);
  const std::size_t size = socket.get_raw(SOL_PACKET, PACKET_HDRLEN, value, ec);
  return ec ? 0 : load_padded<int>(const_bytes(value).first(size));
}

}  // namespace trivet::packet::option

#endif  // TRIVET_PACKET_OPTION_H_
