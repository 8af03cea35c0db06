// Network namespaces as they come and go: those with a name, the own one, those of processes.
//
//   netlink::namespace_watch watch;
//   for (const auto& [identity, space] : watch.namespaces()) …       // what there is
//   while (auto change = watch.next(deadline::never())) …            // what becomes of it
//
// Names are found without polling: inotify(7) tells of the files in /run/netns, and the table of
// mounts (poll(2) on /proc/self/mountinfo) of the namespaces that are mounted on them, because a
// name's file is there a moment before `ip netns add` mounts the namespace on it, and a moment
// after `ip netns del` has unmounted it.
//
// The watch keeps no namespace alive: it holds no descriptor of any.
#ifndef TRIVET_NETLINK_NAMESPACE_WATCH_H_
#define TRIVET_NETLINK_NAMESPACE_WATCH_H_

#include <dirent.h>
#include <sys/types.h>

#include <chrono>
#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "trivet/base/deadline.h"
#include "trivet/base/descriptor.h"
#include "trivet/base/netns.h"

namespace trivet::netlink {

/// st_dev and st_ino of a namespace's file: the same for two files exactly if they are the same
/// namespace. A number is used again after the last reference to its namespace has gone.
/// Source: namespaces(7)
struct namespace_identity {
  std::uint64_t device = 0;  ///< st_dev: of nsfs
  std::uint64_t inode = 0;   ///< st_ino: as in "net:[4026531840]"

  /// fstat(2). Throws socket_error.
  [[nodiscard]] static namespace_identity of(const network_namespace& space);
  /// stat(2) of a path; nullopt where there is nothing, or nothing that may be looked at.
  [[nodiscard]] static std::optional<namespace_identity> at(const std::string& path) noexcept;
  /// The calling thread's own. Throws socket_error where /proc is not mounted.
  [[nodiscard]] static namespace_identity current();

  friend auto operator<=>(const namespace_identity&, const namespace_identity&) noexcept = default;
};

/// A network namespace, and what leads to it. A value.
struct known_namespace {
  namespace_identity identity;     ///< what tells it from others; names do not
  std::vector<std::string> names;  ///< files of the folder, in order; several may be one namespace
  bool own = false;                ///< the one in which the watch was made
  ::pid_t process = 0;             ///< the lowest number of a process in it; 0: none is known

  /// Its first name. Where it has none, a path, which no name can be: "/proc/self/ns/net" for the
  /// own one, "/proc/PID/ns/net" for that of a process. network_namespace::parse takes all three.
  [[nodiscard]] std::string label() const;

  friend bool operator==(const known_namespace&, const known_namespace&) = default;
};

/// Which namespaces are watched.
struct namespace_watch_options {
  /// Where names are: those of `ip netns`. It need not exist; it is found when it is made.
  std::string folder = "/run/netns";
  /// The calling thread's own namespace, with a name or without.
  bool own = true;
  /// How often /proc is searched for namespaces of processes: those of containers have no name.
  /// Nothing tells of them, so that they can only be searched for: a namespace whose last process
  /// has ended is known, and kept by whoever watches it, until the next search. Zero: never.
  std::chrono::nanoseconds process_interval{0};
};

/// What has become of a namespace.
enum class namespace_change_kind {
  appeared,  ///< it has a name now, or a process
  vanished,  ///< nothing leads to it any more; a process may still be in it
  renamed,   ///< other names, or another process, lead to it
};

/// One change. A value.
struct namespace_change {
  namespace_change_kind kind = namespace_change_kind::appeared;  ///< since the search before
  known_namespace which;                                         ///< vanished: as it was last
};

/// The namespaces that there are. One thread at a time; no thread of its own, no signal, no timer.
/// Needs no privilege, but for processes of other users (PTRACE_MODE_READ, ptrace(2)). Holds five
/// descriptors, one for /proc, and one for each name that is a link to /proc/PID/ns/net.
/// Source: inotify(7), proc(5), ip-netns(8)
class namespace_watch {
 public:
  /// Searches. Throws socket_error: EMFILE also where the limit of inotify instances is reached.
  explicit namespace_watch(namespace_watch_options options = {});

  /// What is known, all changes included, also those that are still to be handed out.
  [[nodiscard]] const std::map<namespace_identity, known_namespace>& namespaces() const noexcept {
    return known_;
  }

  /// The next change, or nothing when the deadline passed. Throws socket_error where a search
  /// failed; the next call searches again.
  [[nodiscard]] std::optional<namespace_change> next(deadline until);

  /// For event loops: readable when next() has something to look at. It says so once: call next()
  /// until it has nothing.
  [[nodiscard]] int native_handle() const noexcept { return poll_.get(); }
  /// When next() is to be called even though it is not readable.
  [[nodiscard]] deadline wake_up() const noexcept;

  /// Opens one, whatever leads to it now; nullopt where nothing does any more. The descriptor keeps
  /// the namespace alive. Throws as network_namespace does.
  [[nodiscard]] std::optional<network_namespace> open(const namespace_identity& which) const;

  /// Files in the folder that were no network namespace at the last search.
  [[nodiscard]] std::size_t other_files() const noexcept { return other_files_; }
  /// Processes that the last search was not allowed to look at.
  [[nodiscard]] std::size_t hidden_processes() const noexcept { return hidden_processes_; }

 private:
  struct folder_closer {
    void operator()(::DIR* open) const noexcept { ::closedir(open); }
  };
  using open_folder = std::unique_ptr<::DIR, folder_closer>;
  using map = std::map<namespace_identity, known_namespace>;

  [[nodiscard]] bool something_happened();
  void watch_folder();
  void search();
  void find_names(map& into);
  void find_processes();
  void follow_link(const std::string& path);
  [[nodiscard]] bool is_network(const namespace_identity& identity, const std::string& path) const;
  void tell_differences(map&& found);

  namespace_watch_options options_;
  namespace_identity own_;
  descriptor poll_;
  descriptor folder_events_;
  descriptor mounts_;         // asked whether they changed
  descriptor mounts_signal_;  // in the epoll set
  int watched_ = -1;          // inotify's number for the folder or its nearest parent
  descriptor spare_;          // given up to open the folder, so that a search needs no other
  open_folder processes_folder_;
  std::map<namespace_identity, ::pid_t> processes_;  // of the last search
  std::map<::pid_t, descriptor> linked_;             // pidfds of processes that names are links to
  std::set<::pid_t> still_linked_;
  map known_;
  std::deque<namespace_change> changes_;
  deadline next_processes_ = deadline::never();
  bool stale_ = false;
  std::size_t other_files_ = 0;
  std::size_t hidden_processes_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_NAMESPACE_WATCH_H_
