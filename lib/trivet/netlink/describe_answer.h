// What the kernel says of a request, as nodes: NLMSG_ERROR and NLMSG_DONE. For describe.cc.
#ifndef TRIVET_NETLINK_DESCRIBE_ANSWER_H_
#define TRIVET_NETLINK_DESCRIBE_ANSWER_H_

#include <linux/netlink.h>

#include <vector>

#include "trivet/netlink/describe.h"
#include "trivet/netlink/message_form.h"

namespace trivet::netlink {

/// NLMSG_ERROR: the error, the request that it repeats, of a failure with its payload, and the
/// attributes of an extended ACK. No length in it is trusted.
/// @param message  from its header on, at least that
void describe_error(std::vector<node>& into, int protocol, const_bytes message,
                    const ::nlmsghdr& header, const family_names& families);

/// NLMSG_DONE: an error number, where there is one, and attributes.
void describe_done(std::vector<node>& into, const_bytes message, const ::nlmsghdr& header);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_DESCRIBE_ANSWER_H_
