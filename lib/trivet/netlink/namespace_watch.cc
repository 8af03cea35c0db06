#include "trivet/netlink/namespace_watch.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

#include "trivet/base/error.h"
#include "trivet/base/poll.h"

namespace trivet::netlink {
namespace {

constexpr const char* own_path = "/proc/thread-self/ns/net";
constexpr std::uint32_t folder_events =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;

[[noreturn]] void fail(const std::string& operation, std::string_view advice = {}) {
  throw_socket_error(errno_code(errno), operation, advice);
}

descriptor opened(int fd, const std::string& operation, std::string_view advice = {}) {
  if (fd < 0) fail(operation, advice);
  return descriptor(fd);
}

descriptor open_mounts() {
  const int fd = ::open("/proc/thread-self/mountinfo", O_RDONLY | O_CLOEXEC);
  return opened(fd, "open /proc/thread-self/mountinfo",
                fd < 0 && errno == ENOENT ? "is /proc mounted?" : "");
}

std::string path_of_process(::pid_t process) {
  return "/proc/" + std::to_string(process) + "/ns/net";
}

std::optional<::pid_t> process_number(std::string_view text) {
  ::pid_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

// "/proc/7/ns/net", "/proc/7/task/9/ns/net": 7.
std::optional<::pid_t> process_of_link(const std::string& path) {
  std::array<char, 64> target{};
  const ::ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  if (size <= 0) return std::nullopt;
  std::string_view text(target.data(), static_cast<std::size_t>(size));
  constexpr std::string_view prefix = "/proc/";
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  return process_number(text.substr(0, text.find('/')));
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

void add_to(const descriptor& poll, const descriptor& file, std::uint32_t events) {
  ::epoll_event event{};
  event.events = events;
  event.data.fd = file.get();
  if (::epoll_ctl(poll.get(), EPOLL_CTL_ADD, file.get(), &event) < 0) fail("epoll_ctl");
}

// readdir(3) from the start, without "." and "..".
template <class Visit>
void for_each_entry(::DIR* folder, const std::string& path, Visit visit) {
  ::rewinddir(folder);
  while (true) {
    errno = 0;
    const ::dirent* const entry = ::readdir(folder);
    if (entry == nullptr) {
      if (errno != 0) fail("read folder " + path);
      return;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") visit(name);
  }
}

}  // namespace

namespace_identity namespace_identity::of(const network_namespace& space) {
  struct ::stat status {};
  if (::fstat(space.native_handle(), &status) < 0) fail("fstat network namespace " + space.label());
  return {status.st_dev, status.st_ino};
}

std::optional<namespace_identity> namespace_identity::at(const std::string& path) noexcept {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) < 0) return std::nullopt;
  return namespace_identity{status.st_dev, status.st_ino};
}

namespace_identity namespace_identity::current() {
  const auto identity = at(own_path);
  if (!identity) fail("find the own network namespace", "is /proc mounted?");
  return *identity;
}

std::string known_namespace::label() const {
  if (!names.empty()) return names.front();
  if (own) return "/proc/self/ns/net";
  return path_of_process(process);
}

namespace_watch::namespace_watch(namespace_watch_options options)
    : options_(std::move(options)),
      own_(namespace_identity::current()),
      poll_(opened(::epoll_create1(EPOLL_CLOEXEC), "epoll_create")),
      folder_events_(opened(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init",
                            "EMFILE: too many open files, or inotify instances of this user "
                            "(fs.inotify.max_user_instances)")),
      mounts_(open_mounts()),
      mounts_signal_(open_mounts()) {
  if (options_.process_interval.count() > 0) {
    processes_folder_.reset(::opendir("/proc"));
    if (!processes_folder_) fail("open folder /proc");
    next_processes_ = deadline::immediate();
  }
  // The kernel tells of a change of mounts to whoever asks first. A poll(2) of our descriptor by an
  // event loop asks too, and what it was told would then be lost; so there are two of them.
  add_to(poll_, mounts_signal_, EPOLLPRI);
  add_to(poll_, folder_events_, EPOLLIN);
  search();
  changes_.clear();
}

// Takes what has been told.
bool namespace_watch::something_happened() {
  bool result = std::exchange(stale_, false);
  std::array<::epoll_event, 16> ready{};
  // Only to have it said once; which of them it was, a poll of the descriptors tells.
  while (::epoll_wait(poll_.get(), ready.data(), ready.size(), 0) > 0) {
    alignas(::inotify_event) std::array<char, 4096> events{};
    bool told = false;
    while (::read(folder_events_.get(), events.data(), events.size()) > 0) told = true;
    for (const ::epoll_event& one : ready) {
      const auto ended = std::find_if(linked_.begin(), linked_.end(), [&](const auto& entry) {
        return entry.second.get() == one.data.fd && (one.events & EPOLLIN) != 0;
      });
      if (ended == linked_.end()) continue;
      linked_.erase(ended);
      told = true;
    }
    ready = {};
    result |= told;
    if (!told) break;
  }
  std::error_code ec;
  if (poll_one(mounts_.get(), POLLPRI, deadline::immediate(), ec) != 0) result = true;
  if (next_processes_.passed()) result = true;
  return result;
}

// inotify follows the folder, or what there is of the way to it.
void namespace_watch::watch_folder() {
  const int before = watched_;
  while (true) {
    std::string path = options_.folder;
    int found = -1;
    while (true) {
      found = ::inotify_add_watch(folder_events_.get(), path.c_str(), folder_events | IN_ONLYDIR);
      if (found >= 0) break;
      if (errno != ENOENT && errno != ENOTDIR) {
        fail("watch folder " + path,
             errno == ENOSPC ? "fs.inotify.max_user_watches is reached" : "");
      }
      if (path == "/" || path == ".") fail("watch folder " + path);
      path = parent_of(path);
    }
    watched_ = found;
    // What was missing may have been made before its parent was watched.
    if (path == options_.folder || !namespace_identity::at(options_.folder)) break;
  }
  // A folder that is gone took its watch with it; then this does nothing.
  if (before >= 0 && before != watched_) ::inotify_rm_watch(folder_events_.get(), before);
}

void namespace_watch::search() {
  stale_ = true;  // until it has been done
  watch_folder();
  map found;
  if (options_.own) found[own_].own = true;
  find_names(found);
  if (next_processes_.passed()) {
    find_processes();
    next_processes_ = deadline::after(options_.process_interval);
  }
  for (const auto& [identity, process] : processes_) found[identity].process = process;
  for (auto& [identity, one] : found) {
    one.identity = identity;
    one.own = identity == own_;
    std::sort(one.names.begin(), one.names.end());
  }
  tell_differences(std::move(found));
  stale_ = false;
}

void namespace_watch::find_names(map& into) {
  other_files_ = 0;
  still_linked_.clear();
  // Opened anew each time: an open folder keeps what is mounted on it from being unmounted.
  spare_.reset();
  open_folder folder(::opendir(options_.folder.c_str()));
  if (!folder && errno != ENOENT && errno != ENOTDIR) fail("open folder " + options_.folder);
  if (folder) {
    for_each_entry(folder.get(), options_.folder, [&](std::string_view name) {
      const std::string path = options_.folder + "/" + std::string(name);
      const auto identity = namespace_identity::at(path);
      if (!identity || !is_network(*identity, path)) {
        ++other_files_;
        return;
      }
      into[*identity].names.emplace_back(name);
      follow_link(path);
    });
  }
  folder.reset();
  spare_.reset(::fcntl(poll_.get(), F_DUPFD_CLOEXEC, 0));
  std::erase_if(linked_, [&](const auto& entry) { return still_linked_.count(entry.first) == 0; });
}

// A name that is a link to a process's namespace leads nowhere when the process has ended, and
// neither inotify nor the mounts tell of that. The process does.
void namespace_watch::follow_link(const std::string& path) {
  const auto process = process_of_link(path);
  if (!process) return;
  still_linked_.insert(*process);
  if (linked_.count(*process) != 0) return;
  descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, *process, 0U)));
  if (!handle) return;  // before 5.3, or it has just ended: then its namespace has gone with it
  add_to(poll_, handle, EPOLLIN);
  linked_[*process] = std::move(handle);
}

