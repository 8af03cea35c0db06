#include "trivet/netlink/route/network_address.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/if_arp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "trivet/base/error.h"
#include "trivet/netlink/route/label_stack.h"

namespace trivet::netlink::rtnl {
namespace {

std::string ip_text(int family, const_bytes bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(family, bytes.data(), text, sizeof text);
  return text;
}

std::string colon_text(const_bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : ":", std::to_integer<unsigned>(byte));
  }
  return text;
}

}  // namespace

short_bytes::short_bytes(const_bytes bytes) noexcept
    : size_(static_cast<std::uint8_t>(std::min(bytes.size(), capacity))) {
  if (size_ > 0) std::memcpy(bytes_.data(), bytes.data(), size_);
}

int host_bits(int family) noexcept {
  switch (family) {
    case AF_INET:
      return 32;
    case AF_INET6:
      return 128;
    default:
      return 0;
  }
}

network_address network_address::parse(std::string_view text) {
  const std::string terminated(text);
  std::array<std::byte, 16> bytes{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (terminated.find('\0') != std::string::npos) break;
    if (::inet_pton(family, terminated.c_str(), bytes.data()) == 1) {
      const auto size = static_cast<std::size_t>(host_bits(family)) / 8;
      return {static_cast<std::uint8_t>(family), short_bytes(const_bytes(bytes).first(size))};
    }
  }
  throw address_error::in_field("network", "address",
                                fmt::format("\"{}\" is neither IPv4 nor IPv6", text));
}

std::string network_address::to_string() const {
  const const_bytes all = bytes();
  if (family == AF_INET && all.size() == 4) return ip_text(AF_INET, all);
  if (family == AF_INET6 && all.size() == 16) return ip_text(AF_INET6, all);
  if (family == AF_MPLS) return label_text(all);
  return colon_text(all);
}

bool network_address::is_zero() const noexcept {
  const const_bytes all = bytes();
  return std::all_of(all.begin(), all.end(), [](std::byte b) { return b == std::byte{0}; });
}

std::string hardware_address::to_string(std::uint16_t link_type) const {
  const const_bytes all = value.bytes();
  const bool ipv4 =
      link_type == ARPHRD_TUNNEL || link_type == ARPHRD_SIT || link_type == ARPHRD_IPGRE;
  const bool ipv6 = link_type == ARPHRD_TUNNEL6 || link_type == ARPHRD_IP6GRE;
  if (ipv4 && all.size() == 4) return ip_text(AF_INET, all);
  if (ipv6 && all.size() == 16) return ip_text(AF_INET6, all);
  return colon_text(all);
}

}  // namespace trivet::netlink::rtnl
