// Notifications of all namespaces that have a number in this one, from one socket:
// NETLINK_LISTEN_ALL_NSID.
//
//   netlink::namespace_listener all(objects::link | objects::address);
//   all.next(deadline::never(), [](std::optional<std::int32_t> nsid, const message_view& m) { … });
//
// One socket for any number of namespaces, and no need to enter them. But it is no monitor:
//  - a namespace without an nsid is not heard (`ip netns set NAME auto` gives it one; a link whose
//    peer is there does so, too);
//  - of what was before, links and addresses can be asked for by nsid (IFLA_TARGET_NETNSID,
//    IFA_TARGET_NETNSID), routes, neighbours, rules and nexthops cannot: no state can be kept of
//    them, what the kernel changes without an event is not noticed, and after a loss nothing can be
//    read again;
//  - all share one receive buffer, so that a storm in one loses events of the others.
// namespace_monitor.h has none of these limits.
#ifndef TRIVET_NETLINK_NAMESPACE_LISTENER_H_
#define TRIVET_NETLINK_NAMESPACE_LISTENER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "trivet/netlink/answer.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/loss_meter.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/objects.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/socket.h"

namespace trivet::netlink {

/// A socket that hears several namespaces. One thread at a time. Source: linux/netlink.h,
/// ip-netns(8)
class namespace_listener {
 public:
  /// Joins the groups of these kinds, and RTNLGRP_NSID: numbers that namespaces get and lose, as
  /// RTM_NEWNSID and RTM_DELNSID. Throws socket_error; not_permitted without CAP_NET_BROADCAST.
  /// @param receive_buffer  bytes as so::rcvbuf counts them before it doubles; beyond
  ///   net.core.rmem_max where the privilege is there
  explicit namespace_listener(objects what = objects::basic, int receive_buffer = 8 << 20);

  /// @param nsid  the namespace's number in that of the socket; nothing for the socket's own
  using visitor =
      std::function<void(std::optional<std::int32_t> nsid, const message_view& message)>;

  /// What next() found.
  enum class result {
    some,     ///< a datagram, whose messages went to the visitor
    nothing,  ///< the deadline passed
    lost,     ///< here something is missing: lost()
  };
  /// Waits for one datagram. Those of other processes are counted and passed over. Throws
  /// socket_error.
  result next(deadline until, const visitor& visit);

  /// With result::lost: how many notifications there was no room for, of whatever namespaces; 0
  /// where the kernel does not say.
  [[nodiscard]] std::uint32_t lost() const noexcept { return lost_; }
  /// How many were lost that no next() has told of: at the end, where nobody calls it any more.
  [[nodiscard]] std::uint32_t untold() const { return losses_.untold(socket_); }
  /// Whether it knows of a loss whose place is still to come.
  [[nodiscard]] bool is_losing() const noexcept { return losses_.pending() || losses_.due(); }
  /// How often next() finds some at most, until all has been read that waits now.
  [[nodiscard]] std::uint32_t most_waiting() const { return loss_meter::most_waiting(socket_); }

  /// For event loops: readable when there is something to read.
  [[nodiscard]] int native_handle() const noexcept { return socket_.native_handle(); }

  /// Datagrams that did not come from the kernel: passed over.
  [[nodiscard]] std::uint64_t foreign() const noexcept { return foreign_; }
  /// Datagrams with a wrong length in them, or longer than the memory for one, which has grown.
  [[nodiscard]] std::uint64_t malformed() const noexcept { return malformed_; }

 private:
  result lose(std::uint32_t count) noexcept;

  socket socket_;
  loss_meter losses_;
  std::uint32_t lost_ = 0;
  std::vector<std::byte> buffer_;
  std::uint64_t foreign_ = 0;
  std::uint64_t malformed_ = 0;
};

/// RTM_GETNSID: the number of a namespace in that of the client; nothing where it has none or the
/// kernel refuses. Throws as client::request does.
/// @param file  a descriptor of it: /run/netns/NAME, /proc/PID/ns/net
std::optional<std::int32_t> nsid_of(client& kernel, int file);

/// RTM_GETLINK with IFLA_TARGET_NETNSID: the links of another namespace by its number (4.20).
/// Needs CAP_NET_ADMIN there. @return the end of the dump: its error, if there was one
dump_end dump_links(client& kernel, std::int32_t nsid,
                    const std::function<void(const rtnl::link&)>& visit);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_NAMESPACE_LISTENER_H_
