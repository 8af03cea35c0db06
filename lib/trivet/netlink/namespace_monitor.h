// Links, addresses and routes of many network namespaces as they change, in one stream and one
// thread, while namespaces come and go.
//
//   netlink::namespace_monitor monitor({.each = {.what = objects::link | objects::route}});
//   for (const auto& space : monitor.spaces()) …              // what there is: space.state
//   while (auto event = monitor.next(deadline::never())) {    // what becomes of it
//     std::cout << event->where->label();
//     if (event->kind == namespace_event_kind::inside) use(event->inside);
//   }
//
// Each namespace has a monitor, with a buffer of its own in the kernel: what is lost in one, and
// read again, touches no other. They take turns, so that a storm in one does not keep back what is
// told of another; only reading a state again is done in one piece.
//
// Not here: NETLINK_LISTEN_ALL_NSID, which hears other namespaces and cannot ask them
// (namespace_listener.h).
#ifndef TRIVET_NETLINK_NAMESPACE_MONITOR_H_
#define TRIVET_NETLINK_NAMESPACE_MONITOR_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "trivet/netlink/client.h"
#include "trivet/netlink/monitor.h"
#include "trivet/netlink/namespace_watch.h"

namespace trivet::netlink {

/// What is watched, and where.
struct namespace_monitor_options {
  monitor_options each = {};           ///< of the monitor in each namespace
  namespace_watch_options which = {};  ///< which namespaces
};

/// A namespace as events name it. Shared, never changed: after `renamed` there is another one.
struct monitored_namespace : known_namespace {
  /// Its nsid in the namespace in which the monitor was made, where it had one when it appeared:
  /// `ip netns list` shows it. Source: ip-netns(8)
  std::optional<std::int32_t> id;
};

/// What has happened to a namespace, or in it.
enum class namespace_event_kind {
  inside,    ///< something happened in it: namespace_event::inside
  appeared,  ///< it is watched from now on; what is there follows, as added
  vanished,  ///< nothing leads to it any more, and it is let go with all that is in it
  renamed,   ///< other names lead to it
  failed,    ///< it cannot be watched, or no longer, because of namespace_event::error. What was
             ///< known of it is not known any more. Where the reason may pass, as a limit may, it
             ///< is tried again, and then it appears.
};

/// One event of one namespace. A value.
struct namespace_event {
  namespace_event_kind kind = namespace_event_kind::inside;  ///< says which of the others count
  std::shared_ptr<const monitored_namespace> where;          ///< never nullptr
  event inside{};                                            ///< for `inside`
  std::error_code error{};                                   ///< for `failed` …
  std::string problem{};  ///< … and what failed, the reason and the cure
};

/// What a namespace_monitor has seen since it was made.
struct namespace_statistics {
  std::uint64_t appeared = 0;  ///< those that there were at the beginning included
  std::uint64_t vanished = 0;  ///< let go
  std::uint64_t failed = 0;    ///< events of that kind: one for a reason, however often it is tried
  monitor_statistics inside{};  ///< of all, also those that have vanished
};

/// A monitor in each network namespace that a namespace_watch finds. One thread at a time; no
/// thread that lasts, no signal, no timer. Entering any namespace but the own one needs
/// CAP_SYS_ADMIN (setns(2)); those that cannot be entered are told as `failed`, and the others are
/// watched.
///
/// A socket keeps its namespace alive, and so do these, until the last name has gone: then they are
/// closed as soon as next() is called. Two descriptors for each namespace, and some.
class namespace_monitor {
 public:
  /// Searches for namespaces and reads the state of each. Throws socket_error for the search and
  /// never for a namespace.
  explicit namespace_monitor(const namespace_monitor_options& options = {});
  namespace_monitor(const namespace_monitor&) = delete;
  namespace_monitor& operator=(const namespace_monitor&) = delete;
  ~namespace_monitor();

  /// A namespace and its state.
  struct watched {
    std::shared_ptr<const monitored_namespace> where;  ///< never nullptr
    const table* state;  ///< valid until the next call of next(); nullptr: cannot be watched
  };
  /// The namespaces that there are, with what each is known to have, all events included that were
  /// read by the last next(), also those that are still to be handed out.
  [[nodiscard]] std::vector<watched> spaces() const;

  /// The state of the namespace that has this label, or one of its names is this; else nullptr.
  [[nodiscard]] const table* find(std::string_view name) const;
  [[nodiscard]] const table* find(const namespace_identity& which) const;

  /// The next event, or nothing when the deadline passed. Reading a state, where it is due, goes on
  /// beyond the deadline. Throws socket_error where a search for namespaces failed; the next call
  /// searches again.
  [[nodiscard]] std::optional<namespace_event> next(deadline until);

  /// monitor::catch_up in every namespace, after a look for those that have come or gone. Throws
  /// socket_error where that search failed; a namespace that fails is told as such.
  void catch_up(objects also = objects::none);

  /// How many events next() hands out without a look at the kernel.
  [[nodiscard]] std::size_t pending() const noexcept { return events_.size(); }

  /// For event loops: readable when next() has something to read. It says so once: call next()
  /// until it has nothing …
  [[nodiscard]] int native_handle() const noexcept { return poll_.get(); }
  /// … and when next() is to be called even though it is not readable.
  [[nodiscard]] deadline wake_up() const noexcept;

  /// What it has seen so far, of all namespaces together.
  [[nodiscard]] namespace_statistics statistics() const;

 private:
  struct member;
  using number = std::uint64_t;  // of a member; never used again

  void follow(namespace_change change);
  void add(known_namespace which);
  void remove(const namespace_identity& which);
  void rename(known_namespace which);
  void renumber(member& one);
  void open(member& one);
  void let_go(member& one);
  void fail(member& one, const std::system_error& problem);
  void tell_all(member& one);
  void try_failed_again();
  void tell(namespace_event_kind kind, const member& one);
  [[nodiscard]] std::optional<namespace_event> take_turns();
  void end_turn(member& one);
  void take_pending(member& one);
  void take_what_is_left(member& one);
  void make_ready(number which);
  [[nodiscard]] bool take_ready(deadline until);
  void look(deadline until);
  void follow_changes();

  monitor_options each_;
  namespace_watch watch_;
  client own_;  // asked for nsids
  descriptor poll_;
  std::map<namespace_identity, std::unique_ptr<member>> members_;
  std::map<number, member*> numbered_;
  number last_number_ = 0;
  std::deque<number> ready_;  // whose turn it is, in order
  unsigned rounds_ = 0;
  unsigned taken_ = 0;                         // events of the first of them
  std::set<std::pair<deadline, number>> due_;  // who is to be called although nothing came
  std::deque<namespace_event> events_;
  bool beginning_ = true;
  deadline retry_ = deadline::never();
  std::chrono::nanoseconds patience_;
  namespace_statistics statistics_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_NAMESPACE_MONITOR_H_
