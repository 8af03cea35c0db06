// Reading and writing the kernel's structs from bytes that nobody vouches for.
//
// Both are sticky: the first access out of bounds sets failed(), every later read gives zeros and
// every later write does nothing, so that a codec checks once, at its end. Values are in host byte
// order unless the name says big endian. Offsets need no alignment.
#ifndef TRIVET_BASE_BYTES_H_
#define TRIVET_BASE_BYTES_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace trivet {

/// A view of bytes that are only read.
using const_bytes = std::span<const std::byte>;
/// A view of bytes that are written.
using mutable_bytes = std::span<std::byte>;

/// The bytes of a text, without a terminator.
[[nodiscard]] inline const_bytes bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Bytes seen as text.
[[nodiscard]] inline std::string_view text_of(const_bytes bytes) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a char may alias any byte
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A value's byte order reversed where the machine is little-endian: network order to host order
/// and back. Source: htons(3)
template <class T>
requires std::is_unsigned_v<T>
[[nodiscard]] constexpr T big_endian(T value) noexcept {
  if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1) {
    return value;
  } else if constexpr (sizeof(T) == 2) {
    return __builtin_bswap16(value);
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_bswap32(value);
  } else {
    return __builtin_bswap64(value);
  }
}

/// A struct of zeros, padding and the ends of unions included, which `T{}` leaves as they are: what
/// goes to the kernel or is compared as bytes must not hold what the stack held.
template <class T>
requires std::is_trivially_copyable_v<T>
[[nodiscard]] T zeroed() noexcept {
  T value;
  std::memset(static_cast<void*>(&value), 0, sizeof value);
  return value;
}

/// Copies a struct out of bytes: a short one is filled with zeros, an excess is ignored, because
/// the kernel's structs grow. Never reads beyond the bytes.
template <class T>
requires std::is_trivially_copyable_v<T>
[[nodiscard]] T load_padded(const_bytes bytes) noexcept {
  T value = zeroed<T>();
  if (bytes.size() >= sizeof(T)) {
    std::memcpy(&value, bytes.data(), sizeof(T));
  } else if (!bytes.empty()) {
    std::memcpy(&value, bytes.data(), bytes.size());
  }
  return value;
}

/// Reads values one after the other.
class byte_reader {
 public:
  explicit byte_reader(const_bytes bytes) noexcept : rest_(bytes) {}

  /// The next value, or zero when the bytes end before it does.
  template <class T>
  requires std::is_trivially_copyable_v<T>
  [[nodiscard]] T read() noexcept {
    T value{};
    const const_bytes bytes = take(sizeof(T));
    if (bytes.size() == sizeof(T)) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  /// The next value, stored in network byte order.
  template <class T>
  [[nodiscard]] T read_big_endian() noexcept {
    return big_endian(read<T>());
  }

  /// The next `count` bytes, or an empty view when there are fewer.
  [[nodiscard]] const_bytes take(std::size_t count) noexcept {
    if (failed_ || count > rest_.size()) {
      failed_ = true;
      return {};
    }
    const const_bytes bytes = rest_.first(count);
    rest_ = rest_.subspan(count);
    return bytes;
  }

  /// What has not been read.
  [[nodiscard]] const_bytes rest() const noexcept { return rest_; }

  /// Whether a read went beyond the end.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  const_bytes rest_;
  bool failed_ = false;
};

/// Writes values one after the other into a fixed buffer.
class byte_writer {
 public:
  explicit byte_writer(mutable_bytes buffer) noexcept : buffer_(buffer) {}

  /// Appends a value.
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void write(const T& value) noexcept {
    write_bytes(std::as_bytes(std::span<const T, 1>(&value, 1)));
  }

  /// Appends a value in network byte order.
  template <class T>
  void write_big_endian(T value) noexcept {
    write(big_endian(value));
  }

  /// Appends bytes.
  void write_bytes(const_bytes bytes) noexcept {
    if (failed_ || bytes.size() > buffer_.size() - size_) {
      failed_ = true;
      return;
    }
    if (!bytes.empty()) std::memcpy(buffer_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  /// Appends `count` zero bytes.
  void write_zeros(std::size_t count) noexcept {
    if (failed_ || count > buffer_.size() - size_) {
      failed_ = true;
      return;
    }
    if (count > 0) std::memset(buffer_.data() + size_, 0, count);
    size_ += count;
  }

  /// What has been written.
  [[nodiscard]] const_bytes written() const noexcept { return buffer_.first(size_); }

  /// Whether a write did not fit.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  mutable_bytes buffer_;
  std::size_t size_ = 0;
  bool failed_ = false;
};

}  // namespace trivet

#endif  // TRIVET_BASE_BYTES_H_
