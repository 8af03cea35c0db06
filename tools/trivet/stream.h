// Streams: verbs that run until they are told to stop.
//
//   stop_signal stop(ctx);                       // SIGINT, SIGTERM and SIGHUP no longer kill
//   while (wait_readable(ctx, stop, socket.fd()) == wake::ready) {
//     ... read one batch, ctx.out.line(event) ...
//   }
//   end_stream(ctx, "12 events");                // the summary, on standard error
#ifndef TOOLS_TRIVET_STREAM_H_
#define TOOLS_TRIVET_STREAM_H_

#include <poll.h>
#include <signal.h>

#include <string_view>
#include <vector>

#include "trivet/base/deadline.h"
#include "trivet/base/descriptor.h"

namespace trivet::tool {

struct context;

/// signalfd(2) of SIGINT, SIGTERM and, unless it is ignored as under nohup(1), SIGHUP: while it
/// lives, they make fd() readable and do nothing else. Create it before any thread, so that none is
/// left that they kill. Source: signalfd(2)
class stop_signal {
 public:
  explicit stop_signal(context& ctx);
  ~stop_signal();
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;

  /// Readable from the first signal on, for good: nobody reads it.
  [[nodiscard]] int fd() const noexcept { return signals_.get(); }

  /// Whether a signal has come.
  [[nodiscard]] bool requested() const noexcept;

 private:
  context& ctx_;
  ::sigset_t before_;
  descriptor signals_;
};

/// Why a wait ended.
enum class wake { ready, stopped, timed_out };

/// poll(2): flushes standard output, then waits until `fd` is readable (or has an error, which
/// the next read tells), the run is to stop, or the deadline passed. A stop comes first.
/// Throws closed_output when the reader of what was printed has gone away.
/// @param fd  -1 to wait for the stop and the deadline alone
[[nodiscard]] wake wait_readable(context& ctx, const stop_signal& stop, int fd,
                                 deadline until = deadline::never());

/// The same for several descriptors: `files` comes back with what poll(2) found.
[[nodiscard]] wake wait_readable(context& ctx, const stop_signal& stop,
                                 std::vector<::pollfd>& files, deadline until = deadline::never());

/// Flushes standard output, then prints the stream's summary on standard error.
void end_stream(context& ctx, std::string_view summary);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_STREAM_H_
