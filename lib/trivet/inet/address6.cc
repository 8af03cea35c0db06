#include "trivet/inet/address6.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet::inet6 {
namespace {

// What every kernel asks of a sockaddr_in6: RFC 2133's, without sin6_scope_id.
constexpr std::size_t least_size = offsetof(::sockaddr_in6, sin6_scope_id);

[[noreturn]] void fail(std::string_view field, std::string_view reason) {
  throw address_error::in_field("inet6", field, reason);
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What the kernel forbids in an interface's name. Source: its dev_valid_name
bool is_interface_name(std::string_view name) {
  constexpr std::string_view forbidden("/: \t\n\v\f\r\0", 9);
  return !name.empty() && name.size() < interface_name_capacity && name != "." && name != ".." &&
         name.find_first_of(forbidden) == std::string_view::npos;
}

}  // namespace

address::address(const host_bytes& host, std::uint16_t port, std::uint32_t flowinfo,
                 std::uint32_t scopeid)
    : host_(host), port_(port), flowinfo_(flowinfo), scopeid_(scopeid) {
  check_flowinfo();
}

address::address(std::string_view host, std::uint16_t port, std::uint32_t flowinfo,
                 std::uint32_t scopeid)
    : port_(port), flowinfo_(flowinfo), scopeid_(scopeid) {
  set_host(host);
  check_flowinfo();
}

void address::check_flowinfo() const {
  if (flowinfo_ > max_flowinfo)
    fail("flowinfo", fmt::format("{} is not in 0 to 1048575", flowinfo_));
}

void address::set_host(std::string_view host) {
  if (host.empty()) return;
  const auto percent = host.find('%');
  const std::string number(host.substr(0, percent));
  if (number.find('\0') != std::string::npos ||
      ::inet_pton(AF_INET6, number.c_str(), host_.data()) != 1) {
    fail("host", fmt::format("{} is no IPv6 address; numbers as in '::1', '' for any; names are "
                             "not looked up here",
                             quote_text(host)));
  }
  if (percent == std::string_view::npos) return;
  const std::string_view scope = host.substr(percent + 1);
  if (is_number(scope)) {
    std::uint32_t id = 0;
    const auto result = std::from_chars(scope.data(), scope.data() + scope.size(), id);
    if (result.ec != std::errc()) {
      fail("host", fmt::format("the scope {} is not in 0 to 4294967295", scope));
    }
    if (scopeid_ != 0 && scopeid_ != id) {
      fail("scopeid", fmt::format("{} is not the scope {} in the host", scopeid_, scope));
    }
    scopeid_ = id;
    return;
  }
  if (!is_interface_name(scope)) {
    fail("host", fmt::format("the scope {} is neither a number nor the name of an interface",
                             quote_text(scope)));
  }
  if (scopeid_ != 0) {
    fail("scopeid", fmt::format("{} is one scope too many beside {} in the host", scopeid_,
                                quote_text(scope)));
  }
  std::copy(scope.begin(), scope.end(), scope_name_.begin());
}

address address::any(std::uint16_t port) noexcept {
  address result;
  result.port_ = port;
  return result;
}

address address::loopback(std::uint16_t port) noexcept {
  address result = any(port);
  result.host_.back() = 1;
  return result;
}

bool address::is_loopback() const noexcept { return host_ == loopback(0).host_; }

address address::parse(std::string_view text) {
  tuple_reader in("inet6", text);
  address result;
  const std::string host = in.text("host");
  result.port_ = in.number<std::uint16_t>("port");
  if (in.more()) result.flowinfo_ = in.number<std::uint32_t>("flowinfo", 0, max_flowinfo);
  if (in.more()) result.scopeid_ = in.number<std::uint32_t>("scopeid");
  in.end();
  result.set_host(host);
  return result;
}

address address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  ec.clear();
  if (sockaddr.size() < least_size || family_of(sockaddr) != AF_INET6) {
    ec = errno_code(EINVAL);
    return {};
  }
  const auto raw = load_padded<::sockaddr_in6>(
      sockaddr.size() < sizeof(::sockaddr_in6) ? sockaddr.first(least_size) : sockaddr);
  address result;
  std::memcpy(result.host_.data(), &raw.sin6_addr, sizeof raw.sin6_addr);
  result.port_ = big_endian(raw.sin6_port);
  result.flowinfo_ = big_endian(raw.sin6_flowinfo) & max_flowinfo;
  result.scopeid_ = raw.sin6_scope_id;
  return result;
}

address address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const address result = from_sockaddr(sockaddr, ec);
  if (ec) {
    fail("sockaddr", fmt::format("{} bytes of family {}; at least {} of AF_INET6 are wanted",
                                 sockaddr.size(), family_of(sockaddr), least_size));
  }
  return result;
}

sockaddr_bytes address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_in6>();
  raw.sin6_family = AF_INET6;
  raw.sin6_port = big_endian(port_);
  raw.sin6_flowinfo = big_endian(flowinfo_);
  std::memcpy(&raw.sin6_addr, host_.data(), host_.size());
  raw.sin6_scope_id = scopeid_;
  return sockaddr_bytes(raw);
}

std::string_view address::scope_name() const noexcept { return scope_name_.data(); }

std::string address::host() const {
  char text[INET6_ADDRSTRLEN];
  std::string result = ::inet_ntop(AF_INET6, host_.data(), text, sizeof text);
  if (!scope_name().empty()) result.append("%").append(scope_name());
  return result;
}

std::string address::to_string() const {
  return fmt::format("({}, {}, {}, {})", quote_text(host()), port_, flowinfo_, scopeid_);
}

address address::with_index(int fd, std::error_code& ec) const noexcept {
  ec.clear();
  if (scope_name().empty()) return *this;
  const auto index = interface_index(fd, scope_name());
  if (!index) {
    ec = errno_code(ENODEV);
    return *this;
  }
  address result = *this;
  result.scopeid_ = static_cast<std::uint32_t>(*index);
  result.scope_name_ = {};
  return result;
}

}  // namespace trivet::inet6
