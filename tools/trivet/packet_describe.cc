#include "tools/trivet/packet_describe.h"

#include <fmt/core.h>
#include <linux/if_ether.h>

#include <algorithm>
#include <utility>

#include "tools/trivet/packet_describe_network.h"

namespace trivet::tool {
namespace {

struct named {
  std::uint16_t number;
  std::string_view name;
};

constexpr named ethertypes[] = {
    {ETH_P_IP, "IP"},
    {ETH_P_ARP, "ARP"},
    {ETH_P_RARP, "RARP"},
    {ETH_P_IPV6, "IP6"},
    {ETH_P_8021Q, "802.1Q"},
    {ETH_P_8021AD, "802.1ad"},
    {ETH_P_PAUSE, "MPCP"},
    {ETH_P_SLOW, "LACP"},
    {ETH_P_MPLS_UC, "MPLS"},
    {ETH_P_PPP_DISC, "PPPoE"},
    {ETH_P_PPP_SES, "PPPoE"},
    {ETH_P_PAE, "EAPOL"},
    {ETH_P_TIPC, "TIPC"},
    {ETH_P_LLDP, "LLDP"},
    {ETH_P_MACSEC, "MACsec"},
    {ETH_P_1588, "PTP"},
    {ETH_P_FCOE, "FCoE"},
    {ETH_P_ETHERCAT, "EtherCAT"},
    {ETH_P_LOOPBACK, "Loopback"},
    {ETH_P_PROFINET, "PROFINET"},
    {ETH_P_HSR, "HSR"},
};

/// A network layer that cannot be told, because bytes are missing or wrong.
void describe_broken(packet_description& into, std::uint16_t ethertype, const_bytes data,
                     std::size_t wire_size) {
  describe_ip_addresses(into, ethertype, data);
  into.text +=
      fmt::format("{} {} > {}: {}, length {}", ethertype_name(ethertype), into.source,
                  into.destination, data.size() < wire_size ? "cut" : "malformed", wire_size);
}

/// @param wire_size  what `data` had on the wire
void describe_network(packet_description& into, std::uint16_t ethertype, const_bytes data,
                      std::size_t wire_size) {
  switch (ethertype) {
    case ETH_P_IP:
    case ETH_P_IPV6:
    case ETH_P_ARP: {
      packet_description result = into;
      if (describe_network_layer(result, ethertype, data, wire_size)) {
        into = std::move(result);
      } else {
        describe_broken(into, ethertype, data, wire_size);
      }
      break;
    }
    default: {
      const std::string name = ethertype_name(ethertype);
      into.protocols.push_back(name.starts_with("ethertype") ? "data" : lower(name));
      into.text +=
          fmt::format("{} {} > {}, length {}", name, into.source, into.destination, wire_size);
    }
  }
}

bool is_vlan(std::uint16_t ethertype) {
  return ethertype == ETH_P_8021Q || ethertype == ETH_P_8021AD || ethertype == ETH_P_QINQ1;
}

/// The tags behind an ethertype, and what they hold.
void describe_tagged(packet_description& into, std::uint16_t ethertype, byte_reader in,
                     std::size_t missing) {
  while (is_vlan(ethertype) && in.rest().size() >= packet::vlan_tag::size) {
    const packet::vlan_tag tag{ethertype, in.read_big_endian<std::uint16_t>()};
    into.protocols.emplace_back("vlan");
    into.vlans.push_back(tag);
    into.text += fmt::format("vlan {}, p {}, ", tag.id(), tag.priority());
    ethertype = in.read_big_endian<std::uint16_t>();
  }
  describe_network(into, ethertype, in.rest(), in.rest().size() + missing);
}

void describe_ethernet(packet_description& into, const_bytes frame, std::size_t missing) {
  constexpr std::uint16_t least_ethertype = 1536;
  byte_reader in(frame);
  into.protocols.emplace_back("eth");
  into.destination = colons(in.take(6));
  into.source = colons(in.take(6));
  const auto type = in.read_big_endian<std::uint16_t>();
  if (in.failed()) {
    into.text = fmt::format("Ethernet, cut, length {}", frame.size() + missing);
  } else if (type >= least_ethertype) {
    describe_tagged(into, type, in, missing);
  } else {
    constexpr auto spanning_tree = 0x42;
    const bool is_stp = in.read<std::uint8_t>() == spanning_tree;
    into.protocols.emplace_back(is_stp ? "stp" : "llc");
    into.text = fmt::format("{} {} > {}, length {}", is_stp ? "STP" : "802.3", into.source,
                            into.destination, type);
  }
}

/// LINKTYPE_LINUX_SLL2.
void describe_cooked(packet_description& into, const_bytes frame, std::size_t missing) {
  byte_reader in(frame);
  into.protocols.emplace_back("sll");
  const auto protocol = in.read_big_endian<std::uint16_t>();
  (void)in.take(9);
  const auto size = std::min<std::size_t>(in.read<std::uint8_t>(), 8);
  const const_bytes link = in.take(8);
  if (in.failed()) {
    into.text = fmt::format("Linux cooked, cut, length {}", frame.size() + missing);
    return;
  }
  into.source = colons(link.first(size));
  describe_tagged(into, protocol, in, missing);
}

/// LINKTYPE_RAW: IP, of the version that its first bits tell.
void describe_raw(packet_description& into, const_bytes frame, std::size_t missing) {
  into.protocols.emplace_back("raw");
  const int version = frame.empty() ? 0 : std::to_integer<int>(frame[0]) >> 4;
  describe_network(into, version == 6 ? ETH_P_IPV6 : ETH_P_IP, frame, frame.size() + missing);
}

}  // namespace

std::string ethertype_name(std::uint16_t ethertype) {
  for (const named& entry : ethertypes) {
    if (entry.number == ethertype) return std::string(entry.name);
  }
  return fmt::format("ethertype 0x{:04x}", ethertype);
}

packet_description describe_packet(std::uint16_t linktype, const_bytes frame,
                                   std::uint32_t wire_size) {
  packet_description result;
  const std::size_t missing = wire_size - std::min<std::size_t>(frame.size(), wire_size);
  switch (linktype) {
    case 1:
      describe_ethernet(result, frame, missing);
      break;
    case 101:
      describe_raw(result, frame, missing);
      break;
    case 276:
      describe_cooked(result, frame, missing);
      break;
    default:
      result.text = fmt::format("link type {}, length {}", linktype, wire_size);
  }
  return result;
}

}  // namespace trivet::tool
