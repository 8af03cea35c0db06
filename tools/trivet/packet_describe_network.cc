#include "tools/trivet/packet_describe_network.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace trivet::tool {
namespace {

struct named {
  std::uint8_t number;
  std::string_view name;
};

constexpr named ip_protocols[] = {
    {1, "icmp"},  {2, "igmp"},       {4, "IP-in-IP"},        {6, "tcp"},
    {17, "udp"},  {41, "IP6-in-IP"}, {46, "RSVP"},           {47, "GRE"},
    {50, "ESP"},  {51, "AH"},        {59, "no next header"}, {89, "OSPF"},
    {103, "PIM"}, {112, "VRRP"},     {132, "sctp"},          {135, "mobility"},
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

/// Nothing where bytes are missing.
/// @param family  AF_INET or AF_INET6
std::string ip_text(int family, const_bytes address) {
  const std::size_t size = family == AF_INET ? sizeof(::in_addr) : sizeof(::in6_addr);
  if (address.size() != size) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, address.data(), text.data(), text.size());
}

std::string tcp_flags(unsigned flags) {
  constexpr std::string_view letters = "FSRP.UEW";  // from the lowest bit, FIN, to CWR
  std::string text;
  for (unsigned bit = 0; bit < letters.size(); ++bit) {
    if ((flags >> bit & 1U) != 0) text += letters[bit];
  }
  return text.empty() ? "none" : text;
}

bool is_ip6_extension(unsigned protocol) {
  return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING ||
         protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_DSTOPTS || protocol == IPPROTO_AH;
}

/// Adds the layers, one after another. Each function returns false at the first byte that is
/// missing or wrong.
class describer {
 public:
  explicit describer(packet_description& into) : into_(into) {}

  bool arp(byte_reader in) {
    const auto hardware = in.read_big_endian<std::uint16_t>();
    const auto protocol = in.read_big_endian<std::uint16_t>();
    const auto hardware_size = in.read<std::uint8_t>();
    const auto protocol_size = in.read<std::uint8_t>();
    const auto operation = in.read_big_endian<std::uint16_t>();
    const const_bytes sender = in.take(hardware_size);
    const const_bytes sender_address = in.take(protocol_size);
    (void)in.take(hardware_size);
    const const_bytes target_address = in.take(protocol_size);
    if (in.failed()) return false;
    into_.protocols.emplace_back("arp");
    if (protocol != ETH_P_IP || protocol_size != sizeof(::in_addr)) {
      into_.text += fmt::format("ARP, hardware {}, protocol 0x{:04x}, operation {}", hardware,
                                protocol, operation);
      return true;
    }
    into_.source = ip_text(AF_INET, sender_address);
    into_.destination = ip_text(AF_INET, target_address);
    if (operation == ARPOP_REQUEST) {
      into_.text += fmt::format("ARP, Request who-has {} tell {}", into_.destination, into_.source);
    } else if (operation == ARPOP_REPLY) {
      into_.text += fmt::format("ARP, Reply {} is-at {}", into_.source, colons(sender));
    } else {
      into_.text += fmt::format("ARP, operation {}", operation);
    }
    return true;
  }

  bool ip(const_bytes data, std::size_t wire_size) {
    constexpr std::size_t least_header = 20;
    byte_reader in(data);
    const auto first = in.read<std::uint8_t>();
    const std::size_t header = (first & 0x0fU) * std::size_t{4};
    (void)in.take(1);
    std::size_t total = in.read_big_endian<std::uint16_t>();
    (void)in.take(2);
    const auto fragment = in.read_big_endian<std::uint16_t>();
    (void)in.take(1);
    const auto protocol = in.read<std::uint8_t>();
    (void)in.take(2);
    into_.source = ip_text(AF_INET, in.take(4));
    into_.destination = ip_text(AF_INET, in.take(4));
    if (total == 0) total = wire_size;  // what the device segments has no length yet
    if (in.failed() || first >> 4U != 4 || header < least_header || data.size() < header ||
        total < header) {
      return false;
    }
    into_.protocols.emplace_back("ip");
    const unsigned offset = (fragment & 0x1fffU) * 8U;
    const bool more = (fragment & 0x2000U) != 0;
    if (more || offset != 0) return tell_fragment("IP", protocol, offset, total - header);
    const const_bytes inner = data.first(std::min(data.size(), total)).subspan(header);
    return transport("IP", protocol, inner, total - header);
  }

