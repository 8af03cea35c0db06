#include "trivet/netlink/answer.h"

#include "trivet/netlink/error.h"

namespace trivet::netlink {

void outcome::check(std::string_view operation) const {
  switch (status) {
    case request_status::done:
      return;
    case request_status::refused:
      throw netlink::error(error, operation, extended);
    case request_status::unknown:
      throw_socket_error(
          error, operation,
          error.value() == ETIMEDOUT || error.value() == ECANCELED
              ? "nobody waited for the acknowledgement: the kernel may have done it or not"
              : "the acknowledgement was lost: the kernel may have done it or not");
    case request_status::unsent:
      throw_socket_error(error, operation, extended.message);
  }
}

void dump_end::check(std::string_view operation) const {
  if (error) throw netlink::error(error, operation, extended);
}

void answer_reader::feed(const_bytes datagram, const address& from, const message_visitor& visit) {
  if (from.pid() != 0) return;
  message_reader in(datagram);
  for (message_view message; !finished_ && in.next(message);) {
    if (owns(message)) take(message, visit);
  }
  if (in.failed()) lost_ = true;
}

void answer_reader::take(const message_view& message, const message_visitor& visit) {
  if (message.has(NLM_F_DUMP_INTR)) interrupted_ = true;
  switch (message.type()) {
    case NLMSG_NOOP:
      return;
    case NLMSG_OVERRUN:
      lost_ = true;
      return;
    case NLMSG_ERROR: {
      auto acknowledged = acknowledgement::decode(message);
      const bool no_room = acknowledged && acknowledged->error.value() == ENOBUFS;
      stalled_ = kind_ == answer_kind::dump && no_room;
      finished_ = !stalled_;
      if (!acknowledged) {
        lost_ = true;
        error_ = errno_code(EPROTO);
        return;
      }
      if (stalled_) {
        lost_ = true;
      } else {
        error_ = acknowledged->error;
      }
      if (message.has(NLM_F_ACK_TLVS)) extended_ = std::move(acknowledged->extended);
      return;
    }
    case NLMSG_DONE: {
      if (kind_ != answer_kind::dump) break;
      finished_ = true;
      extended_.reset();
      dump_done done = dump_done::decode(message);
      error_ = done.error;
      if (message.has(NLM_F_ACK_TLVS)) extended_ = std::move(done.extended);
      return;
    }
    default:
      break;
  }
  if (kind_ == answer_kind::dump && message.has(NLM_F_DUMP_FILTERED)) filtered_ = true;
  if (kind_ == answer_kind::object) finished_ = true;
  if (visit) visit(message);
}

void answer_reader::tell(outcome& into) const {
  into.error = error_;
  if (extended_) into.extended = *extended_;
  into.incomplete = lost_ || interrupted_;
  if (finished_) into.status = error_ ? request_status::refused : request_status::done;
}

dump_end answer_reader::as_dump_end() const {
  dump_end result;
  result.error = error_;
  result.interrupted = lost_ || interrupted_;
  result.filtered = filtered_;
  if (extended_) result.extended = *extended_;
  return result;
}

}  // namespace trivet::netlink
