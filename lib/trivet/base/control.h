// Control messages (ancillary data): writing them for sendmsg(2), reading them from recvmsg(2).
//
//   control_buffer control;
//   auto got = socket.receive_from(buffer, control);
//   if (auto stamp = control.find<control::timestampns>()) use(stamp->time);
//
//   control_writer out;
//   out.add(control::rights{{fd}});
//   socket.send(data, out);
//
// Each kind is a struct with its level and type; families add their own (tipc/control.h,
// packet/control.h, netlink/control.h) in the same shape: decode(bytes), and encode() where the
// kernel takes it. What the error queue holds is in error_queue.h.
//
// Left out: SCM_DEVMEM_ (6.12), which goes with the options that so.h leaves out.
#ifndef TRIVET_BASE_CONTROL_H_
#define TRIVET_BASE_CONTROL_H_

#include <asm/socket.h>
#include <linux/net_tstamp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/base/descriptor.h"

// Kinds that are younger than Debian 12's headers; the numbers are the kernel's ABI.
#ifndef SCM_SECURITY
#define SCM_SECURITY 3
#endif
#ifndef SCM_PIDFD
#define SCM_PIDFD 4
#endif
#ifndef SCM_TS_OPT_ID
#define SCM_TS_OPT_ID 81
#endif
#ifndef SCM_INQ
#define SCM_INQ 84
#endif

namespace trivet {

/// One control message as it stands in the buffer, which must outlive it. Source: cmsg(3)
struct control_message {
  int level;         ///< cmsg_level: SOL_SOCKET …
  int type;          ///< cmsg_type: SCM_RIGHTS …
  const_bytes data;  ///< without padding
};

/// A kind of control message that can be read.
template <class C>
concept readable_control = requires(const_bytes data) {
  { C::level } -> std::convertible_to<int>;
  { C::type } -> std::convertible_to<int>;
  { C::decode(data) } -> std::same_as<std::optional<C>>;
};

/// A kind of control message that can be sent.
template <class C>
concept writable_control = requires(const C& c) {
  { C::level } -> std::convertible_to<int>;
  { C::type } -> std::convertible_to<int>;
  { c.encode() } -> std::convertible_to<const_bytes>;
};

/// Room for what recvmsg(2) hands out beside the data. Reusable: each receive starts it afresh.
/// Descriptors that arrived (SCM_RIGHTS, SCM_PIDFD) and were not taken are closed when the buffer
/// is used again or destroyed, so that none leaks. Not shared between threads.
class control_buffer {
 public:
  /// Room for what Linux hands out at once with one message: 253 descriptors (1032 bytes), a
  /// security label, and the stamps, addresses and counters of a packet.
  static constexpr std::size_t capacity = 2048;

  control_buffer() noexcept = default;
  ~control_buffer() { clear(); }
  control_buffer(const control_buffer&) = delete;
  control_buffer& operator=(const control_buffer&) = delete;

  /// Forgets all; closes descriptors that nobody took.
  void clear() noexcept;

  /// MSG_CTRUNC: there was more than fits; what does not fit is lost.
  [[nodiscard]] bool truncated() const noexcept { return truncated_; }

  /// Every message, in the kernel's order. A broken length ends the list.
  [[nodiscard]] std::vector<control_message> messages() const;

  /// The first message of a kind, or nothing. Descriptors in it stay owned by the buffer:
  /// take_descriptors() hands them over.
  template <readable_control C>
  [[nodiscard]] std::optional<C> find() const {
    const std::optional<const_bytes> data = find(C::level, C::type);
    return data ? C::decode(*data) : std::nullopt;
  }

  /// The bytes of the first message of a level and type, or nothing.
  [[nodiscard]] std::optional<const_bytes> find(int level, int type) const noexcept;

  /// SCM_RIGHTS: the descriptors that came, now the caller's, in the sender's order; empty when
  /// they were taken before. Close-on-exec is set on each.
  [[nodiscard]] std::vector<descriptor> take_descriptors();

  /// SCM_PIDFD: the sender's pidfd, now the caller's; owns nothing where none came or it was taken
  /// before. Close-on-exec is set. Source: unix(7)
  [[nodiscard]] descriptor take_pidfd() noexcept;

  // For socket_base: where the kernel writes, and what it answered.
  [[nodiscard]] mutable_bytes storage() noexcept { return storage_; }
  void filled(std::size_t size, bool truncated) noexcept;

 private:
  alignas(::cmsghdr) std::array<std::byte, capacity> storage_;
  std::size_t size_ = 0;
  bool truncated_ = false;
  bool owns_rights_ = false;
  bool owns_pidfd_ = false;
};

/// Control messages to send. Not shared between threads.
class control_writer {
 public:
  /// Appends one.
  template <writable_control C>
  control_writer& add(const C& control) {
    append(C::level, C::type, control.encode());
    return *this;
  }

  /// Appends one by its numbers.
  void append(int level, int type, const_bytes data);

  /// As msg_control takes it; valid until the next call.
  [[nodiscard]] const_bytes bytes() const noexcept { return buffer_; }
  [[nodiscard]] bool empty() const noexcept { return buffer_.empty(); }

 private:
  std::vector<std::byte> buffer_;
};

namespace control {

/// A struct that the kernel hands out as it is and does not take.
template <class Derived, int Level, int Type, class Value>
struct read_only {
  static constexpr int level = Level;
  static constexpr int type = Type;
  [[nodiscard]] static std::optional<Derived> decode(const_bytes data) noexcept {
    if (data.size() < sizeof(Value)) return std::nullopt;
    Derived result;
    result.value = load_padded<Value>(data);
    return result;
  }

