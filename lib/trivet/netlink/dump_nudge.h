// Making the kernel go on with a dump that stands still.
#ifndef TRIVET_NETLINK_DUMP_NUDGE_H_
#define TRIVET_NETLINK_DUMP_NUDGE_H_

#include <linux/netlink.h>

#include <cstdint>
#include <span>
#include <system_error>

#include "trivet/netlink/socket.h"

namespace trivet::netlink {

/// send(2) of a NLMSG_NOOP that asks for an acknowledgement, which every family gives.
///
/// The kernel makes a piece of a dump while the piece before it is read. Where it had no memory or
/// no room for one the socket says ENOBUFS, nothing is left to be read, and the dump stands still:
/// the next read waits for ever, and another dump is refused (EBUSY). Whatever is read then, as
/// this acknowledgement, makes it go on; if nothing follows that, there is no dump any more.
/// Source: netlink_recvmsg() and netlink_dump() of net/netlink/af_netlink.c
/// @param port, sequence  as in requests; the number of no other one
inline void nudge_dump(socket& to, std::uint32_t port, std::uint32_t sequence,
                       std::error_code& ec) {
  ::nlmsghdr noop{};
  noop.nlmsg_len = sizeof noop;
  noop.nlmsg_type = NLMSG_NOOP;
  noop.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  noop.nlmsg_seq = sequence;
  noop.nlmsg_pid = port;
  to.send_to(std::as_bytes(std::span(&noop, 1)), address(), ec);
}

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_DUMP_NUDGE_H_
