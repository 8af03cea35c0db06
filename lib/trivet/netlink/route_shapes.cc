#include "trivet/netlink/route_shapes.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <span>
#include <utility>

#include "trivet/netlink/attribute.h"

namespace trivet::netlink {
namespace {

// The value of RTA_DST, where there is one of the family's length and no other.
const_bytes destination_of(const_bytes payload, std::uint8_t family) noexcept {
  const std::size_t length = family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
  const_bytes found;
  attribute_reader in(payload.subspan(sizeof(::rtmsg)));
  for (attribute a; in.next(a);) {
    if (a.type != RTA_DST) continue;
    if (!found.empty() || a.data.size() != length) return {};
    found = a.data;
  }
  return in.failed() ? const_bytes() : found;
}

// FNV-1a by words of four bytes, of which attributes are made; then a multiplication, after which
// the upper bits depend on all.
std::uint32_t hash_of(const_bytes bytes) noexcept {
  std::uint64_t h = 0xcbf29ce484222325ULL ^ bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint32_t)) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
    h = (h ^ word) * 0x100000001b3ULL;
    h ^= h >> 29;
  }
  return static_cast<std::uint32_t>(h * 0x9e3779b97f4a7c15ULL >> 32);
}

}  // namespace

route_shapes::number route_shapes::like_recent(const_bytes payload) noexcept {
  for (number& known : std::span(recent_).subspan(1)) {
    if (known == none || !is(shapes_[known], payload)) continue;
    std::swap(known, recent_[0]);
    return recent_[0];
  }
  return none;
}

route_shapes::number route_shapes::find(const_bytes payload) {
  one wanted;
  if (payload.size() > wanted.bytes.size() || !route_key::read(payload, wanted.key)) {
    return none;
  }
  const const_bytes destination = destination_of(payload, wanted.key.family);
  if (destination.empty()) return none;
  wanted.size = static_cast<std::uint32_t>(payload.size());
  wanted.at = static_cast<std::uint16_t>(destination.data() - payload.data());
  wanted.length = static_cast<std::uint16_t>(destination.size());
  std::copy(payload.begin(), payload.end(), wanted.bytes.begin());
  std::fill_n(wanted.counts.begin(), payload.size(), std::byte{0xff});
  for (auto* const part : {&wanted.bytes, &wanted.counts}) {
    std::fill_n(part->begin() + wanted.at, wanted.length, std::byte{});
    (*part)[length_at] = {};
  }
  wanted.hash = hash_of(const_bytes(wanted.bytes).first(wanted.size));
  const auto known =
      by_hash_.find(wanted.hash, [&](record_handle shape) { return is(shapes_[shape], payload); });
  number found = none;
  if (known) {
    found = by_hash_.at(*known);
  } else if (by_hash_.size() == most ||
             std::find(seen_.begin(), seen_.end(), wanted.hash) == seen_.end()) {
    seen_[next_seen_++ % seen_.size()] = wanted.hash;
    return none;
  } else {
    found = make(wanted);
  }
  std::copy_backward(recent_.begin(), recent_.end() - 1, recent_.end());
  recent_[0] = found;
  return found;
}

route_shapes::number route_shapes::make(const one& shape) {
  if (vacant_ == none) {
    shapes_.emplace_back();
    vacant_ = static_cast<number>(shapes_.size() - 1);
  }
  const number made = vacant_;
  by_hash_.add(shape.hash, made);
  vacant_ = shapes_[made].next_vacant;
  shapes_[made] = shape;
  return made;
}

void route_shapes::give_back(number shape) noexcept {
  one& s = shapes_[shape];
  if (--s.routes > 0) return;
  const auto where = by_hash_.find(s.hash, [=](record_handle known) { return known == shape; });
  if (where) by_hash_.erase(*where);
  s.next_vacant = std::exchange(vacant_, shape);
  std::replace(recent_.begin(), recent_.end(), shape, none);
}

}  // namespace trivet::netlink
