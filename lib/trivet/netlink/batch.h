// Many requests per system call, one outcome for each.
//
//   netlink::client kernel(NETLINK_ROUTE);
//   netlink::batch routes(kernel, [&](std::size_t index, const outcome& end) {
//     if (!end.ok()) report(index, end);
//   });
//   for (…) routes.add(message);
//   routes.flush();
//
// The kernel takes a chunk of requests by one sendmsg(2) and runs them in order before that
// returns. Errors come by themselves; only the last request of a chunk asks for an acknowledgement,
// which tells that the chunk is through: who was silent before it has succeeded. When ENOBUFS says
// that answers were lost, silence says nothing, and the outcome of the silent ones is unknown.
// Chunks are kept so short that the errors of all their requests fit into the receive buffer.
//
// A warning (an extended ACK without an error) comes only with an acknowledgement: set
// acknowledge_each to have those of every request. Messages that are no acknowledgements are passed
// over.
#ifndef TRIVET_NETLINK_BATCH_H_
#define TRIVET_NETLINK_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "trivet/netlink/client.h"

namespace trivet::netlink {

/// Called once for each request, in the order of adding. `index` counts from 0.
using outcome_visitor = std::function<void(std::size_t index, const outcome& end)>;

/// How a batch is sent.
struct batch_options {
  /// The most requests and bytes in a chunk; what the socket's buffers allow may be less. A chunk
  /// is what is outstanding at any time.
  std::size_t chunk_requests = 1024;
  std::size_t chunk_bytes = std::size_t{128} << 10;
  /// Each request asks for its acknowledgement: slower, but its warning is told.
  bool acknowledge_each = false;
  /// When they pass, what has not been sent is unsent (ETIMEDOUT, ECANCELED).
  waiting how{};
};

/// How the requests of a batch ended, by outcome.
struct batch_totals {
  std::size_t done = 0;     ///< outcome::ok()
  std::size_t refused = 0;  ///< the kernel's error
  std::size_t unknown = 0;  ///< the answer was lost (ENOBUFS), or was not waited for
  std::size_t unsent = 0;   ///< EMSGSIZE, or after a deadline or a stop: the kernel has not seen it

  /// The number of requests.
  [[nodiscard]] std::size_t all() const noexcept { return done + refused + unknown + unsent; }
  /// Whether all are done.
  [[nodiscard]] bool ok() const noexcept { return all() == done; }
};

/// Collects requests and sends them in chunks. Uses the client's socket, which may be used for
/// other requests between calls, but not within a visitor. One thread, the client's.
class batch {
 public:
  /// Makes the receive buffer larger where that is allowed (SO_RCVBUFFORCE, else SO_RCVBUF).
  /// @param kernel  outlives the batch
  explicit batch(client& kernel, outcome_visitor visit = {}, batch_options options = {});
  batch(const batch&) = delete;
  batch& operator=(const batch&) = delete;
  /// What has not been flushed is not sent.
  ~batch() = default;

  /// Copies a request into the chunk, and sends the chunk first if it is full. The message's flags
  /// NLM_F_REQUEST and NLM_F_ACK, its sequence number and its port are set here.
  /// A request that is larger than the send buffer is not sent: its outcome says EMSGSIZE. What the
  /// visitor throws is handed on, and later requests of that chunk are not told then; where that is
  /// the chunk before this request, this one has not been taken. Throws std::invalid_argument as
  /// client::request() does.
  /// @return its index
  std::size_t add(message_builder& message);

  /// Sends what waits; all outcomes have been told when this returns.
  void flush();

  /// What has been told so far.
  [[nodiscard]] const batch_totals& totals() const noexcept { return totals_; }

  /// How many requests wait to be sent.
  [[nodiscard]] std::size_t waiting_requests() const noexcept { return starts_.size(); }

 private:
  class chunk_answers;

  [[nodiscard]] std::uint32_t number_requests();
  void send_chunk();
  [[nodiscard]] std::size_t length_of(std::size_t place) const;
  void tell_chunk(chunk_answers& answers, std::error_code ec);
  void tell(std::size_t index, const outcome& end);
  void tell_all(const outcome& end);
  [[nodiscard]] std::error_code stopped() const;

  client& client_;
  outcome_visitor visit_;
  batch_options options_;
  std::size_t largest_request_;
  std::size_t next_index_ = 0;
  std::vector<std::byte> chunk_;
  std::vector<std::uint32_t> starts_;  // where in chunk_ each request begins
  batch_totals totals_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_BATCH_H_
