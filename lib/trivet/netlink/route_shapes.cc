#include "trivet/netlink/route_shapes.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>

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

// FNV-1a by words of four bytes, of which attributes are made.
std::uint32_t hash_of(const_bytes bytes) noexcept {
  std::uint64_t h = 0xcbf29ce484222325ULL ^ bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint32_t)) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
    h = (h ^ word) * 0x100000001b3ULL;
    h ^= h >> 29;
  }
  return static_cast<std::uint32_t>(h >> 16);
}

}  // namespace

route_shapes::number route_shapes::look_up(const_bytes payload) {
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
  std::fill_n(wanted.bytes.begin() + wanted.at, wanted.length, std::byte{});
  wanted.hash = hash_of(const_bytes(wanted.bytes).first(wanted.size));
  const auto known =
      by_hash_.find(wanted.hash, [&](record_handle shape) { return is(shapes_[shape], payload); });
  if (known) {
    last_ = by_hash_.at(*known);
  } else if (wanted.hash != seen_ || by_hash_.size() == most) {
    seen_ = wanted.hash;
    return none;
  } else {
    last_ = make(wanted);
  }
  ++shapes_[last_].routes;
  return last_;
}

route_shapes::number route_shapes::make(const one& shape) {
  if (vacant_.empty()) {
    vacant_.reserve(shapes_.size() + 1);  // so that giving back never fails
    shapes_.push_back({});
    vacant_.push_back(static_cast<number>(shapes_.size() - 1));
  }
  const number made = vacant_.back();
  by_hash_.add(shape.hash, made);
  vacant_.pop_back();
  shapes_[made] = shape;
  return made;
}

void route_shapes::give_back(number shape) noexcept {
  if (--shapes_[shape].routes > 0) return;
  const auto where =
      by_hash_.find(shapes_[shape].hash, [=](record_handle known) { return known == shape; });
  if (where) by_hash_.erase(*where);
  vacant_.push_back(shape);
  if (last_ == shape) last_ = none;
}

}  // namespace trivet::netlink
