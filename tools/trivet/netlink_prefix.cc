#include "tools/trivet/netlink_prefix.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "tools/trivet/failure.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::label_stack;
using netlink::rtnl::network_address;

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

// Takes a part of an IPv4 address up to its dot: decimal, as nearly all are, or hexadecimal or
// octal. Nothing where it is no number up to 255.
std::optional<std::byte> take_ipv4_part(const char*& at, const char* end) {
  const char* const start = at;
  std::uint64_t value = 0;
  while (at != end && is_digit(*at)) value = value * 10 + static_cast<unsigned>(*at++ - '0');
  const bool plain = at - start == 1 || (at - start > 1 && at - start <= 3 && *start != '0');
  if (!plain || (at != end && *at != '.')) {
    at = std::find(at, end, '.');
    value = line_number(std::string_view(start, at)).value_or(256);
  }
  if (value > 255) return std::nullopt;
  return static_cast<std::byte>(value);
}

// "10.1" is 10.1.0.0, and each part may be hexadecimal or octal, as ip(8) has it.
std::optional<network_address> parse_ipv4(std::string_view text) {
  std::array<std::byte, 4> bytes{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::byte& byte : bytes) {
    const auto part = take_ipv4_part(at, end);
    if (!part) return std::nullopt;
    byte = *part;
    if (at == end) return network_address{AF_INET, netlink::rtnl::short_bytes(bytes)};
    ++at;  // the dot
  }
  return std::nullopt;
}

bool is_any(std::string_view text) { return text == "default" || text == "any" || text == "all"; }

// "24", or a mask as 255.255.255.0.
std::optional<int> parse_length(std::string_view text, int bits) {
  if (const auto number = line_number(text)) {
    if (*number > static_cast<std::uint64_t>(bits)) return std::nullopt;
    return static_cast<int>(*number);
  }
  const auto mask = bits == 32 ? parse_ipv4(text) : std::nullopt;
  if (!mask) return std::nullopt;
  const std::uint32_t value = big_endian(load_padded<std::uint32_t>(mask->bytes()));
  const int length = std::countl_one(value);
  if (std::popcount(value) != length) return std::nullopt;
  return length;
}

}  // namespace

std::optional<std::uint64_t> line_number(std::string_view text) {
  int base = 10;
  if (text.size() > 1 && text.front() == '0') {
    const bool hexadecimal = text[1] == 'x' || text[1] == 'X';
    base = hexadecimal ? 16 : 8;
    text.remove_prefix(hexadecimal ? 2 : 1);
  }
  std::uint64_t value = 0;
  // As nearly all are: from_chars takes three times as long.
  if (base == 10 && text.size() <= 3) {
    for (const char c : text) {
      if (!is_digit(c)) return std::nullopt;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (text.empty()) return std::nullopt;
    return value;
  }
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<label_stack> parse_line_labels(std::string_view text) {
  label_stack result;
  while (true) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto label = line_number(text.substr(0, slash));
    constexpr std::uint64_t most = (1U << 20) - 1;
    if (!label || *label > most) return std::nullopt;
    const bool last = slash == text.size();
    result.push_back(static_cast<std::uint32_t>(*label), last);
    if (last) return result;
    text.remove_prefix(slash + 1);
  }
}

std::optional<network_address> parse_line_address(std::string_view text, int family) {
  if (family == AF_MPLS) {
    const auto labels = parse_line_labels(text);
    if (!labels || labels->entries.size() != sizeof(std::uint32_t)) return std::nullopt;
    return network_address{AF_MPLS, netlink::rtnl::short_bytes(labels->entries)};
  }
  if (family == AF_PACKET || family == AF_BRIDGE) {
    throw usage_error(fmt::format("'{}': -0 and -B choose no addresses: leave them out", text));
  }
  if (text.find(':') != std::string_view::npos) {
    std::array<std::byte, 16> bytes{};
    if (family == AF_INET || ::inet_pton(AF_INET6, std::string(text).c_str(), bytes.data()) != 1) {
      return std::nullopt;
    }
    return network_address{AF_INET6, netlink::rtnl::short_bytes(bytes)};
  }
  return family == AF_INET6 ? std::nullopt : parse_ipv4(text);
}

std::string address_phrase(int family) {
  return family == AF_INET    ? "an IPv4 address"
         : family == AF_INET6 ? "an IPv6 address"
         : family == AF_MPLS  ? "an MPLS label"
                              : "an IP address";
}

line_prefix line_prefix::parse(std::string_view what, std::string_view text, int family) {
  line_prefix result;
  result.address.family = static_cast<std::uint8_t>(family);
  if (is_any(text)) return result;
  // The labels of MPLS are separated by slashes.
  const std::size_t slash = family == AF_MPLS ? text.size() : std::min(text.find('/'), text.size());
  const auto address = is_any(text.substr(0, slash))
                           ? std::optional(result.address)
                           : parse_line_address(text.substr(0, slash), family);
  if (!address) {
    const std::string_view example = family == AF_INET6 ? "2001:db8::/32" : "10.0.0.0/8";
    throw usage_error(family == AF_MPLS ? fmt::format("{}: '{}' is not an MPLS label", what, text)
                                        : fmt::format("{}: '{}' is not {} with a length, as {}",
                                                      what, text, address_phrase(family), example));
  }
  result.address = *address;
  result.has_address = result.address.value.size() > 0;
  const int bits = family == AF_MPLS ? 20 : netlink::rtnl::host_bits(result.address.family);
  result.length = result.has_address ? bits : 0;
  if (slash == text.size()) return result;
  const auto length = parse_length(text.substr(slash + 1), bits);
  if (!length) {
    throw usage_error(
        fmt::format("{}: '{}' is no length from 0 to {}", what, text.substr(slash + 1), bits));
  }
  result.length = *length;
  result.length_given = true;
  return result;
}

}  // namespace trivet::tool
