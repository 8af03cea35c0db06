#include "trivet/netlink/namespace_monitor.h"

#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <span>

#include "trivet/base/error.h"
#include "trivet/netlink/namespace_listener.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

// Events of one namespace before it is the turn of the next one.
constexpr unsigned turn = 256;
// What is told of a namespace that has gone, at most: it may have been in a storm.
constexpr unsigned last_words = 4096;

constexpr std::chrono::nanoseconds first_patience = 1s;
constexpr std::chrono::nanoseconds longest_patience = 60s;

// The number under which the watch stands in the epoll set.
constexpr std::uint64_t the_watch = 0;

// Reasons that last as long as the namespace.
bool is_lasting(std::error_code error) {
  switch (error.value()) {
    case EPERM:
    case EACCES:
    case EINVAL:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
      return true;
    default:
      return false;
  }
}

void add_up(monitor_statistics& sum, const monitor_statistics& more) {
  sum.messages += more.messages;
  sum.unchanged += more.unchanged;
  sum.malformed += more.malformed;
  sum.foreign += more.foreign;
  sum.overruns += more.overruns;
  sum.readings += more.readings;
}

}  // namespace

struct namespace_monitor::member {
  number id;
  std::shared_ptr<const monitored_namespace> where;
  std::optional<monitor> kernel;  // nothing where it failed
  std::deque<event> beginning;    // what was there when it appeared
  deadline due = deadline::never();
  bool ready = false;     // stands in ready_
  bool told = false;      // that it appeared, or failed
  bool may_pass = false;  // what made it fail
  std::error_code error;
};

namespace_monitor::namespace_monitor(const namespace_monitor_options& options)
    : each_(options.each),
      watch_(options.which),
      own_(NETLINK_ROUTE),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      patience_(first_patience) {
  ::epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = the_watch;
  if (!poll_ || ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, watch_.native_handle(), &event) < 0) {
    throw_socket_error(errno_code(errno), "epoll of network namespaces");
  }
  for (const auto& [identity, which] : watch_.namespaces()) add(which);
  beginning_ = false;
}

namespace_monitor::~namespace_monitor() = default;

std::vector<namespace_monitor::watched> namespace_monitor::spaces() const {
  std::vector<watched> list;
  list.reserve(members_.size());
  for (const auto& [identity, one] : members_) {
    list.push_back({one->where, one->kernel ? &one->kernel->state() : nullptr});
  }
  return list;
}

const table* namespace_monitor::find(std::string_view name) const {
  for (const auto& [identity, one] : members_) {
    const auto& names = one->where->names;
    if (std::find(names.begin(), names.end(), name) != names.end() || one->where->label() == name) {
      return one->kernel ? &one->kernel->state() : nullptr;
    }
  }
  return nullptr;
}

const table* namespace_monitor::find(const namespace_identity& which) const {
  const auto found = members_.find(which);
  return found != members_.end() && found->second->kernel ? &found->second->kernel->state()
                                                          : nullptr;
}

namespace_statistics namespace_monitor::statistics() const {
  namespace_statistics result = statistics_;
  for (const auto& [identity, one] : members_) {
    if (one->kernel) add_up(result.inside, one->kernel->statistics());
  }
  return result;
}

void namespace_monitor::tell(namespace_event_kind kind, const member& one) {
  namespace_event event;
  event.kind = kind;
  event.where = one.where;
  events_.push_back(std::move(event));
}

void namespace_monitor::follow(namespace_change change) {
  switch (change.kind) {
    case namespace_change_kind::appeared:
      add(std::move(change.which));
      break;
    case namespace_change_kind::vanished:
      remove(change.which.identity);
      break;
    case namespace_change_kind::renamed:
      rename(std::move(change.which));
      break;
  }
}

void namespace_monitor::add(known_namespace which) {
  auto one = std::make_unique<member>();
  one->id = ++last_number_;
  one->where = std::make_shared<const monitored_namespace>(
      monitored_namespace{std::move(which), std::nullopt});
  member& added = *one;
  numbered_[added.id] = &added;
  members_[added.where->identity] = std::move(one);
  open(added);
}

void namespace_monitor::rename(known_namespace which) {
  const auto found = members_.find(which.identity);
  if (found == members_.end()) return;
  member& one = *found->second;
  one.where = std::make_shared<const monitored_namespace>(
      monitored_namespace{std::move(which), one.where->id});
  renumber(one);
  if (one.told) {
    tell(namespace_event_kind::renamed, one);
  } else {
    open(one);  // there is another way to it
  }
}

