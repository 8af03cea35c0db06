#include "trivet/inet/address.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <string>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet::inet {
namespace {

std::uint32_t parse_host(std::string_view host) {
  if (host.empty()) return INADDR_ANY;
  if (host == "<broadcast>") return INADDR_BROADCAST;
  ::in_addr raw{};
  // inet_pton(3) and not inet_aton(3): "10.1" and "010.0.0.1" mean different things to different
  // programs. A zero byte would end the text for it.
  if (host.find('\0') != std::string_view::npos ||
      ::inet_pton(AF_INET, std::string(host).c_str(), &raw) != 1) {
    throw address_error::in_field(
        "inet", "host",
        fmt::format("{} is no IPv4 address; numbers as in '127.0.0.1', '' for any, '<broadcast>'; "
                    "names are not looked up here",
                    quote_text(host)));
  }
  return big_endian(raw.s_addr);
}

}  // namespace

address::address(std::string_view host, std::uint16_t port)
    : host_(parse_host(host)), port_(port) {}

address address::parse(std::string_view text) {
  tuple_reader in("inet", text);
  const std::uint32_t host = parse_host(in.text("host"));
  const auto port = in.number<std::uint16_t>("port");
  in.end();
  return {host, port};
}

address address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  ec.clear();
  if (sockaddr.size() < sizeof(::sockaddr_in) || family_of(sockaddr) != AF_INET) {
    ec = errno_code(EINVAL);
    return {};
  }
  const auto raw = load_padded<::sockaddr_in>(sockaddr);
  return {big_endian(raw.sin_addr.s_addr), big_endian(raw.sin_port)};
}

address address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const address result = from_sockaddr(sockaddr, ec);
  if (ec) {
    throw address_error::in_field(
        "inet", "sockaddr",
        fmt::format("{} bytes of family {}; at least {} of AF_INET are wanted", sockaddr.size(),
                    family_of(sockaddr), sizeof(::sockaddr_in)));
  }
  return result;
}

sockaddr_bytes address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_in>();
  raw.sin_family = AF_INET;
  raw.sin_port = big_endian(port_);
  raw.sin_addr.s_addr = big_endian(host_);
  return sockaddr_bytes(raw);
}

std::string address::host() const {
  return fmt::format("{}.{}.{}.{}", host_ >> 24, host_ >> 16 & 0xff, host_ >> 8 & 0xff,
                     host_ & 0xff);
}

std::string address::to_string() const { return fmt::format("('{}', {})", host(), port_); }

}  // namespace trivet::inet
