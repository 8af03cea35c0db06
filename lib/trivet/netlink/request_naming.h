// What the attributes of requests are called in the paths of extended ACKs, by protocol: for
// client.
#ifndef TRIVET_NETLINK_REQUEST_NAMING_H_
#define TRIVET_NETLINK_REQUEST_NAMING_H_

#include <functional>

#include "trivet/base/bytes.h"
#include "trivet/netlink/attribute_path.h"

namespace trivet::netlink {

/// The names of the requests of a protocol, by their bytes, header and all: of rtnetlink,
/// sock_diag, nfnetlink and the controller of generic netlink. Of other protocols nothing is known,
/// nor of the other families of generic netlink, whose numbers are the running kernel's.
[[nodiscard]] std::function<const attribute_names*(const_bytes request)> names_of_requests(
    int protocol);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_REQUEST_NAMING_H_
