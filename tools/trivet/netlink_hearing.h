// The loop of the verbs that hear a group's notifications, and what they say of losses: netlink
// conntrack, ethtool, uevent.
#ifndef TOOLS_TRIVET_NETLINK_HEARING_H_
#define TOOLS_TRIVET_NETLINK_HEARING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "trivet/netlink/inbox.h"
#include "trivet/netlink/socket.h"

namespace trivet::tool {

struct context;
class stop_signal;

/// What is done with what is heard.
struct hearer {
  std::function<void(const netlink::inbox::datagram&)> take;
  /// So many are missing here; 0: it is not known how many.
  std::function<void(std::uint32_t)> lose;
};

/// What was lost in a run.
class loss_count {
 public:
  /// So many here; 0: it is not known how many. @return "3 events were lost"
  std::string add(std::uint32_t lost);
  /// ", 2 overruns (5 lost)", for a summary; empty where nothing was.
  [[nodiscard]] std::string summary() const;

 private:
  std::uint64_t overruns_ = 0;
  std::uint64_t lost_ = 0;
};

/// {"event":"overrun","lost":3}. @param stamp  when it is printed; may be empty
[[nodiscard]] std::string overrun_json(std::uint32_t lost, std::string_view stamp);

/// The longest datagram of a program that has not changed its send buffer (net.core.wmem_default).
inline constexpr std::size_t longest_heard = 262144;

/// Says "listening" on standard error, and hears the socket until the run is to stop; then what
/// waits. The end of the stream is the caller's.
void hear(context& ctx, const stop_signal& stop, netlink::socket& from, const hearer& to);

/// What hear_until_stopped() reads from.
struct heard_source {
  int fd;
  /// Reads at once, as many as it is given, and on to the place of a loss. @return how many
  /// datagrams and losses came, that many at most; 0: nothing waits
  std::function<std::size_t(std::size_t at_most)> read;
  /// How many datagrams wait, at most.
  std::function<std::size_t()> most_waiting;
};

/// Reads until the run is to stop, and then what waits: it was there before the end.
void hear_until_stopped(context& ctx, const stop_signal& stop, const heard_source& from);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_HEARING_H_
