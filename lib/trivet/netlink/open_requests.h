// The requests of a capture that may still be answered, and which of them a message fits. For
// conversation.cc. Pure.
//
// They are looked up by protocol and sequence number. What decides among several with the same:
// the port, then what the message says by itself. An error repeats the header of its request, an
// object is of the kind that was asked for, an end is a dump's.
#ifndef TRIVET_NETLINK_OPEN_REQUESTS_H_
#define TRIVET_NETLINK_OPEN_REQUESTS_H_

#include <linux/netlink.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/netlink/message_form.h"

namespace trivet::netlink {

/// A request, and what came of it so far. A value.
struct open_request {
  std::uint64_t number = 0;                                ///< its place in the capture
  int protocol = 0;                                        ///< NETLINK_ROUTE …
  ::nlmsghdr header{};                                     ///< as it was sent; errors repeat it
  std::string name;                                        ///< "RTM_NEWLINK"
  message_operation operation = message_operation::other;  ///< by its type
  bool question = false;                                   ///< is answered with objects
  bool dump = false;                                       ///< NLM_F_DUMP of a question
  bool expects = false;       ///< NLM_F_ACK: an answer comes also if all goes well
  bool interrupted = false;   ///< NLM_F_DUMP_INTR in a reply
  bool doubtful = false;      ///< an answer that may have been its own went to another
  std::uint32_t port = 0;     ///< of its socket; 0: not known yet
  bool sure = false;          ///< an answer came to that port
  std::uint32_t guessed = 0;  ///< a port that its answers seem to go to instead
  std::uint64_t replies = 0;  ///< objects
  std::optional<std::chrono::nanoseconds> time{};  ///< when it was captured
  std::vector<std::byte> bytes{};                  ///< from its header on
};

/// Whether two messages tell of the same kind of object: RTM_GETLINK and RTM_NEWLINK do. True where
/// the types of a protocol do not tell. Source: linux/rtnetlink.h (RTM_FAM), linux/genetlink.h,
/// linux/netfilter/nfnetlink.h (NFNL_SUBSYS_ID)
[[nodiscard]] bool is_same_object(int protocol, std::uint16_t one, std::uint16_t other) noexcept;

/// The int that NLMSG_ERROR and NLMSG_DONE begin with: 0 or a negated errno; nothing where the
/// message is cut before its end.
[[nodiscard]] std::optional<std::int32_t> error_in(const_bytes message) noexcept;

/// The open requests. At most 4096, and 64 with the same protocol and number, so that no capture
/// makes a message cost more than 64 comparisons; the oldest is given up for more. One thread.
class open_requests {
 public:
  using place = std::list<open_request>::iterator;

  /// A request that a message fits.
  struct match {
    place request;
    bool ambiguous;  ///< it may have been another
  };

  /// A request, after all those that are open.
  void add(open_request request);

  /// What a message without NLM_F_REQUEST answers, or what caused it. Of those that it fits equally
  /// well the oldest: the kernel answers in the order in which it is asked.
  /// @param message  from its header on, which is there
  [[nodiscard]] std::optional<match> find(int protocol, const_bytes message);

  /// What caused a message whose flags are those of its request, NLM_F_REQUEST included. So are
  /// notifications of nexthops, filters and chains, and the answers to questions for the latter
  /// two. Source: net/ipv4/nexthop.c (nexthop_notify), net/sched/cls_api.c (tfilter_notify)
  [[nodiscard]] std::optional<match> find_repeated(int protocol, const ::nlmsghdr& header);

  /// Says that an answer went to a request, though it fits others as well: these are doubtful.
  void take_answer(int protocol, const_bytes message, place request);

  /// Takes a request out.
  open_request close(place request);

  /// Those that want an answer, and those of them that were given up.
  [[nodiscard]] std::uint64_t unanswered() const noexcept;

 private:
  using key = std::pair<int, std::uint32_t>;

  void give_up(place request);
  std::vector<place>* among(int protocol, std::uint32_t sequence);

  std::list<open_request> all_;                  // by age
  std::map<key, std::vector<place>> by_number_;  // likewise
  std::uint64_t given_up_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_OPEN_REQUESTS_H_
