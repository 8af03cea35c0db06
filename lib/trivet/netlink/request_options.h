// The options of every socket that asks the kernel for something.
#ifndef TRIVET_NETLINK_REQUEST_OPTIONS_H_
#define TRIVET_NETLINK_REQUEST_OPTIONS_H_

#include <system_error>

#include "trivet/netlink/option.h"
#include "trivet/netlink/socket.h"

namespace trivet::netlink {

/// setsockopt(NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK): reasons with errors, no
/// copy of the request with them, dumps that are filtered. A kernel before 4.20 lacks some of them,
/// and answers as it always did. Source: netlink(7)
inline void set_request_options(socket& to) noexcept {
  std::error_code ignored;
  to.set(option::ext_ack{true}, ignored);
  to.set(option::cap_ack{true}, ignored);
  to.set(option::get_strict_chk{true}, ignored);
}

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_REQUEST_OPTIONS_H_
