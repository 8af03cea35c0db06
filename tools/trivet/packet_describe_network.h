// The network layer of a frame, and what it carries, told in tcpdump's words.
#ifndef TOOLS_TRIVET_PACKET_DESCRIBE_NETWORK_H_
#define TOOLS_TRIVET_PACKET_DESCRIBE_NETWORK_H_

#include <cstdint>
#include <string>

#include "tools/trivet/packet_describe.h"
#include "trivet/base/bytes.h"

namespace trivet::tool {

/// Adds ARP (RFC 826), IPv4 (RFC 791) or IPv6 (RFC 8200), with the first of TCP, UDP, ICMP and
/// ICMPv6 in it, to a description. False where bytes are missing or make no sense: then what was
/// added is incomplete.
/// @param ethertype  ETH_P_ARP, ETH_P_IP or ETH_P_IPV6
/// @param wire_size  what `data` had on the wire
[[nodiscard]] bool describe_network_layer(packet_description& into, std::uint16_t ethertype,
                                          const_bytes data, std::size_t wire_size);

/// Addresses of an IP header whose rest cannot be told; nothing where they are missing, too.
void describe_ip_addresses(packet_description& into, std::uint16_t ethertype, const_bytes data);

/// In small letters.
[[nodiscard]] std::string lower(std::string text);

/// "02:00:00:00:00:01".
[[nodiscard]] std::string colons(const_bytes bytes);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PACKET_DESCRIBE_NETWORK_H_
