// Requests that the kernel would not answer as whoever waits for them expects: they are refused.
// Used by whatever sends requests.
#ifndef TRIVET_NETLINK_REQUEST_CHECK_H_
#define TRIVET_NETLINK_REQUEST_CHECK_H_

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstddef>

namespace trivet::netlink {

/// Whether the kernel answers with a dump; the same bits have other meanings in other requests.
[[nodiscard]] inline bool asks_for_dump(int protocol, const ::nlmsghdr& header) noexcept {
  constexpr unsigned kinds = 4;  // of rtnetlink: new, delete, get, set
  if (protocol == NETLINK_ROUTE) {
    const bool gets = header.nlmsg_type >= RTM_BASE && (header.nlmsg_type - RTM_BASE) % kinds == 2;
    return gets && (header.nlmsg_flags & NLM_F_DUMP) != 0;
  }
  return (header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP &&
         (header.nlmsg_flags & NLM_F_CREATE) == 0;
}

/// Whether rtnetlink passes over it and says nothing: nobody made the struct of its family.
/// Source: rtnetlink_rcv_msg() of net/core/rtnetlink.c
/// @param size  of the message, its header included
[[nodiscard]] inline bool lacks_structure(int protocol, const ::nlmsghdr& header,
                                          std::size_t size) noexcept {
  return protocol == NETLINK_ROUTE && header.nlmsg_type >= RTM_BASE &&
         size < sizeof(::nlmsghdr) + sizeof(::rtgenmsg);
}

/// Throws std::invalid_argument, which says what is wrong and what makes it right.
[[noreturn]] void throw_dump_request();
[[noreturn]] void throw_no_structure();

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_REQUEST_CHECK_H_
