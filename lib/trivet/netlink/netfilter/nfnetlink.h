// What all subsystems of nfnetlink (NETLINK_NETFILTER) have in common: a message's type is a
// subsystem and a message of it, and every payload begins with struct nfgenmsg. No socket is known
// here.
//
//   message_builder request(netfilter::type_of(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET));
//   request.structure(netfilter::header(AF_INET));
#ifndef TRIVET_NETLINK_NETFILTER_NFNETLINK_H_
#define TRIVET_NETLINK_NETFILTER_NFNETLINK_H_

#include <linux/netfilter/nfnetlink.h>

#include <cstdint>

#include "trivet/base/bytes.h"

namespace trivet::netlink::netfilter {

/// nlmsg_type of a message of a subsystem (NFNL_SUBSYS_). Source: linux/netfilter/nfnetlink.h
[[nodiscard]] constexpr std::uint16_t type_of(std::uint8_t subsystem,
                                              std::uint8_t message) noexcept {
  return static_cast<std::uint16_t>(subsystem << 8 | message);
}

/// NFNL_SUBSYS_ID: the subsystem of a type.
[[nodiscard]] constexpr std::uint8_t subsystem_of(std::uint16_t type) noexcept {
  return static_cast<std::uint8_t>(type >> 8);
}

/// NFNL_MSG_TYPE: the message within its subsystem.
[[nodiscard]] constexpr std::uint8_t message_of(std::uint16_t type) noexcept {
  return static_cast<std::uint8_t>(type & 0xff);
}

/// struct nfgenmsg of a request.
/// @param family    AF_INET, AF_INET6, or AF_UNSPEC for whatever there is
/// @param resource  what the subsystem makes of it (a queue's number); in host byte order here
[[nodiscard]] constexpr ::nfgenmsg header(std::uint8_t family,
                                          std::uint16_t resource = 0) noexcept {
  return {family, NFNETLINK_V0, big_endian(resource)};
}

}  // namespace trivet::netlink::netfilter

#endif  // TRIVET_NETLINK_NETFILTER_NFNETLINK_H_
