// A request that the kernel refused, with what it says about it.
#ifndef TRIVET_NETLINK_ERROR_H_
#define TRIVET_NETLINK_ERROR_H_

#include <memory>

#include "trivet/base/error.h"
#include "trivet/netlink/extended_ack.h"

namespace trivet::netlink {

/// The kernel answered a request with an error. what() holds the sentence of the extended ACK and
/// the attribute that it is about:
///   "RTM_NEWROUTE 10.0.0.0/8: Nexthop has invalid gateway (.gateway): Network is unreachable"
///   "RTM_NEWLINK v0: Numerical result out of range (.linkinfo.data.id: u16 up to 4094)"
/// Copies share their text, so copying never throws. Source: netlink(7), NETLINK_EXT_ACK
class error : public socket_error {
 public:
  /// @param operation  the request, as in "RTM_NEWROUTE 10.0.0.0/8"
  /// @param advice     what the user can do about it, where the caller knows; else that of the code
  error(std::error_code code, std::string_view operation, extended_ack extended,
        std::string_view advice = {});

  [[nodiscard]] const char* what() const noexcept override { return detail_->what.c_str(); }

  /// The extended ACK; empty where the kernel gave none.
  [[nodiscard]] const extended_ack& extended() const noexcept { return detail_->extended; }

  /// The path of the attribute that the kernel points at, or that is missing; or an empty string.
  [[nodiscard]] const std::string& path() const noexcept {
    return extended().path.empty() ? extended().missing : extended().path;
  }

 private:
  struct detail {
    extended_ack extended;
    std::string what;
  };
  std::shared_ptr<const detail> detail_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ERROR_H_
