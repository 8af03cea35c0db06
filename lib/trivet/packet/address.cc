#include "trivet/packet/address.h"

#include <fmt/core.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <limits>
#include <optional>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet::packet {
namespace {

constexpr std::size_t link_offset = offsetof(::sockaddr_ll, sll_addr);
constexpr named_number protocol_names[] = {
    {"ETH_P_LOOP", ETH_P_LOOP},         {"ETH_P_IP", ETH_P_IP},
    {"ETH_P_X25", ETH_P_X25},           {"ETH_P_ARP", ETH_P_ARP},
    {"ETH_P_TSN", ETH_P_TSN},           {"ETH_P_TEB", ETH_P_TEB},
    {"ETH_P_RARP", ETH_P_RARP},         {"ETH_P_8021Q", ETH_P_8021Q},
    {"ETH_P_IPX", ETH_P_IPX},           {"ETH_P_IPV6", ETH_P_IPV6},
    {"ETH_P_PAUSE", ETH_P_PAUSE},       {"ETH_P_SLOW", ETH_P_SLOW},
    {"ETH_P_MPLS_UC", ETH_P_MPLS_UC},   {"ETH_P_MPLS_MC", ETH_P_MPLS_MC},
    {"ETH_P_PPP_DISC", ETH_P_PPP_DISC}, {"ETH_P_PPP_SES", ETH_P_PPP_SES},
    {"ETH_P_PAE", ETH_P_PAE},           {"ETH_P_PROFINET", ETH_P_PROFINET},
    {"ETH_P_ETHERCAT", ETH_P_ETHERCAT}, {"ETH_P_8021AD", ETH_P_8021AD},
    {"ETH_P_802_EX1", ETH_P_802_EX1},   {"ETH_P_TIPC", ETH_P_TIPC},
    {"ETH_P_LLDP", ETH_P_LLDP},         {"ETH_P_MACSEC", ETH_P_MACSEC},
    {"ETH_P_MVRP", ETH_P_MVRP},         {"ETH_P_1588", ETH_P_1588},
    {"ETH_P_PRP", ETH_P_PRP},           {"ETH_P_FCOE", ETH_P_FCOE},
    {"ETH_P_HSR", ETH_P_HSR},           {"ETH_P_802_3", ETH_P_802_3},
    {"ETH_P_ALL", ETH_P_ALL},           {"ETH_P_802_2", ETH_P_802_2},
    {"ETH_P_SNAP", ETH_P_SNAP},         {"ETH_P_CAN", ETH_P_CAN},
    {"ETH_P_CANFD", ETH_P_CANFD},
};

constexpr named_number pkttype_names[] = {
    {"PACKET_HOST", PACKET_HOST},           {"PACKET_BROADCAST", PACKET_BROADCAST},
    {"PACKET_MULTICAST", PACKET_MULTICAST}, {"PACKET_OTHERHOST", PACKET_OTHERHOST},
    {"PACKET_OUTGOING", PACKET_OUTGOING},
};

constexpr named_number hatype_names[] = {
    {"ARPHRD_ETHER", ARPHRD_ETHER},
    {"ARPHRD_INFINIBAND", ARPHRD_INFINIBAND},
    {"ARPHRD_CAN", ARPHRD_CAN},
    {"ARPHRD_PPP", ARPHRD_PPP},
    {"ARPHRD_TUNNEL", ARPHRD_TUNNEL},
    {"ARPHRD_LOOPBACK", ARPHRD_LOOPBACK},
    {"ARPHRD_IEEE80211_RADIOTAP", ARPHRD_IEEE80211_RADIOTAP},
    {"ARPHRD_NETLINK", ARPHRD_NETLINK},
    {"ARPHRD_NONE", ARPHRD_NONE},
};

[[noreturn]] void fail(std::string_view field, std::string_view reason) {
  throw address_error::in_field("packet", field, reason);
}

// What the kernel would never give an interface as a name is refused here, by its own rules.
// Source: dev_valid_name() of net/core/dev.c
void check_name(std::string_view name) {
  if (name.size() >= interface_name_capacity) {
    fail("ifname", fmt::format("{} is longer than 15 bytes", quote_text(name)));
  }
  constexpr std::string_view forbidden("/: \t\n\v\f\r\0", 9);
  if (name.find_first_of(forbidden) != std::string_view::npos || name == "." || name == "..") {
    fail("ifname", fmt::format("{} cannot be the name of an interface", quote_text(name)));
  }
}

// The text of the tuple's last field, where it stands without quotes.
bool ends_unquoted(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\n,)");
  return last != std::string_view::npos && text[last] != '\'' && text[last] != '"';
}

// Whether the tuple's first field is a number without quotes.
bool starts_with_number(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n(");
  if (first == std::string_view::npos) return false;
  text.remove_prefix(first);
  const std::string_view field = text.substr(0, text.find_first_of(", \t\n)"));
  return field == "-1" || field.find_first_not_of("0123456789") == std::string_view::npos;
}

// 02:00:5e:00:00:01 as bytes.
std::optional<std::string> colon_bytes(std::string_view text) {
  std::string bytes;
  while (true) {
    unsigned value = 0;
    const auto digit = std::min(text.find(':'), text.size());
    const std::string_view pair = text.substr(0, digit);
    if (pair.empty() || pair.size() > 2) return std::nullopt;
    for (const char c : pair) {
      const auto at = std::string_view("0123456789abcdefABCDEF").find(c);
      if (at == std::string_view::npos) return std::nullopt;
      value = value * 16 + static_cast<unsigned>(at > 15 ? at - 6 : at);
    }
    bytes += static_cast<char>(value);
    if (digit == text.size()) return bytes;
    text.remove_prefix(digit + 1);
  }
}

}  // namespace

