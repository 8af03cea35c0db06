// Memory straight from the kernel, for what grows large and has to be given back.
#ifndef TRIVET_NETLINK_PAGES_H_
#define TRIVET_NETLINK_PAGES_H_

#include <cstddef>
#include <utility>

#include "trivet/base/bytes.h"

namespace trivet::netlink {

/// mmap(MAP_PRIVATE | MAP_ANONYMOUS): zeroed memory that costs nothing until it is written to, and
/// that goes back to the kernel with its owner; malloc(3) keeps what may be used again. A move-only
/// owner. Source: mmap(2)
class pages {
 public:
  /// Owns nothing.
  pages() noexcept = default;
  /// @param size  bytes; 0: none. Throws std::bad_alloc.
  /// @param huge  with huge pages where it is that large (MADV_HUGEPAGE): faster where all of it
  ///   will be used, and wasteful where not
  explicit pages(std::size_t size, bool huge = false);
  pages(pages&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  pages& operator=(pages&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    return *this;
  }
  pages(const pages&) = delete;
  pages& operator=(const pages&) = delete;
  ~pages();

  /// The memory, at the start of a page; nullptr and 0 where nothing is owned.
  [[nodiscard]] std::byte* data() noexcept { return start_; }
  [[nodiscard]] const std::byte* data() const noexcept { return start_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::byte* start_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_PAGES_H_
