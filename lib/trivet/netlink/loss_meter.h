// How many notifications a socket had no room for, and where among those it heard they are missing.
//
//   if (tells_of_loss(ec)) losses.begin(socket);      // a read failed
//   losses.read_one(socket);                          // a read took a datagram
//   if (losses.due()) … losses.take() …               // so many are missing here
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
/// each datagram from a loss until it is due(). Counts are exact. So is the place, but where the
/// next datagram comes at the moment at which the last one is read: then it is told some datagrams
/// later, 8 at most.
class loss_meter {
 public:
  /// A read told of a loss: tells_of_loss().
  void begin(const socket& from);
  /// A read took a datagram, while pending() not more than one. To be called before anything is
  /// done with it: what is lost from here on is not here.
  void read_one(const socket& from);
  /// A read found nothing.
  void read_nothing(const socket& from);

  /// Whether a loss was told of whose place is still to come.
  [[nodiscard]] bool pending() const noexcept { return pending_; }
  /// Whether the place of a loss is here.
  [[nodiscard]] bool due() const noexcept { return due_; }

  /// How many datagrams were lost at a place that is due(); 0 where the kernel does not say: it
  /// failed to make one, or is older than 4.12.
  std::uint32_t take() noexcept;

  /// How many datagrams were lost that no take() has told of: at the end, where nobody reads on.
  [[nodiscard]] std::uint32_t untold(const socket& from) const;

  /// How many datagrams may wait to be read, at most.
  [[nodiscard]] static std::uint32_t most_waiting(const socket& from);

 private:
  void reach(std::uint32_t dropped) noexcept;

  bool pending_ = false;
  bool due_ = false;
  std::uint32_t waiting_ = 0;  // bytes, at the least since the loss
  unsigned more_ = 0;          // how often in a row there were not less
  std::uint32_t dropped_ = 0;  // datagrams, as the kernel counts, when it was looked at last
  std::uint32_t counted_ = 0;  // those of them that were told of or are due
  std::uint32_t lost_ = 0;     // those that are due
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_LOSS_METER_H_
