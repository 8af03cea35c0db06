// What the messages of protocols are called of which nothing but the types is known here: IPsec,
// auditing, the kernel's cryptography, SELinux.
#ifndef TRIVET_NETLINK_TYPE_NAMES_H_
#define TRIVET_NETLINK_TYPE_NAMES_H_

#include <cstdint>

#include "trivet/netlink/message_form.h"

namespace trivet::netlink {

/// The form of a message of NETLINK_XFRM, NETLINK_AUDIT, NETLINK_CRYPTO or NETLINK_SELINUX: a name,
/// and what it asks; its payload stays bytes. Empty for another protocol.
/// Source: linux/xfrm.h, linux/audit.h, linux/cryptouser.h, linux/selinux_netlink.h
[[nodiscard]] message_form form_of_type(int protocol, std::uint16_t type);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_TYPE_NAMES_H_
