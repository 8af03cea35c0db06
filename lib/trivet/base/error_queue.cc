#include "trivet/base/error_queue.h"

#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace trivet {

std::optional<extended_error> extended_error::decode(const_bytes data) noexcept {
  if (data.size() < sizeof(::sock_extended_err)) return std::nullopt;
  const auto raw = load_padded<::sock_extended_err>(data);
  extended_error result;
  result.error = raw.ee_errno;
  result.origin = raw.ee_origin;
  result.type = raw.ee_type;
  result.detail = raw.ee_code;
  result.info = raw.ee_info;
  result.data = raw.ee_data;
  // A sockaddr of family AF_UNSPEC stands for none.
  const const_bytes offender = data.subspan(sizeof raw);
  if (family_of(offender) != AF_UNSPEC) {
    using storage = ::sockaddr_storage;
    result.offender = sockaddr_bytes(load_padded<storage>(offender), offender.size());
  }
  return result;
}

std::optional<extended_error> find_extended_error(const control_buffer& control) noexcept {
  constexpr std::pair<int, int> places[] = {
      {SOL_IP, IP_RECVERR}, {SOL_IPV6, IPV6_RECVERR}, {SOL_PACKET, PACKET_TX_TIMESTAMP}};
  for (const auto& [level, type] : places) {
    const std::optional<const_bytes> data = control.find(level, type);
    if (data) return extended_error::decode(*data);
  }
  return std::nullopt;
}

}  // namespace trivet
