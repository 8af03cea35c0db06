#include "trivet/packet/ring.h"

#include <fmt/core.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "trivet/base/error.h"
#include "trivet/base/so.h"
#include "trivet/packet/device.h"
#include "trivet/packet/filter.h"
#include "trivet/packet/option.h"

namespace trivet::packet {
namespace {

[[noreturn]] void refuse(std::string_view member, std::string_view reason) {
  throw socket_error(errno_code(EINVAL), fmt::format("ring geometry, {}", member), reason);
}

// The word by which kernel and reader hand a block to each other. Whoever takes it must see what
// the other wrote before: acquire; whoever gives it must have written all: release.
std::atomic_ref<std::uint32_t> status_of(std::byte* block) noexcept {
  void* const word = block + offsetof(::tpacket_block_desc, hdr.bh1.block_status);
  return std::atomic_ref<std::uint32_t>(*static_cast<std::uint32_t*>(word));
}

// The kernel hands out whatever it can, and kills other processes to get more. Asked for all that
// a machine has, it does so.
void refuse_if_huge(const std::string& operation, std::size_t size) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t most = page * static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) / 2;
  if (size > most) {
    throw_socket_error(
        errno_code(ENOMEM), operation,
        fmt::format("it may have half of this machine's memory, {} KiB", most / 1024));
  }
}

}  // namespace

void ring_geometry::check() const {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  if (block_size == 0 || block_size % page != 0 || block_size > 0x7fffffff) {
    refuse("block_size", fmt::format("{} is no multiple of the page size, {}", block_size, page));
  }
  if (block_count < 2) refuse("block_count", fmt::format("{} is less than 2", block_count));
  if (frame_size == 0 || frame_size % TPACKET_ALIGNMENT != 0) {
    refuse("frame_size", fmt::format("{} is no multiple of 16", frame_size));
  }
  const std::size_t least = TPACKET3_HDRLEN + reserve;
  if (frame_size < least || frame_size > block_size) {
    refuse("frame_size", fmt::format("{} is not in {} (the headers and the reserve) to {} "
                                     "(block_size)",
                                     frame_size, least, block_size));
  }
  if (block_size / frame_size > 0xffffffff / block_count) {
    refuse("block_count",
           fmt::format("{} blocks hold more frames than 32 bits count", block_count));
  }
  if (block_timeout.count() < 1 || block_timeout.count() > 10'000) {
    refuse("block_timeout", fmt::format("{} ms is not in 1 to 10000", block_timeout.count()));
  }
}

block_lease::block_lease(block_lease&& other) noexcept
    : ring_(std::exchange(other.ring_, nullptr)),
      index_(other.index_),
      sequence_(other.sequence_),
      loss_(other.loss_),
      frames_(other.frames_) {}

block_lease& block_lease::operator=(block_lease&& other) noexcept {
  if (this != &other) {
    give_back();
    ring_ = std::exchange(other.ring_, nullptr);
    index_ = other.index_;
    sequence_ = other.sequence_;
    loss_ = other.loss_;
    frames_ = other.frames_;
  }
  return *this;
}

void block_lease::give_back() noexcept {
  if (ring_ == nullptr) return;
  if (frames_.damaged()) ring_->totals_.damaged += frames_.unread();
  frames_ = block_frames();
  ring_->leased_[index_] = false;
  status_of(ring_->block_at(index_)).store(TP_STATUS_KERNEL, std::memory_order_release);
  ring_ = nullptr;
}

receive_ring::receive_ring(socket& s, const ring_geometry& geometry)
    : socket_(s), geometry_(geometry) {
  geometry.check();
  const std::size_t size = geometry.block_size * geometry.block_count;
  const std::string operation = fmt::format("receive ring of {} blocks of {} KiB",
                                            geometry.block_count, geometry.block_size / 1024);
  refuse_if_huge(operation, size);
  leased_ = std::make_unique<bool[]>(geometry.block_count);
  s.set(option::version{TPACKET_V3});
  s.set(option::reserve{geometry.reserve});
  ::tpacket_req3 request{};
  request.tp_block_size = static_cast<unsigned>(geometry.block_size);
  request.tp_block_nr = geometry.block_count;
  request.tp_frame_size = geometry.frame_size;
  request.tp_frame_nr =
      static_cast<unsigned>(geometry.block_size / geometry.frame_size) * geometry.block_count;
  request.tp_retire_blk_tov = static_cast<unsigned>(geometry.block_timeout.count());
  request.tp_feature_req_word = geometry.fill_rxhash ? TP_FT_REQ_FILL_RXHASH : 0;
  std::error_code ec;
  s.set(option::rx_ring{request}, ec);
  if (ec) {
    throw_socket_error(
        ec, operation,
        ec.value() == ENOMEM ? "the kernel has not that much memory: fewer blocks" : "");
  }
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, s.native_handle(), 0);
  if (memory == MAP_FAILED) {
    ec = errno_code(errno);
    std::error_code ignored;
    s.set(option::rx_ring{{}}, ignored);
    throw_socket_error(ec, operation);
  }
  memory_ = static_cast<std::byte*>(memory);
}

receive_ring::~receive_ring() { ::munmap(memory_, geometry_.block_size * geometry_.block_count); }

std::byte* receive_ring::block_at(std::size_t index) const noexcept {
  return memory_ + index * geometry_.block_size;
}

