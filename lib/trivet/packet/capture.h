// One interface being captured: socket, filter, ring and membership put together in the order that
// lets no wrong frame in and loses none without counting it.
//
//   packet::capture eth0({.interface = "eth0", .filter = "tcp port 80"});
//   while (eth0.wait(deadline::never()) != ring_event::removed) {
//     while (auto block = eth0.next()) {
//       while (const packet::frame* f = block->next()) use(*f);
//     }
//   }
//   eth0.stop();
//   while (!eth0.complete()) …                    // as ring.h
//
// Not here: what becomes of the frames (capture_file.h), threads, fanout.
#ifndef TRIVET_PACKET_CAPTURE_H_
#define TRIVET_PACKET_CAPTURE_H_

#include <cstdint>
#include <string>

#include "trivet/packet/device.h"
#include "trivet/packet/filter.h"
#include "trivet/packet/link_layer.h"
#include "trivet/packet/ring.h"

namespace trivet::packet {

/// What is captured, and how.
struct capture_options {
  /// A name; "any" for every interface, whose frames then are cooked.
  std::string interface;
  /// libpcap's expression; empty takes all.
  std::string filter = {};
  /// Bytes kept of a frame.
  std::uint32_t snaplen = 262144;
  /// Frames for others too. "any" has no such mode.
  bool promiscuous = true;
  /// SO_LOCK_FILTER.
  bool lock_filter = false;
  /// `rebuild` is chosen here.
  ring_geometry ring = {};
};

class capture;

/// A block of frames that passed the filter, cut to the snaplen. Move-only; one thread.
class captured_block {
 public:
  /// The next frame, valid until the next call; nullptr after the last one.
  [[nodiscard]] const frame* next() noexcept;
  /// Frames that were lost before this block.
  [[nodiscard]] ring_loss loss() const noexcept { return lease_.loss(); }
  /// The block itself, with the frames that did not match.
  [[nodiscard]] block_lease& lease() noexcept { return lease_; }

 private:
  friend class capture;
  captured_block(block_lease&& lease, capture& owner) : lease_(std::move(lease)), owner_(&owner) {}

  block_lease lease_;
  capture* owner_;
  frame cut_;
};

/// Captures from its construction on. Does not move; one thread.
class capture {
 public:
  /// Throws not_permitted, filter_error, device_error that names the interface, socket_error.
  /// Open it inside the network namespace of the interface.
  explicit capture(const capture_options& options);

  /// The interface as it was when it was opened.
  [[nodiscard]] const packet::device& device() const noexcept { return device_; }
  /// What frames begin with.
  [[nodiscard]] link_layer link() const noexcept { return link_; }
  /// For options; what comes goes to the ring.
  [[nodiscard]] packet::socket& socket() noexcept { return socket_; }

  /// As receive_ring.
  [[nodiscard]] std::optional<captured_block> next();
  [[nodiscard]] ring_event wait(deadline until) { return ring_.wait(until); }
  [[nodiscard]] ring_event link_event() { return ring_.link_event(); }
  [[nodiscard]] deadline next_look() const noexcept { return ring_.next_look(); }
  void stop() { ring_.stop(); }
  [[nodiscard]] bool complete() { return ring_.complete(); }
  [[nodiscard]] ring_statistics statistics() const noexcept { return ring_.statistics(); }

  /// Frames of statistics().read that did not match after all, once their VLAN tag was back.
  [[nodiscard]] std::uint64_t not_matched() const noexcept { return not_matched_; }
  /// Frames that no block could hold whole, though the snaplen would have.
  [[nodiscard]] std::uint64_t cut() const noexcept { return cut_; }

 private:
  friend class captured_block;

  packet::device device_;  // these two are found while the socket is opened
  link_layer link_{};
  packet::socket socket_;
  filter filter_;
  receive_ring ring_;
  std::uint32_t snaplen_;
  std::uint64_t not_matched_ = 0;
  std::uint64_t cut_ = 0;
};

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_CAPTURE_H_