// All namespaces are files of one filesystem, nsfs; only their kind tells them apart.
bool namespace_watch::is_network(const namespace_identity& identity,
                                 const std::string& path) const {
  if (identity.device != own_.device) return false;
  if (identity == own_ || known_.count(identity) != 0) return true;
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  // Out of descriptors, for example: that is for whoever wants to enter it to say.
  if (!file) return errno != ENOENT;
  return ::ioctl(file.get(), NS_GET_NSTYPE) == CLONE_NEWNET;
}

void namespace_watch::find_processes() {
  processes_.clear();
  hidden_processes_ = 0;
  for_each_entry(processes_folder_.get(), "/proc", [&](std::string_view name) {
    const auto process = process_number(name);
    if (!process) return;
    const auto identity = namespace_identity::at(path_of_process(*process));
    if (!identity) {
      hidden_processes_ += errno == EACCES || errno == EPERM;
      return;
    }
    ::pid_t& lowest = processes_[*identity];
    if (lowest == 0 || *process < lowest) lowest = *process;
  });
}

void namespace_watch::tell_differences(map&& found) {
  // What goes, goes first: its name may be another's now.
  for (auto& [identity, one] : known_) {
    if (found.count(identity) == 0) {
      changes_.push_back({namespace_change_kind::vanished, std::move(one)});
    }
  }
  for (const auto& [identity, one] : found) {
    const auto before = known_.find(identity);
    if (before == known_.end()) {
      changes_.push_back({namespace_change_kind::appeared, one});
    } else if (before->second != one) {
      changes_.push_back({namespace_change_kind::renamed, one});
    }
  }
  known_ = std::move(found);
}

