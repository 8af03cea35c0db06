#include "trivet/netlink/loss_meter.h"

#include <linux/sock_diag.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "trivet/base/so.h"

namespace trivet::netlink {
namespace {

// Less than what an empty datagram is accounted for: its struct sk_buff and its data's end.
constexpr std::uint32_t least_size = 256;

using memory = so::meminfo::value_type;

// Zeros where the kernel does not tell.
memory memory_of(const socket& from) {
  std::error_code unknown;
  const memory told = from.get<so::meminfo>(unknown);
  return unknown ? memory{} : told;
}

// Since 6.16 the kernel accounts for what it is about to drop, too, for a moment, which lasts where
// the sender loses its processor in it: some reads pass until what waits is seen to be less.
constexpr unsigned most_reads = 8;

}  // namespace

void loss_meter::begin(const socket& from) {
  // The kernel has taken up again since the last one, and nobody has seen where.
  if (pending_) reach(dropped_);
  const memory now = memory_of(from);
  pending_ = true;
  waiting_ = now[SK_MEMINFO_RMEM_ALLOC];
  dropped_ = now[SK_MEMINFO_DROPS];
  more_ = 0;
  if (waiting_ == 0) reach(dropped_);
}

// While the kernel drops, what waits only becomes less.
void loss_meter::read_one(const socket& from) {
  if (!pending_) return;
  const memory now = memory_of(from);
  dropped_ = now[SK_MEMINFO_DROPS];
  more_ = now[SK_MEMINFO_RMEM_ALLOC] < waiting_ ? 0 : more_ + 1;
  waiting_ = std::min(waiting_, now[SK_MEMINFO_RMEM_ALLOC]);
  if (waiting_ == 0 || more_ == most_reads) reach(dropped_);
}

void loss_meter::read_nothing(const socket& from) {
  if (pending_) reach(memory_of(from)[SK_MEMINFO_DROPS]);
}

void loss_meter::reach(std::uint32_t dropped) noexcept {
  lost_ += dropped - std::exchange(counted_, dropped);
  pending_ = false;
  due_ = true;
}

std::uint32_t loss_meter::take() noexcept {
  due_ = false;
  return std::exchange(lost_, 0);
}

std::uint32_t loss_meter::untold(const socket& from) const {
  return memory_of(from)[SK_MEMINFO_DROPS] - counted_ + lost_;
}

std::uint32_t loss_meter::most_waiting(const socket& from) {
  const memory now = memory_of(from);
  const bool tells = now[SK_MEMINFO_RCVBUF] != 0;
  return (tells ? now[SK_MEMINFO_RMEM_ALLOC] : static_cast<std::uint32_t>(from.get<so::rcvbuf>())) /
         least_size;
}

}  // namespace trivet::netlink
