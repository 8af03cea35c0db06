// A route as the kernel sent it: the bytes of struct rtmsg and its attributes, of which only the
// identity is read. They are decoded when somebody looks.
//
//   for (const route_view r : table.routes_v4()) {
//     if (r.table() == RT_TABLE_MAIN) use(r.decode());   // an rtnl::route
//   }
#ifndef TRIVET_NETLINK_ROUTE_RECORD_H_
#define TRIVET_NETLINK_ROUTE_RECORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "trivet/netlink/message.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink {

/// The identity that routes share: several may have it. A value.
struct route_key {
  std::uint8_t family = 0;                  ///< AF_INET, AF_INET6
  std::uint8_t destination_length = 0;      ///< bits
  std::uint8_t source_length = 0;           ///< bits
  std::uint8_t tos = 0;                     ///< IPv4 only
  std::uint32_t table = 0;                  ///< RT_TABLE_
  std::uint32_t metric = 0;                 ///< RTA_PRIORITY
  std::array<std::byte, 16> destination{};  ///< four bytes of it for IPv4, the rest zero
  std::array<std::byte, 16> source{};       ///< likewise

  /// From the payload of a route's message.
  /// @return false where it is shorter than struct rtmsg or a length in it is wrong
  [[nodiscard]] static bool read(const_bytes payload, route_key& into) noexcept;

  /// Over family, table and destination: the routes of one prefix have one hash. The last three
  /// bits of the prefix are those of the hash, and its others are the same for eight neighbours.
  [[nodiscard]] std::uint32_t hash() const noexcept;

  friend bool operator==(const route_key&, const route_key&) = default;
};

/// The bytes of a route that are kept elsewhere, as in a table. A view: it holds for as long as
/// what it was made of. What its functions return as bytes holds for as long as it does itself.
class route_view {
 public:
  /// The longest payload of which a part may come from elsewhere, in bytes: an IPv6 route with
  /// table, gateway, link, metric, times and preference has 120. Source: rt6_fill_node(),
  /// net/ipv6/route.c
  static constexpr std::size_t longest_shape = 128;

  route_view() noexcept = default;
  /// @param payload  of RTM_NEWROUTE, at least struct rtmsg, with right lengths
  explicit route_view(const_bytes payload) noexcept
      : outside_(payload.data()), size_(static_cast<std::uint32_t>(payload.size())) {}
  /// Two parts of a payload, which are copied.
  /// @param common  all of it but for the prefix, longest_shape at most
  /// @param length  of the prefix, bits
  /// @param at  where its address stands
  route_view(const_bytes common, std::uint8_t length, std::size_t at, const_bytes address) noexcept
      : size_(static_cast<std::uint32_t>(common.size())) {
    std::memcpy(own_.data(), common.data(), common.size());
    own_[offsetof(::rtmsg, rtm_dst_len)] = std::byte{length};
    std::memcpy(own_.data() + at, address.data(), address.size());
  }

  /// struct rtmsg and the attributes; empty: there is no route.
  [[nodiscard]] const_bytes bytes() const& noexcept {
    return {outside_ != nullptr ? outside_ : own_.data(), size_};
  }
  [[nodiscard]] const_bytes bytes() const&& = delete;
  /// struct rtmsg; zero where there is no route.
  [[nodiscard]] ::rtmsg header() const noexcept { return load_padded<::rtmsg>(bytes()); }
  /// AF_INET, AF_INET6
  [[nodiscard]] int family() const noexcept { return header().rtm_family; }
  /// RT_TABLE_
  [[nodiscard]] std::uint32_t table() const noexcept { return key().table; }
  /// What it shares with the routes that it may stand beside.
  [[nodiscard]] route_key key() const noexcept;

  /// A hash of its link, gateway and nexthop object, and of the hops of an IPv4 route. Routes that
  /// are the same, or that differ in flags alone, have the same.
  [[nodiscard]] std::uint64_t way() const noexcept;

  /// Whether it is one that the rules call may_join(), read from the bytes alone.
  [[nodiscard]] bool may_join() const noexcept;

  /// RTA_NH_ID, or nothing.
  [[nodiscard]] std::optional<std::uint32_t> next_hop_id() const noexcept;

  /// All of it. Some hundred nanoseconds.
  [[nodiscard]] rtnl::route decode() const;

  /// Those behind struct rtmsg.
  [[nodiscard]] const_bytes attributes() const& noexcept {
    return size_ < sizeof(::rtmsg) ? const_bytes() : bytes().subspan(sizeof(::rtmsg));
  }
  [[nodiscard]] const_bytes attributes() const&& = delete;

 private:
  const std::byte* outside_ = nullptr;  // or own_
  std::uint32_t size_ = 0;
  std::array<std::byte, longest_shape> own_;
};

/// Whether two states of a route are the same: rtnl::same_state, without decoding where bytes tell.
[[nodiscard]] bool same_state(const route_view& a, const route_view& b);

/// A route with its bytes, or none. A value, which holds what is short in itself.
class route_record {
 public:
  /// What `->` gives: a decoded route that lives as long as the expression.
  class decoded {
   public:
    explicit decoded(rtnl::route&& route) : route_(std::move(route)) {}
    [[nodiscard]] const rtnl::route* operator->() const noexcept { return &route_; }

   private:
    rtnl::route route_;
  };

  route_record() noexcept = default;
  explicit route_record(const route_view& route) : route_record(route.bytes()) {}
  explicit route_record(const_bytes payload);
  /// Encoded as the kernel would send it.
  explicit route_record(const rtnl::route& route);
  route_record(const route_record& other) : route_record(other.bytes()) {}
  route_record(route_record&& other) noexcept { take(other); }
  route_record& operator=(const route_record& other) { return *this = route_record(other); }
  route_record& operator=(route_record&& other) noexcept {
    take(other);
    return *this;
  }
  ~route_record() = default;

  /// Whether there is a route.
  [[nodiscard]] explicit operator bool() const noexcept { return size_ > 0; }

  [[nodiscard]] const_bytes bytes() const noexcept {
    return {size_ <= inside ? short_.data() : long_.get(), size_};
  }
  [[nodiscard]] route_view view() const noexcept { return route_view(bytes()); }

  /// Decoded anew each time.
  [[nodiscard]] rtnl::route operator*() const { return view().decode(); }
  [[nodiscard]] decoded operator->() const { return decoded(view().decode()); }

 private:
  static constexpr std::size_t inside = 60;  // an IPv4 route with gateway, link, metric and source

  void take(route_record& other) noexcept {
    size_ = std::exchange(other.size_, 0);
    short_ = other.short_;
    long_ = std::move(other.long_);
  }

  std::uint32_t size_ = 0;
  std::array<std::byte, inside> short_;
  std::unique_ptr<std::byte[]> long_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_RECORD_H_
