// Memory for messages that are built: it grows at its end, and is not zeroed before it is written.
//
//   byte_buffer buffer;
//   std::memcpy(buffer.extend(sizeof header), &header, sizeof header);
//   socket.send(buffer);                    // as const_bytes
//   buffer.shrink(0);                       // for another message in the same memory
#ifndef TRIVET_BASE_BYTE_BUFFER_H_
#define TRIVET_BASE_BYTE_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

#include "trivet/base/bytes.h"

namespace trivet {

/// Bytes that are added at the end. A value; not shared between threads.
class byte_buffer {
 public:
  byte_buffer() noexcept = default;
  byte_buffer(const byte_buffer&) = default;
  byte_buffer& operator=(const byte_buffer&) = default;
  /// The other one is empty then.
  byte_buffer(byte_buffer&& other) noexcept { swap(other); }
  byte_buffer& operator=(byte_buffer&& other) noexcept {
    byte_buffer taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~byte_buffer() = default;
  /// A copy of `bytes`.
  explicit byte_buffer(const_bytes bytes)
      : room_(bytes.begin(), bytes.end()), size_(bytes.size()) {}

  /// Adds `size` bytes, which hold anything until they are written. @return the first of them,
  /// until the next call. Throws bad_alloc, length_error.
  [[nodiscard]] std::byte* extend(std::size_t size) {
    if (room_.size() - size_ < size) [[unlikely]]
      make_room(size);
    return room_.data() + std::exchange(size_, size_ + size);
  }

  /// Forgets what stands behind the first `size` bytes, which it has. The memory is kept.
  void shrink(std::size_t size) noexcept { size_ = size; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::byte* data() noexcept { return room_.data(); }

  /// What has been added, until the next call that adds something.
  // NOLINTNEXTLINE(google-explicit-constructor): as a vector of bytes is a span of them
  [[nodiscard]] operator const_bytes() const noexcept { return {room_.data(), size_}; }

  /// A copy.
  [[nodiscard]] std::vector<std::byte> to_vector() const {
    const const_bytes all = *this;
    return {all.begin(), all.end()};
  }

 private:
  void swap(byte_buffer& other) noexcept {
    room_.swap(other.room_);
    std::swap(size_, other.size_);
  }
  [[gnu::noinline]] void make_room(std::size_t size) {
    constexpr std::size_t least = 256;  // most requests are shorter
    if (size > room_.max_size() - size_) throw std::length_error("a buffer of that many bytes");
    room_.resize(std::max({least, 2 * room_.size(), size_ + size}));
  }

  std::vector<std::byte> room_;  // its size is what there is room for
  std::size_t size_ = 0;
};

}  // namespace trivet

#endif  // TRIVET_BASE_BYTE_BUFFER_H_