void namespace_monitor::remove(const namespace_identity& which) {
  const auto found = members_.find(which);
  if (found == members_.end()) return;
  member& one = *found->second;
  take_what_is_left(one);
  renumber(one);
  let_go(one);
  if (one.told) {
    ++statistics_.vanished;
    tell(namespace_event_kind::vanished, one);
  }
  numbered_.erase(one.id);
  members_.erase(found);
}

// Makes those events the next ones that are told of which the kernel need not be asked.
void namespace_monitor::take_pending(member& one) {
  const auto take = [&](event&& inside) {
    events_.push_back({namespace_event_kind::inside, one.where, std::move(inside), {}, {}});
  };
  for (event& inside : one.beginning) take(std::move(inside));
  one.beginning.clear();
  while (one.kernel && one.kernel->pending() > 0) take(*one.kernel->next(deadline::immediate()));
}

// What happened in it before its name went is told before it is.
void namespace_monitor::take_what_is_left(member& one) {
  take_pending(one);
  if (!one.kernel) return;
  try {
    for (unsigned count = 0; count < last_words; ++count) {
      auto inside = one.kernel->next(deadline::immediate());
      if (!inside) return;
      events_.push_back({namespace_event_kind::inside, one.where, std::move(*inside), {}, {}});
    }
  } catch (const std::system_error&) {
    // It is about to be told that the namespace is gone.
  }
}

void namespace_monitor::catch_up(objects also) {
  follow_changes();
  for (const auto& [identity, one] : members_) {
    if (!one->kernel) continue;
    try {
      one->kernel->catch_up(also);
      take_pending(*one);
    } catch (const std::system_error& problem) {
      take_pending(*one);
      fail(*one, problem);
    }
    if (!one->ready) end_turn(*one);
  }
}

void namespace_monitor::let_go(member& one) {
  one.beginning.clear();
  due_.erase({one.due, one.id});
  one.due = deadline::never();
  if (!one.kernel) return;
  add_up(statistics_.inside, one.kernel->statistics());
  // Closing it does so too, but not where a forked child still has the socket.
  ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, one.kernel->native_handle(), nullptr);
  one.kernel.reset();
}

void namespace_monitor::fail(member& one, const std::system_error& problem) {
  let_go(one);
  one.may_pass = !is_lasting(problem.code());
  if (one.may_pass && retry_.is_never()) retry_ = deadline::after(patience_);
  // Once, however often it is tried again.
  if (one.told && one.error == problem.code()) return;
  one.error = problem.code();
  one.told = true;
  ++statistics_.failed;
  tell(namespace_event_kind::failed, one);
  events_.back().error = problem.code();
  events_.back().problem = problem.what();
}

// The number may have been given since it appeared. Its socket keeps the namespace, whatever has
// become of its names. Where it cannot be asked for the namespace (CAP_NET_ADMIN), or there is no
// memory for the question, the number stays as it was.
void namespace_monitor::renumber(member& one) {
  if (!one.kernel) return;
  const descriptor file(::ioctl(one.kernel->native_handle(), SIOCGSKNS));
  if (!file) return;
  monitored_namespace where = *one.where;
  try {
    where.id = nsid_of(own_, file.get());
  } catch (const std::system_error&) {
    return;
  }
  one.where = std::make_shared<const monitored_namespace>(std::move(where));
}

void namespace_monitor::open(member& one) {
  try {
    const namespace_identity identity = one.where->identity;  // `where` is about to be replaced
    {
      // Held no longer than it takes: the monitor keeps the namespace by itself.
      const auto file = watch_.open(identity);
      if (!file) return;  // it has gone again, and the watch is about to say so
      auto where = *one.where;
      where.id = nsid_of(own_, file->native_handle());
      one.where = std::make_shared<const monitored_namespace>(std::move(where));
      // Where the thread is already, no privilege is needed.
      one.kernel = identity == namespace_identity::current()
                       ? monitor(each_)
                       : file->run([&] { return monitor(each_); });
    }
    ::epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = one.id;
    if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, one.kernel->native_handle(), &event) < 0) {
      throw_socket_error(errno_code(errno), "epoll of network namespace " + one.where->label());
    }
  } catch (const std::system_error& problem) {
    fail(one, problem);
    return;
  }
  one.told = true;
  one.error.clear();
  one.may_pass = false;
  ++statistics_.appeared;
  if (beginning_) {
    end_turn(one);
    return;
  }
  tell(namespace_event_kind::appeared, one);
  tell_all(one);
}

