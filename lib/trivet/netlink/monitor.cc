#include "trivet/netlink/monitor.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <vector>

#include "trivet/base/so.h"
#include "trivet/netlink/notification_filter.h"
#include "trivet/netlink/object_dumps.h"
#include "trivet/netlink/object_kinds.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

// Events come in bursts: what one of them puts in doubt is settled for all of them at once.
constexpr std::chrono::nanoseconds first_patience = 10ms;
constexpr std::chrono::nanoseconds longest_patience = 1s;
// Reading the state again takes at most this share of the time while changes keep coming.
constexpr int reading_share = 20;

constexpr unsigned resync_attempts = 4;
// How many that change nothing are taken beyond a deadline.
constexpr int most_silent = 1024;
// Where notifications come faster than they are read, draining has to end some time.
constexpr int most_drained = 65536;

objects kept_by(objects wanted) { return wanted | objects::link; }

// Errors of a dump that say nothing of the state: to be made again.
bool is_transient(std::error_code error) {
  switch (error.value()) {
    case EAGAIN:
    case EBUSY:
    case EINTR:
    case ENOBUFS:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

// A kernel without the family, or without the routing table, has none of its objects.
bool is_absent(std::error_code error) {
  return error.value() == EAFNOSUPPORT || error.value() == EOPNOTSUPP || error.value() == ENOENT;
}

}  // namespace

monitor::monitor(const monitor_options& options)
    : wanted_(options.what),
      socket_(NETLINK_ROUTE),  // blocking: without a deadline the kernel does the waiting
      client_(NETLINK_ROUTE),
      state_(kept_by(options.what), options.tables),
      inbox_(std::make_unique<inbox>()),
      patience_(first_patience),
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

void monitor::note_overrun() {
  lost_ = false;
  ++statistics_.overruns;
  event event;
  event.kind = event_kind::overrun;
  std::error_code unknown;
  const std::uint32_t drops = socket_.get<so::meminfo>(unknown)[SK_MEMINFO_DROPS];
  if (!unknown) event.lost = drops - std::exchange(drops_, drops);
  events_.push_back(std::move(event));
}

void monitor::doubt(objects which) {
  if (!any(which)) return;
  doubtful_ |= which;
  if (due_.is_never()) due_ = deadline::after(patience_);
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

// Link events are sent before the kernel has deleted the routes of the link; both happen under one
// lock (RTNL), which this request has to take too.
void monitor::wait_for_writers() {
  message_builder request(RTM_GETLINK, NLM_F_REQUEST);
  ::ifinfomsg loopback{};
  loopback.ifi_index = 1;
  request.structure(loopback);
  (void)client_.request(request);
}

void monitor::collect(reading& into) {
  for (int count = 0; count < most_drained; ++count) {
    switch (take(deadline::immediate())) {
      case arrival::nothing:
        return;
      case arrival::taken:
        into.meanwhile.add(taken_);
        break;
      case arrival::overrun:
        lost_ = true;
        into.unsteady = objects::all;
        break;
    }
  }
  into.unsteady = objects::all;
}

void monitor::read_dump(reading& into, objects kind, message_builder& request) {
  dump_options options;
  options.between = [&] { collect(into); };
  table_loader fresh(into.fresh);
  const dump_end end = client_.dump(
      request, [&](const message_view& message) { fresh.load(message); }, options);
  if (end.interrupted || is_transient(end.error)) {
    into.unsteady |= kind;
  } else if (!is_absent(end.error)) {
    end.check("read links, addresses, routes …");
  }
}

void monitor::read_kind(reading& into, objects kind) {
  for_each_dump(kind, state_.tables(),
                [&](message_builder& request) { read_dump(into, kind, request); });
}

monitor::reading monitor::read_state(objects which) {
  reading result{table(which, state_.tables())};
  for (const objects kind :
       {objects::link, objects::address_v4, objects::address_v6, objects::nexthop,
        objects::route_v4, objects::route_v6, objects::neighbour_v4, objects::neighbour_v6,
        objects::rule_v4, objects::rule_v6}) {
    if (overlap(kind, which)) read_kind(result, kind);
  }
  collect(result);
  return result;
}

// Reads the kinds `which` and tells how they differ from what is known; the beginning is no news.
// To be followed by rearm().
// @return the kinds that changed meanwhile, so that the reading may not be the state: a dump made
//   while objects come and go may miss some of them, and for routes does not even say so
objects monitor::settle(objects which, finding what) {
  apply_waiting();
  wait_for_writers();
  // Should the reading fail, the notifications that came meanwhile go with it.
  const objects doubtful = std::exchange(doubtful_, state_.kept());
  due_ = deadline::after(longest_patience);
  reading now = read_state(which);
  doubtful_ = without(doubtful, which);
  ++statistics_.readings;
  // A program may have hundreds of monitors, which rest for most of the time.
  client_.release_memory();
  objects moved = objects::none;
  differences ignored;
  now.meanwhile.for_each([&](const_bytes bytes) {
    moved |= apply(bytes);
    message_reader in(bytes);
    for (message_view message; in.next(message);) {
      now.fresh.apply(message, ignored);
      ignored.clear();
    }
  });
  const objects unsteady = (now.unsteady | moved) & which;
  if (what == finding::beginning) {
    state_ = std::move(now.fresh);
    events_.clear();
    return unsteady;
  }
  differences changes;
  state_.replace(which, std::move(now.fresh), unsteady, changes);
  tell(changes);
  return unsteady;
}

void monitor::settle_doubts() {
  const objects which = doubtful_ & state_.kept();
  const auto start = std::chrono::steady_clock::now();
  const objects unsteady = settle(which);
  const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start;
  if (overlap(which, objects::link)) look_again_later(took);
  patience_ = any(unsteady)
                  ? std::max(std::min(2 * patience_, longest_patience), reading_share * took)
                  : first_patience;
  rearm(unsteady);
}

void monitor::look_again_later(std::chrono::nanoseconds reading_took) {
  if (reread_interval_ <= 0ns) return;
  reread_ = deadline::after(std::max(reread_interval_, reading_share * reading_took));
}

void monitor::catch_up(objects also) {
  apply_waiting();
  objects rest = (doubtful_ | also) & state_.kept();
  for (unsigned attempt = 0; attempt < resync_attempts && any(rest) && !lost_; ++attempt) {
    rest = (settle(rest) | doubtful_) & state_.kept();
  }
  rearm(rest);
  if (lost_ || resyncing_) resync();
}

// What fails, by an exception, is begun again with the next call.
void monitor::resync() {
  if (lost_) note_overrun();
  if (!std::exchange(resyncing_, true)) {
    events_.push_back({event_kind::resync_begin, {}, 0, true});
  }
  objects rest = state_.kept();
  for (unsigned attempt = 0; attempt < resync_attempts && any(rest); ++attempt) {
    rest = settle(rest);
    if (lost_) {
      rest = state_.kept();
      note_overrun();
    }
  }
  resyncing_ = false;
  events_.push_back({event_kind::resync_end, {}, 0, !any(rest)});
  rearm(rest);
}

deadline monitor::wake_up() const noexcept {
  return !events_.empty() || !inbox_->empty() || lost_ || resyncing_ ? deadline::immediate()
                                                                     : next_reading();
}

std::optional<event> monitor::next(deadline until) {
  int silent = 0;
  while (true) {
    if (!events_.empty()) {
      event first = std::move(events_.front());
      events_.pop_front();
      return first;
    }
    if (lost_ || resyncing_) {
      resync();
      continue;
    }
    if (reread_.passed()) {
      look_again_later(0ns);
      doubtful_ |= objects::link;
      due_ = deadline::immediate();
    }
    if (next_reading().passed()) {
      settle_doubts();
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
