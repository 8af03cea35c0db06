#include "trivet/netlink/monitor.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <vector>

#include "trivet/base/so.h"
#include "trivet/netlink/notification_filter.h"
#include "trivet/netlink/object_kinds.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

// How soon a reading that failed is made again.
constexpr std::chrono::nanoseconds after_failure = 1s;
// How many readings one behind the other may take to be sure.
constexpr unsigned most_attempts = 3;
// How many that change nothing are taken beyond a deadline.
constexpr int most_silent = 1024;
// Where notifications come faster than they are read, draining has to end some time.
constexpr int most_drained = 65536;
// And where they come faster than a dump does, it is given up.
constexpr std::size_t most_kept = 256 << 20;  // bytes

objects kept_by(objects wanted) { return wanted | objects::link; }

// Of the calling thread, in whose system calls the kernel makes a dump. On a busy machine, more
// time passes, and is not ours.
std::chrono::nanoseconds processor_time() {
  ::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

monitor::monitor(const monitor_options& options)
    : wanted_(options.what),
      socket_(NETLINK_ROUTE),  // blocking: without a deadline the kernel does the waiting
      state_(kept_by(options.what), options.tables),
      inbox_(std::make_unique<inbox>()),
      reread_interval_(options.reread_links) {
  subscribe(options.receive_buffer);
  rearm(settle(state_.kept(), finding::beginning));
  look_again_later(0ns);
}

void monitor::subscribe(int receive_buffer) {
  std::error_code ec;
  socket_.set(so::rcvbufforce{receive_buffer}, ec);
  if (ec) socket_.set(so::rcvbuf{receive_buffer});
  receive_buffer_ = socket_.get<so::rcvbuf>();
  inbox_->let_gather(receive_buffer_);
  // Before the first group: what is not wanted shall not come between.
  filter_notifications();
  socket_.bind(address());
  join_groups();
}

void monitor::filter_notifications() {
  std::error_code too_long;  // for net.core.optmem_max: then what is not wanted is passed over here
  for (const auto& tables : {state_.tables(), std::vector<std::uint32_t>()}) {
    socket_.set(
        so::attach_filter{std::span<const ::sock_filter>(notification_filter(wanted_, tables))},
        too_long);
    if (!too_long) return;
  }
}

void monitor::join_groups() {
  socket_.join(RTNLGRP_LINK);
  if (overlap(wanted_, objects::link)) {
    socket_.join(RTNLGRP_TC);  // the qdisc of a link changes without an event of the link
    socket_.join(RTNLGRP_NSID);
  }
  // Routes depend on addresses.
  if (overlap(wanted_, objects::address_v4 | objects::route_v4)) socket_.join(RTNLGRP_IPV4_IFADDR);
  if (overlap(wanted_, objects::address_v6 | objects::route_v6)) socket_.join(RTNLGRP_IPV6_IFADDR);
  if (overlap(wanted_, objects::route_v4)) {
    socket_.join(RTNLGRP_IPV4_ROUTE);
    socket_.join(RTNLGRP_IPV4_NETCONF);
  }
  if (overlap(wanted_, objects::route_v6)) {
    socket_.join(RTNLGRP_IPV6_ROUTE);
    socket_.join(RTNLGRP_IPV6_NETCONF);
  }
  if (overlap(wanted_, objects::route | objects::nexthop)) {
    std::error_code before_5_3;
    socket_.join(RTNLGRP_NEXTHOP, before_5_3);
  }
  if (overlap(wanted_, objects::neighbour)) socket_.join(RTNLGRP_NEIGH);
  if (overlap(wanted_, objects::rule_v4)) socket_.join(RTNLGRP_IPV4_RULE);
  if (overlap(wanted_, objects::rule_v6)) socket_.join(RTNLGRP_IPV6_RULE);
}

// Takes one datagram into taken_.
monitor::arrival monitor::take(deadline until) {
  if (!inbox_) throw socket_error(errno_code(EBADF), "netlink monitor", "it has been moved from");
  while (true) {
    if (inbox_->empty()) {
      switch (inbox_->receive(socket_, until)) {
        case inbox::result::nothing:
          return arrival::nothing;
        case inbox::result::lost:
          return arrival::overrun;
        case inbox::result::some:
          look_ahead();
          break;
      }
    }
    const inbox::datagram got = inbox_->take();
    if (!got.from_kernel) {
      ++statistics_.foreign;
      continue;
    }
    taken_ = got.bytes;
    return got.truncated ? arrival::overrun : arrival::taken;
  }
}

// Has the memory that many datagrams are about to need fetched at once.
void monitor::look_ahead() const {
  const std::size_t count = inbox_->left();
  if (count < 2) return;
  std::array<const_bytes, inbox::most> list;
  for (std::size_t i = 0; i < count; ++i) list[i] = inbox_->peek(i);
  state_.look_ahead(std::span(list).first(count));
}

// @return what the datagram is about, and what it puts in doubt
objects monitor::apply(const_bytes bytes) {
  objects about = objects::none;
  message_reader in(bytes);
  for (message_view message; in.next(message);) {
    ++statistics_.messages;
    if (overlap(suspected_, objects::route)) touch(message, &absences::touch);
    const objects doubts = state_.apply(message, changes_) & state_.kept();
    if (changes_.empty()) ++statistics_.unchanged;
    about |= doubts | subject_of(message);
    doubt(doubts);
    tell(changes_);
  }
  if (in.failed()) {
    ++statistics_.malformed;
    doubt(state_.kept());
    about |= state_.kept();
  }
  return about;
}

// What is suspected of a prefix is looked at once more where it has events.
void monitor::touch(const message_view& message, void (absences::*how)(std::uint32_t)) {
  const objects kind = subject_of(message) & objects::route;
  route_key key;
  if (!any(kind) || !route_key::read(message.payload, key)) return;
  (absences_.of(kind).*how)(key.hash());
}

void monitor::apply_waiting() {
  for (int count = 0; count < most_drained; ++count) {
    switch (take(deadline::immediate())) {
      case arrival::nothing:
        return;
      case arrival::taken:
        apply(taken_);
        break;
      case arrival::overrun:
        // What the kernel had kept before is still there, and older than what it lost.
        lost_ = true;
        break;
    }
  }
}

// A loss is told at once; what differs, as soon as the pace of readings lets it be read.
void monitor::note_overrun() {
  lost_ = false;
  ++statistics_.overruns;
  event event;
  event.kind = event_kind::overrun;
  std::error_code unknown;
  const std::uint32_t drops = socket_.get<so::meminfo>(unknown)[SK_MEMINFO_DROPS];
  if (!unknown) event.lost = drops - std::exchange(drops_, drops);
  events_.push_back(std::move(event));
  owed_ = true;
  inexact_ = doubtful_ = state_.kept();
  due_ = std::min(due_, pace_.after_loss());
}

void monitor::doubt(objects which) {
  if (!any(which)) return;
  doubtful_ |= which;
  if (!due_.is_never()) return;
  due_ = pace_.after_doubt();
  if (owed_) due_ = std::max(due_, pace_.after_loss());
}

// After a reading: what is still in doubt is read again, a while from now.
void monitor::rearm(objects rest) {
  due_ = deadline::never();
  doubt((rest | doubtful_) & state_.kept());
}

void monitor::tell(differences& changes) {
  for (any_difference& change : changes) {
    if (!overlap(kind_of(change), wanted_)) continue;
    event event;
    event.kind = std::visit(
        [](const auto& d) {
          if constexpr (std::is_same_v<std::decay_t<decltype(d)>, std::monostate>) {
            return event_kind::changed;
          } else {
            return d.kind();
          }
        },
        change);
    event.object = std::move(change);
    events_.push_back(std::move(event));
  }
  changes.clear();
}

// @return false: more comes than the dump can follow
bool monitor::collect(reading& into, objects dumped) {
  for (int count = 0; count < most_drained; ++count) {
    switch (take(deadline::immediate())) {
      case arrival::nothing:
        return !into.is_endless(dumped, state_.routes_v6().size());
      case arrival::taken:
        into.meanwhile.add(taken_);
        break;
      case arrival::overrun:
        lost_ = into.lost = true;
        break;
    }
  }
  into.lost = true;  // some are still to come
  return into.meanwhile.bytes() <= most_kept && !into.is_endless(dumped, state_.routes_v6().size());
}

// Applies what came while a state was read, to what is known and to what was read.
// @return the kinds it was about, and those of which it can be read in two ways
monitor::movement monitor::merge(reading& now) {
  movement result;
  differences ignored;
  now.meanwhile.for_each([&](const_bytes bytes) {
    result.moved |= apply(bytes);
    message_reader in(bytes);
    for (message_view message; in.next(message);) {
      touch(message, &absences::touch_meanwhile);
      result.unclear |= now.fresh.apply(message, ignored);
      ignored.clear();
    }
  });
  return result;
}

// Reads the kinds `which` and tells how they differ from what is known; the beginning is no news.
// To be followed by rearm().
// @return the kinds that are to be read again
objects monitor::settle(objects which, finding what) {
  apply_waiting();
  reader_.wait_for_writers();
  // Should the reading fail, the notifications that came meanwhile go with it.
  const objects doubtful = std::exchange(doubtful_, state_.kept());
  due_ = owed_ ? deadline::immediate() : deadline::after(after_failure);
  reading now = reader_.read(which, state_.tables(), [this](reading& into, objects dumped) {
    return collect(into, dumped);
  });
  doubtful_ = without(doubtful, which);
  ++statistics_.readings;
  const movement during = merge(now);
  const objects uncertain = now.uncertain(during.moved) & which;
  inexact_ = without(inexact_, without(which, uncertain));
  if (what == finding::beginning) {
    state_ = std::move(now.fresh);
    events_.clear();
    inexact_ = uncertain;
    return uncertain | (during.unclear & which);
  }
  for (const objects kind : each_kind) {
    if (overlap(kind, which)) absences_.of(kind).begin(now.needed(kind));
  }
  differences changes;
  state_.replace(which, std::move(now.fresh), uncertain, absences_, changes);
  tell(changes);
  suspected_ = absences_.suspected();
  // All that comes and goes is told by events, unless some were lost. So what is missing here
  // though it is there is known already, and suspected; and what was taken for gone by mistake is
  // found by the next reading.
  return (now.interrupted | now.partial | suspected_ | absences_.found() | during.unclear |
          (uncertain & (inexact_ | objects::rule))) &
         which;
}

// Settles what is in doubt; after a loss, as a resync. What fails, by an exception, is begun again
// with the next call.
void monitor::read_again() {
  const bool resync = owed_;
  if (resync && !std::exchange(resyncing_, true)) {
    events_.push_back({event_kind::resync_begin, {}, 0, true});
  }
  const objects which = doubtful_ & state_.kept();
  const std::chrono::nanoseconds start = processor_time();
  objects rest = settle(which);
  for (unsigned attempt = 1; attempt < most_attempts && !lost_; ++attempt) {
    const objects now = resync ? rest : rest & suspected_;
    if (!any(now)) break;
    rest = without(rest, now) | settle(now);
  }
  const std::chrono::nanoseconds took = processor_time() - start;
  if (resync) {
    owed_ = lost_ || any(rest);
    resyncing_ = false;
    events_.push_back({event_kind::resync_end, {}, 0, !owed_});
  }
  pace_.note(took, any(rest));
  if (overlap(which, objects::link)) look_again_later(took);
  rearm(rest);
}

void monitor::look_again_later(std::chrono::nanoseconds reading_took) {
  if (reread_interval_ <= 0ns) return;
  reread_ = deadline::after(std::max(reread_interval_, reading_pace::share * reading_took));
}

void monitor::catch_up(objects also) {
  apply_waiting();
  doubtful_ |= also & state_.kept();
  for (unsigned attempt = 0; attempt < most_attempts; ++attempt) {
    if (lost_) note_overrun();
    if (!any(doubtful_) && !owed_) return;
    read_again();
  }
  if (lost_) note_overrun();
}

deadline monitor::wake_up() const noexcept {
  if (!inbox_) return deadline::never();  // moved from
  return !events_.empty() || !inbox_->empty() || lost_ ? deadline::immediate() : next_reading();
}

std::optional<event> monitor::next(deadline until) {
  int silent = 0;
  while (true) {
    if (!events_.empty()) {
      event first = std::move(events_.front());
      events_.pop_front();
      return first;
    }
    if (lost_) {
      note_overrun();
      continue;
    }
    if (reread_.passed()) {
      look_again_later(0ns);
      doubtful_ |= objects::link;
      if (!owed_) due_ = deadline::immediate();
    }
    if (next_reading().passed()) {
      read_again();
      continue;
    }
    switch (take(std::min(until, next_reading()))) {
      case arrival::taken:
        apply(taken_);
        if (events_.empty() && ++silent >= most_silent && until.passed()) return std::nullopt;
        break;
      case arrival::overrun:
        lost_ = true;
        apply_waiting();
        break;
      case arrival::nothing:
        if (until.passed() && !next_reading().passed()) return std::nullopt;
        break;
    }
  }
}

}  // namespace trivet::netlink
