// Links, addresses and routes as they change, in one stream that is never silently wrong.
//
//   netlink::monitor monitor({.what = objects::link | objects::route});
//   for (const auto& [index, link] : monitor.state().links()) …      // what there is
//   while (true) {
//     if (auto event = monitor.next(deadline::never())) …            // what becomes of it
//   }
//
// The monitor subscribes first and then reads the state, so that nothing falls between. When the
// kernel loses events (ENOBUFS) it says so at once, reads the state again and tells the differences
// between resync_begin and resync_end. Where that is not complete, because changes kept coming or
// events were lost again, another resync follows, until one is. Readings take a twentieth of a
// processor at most while that goes on: a monitor that cannot keep up is not kept busy by them.
//
// A dump that is made while objects come and go may pass over one that is there. What a dump lacks
// though no event said that it is gone is removed once further dumps lack it, too; should it be
// there all the same, it is told as added after the next one.
//
// What the kernel changes without an event (the routes of a link that goes down) is found by
// reading the state again soon after whatever may have caused it. What changes without a cause that
// could be heard (the settings of a link that is down) is found where links are read now and then:
// monitor_options::reread_links, catch_up().
//
// A monitor opened in another network namespace stays there: network_namespace::run.
#ifndef TRIVET_NETLINK_MONITOR_H_
#define TRIVET_NETLINK_MONITOR_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "trivet/netlink/absences.h"
#include "trivet/netlink/event.h"
#include "trivet/netlink/inbox.h"
#include "trivet/netlink/objects.h"
#include "trivet/netlink/reading_pace.h"
#include "trivet/netlink/socket.h"
#include "trivet/netlink/state_reading.h"
#include "trivet/netlink/table.h"

namespace trivet::netlink {

/// What a monitor watches, and with how much room.
struct monitor_options {
  /// Which objects are told of. Links are always kept, because the others name them. Of the rest
  /// neither the groups are joined nor dumps made, but for what these kinds depend on.
  objects what = objects::basic;
  /// RT_TABLE_: routes of other tables cost nothing, because the kernel is asked for these alone (a
  /// filter on the socket, strict dumps) and are not kept. Empty: all tables. Of more than
  /// most_filtered_tables, events of other tables are received, and passed over.
  std::vector<std::uint32_t> tables = {};
  /// Kernel memory for events that wait, in bytes as so::rcvbuf counts them before it doubles. Set
  /// beyond net.core.rmem_max where the privilege is there (so::rcvbufforce).
  int receive_buffer = 8 << 20;
  /// How often links are read again although nothing was heard: the kernel sends no event for
  /// settings of a link that is down (group, alias, mode, data of its kind), nor for the GSO and
  /// GRO sizes of any. Not more than a twentieth of the time is spent on it. Zero: never, and a
  /// monitor at rest does not wake up; catch_up(objects::link) reads them where it matters. Source:
  /// netdev_state_change(), net/core/dev.c
  std::chrono::nanoseconds reread_links = {};
};

/// What a monitor has seen since it was made.
struct monitor_statistics {
  std::uint64_t messages = 0;   ///< notifications read
  std::uint64_t unchanged = 0;  ///< of those, the ones that changed nothing that is kept
  std::uint64_t malformed = 0;  ///< datagrams with a wrong length in them
  std::uint64_t foreign = 0;    ///< datagrams that did not come from the kernel: ignored
  std::uint64_t overruns = 0;   ///< how often the kernel lost events
  std::uint64_t readings = 0;   ///< how often a state was read again
};

/// One subscription with the state that it keeps. One thread at a time; no thread of its own, no
/// signal, no timer: everything happens in next(). Needs no privilege. Source: rtnetlink(7)
class monitor {
 public:
  /// Subscribes and reads the state, which takes as long as the kernel takes. Throws socket_error.
  explicit monitor(const monitor_options& options = {});
  monitor(monitor&&) noexcept = default;
  monitor& operator=(monitor&&) noexcept = default;