  bool ip6(const_bytes data, std::size_t wire_size) {
    constexpr std::size_t fixed = 40;
    byte_reader in(data);
    const auto first = in.read_big_endian<std::uint32_t>();
    std::size_t length = in.read_big_endian<std::uint16_t>();
    auto protocol = in.read<std::uint8_t>();
    (void)in.take(1);
    into_.source = ip_text(AF_INET6, in.take(16));
    into_.destination = ip_text(AF_INET6, in.take(16));
    if (in.failed() || first >> 28U != 6) return false;
    into_.protocols.emplace_back("ip6");
    const const_bytes payload = in.rest();
    if (length == 0 && protocol != IPPROTO_NONE) length = wire_size - fixed;  // a jumbogram
    const std::size_t here = std::min(payload.size(), length);
    const std::size_t missing = length - here;
    in = byte_reader(payload.first(here));
    while (is_ip6_extension(protocol)) {
      const unsigned extension = std::exchange(protocol, in.read<std::uint8_t>());
      const auto units = in.read<std::uint8_t>();
      if (extension == IPPROTO_FRAGMENT) {
        const auto fragment = in.read_big_endian<std::uint16_t>();
        (void)in.take(4);
        if (in.failed()) return false;
        const bool whole = (fragment & 0xfff9U) == 0;
        if (whole) continue;
        return tell_fragment("IP6", protocol, fragment & 0xfff8U, in.rest().size() + missing);
      }
      const std::size_t size = extension == IPPROTO_AH ? (units + 2U) * 4U : (units + 1U) * 8U;
      (void)in.take(size - 2);
      if (in.failed()) return false;
    }
    return transport("IP6", protocol, in.rest(), in.rest().size() + missing);
  }

 private:
  bool tell_fragment(std::string_view version, unsigned protocol, unsigned offset,
                     std::size_t length) {
    into_.text += fmt::format("{} {} > {}: {}, fragment at {}, length {}", version, into_.source,
                              into_.destination, name_in(ip_protocols, protocol, "ip-proto-"),
                              offset, length);
    return true;
  }

  /// @param length  of what IP carries, of which `data` may be the beginning
  bool transport(std::string_view version, unsigned protocol, const_bytes data,
                 std::size_t length) {
    if (protocol == IPPROTO_TCP) return tcp(version, byte_reader(data), length);
    if (protocol == IPPROTO_UDP) return udp(version, byte_reader(data));
    into_.text += fmt::format("{} {} > {}: ", version, into_.source, into_.destination);
    if (protocol == IPPROTO_ICMP) {
      if (!icmp(byte_reader(data))) return false;
    } else if (protocol == IPPROTO_ICMPV6) {
      if (!icmp6(byte_reader(data))) return false;
    } else {
      const std::string name = name_in(ip_protocols, protocol, "ip-proto-");
      into_.protocols.push_back(lower(name));
      into_.text += name;
    }
    into_.text += fmt::format(", length {}", length);
    return true;
  }

  void ports(std::string_view version, const char* protocol, byte_reader& in) {
    into_.protocols.emplace_back(protocol);
    into_.source_port = in.read_big_endian<std::uint16_t>();
    into_.destination_port = in.read_big_endian<std::uint16_t>();
    into_.text += fmt::format("{} {}.{} > {}.{}: ", version, into_.source, *into_.source_port,
                              into_.destination, *into_.destination_port);
  }

  bool udp(std::string_view version, byte_reader in) {
    constexpr unsigned header = 8;
    ports(version, "udp", in);
    const auto length = in.read_big_endian<std::uint16_t>();
    (void)in.take(2);
    into_.text += fmt::format("UDP, length {}", std::max<unsigned>(length, header) - header);
    return !in.failed();
  }

