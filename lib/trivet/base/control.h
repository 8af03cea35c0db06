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
// kernel takes it.
#ifndef TRIVET_BASE_CONTROL_H_
#define TRIVET_BASE_CONTROL_H_

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "trivet/base/bytes.h"
#include "trivet/base/descriptor.h"

namespace trivet {

/// One control message as it stands in the buffer. Source: cmsg(3)
struct control_message {
  int level;
  int type;
  const_bytes data;
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
  /// Room for every message that Linux hands out at once on one packet, and 253 descriptors.
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

  /// SCM_RIGHTS: the descriptors that came, now the caller's. CLOEXEC is set on each.
  [[nodiscard]] std::vector<descriptor> take_descriptors();

  // For socket_base: where the kernel writes, and what it answered.
  [[nodiscard]] mutable_bytes storage() noexcept { return storage_; }
  void filled(std::size_t size, bool truncated) noexcept;

 private:
  [[nodiscard]] std::optional<const_bytes> find(int level, int type) const;

  alignas(::cmsghdr) std::array<std::byte, capacity> storage_;
  std::size_t size_ = 0;
  bool truncated_ = false;
  bool owns_descriptors_ = false;
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

  [[nodiscard]] const_bytes bytes() const noexcept { return buffer_; }
  [[nodiscard]] bool empty() const noexcept { return buffer_.empty(); }

 private:
  std::vector<std::byte> buffer_;
};

namespace control {

/// A struct that the kernel copies as it is.
template <class Derived, int Level, int Type, class Value>
struct plain {
  static constexpr int level = Level;
  static constexpr int type = Type;
  static std::optional<Derived> decode(const_bytes data) noexcept {
    if (data.size() < sizeof(Value)) return std::nullopt;
    Derived result;
    result.value = load_padded<Value>(data);
    return result;
  }
  [[nodiscard]] const_bytes encode() const noexcept {
    return std::as_bytes(std::span<const Value, 1>(&value, 1));
  }

  Value value{};
};

/// SCM_RIGHTS: numbers of open descriptors. Source: unix(7)
struct rights {
  static constexpr int level = SOL_SOCKET;
  static constexpr int type = SCM_RIGHTS;
  /// Only the numbers: control_buffer::take_descriptors() hands over ownership.
  static std::optional<rights> decode(const_bytes data);
  [[nodiscard]] const_bytes encode() const noexcept { return std::as_bytes(std::span(fds)); }

  std::vector<int> fds;
};

/// SCM_CREDENTIALS: pid, uid and gid of the sender. Source: unix(7)
struct credentials : plain<credentials, SOL_SOCKET, SCM_CREDENTIALS, ::ucred> {};
/// SO_TIMESTAMP: when a packet came, in microseconds of CLOCK_REALTIME.
struct timestamp : plain<timestamp, SOL_SOCKET, SO_TIMESTAMP, ::timeval> {};
/// SO_TIMESTAMPNS: when a packet came, in nanoseconds of CLOCK_REALTIME.
struct timestampns : plain<timestampns, SOL_SOCKET, SO_TIMESTAMPNS, ::timespec> {};
/// SO_TIMESTAMPING: [0] software, [1] zero, [2] hardware stamp.
struct timestamping : plain<timestamping, SOL_SOCKET, SO_TIMESTAMPING, std::array<::timespec, 3>> {
};
/// SO_RXQ_OVFL: packets dropped at this socket since it was opened, modulo 2^32.
struct rxq_ovfl : plain<rxq_ovfl, SOL_SOCKET, SO_RXQ_OVFL, std::uint32_t> {};
/// SO_MARK: the packet's mark (so::rcvmark).
struct mark : plain<mark, SOL_SOCKET, SO_MARK, std::uint32_t> {};
/// SCM_TXTIME: when the packet is to leave, in nanoseconds of the clock of so::txtime.
struct txtime : plain<txtime, SOL_SOCKET, SO_TXTIME, std::uint64_t> {};

}  // namespace control
}  // namespace trivet

#endif  // TRIVET_BASE_CONTROL_H_
