#include "trivet/netlink/address.h"

#include <fmt/core.h>
#include <linux/netlink.h>

#include <cerrno>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet::netlink {

address address::parse(std::string_view text) {
  tuple_reader in("netlink", text);
  const auto pid = in.number<std::uint32_t>("pid");
  const auto groups = in.number<std::uint32_t>("groups");
  in.end();
  return address(pid, groups);
}

address address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  ec.clear();
  if (sockaddr.size() < sizeof(::sockaddr_nl) || family_of(sockaddr) != AF_NETLINK) {
    ec = errno_code(EINVAL);
    return {};
  }
  const auto raw = load_padded<::sockaddr_nl>(sockaddr);
  return address(raw.nl_pid, raw.nl_groups);
}

address address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const address result = from_sockaddr(sockaddr, ec);
  if (ec) {
    throw address_error::in_field(
        "netlink", "sockaddr",
        fmt::format("{} bytes of family {}; {} of family {} are wanted", sockaddr.size(),
                    family_of(sockaddr), sizeof(::sockaddr_nl), AF_NETLINK));
  }
  return result;
}

sockaddr_bytes address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_nl>();
  raw.nl_family = AF_NETLINK;
  raw.nl_pid = pid_;
  raw.nl_groups = groups_;
  return sockaddr_bytes(raw);
}

std::string address::to_string() const { return fmt::format("({}, {})", pid_, groups_); }

}  // namespace trivet::netlink