void namespace_monitor::tell_all(member& one) {
  const table& state = one.kernel->state();
  table nothing(state.kept(), state.tables());
  differences all;
  nothing.replace(each_.what, table(state), objects::none, all);
  for (any_difference& object : all) {
    event added;
    added.kind = event_kind::added;
    added.object = std::move(object);
    one.beginning.push_back(std::move(added));
  }
  make_ready(one.id);
}

void namespace_monitor::try_failed_again() {
  retry_ = deadline::never();
  patience_ = std::min(2 * patience_, longest_patience);
  for (const auto& [identity, one] : members_) {
    if (!one->kernel && one->may_pass) open(*one);
  }
  if (retry_.is_never()) patience_ = first_patience;
}

void namespace_monitor::make_ready(number which) {
  const auto found = numbered_.find(which);
  if (found == numbered_.end() || found->second->ready) return;
  found->second->ready = true;
  ready_.push_back(which);
}

// Notes when it wants to be called again.
void namespace_monitor::end_turn(member& one) {
  due_.erase({one.due, one.id});
  one.due = deadline::never();
  if (!one.kernel) return;
  one.due = one.beginning.empty() ? one.kernel->wake_up() : deadline::immediate();
  if (!one.due.is_never()) due_.insert({one.due, one.id});
}

std::optional<namespace_event> namespace_monitor::take_turns() {
  while (!ready_.empty()) {
    const auto found = numbered_.find(ready_.front());
    if (found == numbered_.end()) {
      ready_.pop_front();
      taken_ = 0;
      continue;
    }
    member& one = *found->second;
    std::optional<event> inside;
    if (one.kernel && taken_ < turn) {
      try {
        if (!one.beginning.empty()) {
          inside = std::move(one.beginning.front());
          one.beginning.pop_front();
        } else {
          inside = one.kernel->next(deadline::immediate());
        }
      } catch (const std::system_error& problem) {
        fail(one, problem);
      }
    }
    if (inside) {
      ++taken_;
      return namespace_event{namespace_event_kind::inside, one.where, std::move(*inside), {}, {}};
    }
    ready_.pop_front();
    taken_ = 0;
    one.ready = false;
    end_turn(one);
    if (!events_.empty()) break;
  }
  return std::nullopt;
}

// Lets those take their turns that the epoll set names.
// @return whether the watch is among them, or the time was up
bool namespace_monitor::take_ready(deadline until) {
  int timeout = -1;
  if (!until.is_never()) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until.remaining()).count();
    timeout = static_cast<int>(std::min<std::int64_t>(rest, std::numeric_limits<int>::max()));
  }
  std::array<::epoll_event, 256> list;
  const int count = ::epoll_wait(poll_.get(), list.data(), static_cast<int>(list.size()), timeout);
  if (count < 0 && errno != EINTR) throw_socket_error(errno_code(errno), "epoll_wait");
  bool watch = count <= 0;
  for (const ::epoll_event& one :
       std::span(list).first(static_cast<std::size_t>(std::max(count, 0)))) {
    if (one.data.u64 == the_watch) {
      watch = true;
    } else {
      make_ready(one.data.u64);
    }
  }
  return watch;
}

void namespace_monitor::follow_changes() {
  while (auto change = watch_.next(deadline::immediate())) follow(std::move(*change));
}

// Finds out who has something to say, and waits where it is nobody.
void namespace_monitor::look(deadline until) {
  // An event loop that polled may have been given the watch's word, which comes once; so the watch
  // is asked itself before anybody waits, and now and then while there is no need to.
  constexpr unsigned now_and_then = 16;
  if (take_ready(deadline::immediate()) || ++rounds_ % now_and_then == 0) follow_changes();
  while (!due_.empty() && due_.begin()->first.passed()) {
    make_ready(due_.begin()->second);
    due_.erase(due_.begin());
  }
  if (retry_.passed()) try_failed_again();
  if (!ready_.empty() || !events_.empty()) return;
  const deadline due = std::min(until, wake_up());
  if (!due.passed() && take_ready(due)) follow_changes();
}

deadline namespace_monitor::wake_up() const noexcept {
  if (!events_.empty() || !ready_.empty()) return deadline::immediate();
  const deadline due = due_.empty() ? deadline::never() : due_.begin()->first;
  return std::min({due, retry_, watch_.wake_up()});
}

std::optional<namespace_event> namespace_monitor::next(deadline until) {
  bool looked = false;
  while (true) {
    if (!events_.empty()) {
      namespace_event first = std::move(events_.front());
      events_.pop_front();
      return first;
    }
    if (auto event = take_turns()) return event;
    if (!events_.empty()) continue;
    if (looked && until.passed()) return std::nullopt;
    look(until);
    looked = true;
  }
}

}  // namespace trivet::netlink
