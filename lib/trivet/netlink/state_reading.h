// Reading the state that the kernel has, while notifications of changes keep coming. Used by
// monitor.
#ifndef TRIVET_NETLINK_STATE_READING_H_
#define TRIVET_NETLINK_STATE_READING_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "trivet/netlink/client.h"
#include "trivet/netlink/datagram_log.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/objects.h"
#include "trivet/netlink/table.h"

namespace trivet::netlink {

/// A state that is being read.
struct reading {
  table fresh;                          ///< what the dumps said
  datagram_log meanwhile = {};          ///< notifications that came while they were made
  objects interrupted = objects::none;  ///< the kernel says that changes came into their dump
  objects partial = objects::none;      ///< their dump failed, or was given up before its end
  objects piecemeal = objects::none;    ///< their dump came in more than one piece
  bool lost = false;                    ///< notifications were lost meanwhile
  std::size_t visited = 0;  ///< objects that the present dump has told of, each as often as it did

  /// The kinds of which `fresh` may lack some that are there.
  /// @param moved  the kinds that notifications were about
  [[nodiscard]] objects uncertain(objects moved) const noexcept;
  /// For absences::begin: how many dumps of a kind that is uncertain have to lack an object that is
  /// to be taken for gone.
  [[nodiscard]] unsigned needed(objects kind) const noexcept;
  /// Whether more is added to what is being dumped than the dump can follow.
  /// @param known  how many routes of IPv6 there were before
  [[nodiscard]] bool is_endless(objects dumped, std::size_t known) const noexcept;
};

/// A socket for dumps, and how they are made. One thread at a time.
class state_reader {
 public:
  /// Takes the notifications that wait.
  /// @param dumped  the kind whose dump goes on, or none
  /// @return false: that dump is to be given up
  using collector = std::function<bool(reading& into, objects dumped)>;

  /// Opens the socket. Throws as client does.
  state_reader();

  /// Link events are sent before the kernel has deleted the routes of the link; both happen under
  /// one lock (RTNL), which this request has to take, too. Throws socket_error.
  void wait_for_writers();

  /// Reads the kinds `which`, of routes those of `tables`; empty: of all. A dump that takes a
  /// minute is given up. Throws socket_error.
  /// @param collect  is called after each piece, and at the end
  [[nodiscard]] reading read(objects which, const std::vector<std::uint32_t>& tables,
                             const collector& collect);

 private:
  void read_dump(reading& into, objects kind, message_builder& request, const collector& collect);
  void renew();

  client client_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_STATE_READING_H_