deadline namespace_watch::wake_up() const noexcept {
  return stale_ || !changes_.empty() ? deadline::immediate() : next_processes_;
}

std::optional<namespace_change> namespace_watch::next(deadline until) {
  while (true) {
    if (!changes_.empty()) {
      namespace_change first = std::move(changes_.front());
      changes_.pop_front();
      return first;
    }
    if (something_happened()) {
      search();
      continue;
    }
    if (until.passed()) return std::nullopt;
    std::error_code ec;
    ::pollfd files[] = {{poll_.get(), POLLIN, 0}, {mounts_.get(), POLLPRI, 0}};
    const int ready = poll(files, std::min(until, next_processes_), ec);
    if (ec) throw_socket_error(ec, "poll network namespaces");
    // Asking was being told.
    if (ready > 0 && files[1].revents != 0) stale_ = true;
  }
}

std::optional<network_namespace> namespace_watch::open(const namespace_identity& which) const {
  const auto found = known_.find(which);
  if (found == known_.end()) return std::nullopt;
  const known_namespace& space = found->second;
  std::vector<std::string> paths;
  for (const std::string& name : space.names) paths.push_back(options_.folder + "/" + name);
  if (space.process != 0) paths.push_back(path_of_process(space.process));
  if (which == namespace_identity::current()) paths.insert(paths.begin(), own_path);
  for (const std::string& path : paths) {
    if (namespace_identity::at(path) != which) continue;
    try {
      network_namespace opened = network_namespace::by_path(path);
      if (namespace_identity::of(opened) == which) return opened;
    } catch (const socket_error& error) {
      // Gone since, or something else by now.
      if (error.code().value() != ENOENT && error.code().value() != EINVAL) throw;
    }
  }
  return std::nullopt;
}

}  // namespace trivet::netlink
