#include "tools/trivet/netlink_line_encap.h"

#include <fmt/format.h>
#include <linux/lwtunnel.h>
#include <linux/seg6.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <span>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_words.h"
#include "trivet/netlink/route/encapsulation.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;
using netlink::keep_nest;
using netlink::raw_nest;
using netlink::rtnl::network_address;

// TUNNEL_: what a tunnel's packets carry. Source: linux/if_tunnel.h
constexpr std::uint16_t with_checksum = 0x01;
constexpr std::uint16_t with_key = 0x04;
constexpr std::uint16_t with_sequence = 0x08;

raw_nest read_labels(line_words& words) {
  netlink::rtnl::mpls_encapsulation encap;
  encap.destination = words.labels("encap mpls");
  if (words.skip({"ttl"})) encap.ttl = words.number<std::uint8_t>("encap mpls ttl");
  return keep_nest(encap);
}

/// What ip and ip6 have in common. @return false where the next word is of something else
template <class Encap>
bool read_tunnel_word(line_words& words, Encap& encap, int family) {
  const auto flag = [&](std::uint16_t bit) {
    encap.flags = static_cast<std::uint16_t>(encap.flags.value_or(0) | bit);
  };
  if (words.skip({"id"})) {
    encap.id = words.number<std::uint64_t>("encap id");
  } else if (words.skip({"dst"})) {
    encap.destination = words.address("encap dst", family);
  } else if (words.skip({"src"})) {
    encap.source = words.address("encap src", family);
  } else if (words.skip({"key"})) {
    flag(with_key);
  } else if (words.skip({"csum"})) {
    flag(with_checksum);
  } else if (words.skip({"seq"})) {
    flag(with_sequence);
  } else {
    return false;
  }
  return true;
}

raw_nest read_ip(line_words& words, line_resolver& resolver) {
  netlink::rtnl::ip_encapsulation encap;
  while (!words.empty()) {
    if (words.skip({"tos"})) {
      encap.tos = static_cast<std::uint8_t>(words.named("encap tos", resolver.names.tos, 255));
    } else if (words.skip({"ttl"})) {
      encap.ttl = words.number<std::uint8_t>("encap ttl");
    } else if (!read_tunnel_word(words, encap, AF_INET)) {
      break;
    }
  }
  return keep_nest(encap);
}

raw_nest read_ip6(line_words& words, line_resolver& resolver) {
  netlink::rtnl::ip6_encapsulation encap;
  while (!words.empty()) {
    if (words.skip({"tc"})) {
      encap.traffic_class =
          static_cast<std::uint8_t>(words.named("encap tc", resolver.names.tos, 255));
    } else if (words.skip({"hoplimit"})) {
      encap.hop_limit = words.number<std::uint8_t>("encap hoplimit");
    } else if (!read_tunnel_word(words, encap, AF_INET6)) {
      break;
    }
  }
  return keep_nest(encap);
}

/// The place of a word in a list. Throws usage_error that names those there are.
std::uint32_t place_of(std::string_view what, std::string_view word,
                       std::span<const std::string_view> list) {
  const auto at = std::find(list.begin(), list.end(), word);
  if (at != list.end()) return static_cast<std::uint32_t>(at - list.begin());
  throw usage_error(fmt::format("{}: '{}' is none of {}", what, word, fmt::join(list, ", ")));
}

/// "2001:db8::a,2001:db8::b": the way of a packet.
std::vector<network_address> read_segments(line_words& words) {
  const std::string_view list = words.take("segs");
  std::vector<network_address> segments;
  for (std::string_view rest = list;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view item[] = {rest.substr(0, comma)};
    line_words one(item);
    segments.push_back(one.address("segs", AF_INET6));
    if (comma == rest.size()) return segments;
    rest.remove_prefix(comma + 1);
  }
}

/// A routing header of type 4. @param inserted  into the packet's own header: the destination comes
/// behind the others
std::vector<std::byte> routing_header(const std::vector<network_address>& segments, bool inserted) {
  // The header counts its own length in units of 8 bytes without the first, in 8 bits.
  constexpr std::size_t most = 127;
  const std::size_t count = segments.size() + (inserted ? 1 : 0);
  if (count > most) {
    throw usage_error(fmt::format("segs: {} segments, at most {} fit", count, most));
  }
  constexpr std::size_t address_size = 16;
  std::vector<std::byte> header(sizeof(::ipv6_sr_hdr) + count * address_size);
  const ::ipv6_sr_hdr fixed{.nexthdr = 0,
                            .hdrlen = static_cast<std::uint8_t>(count * 2),
                            .type = 4,
                            .segments_left = static_cast<std::uint8_t>(count - 1),
                            .first_segment = static_cast<std::uint8_t>(count - 1),
                            .flags = 0,
                            .tag = 0};
  std::memcpy(header.data(), &fixed, sizeof(::ipv6_sr_hdr));
  // The last segment stands first.
  std::byte* place = header.data() + header.size();
  for (const network_address& segment : segments) {
    place -= address_size;
    std::copy_n(segment.bytes().begin(), address_size, place);
  }
  return header;
}

