#include "trivet/netlink/request_check.h"

#include <stdexcept>

namespace trivet::netlink {

void throw_dump_request() {
  throw std::invalid_argument("NLM_F_DUMP: a dump is made by client::dump");
}

void throw_no_structure() {
  throw std::invalid_argument(
      "a request of rtnetlink without the struct of its family has no answer: "
      "message_builder::structure() comes first");
}

}  // namespace trivet::netlink