address::address(std::string_view ifname, std::uint16_t protocol, std::uint8_t pkttype,
                 std::uint16_t hatype, const_bytes link)
    : address(by_index(0, protocol, pkttype, hatype, link)) {
  check_name(ifname);
  std::copy(ifname.begin(), ifname.end(), name_.begin());
}

address address::by_index(int index, std::uint16_t protocol, std::uint8_t pkttype,
                          std::uint16_t hatype, const_bytes link) {
  if (index < removed) fail("ifname", fmt::format("{} is no index: -1 or more", index));
  if (link.size() > max_link_address) {
    fail("addr", fmt::format("{} bytes are more than {}", link.size(), max_link_address));
  }
  address result;
  result.index_ = index;
  result.protocol_ = protocol;
  result.pkttype_ = pkttype;
  result.hatype_ = hatype;
  result.link_size_ = static_cast<std::uint8_t>(link.size());
  std::copy(link.begin(), link.end(), result.link_.begin());
  return result;
}

address address::parse(std::string_view text) {
  tuple_reader in("packet", text);
  const bool numbered = starts_with_number(text);
  int index = 0;
  std::string name;
  if (numbered) {
    index = in.number<int>("ifname", removed);
  } else {
    name = in.text("ifname");
  }
  const auto protocol = in.number<std::uint16_t>("proto", protocol_names);
  std::uint8_t pkttype = 0;
  std::uint16_t hatype = 0;
  std::string link;
  if (in.more()) pkttype = in.number<std::uint8_t>("pkttype", pkttype_names);
  if (in.more()) hatype = in.number<std::uint16_t>("hatype", hatype_names);
  const bool has_link = in.more();
  if (has_link) link = in.text("addr");
  in.end();
  if (has_link && ends_unquoted(text)) {
    auto bytes = colon_bytes(link);
    if (!bytes) fail("addr", "is neither b'…' nor like 02:00:5e:00:00:01");
    link = std::move(*bytes);
  }
  return numbered ? by_index(index, protocol, pkttype, hatype, bytes_of(link))
                  : address(name, protocol, pkttype, hatype, bytes_of(link));
}

address address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  ec.clear();
  const auto raw = load_padded<::sockaddr_ll>(sockaddr);
  // The kernel writes 12 bytes and the link-layer address, or a whole struct sockaddr_ll.
  if (sockaddr.size() < link_offset || raw.sll_family != AF_PACKET ||
      raw.sll_halen > max_link_address || sockaddr.size() < link_offset + raw.sll_halen ||
      sockaddr.size() > sockaddr_bytes::capacity || raw.sll_ifindex < removed) {
    ec = errno_code(EINVAL);
    return {};
  }
  address result;
  result.index_ = raw.sll_ifindex;
  result.protocol_ = big_endian(raw.sll_protocol);
  result.pkttype_ = raw.sll_pkttype;
  result.hatype_ = raw.sll_hatype;
  result.link_size_ = raw.sll_halen;
  const const_bytes link = sockaddr.subspan(link_offset, raw.sll_halen);
  std::copy(link.begin(), link.end(), result.link_.begin());
  return result;
}

address address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const address result = from_sockaddr(sockaddr, ec);
  if (!ec) return result;
  const auto raw = load_padded<::sockaddr_ll>(sockaddr);
  if (family_of(sockaddr) == AF_PACKET && sockaddr.size() >= link_offset &&
      raw.sll_ifindex < removed) {
    fail("sll_ifindex", fmt::format("{} is negative", raw.sll_ifindex));
  }
  if (family_of(sockaddr) == AF_PACKET && sockaddr.size() >= link_offset) {
    fail("sll_halen", fmt::format("{} bytes of address in a sockaddr of {} bytes", raw.sll_halen,
                                  sockaddr.size()));
  }
  fail("sockaddr", fmt::format("{} bytes of family {}", sockaddr.size(), family_of(sockaddr)));
}

sockaddr_bytes address::to_sockaddr() const noexcept {
  auto head = zeroed<::sockaddr_ll>();
  head.sll_family = AF_PACKET;
  head.sll_protocol = big_endian(protocol_);
  head.sll_ifindex = index_ == 0 && !ifname().empty() ? removed : index_;
  head.sll_hatype = hatype_;
  head.sll_pkttype = pkttype_;
  head.sll_halen = link_size_;
  // A long link-layer address goes on behind the struct.
  std::array<std::byte, link_offset + max_link_address> raw{};
  std::memcpy(raw.data(), &head, link_offset);
  std::memcpy(raw.data() + link_offset, link_.data(), link_.size());
  return sockaddr_bytes(raw, std::max(sizeof(::sockaddr_ll), link_offset + link_size_));
}

std::string address::to_string() const {
  const std::string name =
      ifname().empty() && index_ != 0 ? std::to_string(index_) : quote_text(ifname());
  return fmt::format("({}, {}, {}, {}, {})", name, protocol_, pkttype_, hatype_,
                     quote_bytes(text_of(link())));
}

address address::with_index(int fd) const noexcept {
  address result = *this;
  if (index_ == 0) result.index_ = interface_index(fd, ifname()).value_or(0);
  return result;
}

address address::with_name(int fd) const noexcept {
  address result = *this;
  ::ifreq request{};
  request.ifr_ifindex = index_;
  if (index_ == 0 || name_[0] != '\0' || ::ioctl(fd, SIOCGIFNAME, &request) < 0) return result;
  std::copy_n(request.ifr_name, ::strnlen(request.ifr_name, name_.size() - 1),
              result.name_.begin());
  return result;
}

std::string_view address::ifname() const noexcept {
  return {name_.data(), ::strnlen(name_.data(), name_.size())};
}

}  // namespace trivet::packet