  bool tcp(std::string_view version, byte_reader in, std::size_t length) {
    constexpr std::size_t least_header = 20;
    ports(version, "tcp", in);
    const auto sequence = in.read_big_endian<std::uint32_t>();
    const auto acknowledged = in.read_big_endian<std::uint32_t>();
    const std::size_t header = (in.read<std::uint8_t>() >> 4U) * std::size_t{4};
    const unsigned flags = in.read<std::uint8_t>();
    const auto window = in.read_big_endian<std::uint16_t>();
    (void)in.take(4);
    if (in.failed() || header < least_header || header > length) return false;
    const std::size_t carried = length - header;
    into_.text += fmt::format("Flags [{}]", tcp_flags(flags));
    if (carried > 0) {
      into_.text +=
          fmt::format(", seq {}:{}", sequence, static_cast<std::uint32_t>(sequence + carried));
    } else if ((flags & (TH_SYN | TH_FIN | TH_RST)) != 0) {
      into_.text += fmt::format(", seq {}", sequence);
    }
    if ((flags & TH_ACK) != 0) into_.text += fmt::format(", ack {}", acknowledged);
    into_.text += fmt::format(", win {}, length {}", window, carried);
    return true;
  }

  bool icmp(byte_reader in) {
    const icmp_header header = read_icmp(in);
    into_.protocols.emplace_back("icmp");
    if (header.type == ICMP_DEST_UNREACH) {
      into_.text += "ICMP " + name_in(unreachable_codes, header.code, "unreachable, code ");
      return !in.failed();
    }
    into_.text += "ICMP " + name_in(icmp_types, header.type, "type-");
    const bool is_echo = header.type == ICMP_ECHO || header.type == ICMP_ECHOREPLY;
    tell_echo_or_code(header, is_echo);
    return !in.failed();
  }

  bool icmp6(byte_reader in) {
    const icmp_header header = read_icmp(in);
    into_.protocols.emplace_back("icmp6");
    into_.text += "ICMP6, " + name_in(icmp6_types, header.type, "type-");
    if (header.type == ND_NEIGHBOR_SOLICIT) {
      into_.text += ", who has " + ip_text(AF_INET6, in.take(16));
    } else if (header.type == ND_NEIGHBOR_ADVERT) {
      into_.text += ", tgt is " + ip_text(AF_INET6, in.take(16));
    } else {
      const bool is_echo = header.type == ICMP6_ECHO_REQUEST || header.type == ICMP6_ECHO_REPLY;
      tell_echo_or_code(header, is_echo);
    }
    return !in.failed();
  }

  // The same eight bytes in both versions (RFC 792, RFC 4443).
  struct icmp_header {
    unsigned type;
    unsigned code;
    std::uint16_t id;
    std::uint16_t sequence;
  };
  static icmp_header read_icmp(byte_reader& in) {
    icmp_header header{};
    header.type = in.read<std::uint8_t>();
    header.code = in.read<std::uint8_t>();
    (void)in.take(2);
    header.id = in.read_big_endian<std::uint16_t>();
    header.sequence = in.read_big_endian<std::uint16_t>();
    return header;
  }
  void tell_echo_or_code(const icmp_header& header, bool is_echo) {
    if (is_echo) {
      into_.text += fmt::format(", id {}, seq {}", header.id, header.sequence);
    } else if (header.code != 0) {
      into_.text += fmt::format(", code {}", header.code);
    }
  }

  packet_description& into_;
};

}  // namespace

bool describe_network_layer(packet_description& into, std::uint16_t ethertype, const_bytes data,
                            std::size_t wire_size) {
  describer layers(into);
  if (ethertype == ETH_P_ARP) return layers.arp(byte_reader(data));
  return ethertype == ETH_P_IP ? layers.ip(data, wire_size) : layers.ip6(data, wire_size);
}

void describe_ip_addresses(packet_description& into, std::uint16_t ethertype, const_bytes data) {
  if (ethertype == ETH_P_IP && data.size() >= 20) {
    into.protocols.emplace_back("ip");
    into.source = ip_text(AF_INET, data.subspan(12, 4));
    into.destination = ip_text(AF_INET, data.subspan(16, 4));
  } else if (ethertype == ETH_P_IPV6 && data.size() >= 40) {
    into.protocols.emplace_back("ip6");
    into.source = ip_text(AF_INET6, data.subspan(8, 16));
    into.destination = ip_text(AF_INET6, data.subspan(24, 16));
  }
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

}  // namespace trivet::tool
