#include "tests/address/families.h"

#include <stdexcept>

#include "tests/address/testing.h"
#include "trivet/bluetooth/address.h"
#include "trivet/inet/address.h"
#include "trivet/inet/address6.h"
#include "trivet/netlink/address.h"
#include "trivet/packet/address.h"
#include "trivet/tipc/address.h"
#include "trivet/unix/address.h"

namespace trivet::test {
namespace {

// As basic_socket does before a system call and after it.
template <socket_address A>
A indexed(const A& address, int fd) {
  if constexpr (requires(std::error_code ec) { address.with_index(fd, ec); }) {
    std::error_code ec;
    const A result = address.with_index(fd, ec);
    if (ec) throw_socket_error(ec, address.to_string());
    return result;
  } else if constexpr (requires { address.with_index(fd); }) {
    return address.with_index(fd);
  } else {
    return address;
  }
}

template <socket_address A>
A named(const A& address, int fd) {
  if constexpr (requires { address.with_name(fd); }) {
    return address.with_name(fd);
  } else {
    return address;
  }
}

template <socket_address A>
constexpr address_family row(std::string_view name) {
  return {name,
          [](std::string_view text, int fd) {
            return hex(indexed(A::parse(text), fd).to_sockaddr().bytes());
          },
          [](const_bytes sockaddr, int fd) {
            return named(A::from_sockaddr(sockaddr), fd).to_string();
          },
          [](std::string_view text, int fd) {
            return named(indexed(A::parse(text), fd), fd).to_string();
          }};
}

constexpr address_family families[] = {
    row<unix_domain::address>("unix"),
    row<inet::address>("inet"),
    row<inet6::address>("inet6"),
    row<netlink::address>("netlink"),
    row<tipc::address>("tipc"),
    row<packet::address>("packet"),
    row<bluetooth::hci_address>("bluetooth-hci"),
    row<bluetooth::l2cap_address>("bluetooth-l2cap"),
    row<bluetooth::rfcomm_address>("bluetooth-rfcomm"),
    row<bluetooth::sco_address>("bluetooth-sco"),
};

}  // namespace

std::span<const address_family> address_families() { return families; }

const address_family& family_named(std::string_view name) {
  for (const address_family& family : families) {
    if (family.name == name) return family;
  }
  throw std::out_of_range("no family " + std::string(name));
}

}  // namespace trivet::test
