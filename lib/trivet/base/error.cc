#include "trivet/base/error.h"

#include <cerrno>
#include <utility>

namespace trivet {

socket_error::socket_error(std::error_code code, std::string_view operation,
                           std::string_view advice)
    : std::system_error(code) {
  text value{std::string(operation), std::string(advice), {}};
  value.what = value.operation + ": " + code.message();
  if (!value.advice.empty()) value.what += " (" + value.advice + ")";
  text_ = std::make_shared<const text>(std::move(value));
}

const char* socket_error::what() const noexcept { return text_->what.c_str(); }

address_error address_error::in_field(std::string_view family, std::string_view field,
                                      std::string_view reason) {
  std::string operation(family);
  operation.append(" address, ").append(field);
  address_error error(errno_code(EINVAL), operation, reason);
  error.field_ = std::make_shared<const std::string>(field);
  return error;
}

void throw_socket_error(std::error_code code, std::string_view operation, std::string_view advice) {
  if (code.category() != std::system_category() && code.category() != std::generic_category()) {
    throw socket_error(code, operation, advice);
  }
  switch (code.value()) {
    case ETIMEDOUT:
      throw timed_out(code, operation, advice);
    case EAGAIN:
    case EINPROGRESS:
    case EALREADY:
      throw would_block(code, operation, advice);
    case EPERM:
    case EACCES:
      throw not_permitted(code, operation, advice);
    case ECONNREFUSED:
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
    case ENOTCONN:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETRESET:
      throw peer_error(code, operation, advice);
    case ENODEV:
    case ENXIO:
    case ENETDOWN:
      throw device_error(code, operation, advice);
    case EADDRNOTAVAIL:
    case EADDRINUSE:
      throw address_error(code, operation, advice);
    default:
      throw socket_error(code, operation, advice);
  }
}

}  // namespace trivet
