#include "trivet/netlink/loss_meter.h"

#include <linux/sock_diag.h>

#include <system_error>
#include <utility>

#include "trivet/base/so.h"

namespace trivet::netlink {
namespace {

// Less than what an empty datagram is accounted for: its struct sk_buff and its data's end.
constexpr std::uint32_t least_size = 256;

std::uint32_t bytes_waiting(const socket& from) {
  std::error_code unknown;
  const auto memory = from.get<so::meminfo>(unknown);
  return unknown ? 0 : memory[SK_MEMINFO_RMEM_ALLOC];
}

}  // namespace

void loss_meter::begin(const socket& from) {
  waiting_ = bytes_waiting(from);
  state_ = waiting_ == 0 ? state::due : state::pending;
}

// While the kernel drops, what waits only becomes less.
void loss_meter::read_one(const socket& from) {
  if (state_ != state::pending) return;
  const std::uint32_t before = std::exchange(waiting_, bytes_waiting(from));
  if (waiting_ == 0 || waiting_ >= before) state_ = state::due;
}

void loss_meter::read_nothing() noexcept {
  if (state_ == state::pending) state_ = state::due;
}

std::uint32_t loss_meter::take(const socket& from) {
  state_ = state::none;
  std::error_code unknown;
  const auto memory = from.get<so::meminfo>(unknown);
  if (unknown) return 0;
  return memory[SK_MEMINFO_DROPS] - std::exchange(counted_, memory[SK_MEMINFO_DROPS]);
}

std::uint32_t loss_meter::most_waiting(const socket& from) {
  return bytes_waiting(from) / least_size;
}

}  // namespace trivet::netlink
