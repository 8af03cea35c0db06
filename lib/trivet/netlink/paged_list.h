// A list of small values that only grows, in memory that goes back to the kernel with it.
#ifndef TRIVET_NETLINK_PAGED_LIST_H_
#define TRIVET_NETLINK_PAGED_LIST_H_

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>
#include <vector>

#include "trivet/netlink/pages.h"

namespace trivet::netlink {

/// Nothing moves as it grows. Its first block is a page, each further one twice as large, up to a
/// huge page. One thread at a time.
/// @tparam T  trivially copyable, its size a power of two
template <class T>
class paged_list {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Throws std::bad_alloc, and has then added nothing.
  void push_back(const T& value) {
    if (used_ == room_) add_block();
    std::memcpy(blocks_.back().data() + used_ * sizeof(T), &value, sizeof value);
    ++used_;
    ++size_;
  }

  /// @param i  less than size()
  [[nodiscard]] T operator[](std::size_t i) const noexcept {
    std::size_t block = static_cast<std::size_t>(std::bit_width(i / smallest + 1)) - 1;
    block = std::min(block, doublings);
    std::size_t at = i - smallest * ((std::size_t{1} << block) - 1);
    if (block == doublings) {
      block += at / largest;
      at %= largest;
    }
    T value;
    std::memcpy(&value, blocks_[block].data() + at * sizeof(T), sizeof value);
    return value;
  }

  /// Gives all memory back.
  void clear() noexcept { *this = paged_list(); }

 private:
  static_assert(std::is_trivially_copyable_v<T> && std::has_single_bit(sizeof(T)));
  static constexpr std::size_t smallest = 4096 / sizeof(T);  // values of a block
  static constexpr std::size_t doublings = 9;
  static constexpr std::size_t largest = smallest << doublings;

  void add_block() {
    const std::size_t room = smallest << std::min(blocks_.size(), doublings);
    blocks_.emplace_back(room * sizeof(T), true);
    room_ = room;
    used_ = 0;
  }

  std::vector<pages> blocks_;
  std::size_t used_ = 0;  // of the last block
  std::size_t room_ = 0;  // likewise
  std::size_t size_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_PAGED_LIST_H_
