// Notifications as they come off a socket, many at a time. Used by monitor.
#ifndef TRIVET_NETLINK_INBOX_H_
#define TRIVET_NETLINK_INBOX_H_

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <system_error>

#include "trivet/netlink/gathering.h"
#include "trivet/netlink/pages.h"
#include "trivet/netlink/socket.h"

namespace trivet::netlink {

/// Room for datagrams, filled by recvmmsg(2). Memory is used as far as datagrams reach. One thread
/// at a time.
class inbox {
 public:
  /// Maps memory, which is used as far as datagrams reach. Throws std::bad_alloc.
  /// @param longest  bytes of a datagram, at first: a longer one is truncated
  explicit inbox(std::size_t longest = 65536);
  // The headers point into it.
  inbox(const inbox&) = delete;
  inbox& operator=(const inbox&) = delete;
  ~inbox() = default;

  /// Has calls that may wait let notifications gather where that pays (gathering.h). Not before.
  /// @param room  the socket's so::rcvbuf: nothing is done where it could become full meanwhile
  void let_gather(int room) noexcept { gathers_ = room >= least_to_gather; }

  /// What receive() found.
  enum class result {
    some,     ///< one or more datagrams
    nothing,  ///< the deadline passed
    lost,     ///< tells_of_loss(): at least one was
  };

  /// Waits for a datagram and takes all that are there, up to its room. Those that were not read
  /// are gone. Throws socket_error.
  /// @param at_most  datagrams, from 1 to most
  result receive(socket& from, deadline until, std::size_t at_most = most);

  /// Whether a datagram is left to be read.
  [[nodiscard]] bool empty() const noexcept { return next_ == count_; }

  /// One of those that were received.
  struct datagram {
    const_bytes bytes;  ///< valid until the next receive()
    bool from_kernel;   ///< and not from a process
    bool truncated;     ///< it was longer than the room for one, which is larger next time
  };
  /// The next one; there must be one: not empty().
  [[nodiscard]] datagram take() noexcept;

  /// One that is still to be read, i < left(): for looking ahead.
  [[nodiscard]] const_bytes peek(std::size_t i) const noexcept { return bytes_of_slot(next_ + i); }
  /// How many are still to be read.
  [[nodiscard]] std::size_t left() const noexcept { return count_ - next_; }

  static constexpr std::size_t most = 64;  ///< datagrams of one receive()

 private:
  // Holds some 300 notifications. In a tenth of a millisecond the kernel makes no more than 100.
  static constexpr int least_to_gather = 256 << 10;

  void make_room(std::size_t slot_size);
  [[nodiscard]] const_bytes bytes_of_slot(std::size_t i) const noexcept {
    const std::size_t size = std::min<std::size_t>(headers_[i].msg_len, slot_size_);
    return {room_.data() + i * slot_size_, size};
  }

  pages room_;
  std::size_t slot_size_ = 0;
  std::size_t wanted_ = 0;  // size of a slot for what was too long
  std::array<::mmsghdr, most> headers_{};
  std::array<::iovec, most> pieces_{};
  std::array<::sockaddr_nl, most> senders_{};
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  gathering gathering_;
  bool gathers_ = false;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_INBOX_H_
