#include "trivet/netlink/error.h"

#include <cerrno>

namespace trivet::netlink {
namespace {

std::string advice_of(std::error_code code, const extended_ack& extended) {
  if (!extended.message.empty()) return "the kernel says: " + extended.message;
  if (code.value() == EPERM) return "needs CAP_NET_ADMIN: run as root";
  return {};
}

}  // namespace

error::error(std::error_code code, std::string_view operation, extended_ack extended)
    : socket_error(code, operation, advice_of(code, extended)),
      extended_(std::make_shared<const extended_ack>(std::move(extended))) {}

}  // namespace trivet::netlink
