#include "trivet/netlink/socket.h"

#include <fmt/core.h>

#include <cerrno>

#include "trivet/netlink/option.h"

namespace trivet::netlink {
namespace {

[[noreturn]] void fail_group(const char* verb, std::uint32_t group, int protocol,
                             std::error_code ec) {
  std::string_view advice;
  if (ec.value() == EINVAL) advice = "the protocol has no group of that number";
  if (ec.value() == EPERM) advice = "this group needs CAP_NET_ADMIN: run as root";
  throw_socket_error(ec, fmt::format("{} group {} of netlink protocol {}", verb, group, protocol),
                     advice);
}

}  // namespace

void socket::join(std::uint32_t group, std::error_code& ec) noexcept {
  set(option::add_membership{static_cast<int>(group)}, ec);
}

void socket::join(std::uint32_t group) {
  std::error_code ec;
  join(group, ec);
  if (ec) fail_group("join", group, protocol(), ec);
}

void socket::leave(std::uint32_t group, std::error_code& ec) noexcept {
  set(option::drop_membership{static_cast<int>(group)}, ec);
}

void socket::leave(std::uint32_t group) {
  std::error_code ec;
  leave(group, ec);
  if (ec) fail_group("leave", group, protocol(), ec);
}

std::vector<std::uint32_t> socket::groups() const {
  const std::vector<std::uint32_t> words = get<option::list_memberships>();
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t bit = 0; bit < words.size() * 32; ++bit) {
    if ((words[bit / 32] >> (bit % 32) & 1) != 0) numbers.push_back(bit + 1);
  }
  return numbers;
}

bool tells_of_loss(const std::error_code& ec) noexcept {
  return ec.value() == ENOBUFS || ec.value() == ENOMEM || ec.value() == EMSGSIZE;
}

std::string_view socket::advice_for(std::string_view call, std::error_code ec) noexcept {
  if (call == "bind" && ec.value() == EADDRINUSE) {
    return "another socket has this port; pid 0 takes a free one";
  }
  if (call == "bind" && ec.value() == EINVAL) return "a bound socket keeps its port";
  if (ec.value() == EPERM && call == "bind") return "a group of the mask needs CAP_NET_ADMIN";
  if (ec.value() == EPERM) return "only the kernel (0, 0) may be written to without CAP_NET_ADMIN";
  if (ec.value() == ENOBUFS && call != "bind") {
    return "notifications were lost: read the state again; so::rcvbuf makes room for more";
  }
  if (ec.value() == EMSGSIZE && call == "send to")
    return "larger than the send buffer (so::sndbuf)";
  if (ec.value() == ECONNREFUSED) return "no socket has this port";
  return {};
}

}  // namespace trivet::netlink
