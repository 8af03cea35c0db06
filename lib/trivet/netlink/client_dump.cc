// Dumps: each is read to its end, in what call ever that is.
#include <cerrno>
#include <memory>
#include <utility>

#include "trivet/netlink/client.h"
#include "trivet/netlink/client_callbacks.h"
#include "trivet/netlink/dump_nudge.h"

namespace trivet::netlink {

void client::drain_dump(const waiting& how) {
  while (!unfinished_->answer().finished()) advance_dump(how);
  unfinished_.reset();
}

// Takes one datagram while a dump is in progress. The kernel makes its pieces within recv(2), so
// that none is to be waited for once everything has been read: dump_nudge.h.
void client::advance_dump(const waiting& how) {
  flight& what = *unfinished_;
  const bool doubtful = what.doubtful();
  std::error_code ec;
  if (receive(&what, doubtful ? waiting{deadline::immediate(), {}} : how, ec)) {
    // An IPv6 dump can begin again and again: limits count although something comes.
    if (how.until.passed()) ec = errno_code(ETIMEDOUT);
    if (how.stop.stop_requested()) ec = errno_code(ECANCELED);
    if (!ec || what.answer().finished()) return;
  } else if (ec.value() == ENOBUFS) {
    what.cut();
    return;
  } else if (doubtful && ec.value() == EAGAIN) {
    if (std::exchange(what.nudged, true)) return what.answer().end_lost();
    nudge_dump(socket_, port_, next_sequence(), ec);
    if (!ec) return;
  }
  throw_socket_error(ec, "receive a netlink dump");
}

dump_end client::dump_once(message_builder& message, const message_visitor& visit,
                           const dump_options& options) {
  const waiting how{options.until, options.stop};
  prepare(how);
  constexpr auto kind = answer_kind::dump;
  const std::uint32_t sequence = send(message, NLM_F_REQUEST | NLM_F_DUMP, kind, options.until);
  unfinished_ = std::make_unique<flight>(port_, sequence, kind, by_reference(visit));
  flight& what = *unfinished_;
  try {
    while (!what.answer().finished()) {
      advance_dump(how);
      if (!options.between) continue;
      const occupation callback(*this);
      options.between();
    }
  } catch (...) {
    what.silence();  // the visitor is the caller's, who leaves
    throw;
  }
  dump_end end = what.answer().as_dump_end();
  explain(end.extended, message.finish());
  unfinished_.reset();
  return end;
}

dump_end client::dump(message_builder& message, const message_visitor& visit,
                      const dump_options& options) {
  for (unsigned attempt = 1;; ++attempt) {
    dump_end end = dump_once(message, visit, options);
    end.attempts = attempt;
    if (!end.interrupted || attempt >= options.attempts) return end;
    if (options.restart) options.restart();
  }
}

}  // namespace trivet::netlink
