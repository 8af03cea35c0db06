// The keys of many routes, one after the other.
#ifndef TRIVET_NETLINK_ROUTE_KEY_READER_H_
#define TRIVET_NETLINK_ROUTE_KEY_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "trivet/base/bytes.h"
#include "trivet/netlink/route_record.h"

namespace trivet::netlink {

/// Reads keys as route_key::read does. The routes of a dump are alike: where one has the attributes
/// of the one before, and the same table, metric and so on, only its destination is read. Not
/// shared between threads.
class route_key_reader {
 public:
  /// @return what holds until the next call, or nullptr where route_key::read returns false
  [[nodiscard]] const route_key* read(const_bytes payload) noexcept {
    if (!is_like_last(payload)) return read_anew(payload);
    key_.destination_length = std::to_integer<std::uint8_t>(payload[destination_length]);
    const std::byte* const destination = payload.data() + destination_;
    if (key_.family == AF_INET) {
      std::memcpy(key_.destination.data(), destination, 4);
    } else {
      std::memcpy(key_.destination.data(), destination, 16);
    }
    return &key_;
  }

 private:
  static constexpr std::size_t longest = 96;
  static constexpr std::size_t nothing = ~std::size_t{0};
  static constexpr std::size_t destination_length = offsetof(::rtmsg, rtm_dst_len);

  [[nodiscard]] bool is_like_last(const_bytes payload) const noexcept {
    if (payload.size() != size_) return false;
    constexpr std::size_t step = sizeof(std::uint64_t);
    std::uint64_t differs = differs_at(payload.data(), size_ - step);
    for (std::size_t at = 0; at + step < size_; at += step)
      differs |= differs_at(payload.data(), at);
    return differs == 0;
  }
  [[nodiscard]] std::uint64_t differs_at(const std::byte* bytes, std::size_t at) const noexcept {
    std::uint64_t now = 0;
    std::uint64_t before = 0;
    std::uint64_t counts = 0;
    std::memcpy(&now, bytes + at, sizeof now);
    std::memcpy(&before, last_.data() + at, sizeof before);
    std::memcpy(&counts, counts_.data() + at, sizeof counts);
    return (now ^ before) & counts;
  }
  const route_key* read_anew(const_bytes payload) noexcept;
  void remember(const_bytes payload) noexcept;

  route_key key_;
  std::size_t size_ = nothing;   // of the payload that it is of, if that is remembered
  std::size_t destination_ = 0;  // where it stands in there
  std::array<std::byte, longest> last_;
  std::array<std::byte, longest> counts_;  // 0xff: what has to be the same
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_KEY_READER_H_