raw_nest read_seg6(line_words& words) {
  std::optional<std::uint32_t> mode;
  std::vector<network_address> segments;
  while (!words.empty()) {
    if (words.skip({"mode"})) {
      mode = place_of("mode", words.take("mode"), seg6_mode_names());
    } else if (words.skip({"segs"})) {
      if (!mode) throw usage_error("segs: mode has to stand before them");
      segments = read_segments(words);
    } else {
      break;
    }
  }
  if (segments.empty()) throw usage_error("encap seg6: mode and segs are missing");
  const auto header = routing_header(segments, *mode == SEG6_IPTUN_MODE_INLINE);
  netlink::rtnl::seg6_encapsulation encap;
  const auto first = static_cast<int>(*mode);
  encap.header.emplace(sizeof first + header.size());
  std::memcpy(encap.header->data(), &first, sizeof first);
  std::copy(header.begin(), header.end(), encap.header->begin() + sizeof first);
  return keep_nest(encap);
}

/// SEG6_LOCAL_COUNTERS: the kernel counts where they are there. They begin at zero.
void ask_for_counts(raw_nest& nest) {
  byte_buffer bytes(nest.data);
  attribute_writer out(bytes);
  out.nested(SEG6_LOCAL_COUNTERS, [](attribute_writer& in) {
    for (const int type : {SEG6_LOCAL_CNT_PACKETS, SEG6_LOCAL_CNT_BYTES, SEG6_LOCAL_CNT_ERRORS}) {
      in.value(static_cast<std::uint16_t>(type), std::uint64_t{0});
    }
  });
  nest.data = bytes.to_vector();
}

raw_nest read_seg6_local(line_words& words, line_resolver& resolver) {
  netlink::rtnl::seg6_local encap;
  bool counts = false;
  std::vector<network_address> segments;
  while (!words.empty()) {
    if (words.skip({"action"})) {
      encap.action = place_of("action", words.take("action"), seg6_action_names());
    } else if (words.skip({"table"})) {
      encap.table = words.named("table", resolver.names.tables);
    } else if (words.skip({"vrftable"})) {
      encap.vrf_table = words.named("vrftable", resolver.names.tables);
    } else if (words.skip({"nh4"})) {
      encap.next_hop4 = words.address("nh4", AF_INET);
    } else if (words.skip({"nh6"})) {
      encap.next_hop6 = words.address("nh6", AF_INET6);
    } else if (words.skip({"iif"})) {
      encap.input = resolver.link(words.take("iif"));
    } else if (words.skip({"oif"})) {
      encap.output = resolver.link(words.take("oif"));
    } else if (words.skip({"count"})) {
      counts = true;
    } else if (words.skip({"srh"})) {
      if (!words.skip({"segs"})) throw usage_error("srh: segs are missing");
      segments = read_segments(words);
    } else {
      break;
    }
  }
  if (!encap.action) throw usage_error("encap seg6local: action is missing");
  if (!segments.empty()) {
    encap.header = routing_header(segments, *encap.action != SEG6_LOCAL_ACTION_END_B6_ENCAP);
  }
  raw_nest nest = keep_nest(encap);
  if (counts) ask_for_counts(nest);
  return nest;
}

}  // namespace

line_encap read_encap(line_words& words, line_resolver& resolver) {
  const std::string_view type = words.take("encap");
  if (type == "mpls") return {LWTUNNEL_ENCAP_MPLS, read_labels(words)};
  if (type == "ip") return {LWTUNNEL_ENCAP_IP, read_ip(words, resolver)};
  if (type == "ip6") return {LWTUNNEL_ENCAP_IP6, read_ip6(words, resolver)};
  if (type == "seg6") return {LWTUNNEL_ENCAP_SEG6, read_seg6(words)};
  if (type == "seg6local") return {LWTUNNEL_ENCAP_SEG6_LOCAL, read_seg6_local(words, resolver)};
  throw usage_error(fmt::format("encap: '{}' is none of mpls, ip, ip6, seg6, seg6local", type));
}

}  // namespace trivet::tool
