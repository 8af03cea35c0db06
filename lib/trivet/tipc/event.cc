#include "trivet/tipc/event.h"

#include <cerrno>

#include "trivet/base/error.h"

namespace trivet::tipc {
namespace {

constexpr std::size_t sockaddr_size = sizeof(::sockaddr_tipc);

socket_id sender(const_bytes name) noexcept {
  std::error_code wrong;
  return address::from_sockaddr(name, wrong).as_socket().value_or(socket_id());
}

// The second sockaddr of a group's messages and events.
std::optional<service> group_member(const_bytes name) noexcept {
  if (name.size() < 2 * sockaddr_size) return std::nullopt;
  std::error_code wrong;
  return address::from_sockaddr(name.subspan(sockaddr_size), wrong).as_service();
}

}  // namespace

event_buffer::event_buffer(std::size_t size)
    : data_(size), control_(std::make_unique<control_buffer>()) {
  if (size == 0) {
    throw socket_error(errno_code(EINVAL), "event buffer of 0 bytes",
                       "TIPC receives into 1 byte or more");
  }
}

received_event interpret(bool connected, const receive_result& result, const_bytes data,
                         const_bytes name, const control_buffer& control) noexcept {
  const socket_id from = sender(name);
  if ((result.flags & MSG_OOB) != 0) {
    return member_event{(result.flags & MSG_EOR) == 0, from,
                        group_member(name).value_or(service())};
  }
  const auto error = control.find<control::errinfo>();
  const auto destination = control.find<control::destname>();
  const auto range = destination ? std::optional(destination->range) : std::nullopt;
  // Empty messages never arrive, so that a length of 0 is an error even without its control
  // message.
  if (!error && result.size > 0) {
    delivery message;
    static_cast<receive_result&>(message) = result;
    message.data = data.first(std::min(result.size, data.size()));
    message.from = from;
    message.destination = range;
    message.member = group_member(name);
    return message;
  }
  const auto reason = error ? error->reason : reject_reason::none;
  const auto retdata = control.find<control::retdata>();
  const const_bytes returned = retdata ? retdata->data : const_bytes();
  if (connected) return disconnection{reason, returned, from};
  return rejection{reason, returned, from, range};
}

}  // namespace trivet::tipc
