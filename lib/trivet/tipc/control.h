// The control messages of TIPC sockets. They come by themselves, wherever there is room for them;
// socket::receive_event reads them for you.
#ifndef TRIVET_TIPC_CONTROL_H_
#define TRIVET_TIPC_CONTROL_H_

#include <linux/tipc.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

#include "trivet/base/control.h"
#include "trivet/tipc/address.h"

namespace trivet::tipc {

/// Why a message came back or a connection ended. Source: linux/tipc.h
enum class reject_reason : std::uint32_t {
  none = 0,                 ///< TIPC_OK: the kernel did not say
  no_name = 1,              ///< TIPC_ERR_NO_NAME: nobody is bound to the service any more
  no_port = 2,              ///< TIPC_ERR_NO_PORT: the socket is closed
  no_node = 3,              ///< TIPC_ERR_NO_NODE: the node cannot be reached
  overload = 4,             ///< TIPC_ERR_OVERLOAD: the receiver's queue is full
  connection_shutdown = 5,  ///< TIPC_CONN_SHUTDOWN: shutdown(2) on the other side
};

/// "TIPC_ERR_NO_NAME" and so on; the number of a code that is unknown here.
[[nodiscard]] std::string reason_name(reject_reason reason);

}  // namespace trivet::tipc

namespace trivet::tipc::control {

/// TIPC_ERRINFO: why a message came back, and how many bytes of it did (at most 1024, even where
/// the message was longer). The receive itself gives length 0.
struct errinfo {
  static constexpr int level = SOL_TIPC;
  static constexpr int type = TIPC_ERRINFO;
  [[nodiscard]] static std::optional<errinfo> decode(const_bytes data) noexcept {
    if (data.size() < 2 * sizeof(std::uint32_t)) return std::nullopt;
    byte_reader in(data);
    const auto reason = reject_reason(in.read<std::uint32_t>());
    return errinfo{reason, in.read<std::uint32_t>()};
  }

  reject_reason reason = reject_reason::none;  ///< why
  std::uint32_t returned_size = 0;             ///< bytes, which retdata holds
};

/// TIPC_RETDATA: the first 1024 bytes of a message that came back. Valid as long as the buffer.
struct retdata {
  static constexpr int level = SOL_TIPC;
  static constexpr int type = TIPC_RETDATA;
  static constexpr std::size_t most = 1024;  ///< bytes that the kernel sends back
  [[nodiscard]] static std::optional<retdata> decode(const_bytes data) noexcept {
    return retdata{data};
  }

  const_bytes data;
};

/// TIPC_DESTNAME: the service or range that the message was sent to; on a connection, the one that
/// it was made to. Absent where a message was sent to a socket address.
struct destname {
  static constexpr int level = SOL_TIPC;
  static constexpr int type = TIPC_DESTNAME;
  [[nodiscard]] static std::optional<destname> decode(const_bytes data) noexcept {
    if (data.size() < sizeof(::tipc_service_range)) return std::nullopt;
    const auto raw = load_padded<::tipc_service_range>(data);
    return destname{{raw.type, raw.lower, raw.upper}};
  }

  /// lower and upper are the same for a service address.
  service_range range;
};

}  // namespace trivet::tipc::control

#endif  // TRIVET_TIPC_CONTROL_H_
