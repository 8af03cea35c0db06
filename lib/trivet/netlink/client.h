// Requests to the kernel and their answers, on a socket of their own.
//
//   netlink::client kernel(NETLINK_ROUTE);
//   message_builder request(RTM_GETLINK, NLM_F_REQUEST);
//   request.structure(::ifinfomsg{});
//   dump_end end = kernel.dump(request, [](const message_view& m) { … });
//   end.check("RTM_GETLINK");
//
// Not here: notifications (monitor.h); a client's socket joins no group.
#ifndef TRIVET_NETLINK_CLIENT_H_
#define TRIVET_NETLINK_CLIENT_H_

#include <functional>
#include <optional>
#include <vector>

#include "trivet/netlink/answer.h"
#include "trivet/netlink/socket.h"

namespace trivet::netlink {

/// How a dump is made.
struct dump_options {
  deadline until = deadline::never();
  /// How often an interrupted dump is made, the first time included.
  unsigned attempts = 1;
  /// Called before a dump is made again: what was visited so far does not count.
  std::function<void()> restart = {};
  /// Called after every datagram, for what must not wait until the dump is over.
  std::function<void()> between = {};
};

/// A socket for requests. Sets NETLINK_EXT_ACK, NETLINK_CAP_ACK and NETLINK_GET_STRICT_CHK where
/// the kernel has them, so that headers must be exact. One thread at a time.
/// Source: netlink(7), Documentation/userspace-api/netlink/intro.rst
class client {
 public:
  /// Opens a socket and binds it to a port of the kernel's choice. Throws as socket does.
  explicit client(int protocol);

  /// Takes over a socket; binds it if it is not bound.
  explicit client(socket taken);

  /// Sends a request with NLM_F_ACK and waits for its end. Messages before that go to `visit`.
  /// @return done, refused or unknown; never throws for what the kernel answers
  /// Throws socket_error where the request could not be sent: EMSGSIZE if it is larger than the
  /// send buffer.
  outcome request(
      message_builder& message, const message_visitor& visit = [](const message_view&) {},
      deadline until = deadline::never());

  /// Sends a request with NLM_F_DUMP and reads the answer to its end. What `visit` throws is handed
  /// on; what is then unread is drained by the next call.
  /// Throws timed_out, socket_error.
  dump_end dump(message_builder& message, const message_visitor& visit,
                const dump_options& options = {});

  /// The port, as getsockname(2) told it.
  [[nodiscard]] std::uint32_t port() const noexcept { return port_; }

  [[nodiscard]] const socket& underlying() const noexcept { return socket_; }

 private:
  void configure();
  answer_reader send(message_builder& message, unsigned flags, answer_kind kind, deadline until);
  bool receive(answer_reader& answer, const message_visitor& visit, deadline until,
               std::error_code& ec);
  void drain(deadline until);
  dump_end dump_once(message_builder& message, const message_visitor& visit,
                     const dump_options& options);

  socket socket_;
  std::uint32_t port_ = 0;
  std::uint32_t sequence_ = 0;
  std::vector<std::byte> buffer_;
  std::optional<answer_reader> unfinished_;  // a dump that was not read to its end
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_CLIENT_H_
