// How many notifications a socket had no room for, and where among those it heard they are missing.
//
//   if (tells_of_loss(ec)) losses.begin(socket);      // a read failed
//   losses.read_one(socket);                          // a read took a datagram
//   if (losses.due()) … losses.take(socket) …         // so many are missing here
//
// Where there is no room the kernel says so once, and drops all that follows until everything has
// been read that it had kept (NETLINK_S_CONGESTED): what is missing is behind that, and not where
// the error came. Source: netlink_overrun(), netlink_rcv_wake() of net/netlink/af_netlink.c
#ifndef TRIVET_NETLINK_LOSS_METER_H_
#define TRIVET_NETLINK_LOSS_METER_H_

#include <cstdint>

#include "trivet/netlink/socket.h"

namespace trivet::netlink {

/// Of one socket, which is a member of groups. A value. Two system calls for each loss, and one for
/// each datagram from a loss until it is due().
class loss_meter {
 public:
  /// A read told of a loss: tells_of_loss().
  void begin(const socket& from);
  /// A read took a datagram, while pending() not more than one.
  void read_one(const socket& from);
  /// A read found nothing.
  void read_nothing() noexcept;

  /// Whether a loss was told of whose place is still to come.
  [[nodiscard]] bool pending() const noexcept { return state_ == state::pending; }
  /// Whether the place of a loss is here.
  [[nodiscard]] bool due() const noexcept { return state_ == state::due; }

  /// How many datagrams were lost since the last call, exactly; 0 where the kernel does not say: it
  /// failed to make one, or is older than 4.12. No loss is due() afterwards.
  std::uint32_t take(const socket& from);

  /// How many datagrams may wait to be read, at most: so many and one more reads take them all.
  [[nodiscard]] static std::uint32_t most_waiting(const socket& from);

 private:
  enum class state { none, pending, due };

  state state_ = state::none;
  std::uint32_t waiting_ = 0;  // bytes
  std::uint32_t counted_ = 0;  // datagrams, as the kernel counts
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_LOSS_METER_H_
