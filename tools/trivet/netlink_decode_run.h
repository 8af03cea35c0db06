// Messages numbered, paired and printed, as `netlink decode` and `netlink sniff` do it.
#ifndef TOOLS_TRIVET_NETLINK_DECODE_RUN_H_
#define TOOLS_TRIVET_NETLINK_DECODE_RUN_H_

#include <cstdint>
#include <map>
#include <string>

#include "tools/trivet/context.h"
#include "tools/trivet/netlink_decode_input.h"
#include "trivet/netlink/conversation.h"
#include "trivet/netlink/describe.h"

namespace trivet::tool {

/// How each request of a capture ended, by the request's number.
using request_ends = std::map<std::uint64_t, netlink::request_end>;

/// Prints datagram after datagram. One thread.
class message_run {
 public:
  /// @param ends  of a capture that has been gone through before; nullptr: not known
  explicit message_run(context& ctx, const request_ends* ends = nullptr)
      : ctx_(ctx), ends_(ends), talk_(words_) {}

  [[nodiscard]] netlink::describer& words() noexcept { return words_; }

  /// Prints the messages of a datagram.
  void print(const netlink_datagram& datagram) { go_through(datagram, nullptr); }
  /// Prints nothing, and collects how requests end.
  void look_at(const netlink_datagram& datagram, request_ends& into) {
    go_through(datagram, &into);
  }

  [[nodiscard]] std::uint64_t messages() const noexcept { return number_; }
  /// "12 messages, 4 requests, 1 failed, 1 without an answer, 2 malformed"
  [[nodiscard]] std::string summary() const;
  /// Throws failure, which names where they came from, if messages were malformed; not for those
  /// that the capture has cut short.
  void check(const std::string& name) const;

 private:
  void go_through(const netlink_datagram& datagram, request_ends* into);

  context& ctx_;
  const request_ends* ends_;
  netlink::describer words_;
  netlink::conversation talk_;
  std::uint64_t number_ = 0;
  std::uint64_t flawed_ = 0;
  std::uint64_t malformed_ = 0;  ///< and not only cut short by the capture
  bool other_order_ = false;     ///< any is of a machine of the other byte order
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_DECODE_RUN_H_
