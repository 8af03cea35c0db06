// A TPACKET_V3 receive ring: memory shared with the kernel, which fills it block by block.
//
//   packet::socket tap;
//   packet::receive_ring ring(tap);                // before bind
//   tap.bind(packet::address("eth0"));
//   while (ring.wait(deadline::never()) != ring_event::removed) {
//     while (auto block = ring.next()) {           // gives the block back at the end of its scope
//       while (const packet::frame* f = block->frames().next()) use(*f);
//     }
//   }
//   ring.stop();                                   // then read on until complete(): exact totals
//
// A block comes when it is full or, if it holds anything, block_timeout after it was opened: an
// idle ring wakes nobody.
#ifndef TRIVET_PACKET_RING_H_
#define TRIVET_PACKET_RING_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>

#include "trivet/base/deadline.h"
#include "trivet/packet/block.h"
#include "trivet/packet/socket.h"

namespace trivet::packet {

/// The shape of a ring. Source: packet(7), Documentation/networking/packet_mmap.rst
struct ring_geometry {
  /// Bytes of a block, a multiple of the page size. A frame is cut to what fits into a block, so
  /// that the default holds the largest frame that segmentation offload makes by default (64 KiB)
  /// several times.
  std::size_t block_size = 1 << 18;
  /// Blocks, at least 2.
  unsigned block_count = 128;
  /// Bytes of a frame as the kernel checks them, a multiple of 16 that fits into a block; frames
  /// of a V3 ring take what they need.
  unsigned frame_size = 2048;
  /// How long a block that holds frames stays open at most: 1 ms to 10 s.
  std::chrono::milliseconds block_timeout{10};
  /// PACKET_RESERVE: room before each frame for headers that are put back.
  unsigned reserve = 32;
  /// What to put back.
  header_rebuild rebuild = header_rebuild::vlan;
  /// TP_FT_REQ_FILL_RXHASH: the kernel computes frame::rxhash.
  bool fill_rxhash = false;

  /// Throws socket_error EINVAL that names the member.
  void check() const;
};

/// Frames that found no room, before a block.
struct ring_loss {
  std::uint64_t frames = 0;  ///< how many
  /// In how many places. 1: all of them before the block's first frame. More: some of them there,
  /// the rest somewhere in the blocks that follow, at most a whole ring later.
  unsigned gaps = 0;
};

/// Totals since the ring was made. After stop() and complete(): accepted == read + dropped.
struct ring_statistics {
  std::uint64_t accepted = 0;  ///< passed the filter (tp_packets)
  std::uint64_t dropped = 0;   ///< of those, found no room (tp_drops)
  std::uint64_t read = 0;      ///< of those, were in the blocks handed out
  std::uint64_t damaged = 0;   ///< of those, could not be read: a kernel bug
};

/// What wait() and link_event() saw.
enum class ring_event {
  nothing,  ///< the deadline passed
  block,    ///< next() has something
  down,     ///< the interface is down; frames come again once it is up
  up,       ///< it was down and is up again
  removed,  ///< it is gone for good
};

class receive_ring;

/// A closed block, the reader's until the lease ends. Move-only; one thread.
class block_lease {
 public:
  block_lease(block_lease&& other) noexcept;
  block_lease& operator=(block_lease&& other) noexcept;
  ~block_lease() { give_back(); }

  /// The frames; each is read once.
  [[nodiscard]] block_frames& frames() noexcept { return frames_; }
  /// The block's place in the order of blocks, from 1.
  [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
  /// What was lost before it. Only with the first block behind a loss.
  [[nodiscard]] ring_loss loss() const noexcept { return loss_; }

  /// Hands the block to the kernel; frames are no longer valid.
  void give_back() noexcept;

 private:
  friend class receive_ring;
  block_lease() noexcept = default;

  receive_ring* ring_ = nullptr;
  std::size_t index_ = 0;
  std::uint64_t sequence_ = 0;
  ring_loss loss_;
  block_frames frames_;
};

/// setsockopt(PACKET_VERSION, PACKET_RESERVE, PACKET_RX_RING) and mmap(2). One reader per ring, and
/// one ring per socket; leases must end before it does, and the socket must neither move nor be
/// closed before it. It owns the socket's PACKET_STATISTICS: nobody else may read them.
class receive_ring {
 public:
  /// Before bind, else frames are queued outside of the ring first.
  /// Throws socket_error: EINVAL with the member of the geometry; ENOMEM for more than half
  /// of the machine's memory, or where the kernel has not so much; EBUSY where the socket has a
  /// ring.
  explicit receive_ring(socket& s, const ring_geometry& geometry = {});
  ~receive_ring();
  receive_ring(const receive_ring&) = delete;
  receive_ring& operator=(const receive_ring&) = delete;

  /// What it was made with.
  [[nodiscard]] const ring_geometry& geometry() const noexcept { return geometry_; }

  /// The next closed block in order, or nothing; never waits.
  [[nodiscard]] std::optional<block_lease> next();

  /// poll(2): waits for a block, or for the link to change.
  [[nodiscard]] ring_event wait(deadline until);
  /// getsockopt(SO_ERROR): down, up or removed; nothing where nothing changed. For those who wait
  /// by other means: where poll said POLLERR, and when next_look() passes. Throws socket_error for
  /// an error of another kind.
  [[nodiscard]] ring_event link_event();
  /// When to call link_event() without a POLLERR: soon while the link is down, because the kernel
  /// tells nobody that it comes up or that the interface is removed then; else never.
  [[nodiscard]] deadline next_look() const noexcept;

  /// Takes no more frames: attaches a filter that takes none, or, where the filter is locked, binds
  /// to a protocol that no frame has. What is in the ring stays and can be read.
  void stop();

  /// After stop(): reads the kernel's statistics and tells whether all that was accepted has been
  /// read or dropped. If not, an open block is still to come: wait() for up to block_timeout.
  [[nodiscard]] bool complete();

  /// The totals, as of the last block that knew of a loss, or of complete(). Reads no kernel
  /// counters, because doing so would blur where a loss was.
  [[nodiscard]] ring_statistics statistics() const noexcept;

 private:
  friend class block_lease;

  [[nodiscard]] std::byte* block_at(std::size_t index) const noexcept;
  [[nodiscard]] bool is_closed(std::size_t index, std::uint32_t& status) const noexcept;
  void place_loss(std::uint64_t sequence);
  void read_statistics();

  socket& socket_;
  ring_geometry geometry_;
  std::byte* memory_ = nullptr;
  std::unique_ptr<bool[]> leased_;
  std::size_t next_ = 0;
  bool is_down_ = false;
  ring_statistics totals_;
  // Losses that were counted and belong before a block that has not come yet.
  ring_loss pending_;
  // The last block that was closed when the statistics were read: blocks up to it may still say
  // "losing" of a loss that has been counted.
  std::uint64_t counted_up_to_ = 0;
  // Every block was closed then, so that a loss may have been going on.
  bool was_full_ = false;
  // How many blocks had been handed out then: the ring was not full before it had closed as many
  // blocks as it has behind them.
  std::uint64_t read_then_ = 0;
};

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_RING_H_