bool receive_ring::is_closed(std::size_t index, std::uint32_t& status) const noexcept {
  status = status_of(block_at(index)).load(std::memory_order_acquire);
  return (status & TP_STATUS_USER) != 0;
}

std::optional<block_lease> receive_ring::next() {
  std::uint32_t status = 0;
  if (leased_[next_] || !is_closed(next_, status)) return std::nullopt;
  block_lease lease;
  const mutable_bytes block(block_at(next_), geometry_.block_size);
  lease.sequence_ = load_padded<::tpacket_block_desc>(block).hdr.bh1.seq_num;
  if ((status & TP_STATUS_LOSING) != 0 && lease.sequence_ > counted_up_to_) {
    place_loss(lease.sequence_);
  }
  lease.loss_ = std::exchange(pending_, {});
  lease.ring_ = this;
  lease.index_ = next_;
  lease.frames_ = block_frames(block, geometry_.rebuild);
  leased_[next_] = true;
  totals_.read += lease.frames_.count();
  next_ = (next_ + 1) % geometry_.block_count;
  return lease;
}

// A loss begins when the ring is full and ends when the next block is opened; the first block that
// is closed after that says "losing", and so does every later one until the statistics are read.
// They tell how many were lost and how often the ring was full, so that a block that was closed
// before the reading can be told from one that knows of something new.
// A frame that comes while another CPU closes a block is lost, too, and that is not counted as a
// full ring: such a loss stands before this block where the ring cannot have been full before it.
// Source: __packet_rcv_has_room() in tpacket_rcv(), since Linux 5.3
void receive_ring::place_loss(std::uint64_t sequence) {
  std::size_t closed = 0;
  std::uint32_t status = 0;
  std::size_t at = next_;
  for (; closed < geometry_.block_count && !leased_[at] && is_closed(at, status); ++closed) {
    at = (at + 1) % geometry_.block_count;
  }
  const bool full = closed == geometry_.block_count || leased_[at];
  const bool full_before = std::exchange(was_full_, full);
  counted_up_to_ = sequence + closed - 1;
  const bool may_have_been_full = sequence > read_then_ + geometry_.block_count;
  read_then_ = sequence - 1;
  read_statistics();
  if (pending_.frames == 0) return;
  if (full_before) ++pending_.gaps;
  if (pending_.gaps == 0 && closed > 1) ++pending_.gaps;  // behind any of them
  if (pending_.gaps == 0 || !may_have_been_full) ++pending_.gaps;
}

void receive_ring::read_statistics() {
  const ::tpacket_stats_v3 delta = socket_.get<option::statistics>();
  totals_.accepted += delta.tp_packets;
  totals_.dropped += delta.tp_drops;
  pending_.frames += delta.tp_drops;
  pending_.gaps += delta.tp_freeze_q_cnt;
}

ring_event receive_ring::wait(deadline until) {
  while (true) {
    std::uint32_t status = 0;
    if (!leased_[next_] && is_closed(next_, status)) return ring_event::block;
    const deadline look = next_look();
    const short events = socket_.poll(POLLIN, std::min(until, look));
    if ((events & POLLERR) != 0 || (events == 0 && !look.is_never())) {
      const ring_event link = link_event();
      if (link != ring_event::nothing) return link;
    }
    if ((events & POLLIN) != 0) return ring_event::block;
    if (until.remaining().count() == 0 && !until.is_never()) return ring_event::nothing;
  }
}

// The socket's error says that the link went down, and is not set again when an interface that is
// down already is removed. Source: the kernel's packet_notifier
ring_event receive_ring::link_event() {
  const int error = socket_.get<so::error>();
  if (error != 0 && error != ENETDOWN) throw_socket_error(errno_code(error), "receive ring");
  if (error == 0 && !is_down_) return ring_event::nothing;
  const int index = socket_.local_address().index();
  const auto up = index < 0 ? std::nullopt : is_up(socket_.native_handle(), index);
  if (!up) return ring_event::removed;
  if (is_down_ && !*up) return ring_event::nothing;
  const bool was_down = std::exchange(is_down_, !*up);
  if (is_down_) return ring_event::down;
  // Up again before anybody looked: it was down all the same.
  return was_down || error != 0 ? ring_event::up : ring_event::nothing;
}

deadline receive_ring::next_look() const noexcept {
  return is_down_ ? deadline::after(std::chrono::milliseconds(200)) : deadline::never();
}

void receive_ring::stop() {
  std::error_code ec;
  const filter nothing = filter::drop_all();
  socket_.set(so::attach_filter{nothing.program()}, ec);
  if (!ec) return;
  if (ec.value() != EPERM) throw_socket_error(ec, "attach filter");
  // The filter is locked. Bound to a protocol that no frame has, the socket hears nothing either;
  // protocol 0 would mean the one before. Source: the kernel's packet_bind
  constexpr std::uint16_t of_no_frame = ETH_P_SNAP;
  const int index = socket_.local_address().index();
  if (index != address::removed) socket_.bind(address::by_index(index, of_no_frame));
}

bool receive_ring::complete() {
  read_statistics();
  return totals_.accepted == totals_.read + totals_.dropped;
}

ring_statistics receive_ring::statistics() const noexcept {
  ring_statistics result = totals_;
  result.accepted = std::max(result.accepted, result.read + result.dropped);
  return result;
}

}  // namespace trivet::packet
