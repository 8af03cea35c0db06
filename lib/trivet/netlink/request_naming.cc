#include "trivet/netlink/request_naming.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "trivet/netlink/diag/message_names.h"
#include "trivet/netlink/generic/message_names.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/netfilter_names.h"
#include "trivet/netlink/route/request_names.h"

namespace trivet::netlink {
namespace {

const attribute_names* names_of(int protocol, const message_view& request) {
  switch (protocol) {
    case NETLINK_ROUTE:
      return rtnl::names_of_message(request.type(), request.payload);
    case NETLINK_SOCK_DIAG:
      return diag::parts_of_message(request.type(), true, request.payload).attributes;
    case NETLINK_NETFILTER:
      return netfilter::names_of_message(request.type());
    case NETLINK_GENERIC:
      return request.type() == GENL_ID_CTRL ? &generic::controller_names() : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

std::function<const attribute_names*(const_bytes request)> names_of_requests(int protocol) {
  return [protocol](const_bytes request) -> const attribute_names* {
    message_reader in(request);
    message_view message;
    return in.next(message) ? names_of(protocol, message) : nullptr;
  };
}

}  // namespace trivet::netlink
