// Requests to the kernel and their answers, on a socket of their own.
//
//   netlink::client kernel(NETLINK_ROUTE);
//   message_builder request(RTM_GETLINK, NLM_F_REQUEST);
//   request.structure(::ifinfomsg{});
//   dump_end end = kernel.dump(request, [](const message_view& m) { … });
//   end.check("RTM_GETLINK");
//
//   pending first = kernel.start(one);          // several in flight: none waits for another
//   pending second = kernel.start(two);
//   kernel.wait(second).check("RTM_NEWROUTE");
//   first = {};                                 // forgotten: its answer is passed over
//
// Many requests per system call: batch.h. Not here: notifications (monitor.h); a client's socket
// joins no group.
#ifndef TRIVET_NETLINK_CLIENT_H_
#define TRIVET_NETLINK_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "trivet/netlink/answer.h"
#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/flight.h"
#include "trivet/netlink/socket.h"

namespace trivet::netlink {

/// What the attributes of a request are called in the paths of extended ACKs, by its bytes, header
/// and all; nullptr where nothing is known of them.
using request_names = std::function<const attribute_names*(const_bytes request)>;

/// How a dump is made.
struct dump_options {
  deadline until = deadline::never();
  /// How often an interrupted dump is made, the first time included.
  unsigned attempts = 1;
  /// Called before a dump is made again: what was visited so far does not count.
  std::function<void()> restart = {};
  /// Called after every datagram, for what must not wait until the dump is over.
  std::function<void()> between = {};
  /// Ends the dump from another thread: ECANCELED.
  std::stop_token stop{};
};

/// A request in flight. Move-only; destroying it, or assigning to it, forgets the request, whose
/// answer is then passed over. It may outlive its client.
class pending {
 public:
  pending() noexcept = default;
  pending(pending&&) noexcept = default;
  pending& operator=(pending&&) noexcept = default;

  /// Whether it stands for a request.
  [[nodiscard]] explicit operator bool() const noexcept { return flight_ != nullptr; }
  /// Whether the end of its answer has come.
  [[nodiscard]] bool ready() const noexcept { return flight_ && flight_->answer().finished(); }
  /// Whether the socket reported ENOBUFS since the request was sent: where nothing is left to be
  /// read and it is not ready(), its end was lost, and client::wait tells so without waiting.
  [[nodiscard]] bool doubtful() const noexcept { return flight_ && flight_->doubtful(); }

 private:
  friend class client;
  explicit pending(std::shared_ptr<flight> what) noexcept : flight_(std::move(what)) {}
  std::shared_ptr<flight> flight_;
};

/// A socket for requests. Sets NETLINK_EXT_ACK, NETLINK_CAP_ACK and NETLINK_GET_STRICT_CHK where
/// the kernel has them, so that headers must be exact. One thread at a time; a stop_token may be
/// triggered from any. No visitor, nor dump_options::between, may use the client that calls it,
/// move or destroy it: what sends or reads throws std::logic_error then. Source: netlink(7),
/// Documentation/userspace-api/netlink/intro.rst
class client {
 public:
  /// Opens a socket and connects it to the kernel: then nobody else can send to it, and there is no
  /// sender to be looked at, which makes a short request a tenth quicker. Throws as socket does.
  explicit client(int protocol);

  /// Takes over a socket, which may be a member of groups; binds it if it is not bound. The sender
  /// of each datagram is looked at. Notifications of what others do are passed over; one that a
  /// request causes bears that request's number, and goes to its visitor.
  explicit client(socket taken);

  /// Sends a request with NLM_F_ACK and waits for its end. Messages before that go to `visit`.
  /// Never throws for what the kernel answers. ENOBUFS on the socket is no answer: where it stands
  /// in place of the acknowledgement the outcome is unknown.
  /// Throws socket_error where the request could not be sent: EMSGSIZE if it is larger than the
  /// send buffer; std::invalid_argument where it asks for a dump (NLM_F_DUMP), which has no
  /// acknowledgement, or is one of rtnetlink without the struct of its family, which has no answer.
  outcome request(message_builder& message, const message_visitor& visit = {},
                  const waiting& how = {});
  outcome request(message_builder& message, const message_visitor& visit, deadline until) {
    return request(message, visit, waiting{until, {}});
  }

  /// Sends a request for one object without NLM_F_ACK, and waits for the object, which goes to
  /// `visit`, or an error: half the messages of request(). For requests that always have an answer,
  /// as RTM_GETROUTE of a destination.
  outcome get(message_builder& message, const message_visitor& visit, const waiting& how = {});

  /// Sends a request and does not wait. What comes before its end goes to `visit` during whatever
  /// call reads the socket. What `visit` throws then is thrown by wait(), whose next call has the
  /// outcome; it is not called again. Throws as request() does.
  /// @param kind  acknowledged or object; throws std::invalid_argument for a dump, of which a
  ///   socket can have one at a time
  [[nodiscard]] pending start(message_builder& message, message_visitor visit = {},
                              answer_kind kind = answer_kind::acknowledged);