  Value value{};
};

/// A struct that the kernel copies as it is, in both directions.
template <class Derived, int Level, int Type, class Value>
struct plain : read_only<Derived, Level, Type, Value> {
  [[nodiscard]] const_bytes encode() const noexcept {
    return std::as_bytes(std::span<const Value, 1>(&this->value, 1));
  }
};

/// A struct that the kernel takes and does not hand out.
template <int Level, int Type, class Value>
struct write_only {
  static constexpr int level = Level;
  static constexpr int type = Type;
  [[nodiscard]] const_bytes encode() const noexcept {
    return std::as_bytes(std::span<const Value, 1>(&value, 1));
  }

  Value value{};
};

// The kinds of level SOL_SOCKET, sorted by name. Values; freely shared between threads.

/// SCM_CREDENTIALS: pid, uid and gid of the sender (so::passcred). Source: unix(7)
struct credentials : plain<credentials, SOL_SOCKET, SCM_CREDENTIALS, ::ucred> {};
/// SCM_INQ: bytes that are left in the queue behind this message (so::inq).
struct inq : read_only<inq, SOL_SOCKET, SCM_INQ, int> {};
/// SO_MARK: the packet's mark, of one that came (so::rcvmark) or for one that is sent, which needs
/// CAP_NET_ADMIN or CAP_NET_RAW.
struct mark : plain<mark, SOL_SOCKET, SO_MARK, std::uint32_t> {};
/// SCM_PIDFD: a pidfd of the sender (so::passpidfd). Only the number: control_buffer::take_pidfd()
/// hands over ownership.
struct pidfd : read_only<pidfd, SOL_SOCKET, SCM_PIDFD, int> {};
/// SO_PRIORITY: the packet's priority, of one that came (so::rcvpriority) or for one that is sent;
/// more than 6 needs CAP_NET_ADMIN or CAP_NET_RAW (6.14).
struct priority : plain<priority, SOL_SOCKET, SO_PRIORITY, std::uint32_t> {};

/// SCM_RIGHTS: numbers of open descriptors, at most 253. Source: unix(7)
struct rights {
  static constexpr int level = SOL_SOCKET;
  static constexpr int type = SCM_RIGHTS;
  /// Only the numbers: control_buffer::take_descriptors() hands over ownership.
  [[nodiscard]] static std::optional<rights> decode(const_bytes data);
  [[nodiscard]] const_bytes encode() const noexcept { return std::as_bytes(std::span(fds)); }

  std::vector<int> fds;  ///< in the sender's order
};

/// SO_RXQ_OVFL: packets dropped at this socket since it was opened, modulo 2^32.
struct rxq_ovfl : read_only<rxq_ovfl, SOL_SOCKET, SO_RXQ_OVFL, std::uint32_t> {};

/// SCM_SECURITY: the sender's security label, its terminator not counted (so::passsec).
struct security {
  static constexpr int level = SOL_SOCKET;
  static constexpr int type = SCM_SECURITY;
  [[nodiscard]] static std::optional<security> decode(const_bytes data);

  std::string label;  ///< as the security module spells it
};

/// SO_TIMESTAMP: when a packet came, in microseconds of CLOCK_REALTIME.
struct timestamp : read_only<timestamp, SOL_SOCKET, SO_TIMESTAMP, ::timeval> {};
/// SO_TIMESTAMPING: [0] software, [1] zero, [2] hardware stamp.
struct timestamping
    : read_only<timestamping, SOL_SOCKET, SO_TIMESTAMPING, std::array<::timespec, 3>> {};

/// SCM_TIMESTAMPING_OPT_STATS: what TCP knew when it made the stamp, as netlink attributes
/// (TCP_NLA_). Valid as long as the buffer. Source: linux/tcp.h
struct timestamping_opt_stats {
  static constexpr int level = SOL_SOCKET;
  static constexpr int type = SCM_TIMESTAMPING_OPT_STATS;
  [[nodiscard]] static std::optional<timestamping_opt_stats> decode(const_bytes data) noexcept {
    return timestamping_opt_stats{data};
  }

  const_bytes attributes;  ///< struct nlattr, one behind the other
};

/// SCM_TIMESTAMPING_PKTINFO: the interface that made a hardware stamp, and the packet's length on
/// the wire (SOF_TIMESTAMPING_OPT_PKTINFO).
struct timestamping_pktinfo
    : read_only<timestamping_pktinfo, SOL_SOCKET, SCM_TIMESTAMPING_PKTINFO, ::scm_ts_pktinfo> {};
/// SO_TIMESTAMPING, sent: SOF_TIMESTAMPING_TX_ flags for this packet alone.
/// Source: Documentation/networking/timestamping.rst
struct timestamping_request : write_only<SOL_SOCKET, SO_TIMESTAMPING, std::uint32_t> {};
/// SO_TIMESTAMPNS: when a packet came, in nanoseconds of CLOCK_REALTIME.
struct timestampns : read_only<timestampns, SOL_SOCKET, SO_TIMESTAMPNS, ::timespec> {};
/// SCM_TS_OPT_ID: the number that the stamp of this packet is to carry
/// (SOF_TIMESTAMPING_OPT_ID; 6.13).
struct ts_opt_id : write_only<SOL_SOCKET, SCM_TS_OPT_ID, std::uint32_t> {};
/// SCM_TXTIME: when the packet is to leave, in nanoseconds of the clock of so::txtime.
struct txtime : write_only<SOL_SOCKET, SO_TXTIME, std::uint64_t> {};
/// SCM_WIFI_STATUS: whether a frame that was sent has been acknowledged; comes by the error queue
/// (so::wifi_status).
struct wifi_status : read_only<wifi_status, SOL_SOCKET, SCM_WIFI_STATUS, int> {};

}  // namespace control
}  // namespace trivet

#endif  // TRIVET_BASE_CONTROL_H_
