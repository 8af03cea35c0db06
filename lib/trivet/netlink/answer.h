// What belongs to one request among all that a socket receives. No socket is known here.
//
//   answer_reader answer(port, sequence, answer_kind::dump);
//   while (!answer.finished()) answer.feed(datagram, sender, visit);
//
// A message counts only if the kernel sent it (the sockaddr's pid is 0), to our port, with our
// sequence number: notifications carry the requester's sequence number and port, and any process
// may send us datagrams (CVE-2012-3520).
#ifndef TRIVET_NETLINK_ANSWER_H_
#define TRIVET_NETLINK_ANSWER_H_

#include <cerrno>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>

#include "trivet/base/error.h"
#include "trivet/netlink/address.h"
#include "trivet/netlink/extended_ack.h"
#include "trivet/netlink/message.h"

namespace trivet::netlink {

/// Called for each message of an answer; the view is valid during the call.
using message_visitor = std::function<void(const message_view&)>;

/// What was asked.
enum class answer_kind {
  acknowledged,  ///< NLM_F_ACK: perhaps messages, then a NLMSG_ERROR
  dump,          ///< NLM_F_DUMP: messages, then a NLMSG_DONE; or a NLMSG_ERROR at once
  object,        ///< neither flag: the one message that was asked for, or a NLMSG_ERROR
};

/// How a request ended.
enum class request_status {
  done,     ///< the kernel did it
  refused,  ///< the kernel did nothing, and `error` says why
  unknown,  ///< the acknowledgement was lost (ENOBUFS), did not come in time (ETIMEDOUT) or was not
            ///< waited for (ECANCELED): `error` says which, and the kernel may have done it or not
  unsent,   ///< it never went to the kernel: `error` says why
};

/// The outcome of one request. A value.
struct outcome {
  request_status status = request_status::unknown;  ///< unknown until it has ended
  std::error_code error;                            ///< none exactly where it is done
  extended_ack extended;    ///< with an error its reason; without one a warning
  bool incomplete = false;  ///< a message before the end was lost or malformed

  /// Whether the kernel did it; a warning may have come with it.
  [[nodiscard]] bool ok() const noexcept { return status == request_status::done; }

  /// Throws netlink::error where the request was refused, socket_error where nobody knows or it was
  /// not sent.
  /// @param operation  the request, as in "RTM_NEWROUTE 10.0.0.0/24"
  void check(std::string_view operation) const;
};

/// The end of a dump. A value.
struct dump_end {
  std::error_code error;     ///< from NLMSG_DONE or NLMSG_ERROR; none: it went to its end;
                             ///< ENOBUFS also where nobody knows, because the end was lost
  bool interrupted = false;  ///< NLM_F_DUMP_INTR, or a piece was lost: some objects may be missing
  bool filtered = false;     ///< NLM_F_DUMP_FILTERED: the kernel heeded the request's filters
  extended_ack extended;     ///< with an error its reason; without one a warning
  unsigned attempts = 1;     ///< how often the dump was made

  /// Whether all objects came, as far as the kernel tells: of routes and rules it does not.
  [[nodiscard]] bool clean() const noexcept { return !error && !interrupted; }

  /// Throws netlink::error where there is an error. An interruption is none.
  /// @param operation  the request, as in "RTM_GETROUTE"
  void check(std::string_view operation) const;
};

/// Sorts the datagrams of a socket by whether they answer one request. Not shared between threads.
class answer_reader {
 public:
  /// @param port      of the socket, as getsockname(2) tells it
  /// @param sequence  of the request
  answer_reader(std::uint32_t port, std::uint32_t sequence, answer_kind kind) noexcept
      : port_(port), sequence_(sequence), kind_(kind) {}

  /// One datagram. Messages of the answer go to `visit`, except its end.
  void feed(const_bytes datagram, const address& from, const message_visitor& visit);

  /// Whether a message of the kernel's answers this request, and the end has not come.
  [[nodiscard]] bool owns(const message_view& message) const noexcept {
    return message.header.nlmsg_seq == sequence_ && message.header.nlmsg_pid == port_ && !finished_;
  }

  /// A message that it owns(). What `visit` throws is handed on; the message has counted by then.
  void take(const message_view& message, const message_visitor& visit);

  /// A datagram was longer than the buffer, or the socket reported ENOBUFS.
  void lost() noexcept { lost_ = true; }

  /// Whether a dump was answered by ENOBUFS. That is no end: where there was no room for its first
  /// piece but for the error, the kernel goes on with it as soon as something is read
  /// (netlink_dump() of net/netlink/af_netlink.c), and until then has no other one.
  [[nodiscard]] bool stalled() const noexcept { return stalled_ && !finished_; }

  /// Nothing is left to be read, and the kernel does nothing more: the end of a dump was lost, or
  /// ENOBUFS was it. The dump ends with ENOBUFS.
  void end_lost() noexcept {
    finished_ = lost_ = true;
    error_ = errno_code(ENOBUFS);
  }

  /// Whether the end has come.
  [[nodiscard]] bool finished() const noexcept { return finished_; }

  /// What it was made with.
  [[nodiscard]] std::uint32_t sequence() const noexcept { return sequence_; }
  [[nodiscard]] answer_kind kind() const noexcept { return kind_; }

  /// What is known of the end; before finished() the outcome is unknown.
  [[nodiscard]] outcome as_outcome() const {
    outcome result;
    tell(result);
    return result;
  }
  /// Likewise, into an outcome of which nothing is known.
  void tell(outcome& into) const;
  [[nodiscard]] dump_end as_dump_end() const;

 private:
  std::uint32_t port_;
  std::uint32_t sequence_;
  answer_kind kind_;
  bool finished_ = false;
  bool lost_ = false;
  bool stalled_ = false;
  bool interrupted_ = false;
  bool filtered_ = false;
  std::error_code error_;
  std::optional<extended_ack> extended_;  // few answers have one
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ANSWER_H_
