// The frames of one block of a TPACKET_V3 ring. Pure: bytes in, frames out; no length and no offset
// in them is trusted.
//
//   block_frames frames(block, header_rebuild::vlan);
//   while (const frame* f = frames.next()) use(f->data);
//   if (frames.damaged()) …
//
// Not here: where blocks come from and go back to (ring.h).
#ifndef TRIVET_PACKET_BLOCK_H_
#define TRIVET_PACKET_BLOCK_H_

#include <linux/if_packet.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "trivet/base/bytes.h"
#include "trivet/packet/address.h"
#include "trivet/packet/vlan.h"

namespace trivet::packet {

/// A point of CLOCK_REALTIME (or of the interface's own clock, if that stamps).
using timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// One captured frame. A view: `data` lives as long as the block.
struct frame {
  /// When it came, or went. Not monotonic: CPUs fill a ring side by side.
  timestamp time;
  /// The bytes captured, from the link-layer header on; SOCK_DGRAM: from the network header on,
  /// unless a header was put there.
  const_bytes data;
  /// Bytes that the whole frame had; more than data.size() where it was cut. The headers put back
  /// are counted in both.
  std::uint32_t wire_size = 0;
  /// TP_STATUS_ flags: checksums, VLAN, the kind of stamp.
  std::uint32_t status = 0;
  /// The receive hash, or 0 where nobody computed it.
  std::uint32_t rxhash = 0;
  /// The VLAN tag that the kernel took out.
  std::optional<vlan_tag> vlan;
  /// Whether that tag is back in `data`.
  bool vlan_restored = false;
  /// Interface, protocol (network order), direction, hardware type, sender. address() for a value.
  ::sockaddr_ll link{};

  /// PACKET_HOST, PACKET_OUTGOING …
  [[nodiscard]] std::uint8_t pkttype() const noexcept { return link.sll_pkttype; }
  /// ETH_P_ number in host order, of what follows the tag that was taken out.
  [[nodiscard]] std::uint16_t protocol() const noexcept { return big_endian(link.sll_protocol); }
  /// The interface and the sender, by index.
  [[nodiscard]] address from() const noexcept;
};

/// What is put back at the front of frames, in the block itself.
enum class header_rebuild {
  nothing,
  vlan,     ///< Ethernet: the VLAN tag, behind the two addresses
  cooked,   ///< SOCK_DGRAM: a header of LINKTYPE_LINUX_SLL2, with the tag of received frames behind
            ///< it
  netlink,  ///< SOCK_DGRAM on an nlmon device: a header of LINKTYPE_NETLINK
};

/// Reads the frames of a block in order, once. Not shared between threads.
class block_frames {
 public:
  /// No frames.
  block_frames() noexcept = default;

  /// @param block  from its struct tpacket_block_desc to its end; changed where headers are put
  ///               back
  explicit block_frames(mutable_bytes block, header_rebuild rebuild = {}) noexcept;

  /// The next frame, valid until the next call; nullptr after the last one, and from the first on
  /// whose header points out of the block.
  [[nodiscard]] const frame* next() noexcept;

  /// Frames that the block says it has.
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  /// Of those, what next() has not given.
  [[nodiscard]] std::uint32_t unread() const noexcept { return left_; }
  /// Whether it said something impossible. What follows cannot be read.
  [[nodiscard]] bool damaged() const noexcept { return damaged_; }

 private:
  [[nodiscard]] bool load(frame& into, std::size_t at, ::tpacket3_hdr& header) noexcept;
  void restore_vlan(frame& f, std::size_t mac) noexcept;
  void cook(frame& f, std::size_t mac) noexcept;
  void head_netlink(frame& f, std::size_t mac) noexcept;

  mutable_bytes block_;
  header_rebuild rebuild_ = header_rebuild::nothing;
  std::uint32_t count_ = 0;
  std::uint32_t left_ = 0;
  std::size_t offset_ = 0;
  bool damaged_ = false;
  frame current_;
};

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_BLOCK_H_
