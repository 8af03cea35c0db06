#include "trivet/tipc/control.h"

namespace trivet::tipc {

std::string reason_name(reject_reason reason) {
  switch (reason) {
    case reject_reason::none:
      return "TIPC_OK";
    case reject_reason::no_name:
      return "TIPC_ERR_NO_NAME";
    case reject_reason::no_port:
      return "TIPC_ERR_NO_PORT";
    case reject_reason::no_node:
      return "TIPC_ERR_NO_NODE";
    case reject_reason::overload:
      return "TIPC_ERR_OVERLOAD";
    case reject_reason::connection_shutdown:
      return "TIPC_CONN_SHUTDOWN";
  }
  return std::to_string(static_cast<std::uint32_t>(reason));
}

}  // namespace trivet::tipc
