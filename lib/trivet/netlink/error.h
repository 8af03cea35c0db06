// A request that the kernel refused, with what it says about it.
#ifndef TRIVET_NETLINK_ERROR_H_
#define TRIVET_NETLINK_ERROR_H_

#include <memory>

#include "trivet/base/error.h"
#include "trivet/netlink/extended_ack.h"

namespace trivet::netlink {

/// The kernel answered a request with an error. what() holds the sentence of the extended ACK.
/// Copies share their text, so copying never throws. Source: netlink(7), NETLINK_EXT_ACK
class error : public socket_error {
 public:
  /// @param operation  the request, as in "RTM_NEWROUTE"
  error(std::error_code code, std::string_view operation, extended_ack extended);

  /// The extended ACK; empty where the kernel gave none.
  [[nodiscard]] const extended_ack& extended() const noexcept { return *extended_; }

 private:
  std::shared_ptr<const extended_ack> extended_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ERROR_H_
