// One line for one frame: well-known protocols, told in tcpdump's words.
#ifndef TOOLS_TRIVET_PACKET_DESCRIBE_H_
#define TOOLS_TRIVET_PACKET_DESCRIBE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/packet/vlan.h"

namespace trivet::tool {

/// What a frame is.
struct packet_description {
  std::vector<std::string> protocols;   ///< outermost first: "eth", "vlan", "ip", "tcp"
  std::vector<packet::vlan_tag> vlans;  ///< outermost first
  std::string source;                   ///< of IP or ARP, else of the link layer
  std::string destination;
  std::optional<std::uint16_t> source_port;
  std::optional<std::uint16_t> destination_port;
  std::string text;  ///< the line, as tcpdump would word it
};

/// Never fails: what cannot be decoded is said so.
/// @param linktype   LINKTYPE_ of the capture
/// @param frame      the bytes captured, perhaps fewer than the frame had
/// @param wire_size  the frame's length
[[nodiscard]] packet_description describe_packet(std::uint16_t linktype, const_bytes frame,
                                                 std::uint32_t wire_size);

/// "TIPC" for 0x88ca; "ethertype 0x1234" for one without a name here.
[[nodiscard]] std::string ethertype_name(std::uint16_t ethertype);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PACKET_DESCRIBE_H_
