#include "tools/trivet/packet_describe.h"

#include <fmt/core.h>
#include <linux/if_ether.h>
#include <tins/arp.h>
#include <tins/exceptions.h>
#include <tins/icmp.h>
#include <tins/icmpv6.h>
#include <tins/ip.h>
#include <tins/ip_address.h>
#include <tins/ipv6.h>
#include <tins/ipv6_address.h>
#include <tins/tcp.h>
#include <tins/udp.h>

#include <algorithm>
#include <utility>

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

constexpr named ip_protocols[] = {
    {1, "icmp"},       {2, "igmp"},  {4, "IP-in-IP"}, {6, "tcp"},    {17, "udp"},
    {41, "IP6-in-IP"}, {46, "RSVP"}, {47, "GRE"},     {50, "ESP"},   {51, "AH"},
    {89, "OSPF"},      {103, "PIM"}, {112, "VRRP"},   {132, "sctp"},
};

constexpr named icmp_types[] = {
    {0, "echo reply"},           {3, "destination unreachable"},
    {4, "source quench"},        {5, "redirect"},
    {8, "echo request"},         {9, "router advertisement"},
    {10, "router solicitation"}, {11, "time exceeded"},
    {12, "parameter problem"},   {13, "time stamp query"},
    {14, "time stamp reply"},
};

constexpr named icmp6_types[] = {
    {1, "destination unreachable"},
    {2, "packet too big"},
    {3, "time exceeded"},
    {4, "parameter problem"},
    {128, "echo request"},
    {129, "echo reply"},
    {130, "multicast listener query"},
    {131, "multicast listener report"},
    {132, "multicast listener done"},
    {133, "router solicitation"},
    {134, "router advertisement"},
    {135, "neighbor solicitation"},
    {136, "neighbor advertisement"},
    {137, "redirect"},
    {143, "multicast listener report v2"},
};

constexpr named unreachable_codes[] = {
    {0, "net unreachable"},
    {1, "host unreachable"},
    {2, "protocol unreachable"},
    {3, "port unreachable"},
    {4, "unreachable - need to frag"},
    {13, "unreachable - admin prohibited filter"},
};

template <std::size_t N>
std::string name_in(const named (&table)[N], unsigned number, std::string_view otherwise) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [=](const named& entry) { return entry.number == number; });
  return found == std::end(table) ? fmt::format("{}{}", otherwise, number)
                                  : std::string(found->name);
}

const std::uint8_t* tins_data(const_bytes bytes) {
  const void* const data = bytes.data();
  return static_cast<const std::uint8_t*>(data);
}

std::string tcp_flags(const Tins::TCP& tcp) {
  constexpr std::pair<int, char> letters[] = {
      {Tins::TCP::FIN, 'F'}, {Tins::TCP::SYN, 'S'}, {Tins::TCP::RST, 'R'}, {Tins::TCP::PSH, 'P'},
      {Tins::TCP::ACK, '.'}, {Tins::TCP::URG, 'U'}, {Tins::TCP::ECE, 'E'}, {Tins::TCP::CWR, 'W'}};
  std::string text;
  for (const auto& [flag, letter] : letters) {
    if ((tcp.flags() & flag) != 0) text += letter;
  }
  return text.empty() ? "none" : text;
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::string colons(const_bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) text += fmt::format("{}{:02x}", text.empty() ? "" : ":", b);
  return text;
}

/// Adds what libtins found in a network layer to the description.
class describer {
 public:
  explicit describer(packet_description& into) : into_(into) {}

  void arp(const Tins::ARP& arp) {
    into_.protocols.emplace_back("arp");
    into_.source = arp.sender_ip_addr().to_string();
    into_.destination = arp.target_ip_addr().to_string();
    if (arp.opcode() == Tins::ARP::REQUEST) {
      into_.text += fmt::format("ARP, Request who-has {} tell {}", into_.destination, into_.source);
    } else if (arp.opcode() == Tins::ARP::REPLY) {
      into_.text +=
          fmt::format("ARP, Reply {} is-at {}", into_.source, arp.sender_hw_addr().to_string());
    } else {
      into_.text += fmt::format("ARP, operation {}", static_cast<unsigned>(arp.opcode()));
    }
  }

