// The error queue of a socket: what came back about packets that were sent. ICMP errors
// (ip::recverr), stamps of sent packets (so::timestamping), finished zero-copy sends
// (so::zerocopy).
//
//   control_buffer control;
//   auto got = socket.receive_from(buffer, control, {.flags = MSG_ERRQUEUE});
//   if (auto e = find_extended_error(control)) report(e->code(), got.from);
//
// With MSG_ERRQUEUE a receive waits, as its time limits say, until the queue holds something. The
// data is the packet that was sent (SOF_TIMESTAMPING_OPT_TSONLY: nothing), and the address the one
// that it was sent to. A queue that nobody reads makes poll report POLLERR all the time.
#ifndef TRIVET_BASE_ERROR_QUEUE_H_
#define TRIVET_BASE_ERROR_QUEUE_H_

#include <cstdint>
#include <optional>
#include <system_error>

#include "trivet/base/address.h"
#include "trivet/base/bytes.h"
#include "trivet/base/control.h"
#include "trivet/base/error.h"

namespace trivet {

/// struct sock_extended_err: why an entry is in the error queue. A value; freely shared.
/// Source: ip(7) (IP_RECVERR), linux/errqueue.h
struct extended_error {
  /// nullopt where `data` is shorter than the struct.
  [[nodiscard]] static std::optional<extended_error> decode(const_bytes data) noexcept;

  /// The errno that the entry stands for; ENOMSG for a stamp, 0 for a zero-copy send.
  [[nodiscard]] std::error_code code() const noexcept {
    return errno_code(static_cast<int>(error));
  }

  std::uint32_t error = 0;  ///< ee_errno
  std::uint8_t origin = 0;  ///< SO_EE_ORIGIN_: LOCAL, ICMP, TIMESTAMPING …
  std::uint8_t type = 0;    ///< the type of the ICMP message
  std::uint8_t detail = 0;  ///< ee_code: the code of the ICMP message
  std::uint32_t info = 0;   ///< the path's MTU, SCM_TSTAMP_, or the first send
  std::uint32_t data = 0;   ///< the stamp's number, or the last send
  /// Who noticed, in the socket's family: a router, for ICMP. Empty where the kernel does not say.
  sockaddr_bytes offender{};
};

namespace control {

/// An extended error under a family's level and type.
template <class Derived, int Level, int Type>
struct queued_error {
  static constexpr int level = Level;
  static constexpr int type = Type;
  [[nodiscard]] static std::optional<Derived> decode(const_bytes data) noexcept {
    const std::optional<extended_error> error = extended_error::decode(data);
    if (!error) return std::nullopt;
    Derived result;
    result.value = *error;
    return result;
  }

  extended_error value{};
};

}  // namespace control

/// The extended error of an entry of the error queue, from whichever level the socket's family puts
/// it at (IP, IPv6, packet); nothing where there is none. Thread-safe.
[[nodiscard]] std::optional<extended_error> find_extended_error(
    const control_buffer& control) noexcept;

}  // namespace trivet

#endif  // TRIVET_BASE_ERROR_QUEUE_H_
