// What stands at the front of the frames of an interface, and how captures name it.
#ifndef TRIVET_PACKET_LINK_LAYER_H_
#define TRIVET_PACKET_LINK_LAYER_H_

#include <cstdint>

namespace trivet::packet {

/// The link-layer header of captured frames. libpcap's number for compiling filters (DLT_) and the
/// number in files (LINKTYPE_) differ for some. Source: pcap-linktype(7)
struct link_layer {
  int dlt;                 ///< for pcap_compile
  std::uint16_t linktype;  ///< in a capture file
  bool cooked;             ///< a SOCK_DGRAM socket, and a header of ours before the data

  friend bool operator==(const link_layer&, const link_layer&) = default;
};

/// LINUX_SLL2: protocol, interface, hardware type and packet type, where the interfaces' own
/// headers differ or mean little.
inline constexpr link_layer cooked_link_layer{276, 276, true};

/// NETLINK: of an nlmon device, whose frames are datagrams of netlink. The header is that of
/// LINUX_SLL and names the protocol.
inline constexpr link_layer netlink_link_layer{253, 253, true};

/// Of an interface by its hardware type, ARPHRD_ETHER and so on. What is not known is cooked.
[[nodiscard]] link_layer link_layer_of(std::uint16_t hatype) noexcept;

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_LINK_LAYER_H_