  /// Waits for the end of a request that was started. After a deadline or a stop the outcome is
  /// unknown, and the call may be made again. Throws what the visitor of start() threw;
  /// std::invalid_argument for a request of another client.
  outcome wait(pending& which, const waiting& how = {});

  /// Takes one datagram, for whom it may be: for event loops, when native_handle() is readable.
  /// @return false where there was none before the deadline or the stop
  /// Throws socket_error where the socket fails; ENOBUFS makes what is pending doubtful().
  bool take_one(const waiting& how);

  /// Sends a request with NLM_F_DUMP and reads the answer to its end; the message's flags are as
  /// before afterwards. What `visit` throws is handed on; what is then unread is drained by the
  /// next call. After ENOBUFS on the socket the kernel is made to go on; where that has lost the
  /// end, dump_end says so: it waits for nothing that cannot come. Throws timed_out, socket_error;
  /// ECANCELED after a stop.
  dump_end dump(message_builder& message, const message_visitor& visit,
                const dump_options& options = {});

  /// Frees the memory for answers, 64 KiB or more, until something is read again: for clients that
  /// rest for long. How large the answers were is kept. Nothing within a visitor.
  void release_memory() noexcept {
    if (!occupied_) buffer_ = std::vector<std::byte>();
  }

  /// How attributes of requests are called in the paths of extended ACKs. Before the first call:
  /// those of rtnetlink, sock_diag, nfnetlink's connections and the controller of generic netlink,
  /// by the socket's protocol. @param names  empty for nothing
  void set_names(request_names names) noexcept { names_ = std::move(names); }

  /// The port, as getsockname(2) told it.
  [[nodiscard]] std::uint32_t port() const noexcept { return port_; }

  /// Its socket, for its descriptor and its options: what is read from it is lost to the client.
  [[nodiscard]] const socket& underlying() const noexcept { return socket_; }
  [[nodiscard]] socket& underlying() noexcept { return socket_; }

  /// How many datagrams came from somebody who is not the kernel; they are passed over. To a client
  /// that opened its socket nobody can send: ECONNREFUSED.
  [[nodiscard]] std::uint64_t foreign_datagrams() const noexcept { return foreign_; }

 private:
  friend class batch;

  // While callbacks run, which must not pull away what is in use.
  class occupation;

  // What came first after a request for an object; nothing where it was not waited for.
  struct first_datagram {
    const_bytes bytes;
    std::error_code error;
    bool did_not_fit;
  };

  client(socket taken, bool connect);
  void configure();
  void relieve();
  void send_bytes(const_bytes bytes, deadline until, std::error_code& ec);
  std::uint32_t next_sequence() noexcept;
  std::uint32_t send(message_builder& message, unsigned flags, answer_kind kind, deadline until);
  bool wait_readable(const waiting& how, std::error_code& ec);
  bool receive_datagram(answer_sink* first, const waiting& how, std::error_code& ec,
                        const_bytes& datagram);
  receive_result receive_from_kernel(deadline until, std::error_code& ec);
  void tell_of_error(answer_sink* first, std::error_code ec);
  void tell_of_truncation(answer_sink* first, std::size_t full_size);
  bool receive(answer_sink* first, const waiting& how, std::error_code& ec);
  void dispatch(const_bytes datagram, answer_sink* first);
  bool give_to_flights(const message_view& message);
  template <class Function>
  void for_each_sink(answer_sink* first, Function function);
  void complete(flight& what, const waiting& how, const_bytes request, outcome& into);
  void explain(extended_ack& extended, const_bytes request) const;
  bool take_object(const_bytes datagram, const message_visitor& visit);
  void get_by_flight(message_builder& message, const message_visitor& visit, const waiting& how,
                     const first_datagram& first, outcome& into);
  // Before a request: makes what its waiting will need, because it cannot be taken back, and reads
  // what is left of a dump that its visitor broke off.
  void prepare(const waiting& how) {
    if (how.stop.stop_possible()) [[unlikely]]
      make_wake_up(wake_up_);
    if (unfinished_) [[unlikely]]
      drain_dump(how);
  }
  void drain_dump(const waiting& how);
  void advance_dump(const waiting& how);
  dump_end dump_once(message_builder& message, const message_visitor& visit,
                     const dump_options& options);

  socket socket_;
  bool connected_ = false;  // to the kernel, which then lets nobody else send to us
  bool congested_ = false;  // since ENOBUFS, until everything has been read
  bool occupied_ = false;   // by callbacks
  std::uint32_t port_ = 0;
  std::uint32_t sequence_ = 0;
  std::uint64_t foreign_ = 0;
  std::uint64_t truncated_ = 0;
  request_names names_;
  std::vector<std::byte> buffer_;
  std::size_t buffer_size_;             // for the longest answer so far
  descriptor wake_up_;                  // an eventfd, once a stop_token was handed in
  std::unique_ptr<flight> unfinished_;  // a dump that was not read to its end
  std::unordered_map<std::uint32_t, std::weak_ptr<flight>> flights_;  // by sequence number
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_CLIENT_H_