  void ip(const Tins::IP& ip) {
    into_.protocols.emplace_back("ip");
    into_.source = ip.src_addr().to_string();
    into_.destination = ip.dst_addr().to_string();
    const auto header = static_cast<std::size_t>(ip.header_size());
    const std::size_t length = std::max<std::size_t>(ip.tot_len(), header) - header;
    const bool is_fragment = (ip.flags() & Tins::IP::MORE_FRAGMENTS) != 0;
    if (is_fragment || ip.fragment_offset() != 0) {
      const std::string name = name_in(ip_protocols, ip.protocol(), "ip-proto-");
      into_.text += fmt::format("IP {} > {}: {}, fragment at {}, length {}", into_.source,
                                into_.destination, name, ip.fragment_offset() * 8, length);
      return;
    }
    transport("IP", ip.inner_pdu(), ip.protocol(), length);
  }

  void ip6(const Tins::IPv6& ip) {
    into_.protocols.emplace_back("ip6");
    into_.source = ip.src_addr().to_string();
    into_.destination = ip.dst_addr().to_string();
    std::size_t length = ip.payload_length();
    const auto extensions = static_cast<std::size_t>(ip.header_size()) - 40;
    length -= std::min(length, extensions);
    transport("IP6", ip.inner_pdu(), ip.next_header(), length);
  }

 private:
  /// @param length  bytes behind the header of IP
  void transport(std::string_view version, const Tins::PDU* pdu, unsigned protocol,
                 std::size_t length) {
    const auto type = pdu == nullptr ? Tins::PDU::RAW : pdu->pdu_type();
    if (type == Tins::PDU::TCP) {
      const auto& tcp = static_cast<const Tins::TCP&>(*pdu);
      ports(version, "tcp", tcp.sport(), tcp.dport());
      segment(tcp, length - std::min<std::size_t>(length, tcp.header_size()));
    } else if (type == Tins::PDU::UDP) {
      const auto& udp = static_cast<const Tins::UDP&>(*pdu);
      ports(version, "udp", udp.sport(), udp.dport());
      into_.text += fmt::format("UDP, length {}", std::max<unsigned>(udp.length(), 8) - 8);
    } else {
      into_.text += fmt::format("{} {} > {}: ", version, into_.source, into_.destination);
      if (type == Tins::PDU::ICMP) {
        icmp(static_cast<const Tins::ICMP&>(*pdu));
      } else if (type == Tins::PDU::ICMPv6) {
        icmp6(static_cast<const Tins::ICMPv6&>(*pdu));
      } else {
        const std::string name = name_in(ip_protocols, protocol, "ip-proto-");
        into_.protocols.push_back(lower(name));
        into_.text += name;
      }
      into_.text += fmt::format(", length {}", length);
    }
  }

  void ports(std::string_view version, const char* protocol, std::uint16_t from, std::uint16_t to) {
    into_.protocols.emplace_back(protocol);
    into_.source_port = from;
    into_.destination_port = to;
    into_.text +=
        fmt::format("{} {}.{} > {}.{}: ", version, into_.source, from, into_.destination, to);
  }

  void segment(const Tins::TCP& tcp, std::size_t length) {
    into_.text += fmt::format("Flags [{}]", tcp_flags(tcp));
    if (length > 0) {
      into_.text += fmt::format(", seq {}:{}", tcp.seq(), tcp.seq() + length);
    } else if ((tcp.flags() & (Tins::TCP::SYN | Tins::TCP::FIN | Tins::TCP::RST)) != 0) {
      into_.text += fmt::format(", seq {}", tcp.seq());
    }
    if ((tcp.flags() & Tins::TCP::ACK) != 0) into_.text += fmt::format(", ack {}", tcp.ack_seq());
    into_.text += fmt::format(", win {}, length {}", tcp.window(), length);
  }

