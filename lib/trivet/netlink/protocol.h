// The protocols of AF_NETLINK by name.
#ifndef TRIVET_NETLINK_PROTOCOL_H_
#define TRIVET_NETLINK_PROTOCOL_H_

#include <linux/netlink.h>

#include <optional>
#include <string>
#include <string_view>

#include "trivet/netlink/value_form.h"

namespace trivet::netlink {

inline constexpr value_name protocols_list[] = {{NETLINK_ROUTE, "ROUTE"},
                                                {NETLINK_USERSOCK, "USERSOCK"},
                                                {NETLINK_SOCK_DIAG, "SOCK_DIAG"},
                                                {NETLINK_NFLOG, "NFLOG"},
                                                {NETLINK_XFRM, "XFRM"},
                                                {NETLINK_SELINUX, "SELINUX"},
                                                {NETLINK_ISCSI, "ISCSI"},
                                                {NETLINK_AUDIT, "AUDIT"},
                                                {NETLINK_FIB_LOOKUP, "FIB_LOOKUP"},
                                                {NETLINK_CONNECTOR, "CONNECTOR"},
                                                {NETLINK_NETFILTER, "NETFILTER"},
                                                {NETLINK_KOBJECT_UEVENT, "KOBJECT_UEVENT"},
                                                {NETLINK_GENERIC, "GENERIC"},
                                                {NETLINK_SCSITRANSPORT, "SCSITRANSPORT"},
                                                {NETLINK_ECRYPTFS, "ECRYPTFS"},
                                                {NETLINK_RDMA, "RDMA"},
                                                {NETLINK_CRYPTO, "CRYPTO"},
                                                {NETLINK_SMC, "SMC"}};
/// All that have a name. Source: linux/netlink.h
inline constexpr value_names protocols{"NETLINK_", protocols_list};

/// "NETLINK_ROUTE"; "protocol 17" where it has no name.
[[nodiscard]] std::string protocol_name(int protocol);

/// The protocol of a name, "NETLINK_ROUTE", "route", or of a number; nothing where it is neither.
[[nodiscard]] std::optional<int> protocol_number(std::string_view name);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_PROTOCOL_H_
