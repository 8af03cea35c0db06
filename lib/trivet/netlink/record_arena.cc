#include "trivet/netlink/record_arena.h"

#include <algorithm>
#include <new>

namespace trivet::netlink {

record_arena::record_arena(const record_arena& other)
    : vacant_(other.vacant_), thin_(other.thin_), current_(other.current_) {
  chunks_.reserve(other.chunks_.size());
  vacant_.reserve(chunks_.capacity());
  thin_.reserve(chunks_.capacity());
  for (const chunk& from : other.chunks_) {
    chunk& to = chunks_.emplace_back(
        chunk{pages(from.memory.size(), !chunks_.empty()), from.used, from.dead, from.queued});
    if (from.used > 0) std::memcpy(to.memory.data(), from.memory.data(), from.used);
  }
}

record_arena& record_arena::operator=(const record_arena& other) {
  if (this != &other) *this = record_arena(other);
  return *this;
}

std::uint32_t record_arena::new_chunk(std::size_t size) {
  // Room for the lists before anything is changed, so that remove() never allocates.
  if (vacant_.empty()) {
    if (chunks_.size() == std::size_t{1} << (32 - place_bits)) throw std::bad_alloc();
    chunks_.emplace_back();
    vacant_.reserve(chunks_.capacity());
    thin_.reserve(chunks_.capacity());
    vacant_.push_back(static_cast<std::uint32_t>(chunks_.size() - 1));
  }
  const std::uint32_t which = vacant_.back();
  chunks_[which] = chunk{pages(size, which > 0)};  // most tables are small
  vacant_.pop_back();
  return which;
}

record_handle record_arena::add_elsewhere(const_bytes bytes, bool marked) {
  const std::size_t size = record_size(bytes.size());
  if (size > size_mask) throw std::bad_alloc();
  if (size > chunk_size) return append(new_chunk(size), bytes, marked);  // one of its own
  const std::uint32_t left = std::exchange(current_, none);
  if (left != none) check_thin(left);
  current_ = new_chunk(chunk_size);
  return append(current_, bytes, marked);
}

void record_arena::check_thin(std::uint32_t which) {
  chunk& c = chunks_[which];
  if (c.queued || c.used - c.dead >= c.used / 2) return;
  c.queued = true;
  thin_.push_back(which);
}

void record_arena::release(std::uint32_t which) noexcept {
  chunks_[which] = chunk{};
  vacant_.push_back(which);
}

void record_arena::mark_dead(record_handle h) noexcept {
  std::byte* const place = place_of(h);
  header found = load(place);
  chunks_[h >> place_bits].dead += static_cast<std::uint32_t>(record_size(found.size & size_mask));
  found.size |= dead;
  std::memcpy(place, &found, sizeof found);
}

void record_arena::remove(record_handle h) noexcept {
  mark_dead(h);
  const std::uint32_t which = h >> place_bits;
  chunk& c = chunks_[which];
  if (c.queued) return;
  if (which == current_) {
    if (c.dead == c.used) c.dead = c.used = 0;
  } else if (c.dead == c.used) {
    release(which);
  } else {
    check_thin(which);
  }
}

bool record_arena::overwrite(record_handle h, const_bytes bytes) noexcept {
  if (!fits(h, bytes.size())) return false;
  std::byte* const place = place_of(h);
  header found = load(place);
  found.size = (found.size & ~size_mask) | static_cast<std::uint32_t>(bytes.size());
  std::memcpy(place, &found, sizeof found);
  if (!bytes.empty()) std::memcpy(place + sizeof found, bytes.data(), bytes.size());
  return true;
}

void record_arena::set_first(record_handle h, bool is_first) noexcept {
  std::byte* const place = place_of(h);
  header found = load(place);
  found.size = is_first ? found.size | first : found.size & ~first;
  std::memcpy(place, &found, sizeof found);
}

record_handle record_arena::first_from(record_handle h) const noexcept {
  return first_at(h >> place_bits, (h << 2) % chunk_size);
}

record_handle record_arena::first_after(record_handle h) const noexcept {
  const std::size_t size = record_size(at(h).size());
  return first_at(h >> place_bits, (h << 2) % chunk_size + size);
}

record_handle record_arena::first_at(std::uint32_t which, std::size_t at) const noexcept {
  for (; which < chunks_.size(); ++which, at = 0) {
    const chunk& c = chunks_[which];
    while (at < c.used) {
      const header found = load(c.memory.data() + at);
      if ((found.size & (dead | first)) == first) {
        return handle(which, static_cast<std::uint32_t>(at));
      }
      at += record_size(found.size & size_mask);
    }
  }
  return no_record;
}

std::size_t record_arena::memory() const noexcept {
  std::size_t sum = chunks_.capacity() * sizeof(chunk) +
                    (vacant_.capacity() + thin_.capacity()) * sizeof(std::uint32_t);
  for (const chunk& c : chunks_) sum += c.used;
  return sum;
}

}  // namespace trivet::netlink