  void icmp(const Tins::ICMP& icmp) {
    into_.protocols.emplace_back("icmp");
    if (icmp.type() == Tins::ICMP::DEST_UNREACHABLE) {
      into_.text += "ICMP " + name_in(unreachable_codes, icmp.code(), "unreachable, code ");
      return;
    }
    into_.text += "ICMP " + name_in(icmp_types, icmp.type(), "type-");
    if (icmp.type() == Tins::ICMP::ECHO_REQUEST || icmp.type() == Tins::ICMP::ECHO_REPLY) {
      into_.text += fmt::format(", id {}, seq {}", icmp.id(), icmp.sequence());
    } else if (icmp.code() != 0) {
      into_.text += fmt::format(", code {}", icmp.code());
    }
  }

  void icmp6(const Tins::ICMPv6& icmp) {
    into_.protocols.emplace_back("icmp6");
    into_.text += "ICMP6, " + name_in(icmp6_types, icmp.type(), "type-");
    switch (icmp.type()) {
      case Tins::ICMPv6::ECHO_REQUEST:
      case Tins::ICMPv6::ECHO_REPLY:
        into_.text += fmt::format(", id {}, seq {}", icmp.identifier(), icmp.sequence());
        break;
      case Tins::ICMPv6::NEIGHBOUR_SOLICIT:
        into_.text += ", who has " + icmp.target_addr().to_string();
        break;
      case Tins::ICMPv6::NEIGHBOUR_ADVERT:
        into_.text += ", tgt is " + icmp.target_addr().to_string();
        break;
      default:
        if (icmp.code() != 0) into_.text += fmt::format(", code {}", icmp.code());
    }
  }

  packet_description& into_;
};

/// What can be told of a network layer that libtins refuses, because bytes are missing or wrong.
void describe_broken(packet_description& into, std::uint16_t ethertype, const_bytes data,
                     bool is_cut, std::size_t wire_size) {
  const char* const why = is_cut ? "cut" : "malformed";
  byte_reader in(data);
  if (ethertype == ETH_P_IP && data.size() >= 20) {
    into.protocols.emplace_back("ip");
    (void)in.take(12);
    into.source = Tins::IPv4Address(in.read<std::uint32_t>()).to_string();
    into.destination = Tins::IPv4Address(in.read<std::uint32_t>()).to_string();
  } else if (ethertype == ETH_P_IPV6 && data.size() >= 40) {
    into.protocols.emplace_back("ip6");
    (void)in.take(8);
    into.source = Tins::IPv6Address(tins_data(in.take(16))).to_string();
    into.destination = Tins::IPv6Address(tins_data(in.take(16))).to_string();
  }
  into.text += fmt::format("{} {} > {}: {}, length {}", ethertype_name(ethertype), into.source,
                           into.destination, why, wire_size);
}

/// @param wire_size  what `data` had on the wire
void describe_network(packet_description& into, std::uint16_t ethertype, const_bytes data,
                      std::size_t wire_size) {
  const auto size = static_cast<std::uint32_t>(data.size());
  packet_description result = into;
  try {
    switch (ethertype) {
      case ETH_P_IP:
        describer(result).ip(Tins::IP(tins_data(data), size));
        break;
      case ETH_P_IPV6:
        describer(result).ip6(Tins::IPv6(tins_data(data), size));
        break;
      case ETH_P_ARP:
        describer(result).arp(Tins::ARP(tins_data(data), size));
        break;
      default: {
        const std::string name = ethertype_name(ethertype);
        result.protocols.push_back(name.starts_with("ethertype") ? "data" : lower(name));
        result.text +=
            fmt::format("{} {} > {}, length {}", name, into.source, into.destination, wire_size);
      }
    }
    into = std::move(result);
  } catch (const Tins::exception_base&) {
    describe_broken(into, ethertype, data, size < wire_size, wire_size);
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
