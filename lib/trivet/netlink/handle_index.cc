#include "trivet/netlink/handle_index.h"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

namespace trivet::netlink {

handle_index::handle_index(const handle_index& other)
    : slots_(other.slots_.size(), true),
      size_(other.size_),
      mask_(other.mask_),
      shift_(other.shift_) {
  if (slots_.size() > 0) std::memcpy(slots_.data(), other.slots_.data(), slots_.size());
}

handle_index& handle_index::operator=(const handle_index& other) {
  if (this != &other) *this = handle_index(other);
  return *this;
}

handle_index::handle_index(handle_index&& other) noexcept
    : slots_(std::move(other.slots_)),
      size_(std::exchange(other.size_, 0)),
      mask_(other.mask_),
      shift_(other.shift_) {}

handle_index& handle_index::operator=(handle_index&& other) noexcept {
  slots_ = pages(std::move(other.slots_));
  size_ = std::exchange(other.size_, 0);
  mask_ = other.mask_;
  shift_ = other.shift_;
  return *this;
}

void handle_index::resize(std::size_t slots) {
  if (slots > std::size_t{1} << 31) throw std::bad_alloc();
  const pages old = std::exchange(slots_, pages(slots * sizeof(slot), true));
  mask_ = slots - 1;
  shift_ = 32 - std::countr_zero(slots);
  for (std::size_t i = 0; i < old.size(); i += sizeof(slot)) {
    slot found;
    std::memcpy(&found, old.data() + i, sizeof found);
    if (found.handle_plus_one != 0) insert(found);
  }
}

void handle_index::reserve(std::size_t count) {
  if (fit(count, capacity())) return;
  std::size_t slots = std::max(smallest, capacity());
  while (!fit(count, slots)) slots *= 2;
  resize(slots);
}

void handle_index::erase(place p) noexcept {
  // What stands behind it and belongs before it moves up: no marks of what was deleted are left.
  place hole = p;
  for (place i = (p + 1) & mask_;; i = (i + 1) & mask_) {
    const slot found = get(i);
    if (found.handle_plus_one == 0) break;
    if (((i - home(found.hash)) & mask_) < ((i - hole) & mask_)) continue;
    put(hole, found);
    hole = i;
  }
  put(hole, {0, 0});
  --size_;
  trim();
}

void handle_index::trim() noexcept {
  try {
    while (capacity() > smallest && 10 * size_ < capacity()) resize(capacity() / 4);
  } catch (const std::bad_alloc&) {
    // Too large is good enough.
  }
}

}  // namespace trivet::netlink