  /// What the kernel is known to have, all events up to the last next() included, also those that
  /// are still to be handed out.
  [[nodiscard]] const table& state() const noexcept { return state_; }

  /// The next event, or nothing when the deadline passed. What waits is looked at in any case: a
  /// thousand notifications that change nothing, and a reading of the state where it is due, may go
  /// beyond the deadline. Where notifications come one by one and quickly (50,000 in a second) it
  /// lets some gather, for a tenth of a millisecond, in which they cost a third less; not with an
  /// immediate deadline, nor with little room for them. Throws socket_error, and goes on with the
  /// next call: a reading that failed is made again. A reading is bounded, also where the kernel's
  /// dump of IPv6 routes has no end because routes are added faster than it goes on.
  [[nodiscard]] std::optional<event> next(deadline until);

  /// Takes what waits, finishes a resync, settles what is in doubt and reads the kinds `also`
  /// again, all of it now: after that state() is the kernel's, unless changes keep coming. The
  /// events of it are pending(). Bounded: a few readings. Throws socket_error.
  void catch_up(objects also = objects::none);

  /// How many events next() hands out without a look at the kernel.
  [[nodiscard]] std::size_t pending() const noexcept { return events_.size(); }

  /// For event loops: readable when next() has something to read …
  [[nodiscard]] int native_handle() const noexcept { return socket_.native_handle(); }
  /// … and when next() is to be called even though it is not: immediate where an event waits.
  [[nodiscard]] deadline wake_up() const noexcept;

  /// What it has seen so far.
  [[nodiscard]] const monitor_statistics& statistics() const noexcept { return statistics_; }

  /// so::rcvbuf as the kernel gave it.
  [[nodiscard]] int receive_buffer() const { return receive_buffer_; }

 private:
  enum class arrival { nothing, taken, overrun };
  enum class finding { beginning, news };

  /// What notifications did while a state was read.
  struct movement {
    objects moved = objects::none;    // what they were about
    objects unclear = objects::none;  // of what was read, where they can be read in two ways
  };

  void subscribe(int receive_buffer);
  void filter_notifications();
  void join_groups();
  arrival take(deadline until);
  void look_ahead() const;
  objects apply(const_bytes bytes);
  void apply_waiting();
  void note_overrun();
  void doubt(objects which);
  void rearm(objects rest);
  void tell(differences& changes);

  void touch(const message_view& message, void (absences::*how)(std::uint32_t));
  bool collect(reading& into, objects dumped);
  movement merge(reading& now);
  objects settle(objects which, finding what = finding::news);
  void read_again();
  void look_again_later(std::chrono::nanoseconds reading_took);
  [[nodiscard]] deadline next_reading() const noexcept { return std::min(due_, reread_); }

  objects wanted_;
  socket socket_;
  state_reader reader_;
  table state_;
  std::deque<event> events_;
  std::unique_ptr<inbox> inbox_;
  const_bytes taken_;    // the datagram that take() took
  differences changes_;  // of one message; kept for its memory
  objects doubtful_ = objects::none;
  objects inexact_ = objects::none;           // kinds of which unknown ones may be there
  all_absences absences_;                     // what is not there, as it seems
  objects suspected_ = objects::none;         // of these kinds
  deadline due_ = deadline::never();          // when doubts are to be settled
  reading_pace pace_;                         // when at the earliest
  deadline reread_ = deadline::never();       // when links are to be read again
  std::chrono::nanoseconds reread_interval_;  // zero: never
  bool lost_ = false;                         // an overrun is to be told
  bool owed_ = false;                         // and to be answered by a resync
  bool resyncing_ = false;                    // which has begun
  std::uint32_t drops_ = 0;                   // the socket's counter of lost datagrams
  int receive_buffer_ = 0;
  monitor_statistics statistics_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_MONITOR_H_
