#include "trivet/inet/resolve.h"

#include <fmt/core.h>
#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string>

#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet {
namespace {

class gai_category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "getaddrinfo"; }
  [[nodiscard]] std::string message(int code) const override { return ::gai_strerror(code); }
};

std::string_view advice(int code) noexcept {
  switch (code) {
    case EAI_NONAME:
      return "check the spelling of both; names are looked up as /etc/nsswitch.conf says";
    case EAI_AGAIN:
      return "no name server answered: check /etc/resolv.conf and the network, or give a number";
    case EAI_SERVICE:
      return "the service is not in /etc/services for this socket type; give the port's number";
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY:
#endif
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
      return "the host has no address of this family";
    default:
      return {};
  }
}

// A C string; nullptr for an empty text, which getaddrinfo takes as "not given".
const char* given(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

// glibc takes 65536 as port 0.
bool is_number_beyond_ports(std::string_view service) {
  unsigned long port = 0;
  const auto end = service.data() + service.size();
  const auto result = std::from_chars(service.data(), end, port);
  if (result.ptr != end || service.empty()) return false;
  return result.ec != std::errc() || port > 0xffff;
}

template <class Address>
std::vector<Address> resolve_as(std::string_view host_text, std::string_view service_text,
                                int type) {
  const std::string operation =
      fmt::format("resolve {} port {}", quote_text(host_text), quote_text(service_text));
  if ((std::string(host_text).append(service_text)).find('\0') != std::string::npos) {
    throw socket_error(errno_code(EINVAL), operation, "a name holds no zero byte");
  }
  if (is_number_beyond_ports(service_text)) {
    throw socket_error(errno_code(EINVAL), operation, "a port is in 0 to 65535");
  }
  const std::string host(host_text);
  // Of "" and "" getaddrinfo would make an error; any address and port 0 is what they mean.
  const std::string service(host.empty() && service_text.empty() ? "0" : service_text);
  ::addrinfo hints{};
  hints.ai_family = Address::family;
  hints.ai_socktype = type;
  hints.ai_flags = AI_PASSIVE;
  ::addrinfo* raw = nullptr;
  const int code = ::getaddrinfo(given(host), given(service), &hints, &raw);
  if (code == EAI_SYSTEM) throw_socket_error(errno_code(errno), operation);
  if (code != 0) throw socket_error({code, resolve_category()}, operation, advice(code));
  const std::unique_ptr<::addrinfo, decltype(&::freeaddrinfo)> list(raw, ::freeaddrinfo);

  std::vector<Address> result;
  for (const ::addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): getaddrinfo is declared so
    const auto* bytes = reinterpret_cast<const std::byte*>(entry->ai_addr);
    const auto address = Address::from_sockaddr({bytes, entry->ai_addrlen});
    // The same address comes once for each socket type.
    if (std::find(result.begin(), result.end(), address) == result.end()) {
      result.push_back(address);
    }
  }
  return result;
}

}  // namespace

const std::error_category& resolve_category() noexcept {
  static const gai_category category;
  return category;
}

namespace inet {

std::vector<address> resolve(std::string_view host, std::string_view service, int type) {
  return resolve_as<address>(host, service, type);
}

}  // namespace inet

namespace inet6 {

std::vector<address> resolve(std::string_view host, std::string_view service, int type) {
  return resolve_as<address>(host, service, type);
}

}  // namespace inet6
}  // namespace trivet
