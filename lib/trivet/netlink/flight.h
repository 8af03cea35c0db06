// What a socket for requests does with a message: requests that wait for their answers.
#ifndef TRIVET_NETLINK_FLIGHT_H_
#define TRIVET_NETLINK_FLIGHT_H_

#include <exception>
#include <stop_token>
#include <vector>

#include "trivet/base/deadline.h"
#include "trivet/base/descriptor.h"
#include "trivet/netlink/answer.h"

namespace trivet::netlink {

/// How long a call waits for its answer. Neither takes back what the kernel has been told: requests
/// of rtnetlink run inside sendmsg(2). The client stays usable, and a late answer is passed over.
struct waiting {
  /// Ends the call: ETIMEDOUT.
  deadline until = deadline::never();
  /// Ends the call from another thread: ECANCELED.
  std::stop_token stop{};
};

/// Somebody who waits for messages of a client's socket.
class answer_sink {
 public:
  answer_sink() = default;
  answer_sink(const answer_sink&) = delete;
  answer_sink& operator=(const answer_sink&) = delete;
  virtual ~answer_sink() = default;

  /// A message of the kernel's. @return whether it is an answer to this one
  virtual bool take(const message_view& message) = 0;
  /// Messages were cut or malformed: those of this one may be among them.
  virtual void cut() noexcept = 0;
  /// ENOBUFS: messages that the kernel sent before this moment may be missing.
  virtual void overrun() noexcept = 0;
};

/// One request and what has come of its answer. One thread at a time, the client's.
class flight final : public answer_sink {
 public:
  /// @param port, sequence, kind  as of an answer_reader
  /// @param visit  may be empty; called for each message before the end
  flight(std::uint32_t port, std::uint32_t sequence, answer_kind kind, message_visitor visit)
      : answer_(port, sequence, kind), visit_(std::move(visit)) {}

  bool take(const message_view& message) override;
  void cut() noexcept override {
    answer_.lost();
    nudged = false;
  }
  void overrun() noexcept override { doubtful_ = true; }

  /// From now on nobody is told of messages; the answer's end is still waited for.
  void silence() noexcept { visit_ = nullptr; }

  /// Whether the answer may have been lost: if it is not there now, it will not come.
  [[nodiscard]] bool doubtful() const noexcept { return doubtful_ || answer_.stalled(); }
  /// What has come so far.
  [[nodiscard]] answer_reader& answer() noexcept { return answer_; }
  [[nodiscard]] const answer_reader& answer() const noexcept { return answer_; }

  /// The request, for naming its attributes; empty where the caller has it.
  std::vector<std::byte> request;
  /// What its visitor threw while the socket was read for somebody else; client::wait throws it.
  std::exception_ptr thrown;
  /// Whether the kernel has been asked to go on with this dump, and nothing of it has come since.
  bool nudged = false;

 private:
  answer_reader answer_;
  message_visitor visit_;
  bool doubtful_ = false;
};

/// Makes the eventfd of a stop_watch, if there is none. Throws socket_error.
void make_wake_up(descriptor& wake_up);

/// Makes a descriptor readable while a stop is requested, for poll(2). Not shared between threads.
class stop_watch {
 public:
  /// @param wake_up  an eventfd, made here at the first need and kept for the next
  stop_watch(const std::stop_token& stop, descriptor& wake_up);
  ~stop_watch();
  stop_watch(const stop_watch&) = delete;
  stop_watch& operator=(const stop_watch&) = delete;

 private:
  struct ring {
    int fd;
    void operator()() const noexcept;
  };
  int fd_;
  std::stop_callback<ring> callback_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_FLIGHT_H_
