#include "trivet/netlink/error.h"

#include <cerrno>

namespace trivet::netlink {
namespace {

std::string advice_of(std::error_code code, std::string_view given) {
  if (given.empty() && code.value() == EPERM) return "needs CAP_NET_ADMIN: run as root";
  return std::string(given);
}

// ".linkinfo.data.id: u16 from 1 to 4094; .linkinfo.kind is missing"
std::string about(const extended_ack& extended) {
  std::string text = extended.path;
  if (!extended.expected.empty()) text += (text.empty() ? "expected " : ": ") + extended.expected;
  if (!extended.missing.empty()) {
    text += (text.empty() ? "" : "; ") + extended.missing + " is missing";
  }
  return text;
}

}  // namespace

error::error(std::error_code code, std::string_view operation, extended_ack extended,
             std::string_view advice)
    : socket_error(code, operation, advice_of(code, advice)) {
  std::string whole(operation);
  if (!extended.message.empty()) whole += ": " + extended.message;
  if (const std::string where = about(extended); !where.empty()) whole += " (" + where + ")";
  whole += ": " + code.message();
  if (!this->advice().empty()) whole += " (" + this->advice() + ")";
  detail_ = std::make_shared<const detail>(detail{std::move(extended), std::move(whole)});
}

}  // namespace trivet::netlink
