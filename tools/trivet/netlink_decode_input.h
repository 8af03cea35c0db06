// Where messages come from: captures of an nlmon device, and hexadecimal digits.
#ifndef TOOLS_TRIVET_NETLINK_DECODE_INPUT_H_
#define TOOLS_TRIVET_NETLINK_DECODE_INPUT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/netlink/conversation.h"

namespace trivet::tool {

/// A datagram of netlink. A view: valid during the call that hands it over.
struct netlink_datagram {
  int protocol = 0;
  netlink::direction way = netlink::direction::unknown;
  std::optional<std::chrono::nanoseconds> time{};  ///< since 1970
  const_bytes bytes{};
  std::uint32_t cut = 0;  ///< bytes of it that were not captured
};

/// The header that captures of nlmon put before a datagram: LINKTYPE_NETLINK's, which is that of
/// LINUX_SLL, or LINUX_SLL2. nullopt where the packet is of no netlink device.
/// Source: www.tcpdump.org/linktypes/LINKTYPE_NETLINK.html
[[nodiscard]] std::optional<netlink_datagram> datagram_of_packet(int linktype, const_bytes packet);

/// Which way a datagram went by PACKET_USER and PACKET_KERNEL.
[[nodiscard]] netlink::direction way_of_packet(std::uint16_t pkttype) noexcept;

/// Whether bytes begin as a pcap or a pcapng file does.
[[nodiscard]] bool is_capture(const_bytes bytes) noexcept;

/// What a capture holds besides datagrams.
struct capture_ending {
  std::uint64_t others = 0;         ///< packets that are no netlink
  std::uint64_t short_packets = 0;  ///< packets that end before their message begins
  std::string error{};              ///< why the reading ended before the file's end
};

/// Calls `take` for every datagram of a capture, in order. Throws failure where it is none that
/// libpcap can read.
/// @param name  how errors call it
capture_ending each_datagram(const std::string& name, std::string_view file,
                             const std::function<void(const netlink_datagram&)>& take);

/// Datagrams out of hexadecimal digits: pairs of them with blanks, commas, colons, quotes, 0x and
/// \x between or before, as xxd -p and strace -xx print bytes; an empty line stands between
/// datagrams, '#' starts a comment. Throws usage_error that names the place where it is something
/// else, as the columns of offsets and text are that xxd, hexdump -C and od print.
/// @param name  how errors call it
[[nodiscard]] std::vector<std::vector<std::byte>> datagrams_of_hex(const std::string& name,
                                                                   std::string_view text);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_DECODE_INPUT_H_
