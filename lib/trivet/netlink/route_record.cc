#include "trivet/netlink/route_record.h"

#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace trivet::netlink {
namespace {

constexpr std::size_t address_size(int family) noexcept {
  return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

void copy_address(const attribute& a, std::size_t size, std::array<std::byte, 16>& into) noexcept {
  // One of another length is no address of the family; the codec keeps it as unknown.
  if (a.data.size() != size) return;
  if (size == 4) {
    std::memcpy(into.data(), a.data.data(), 4);
  } else if (size == 16) {
    std::memcpy(into.data(), a.data.data(), 16);
  }
}

bool same_bytes(const_bytes a, const_bytes b) noexcept {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;

// The rounds of MurmurHash3's finalizer, whose upper bits depend on every bit.
constexpr std::uint64_t mixed(std::uint64_t h) noexcept {
  h = (h ^ h >> 33) * 0xff51afd7ed558ccdULL;
  h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53ULL;
  return h ^ h >> 33;
}

// Two that differ in one of these are not the same, whatever else there is.
bool is_decisive(std::uint16_t type) noexcept {
  return type == RTA_GATEWAY || type == RTA_OIF || type == RTA_PREFSRC || type == RTA_NH_ID;
}

enum class likeness { same, different, unknown };

// Walks both side by side, as long as they have the same attributes in the same order.
likeness compare(const_bytes a, const_bytes b) noexcept {
  if (std::memcmp(a.data(), b.data(), sizeof(::rtmsg)) != 0) return likeness::unknown;
  attribute_reader left(a.subspan(sizeof(::rtmsg)));
  attribute_reader right(b.subspan(sizeof(::rtmsg)));
  for (attribute x, y;;) {
    const bool more = left.next(x);
    if (more != right.next(y)) return likeness::unknown;
    if (!more) return likeness::same;
    if (x.type != y.type) return likeness::unknown;
    if (same_bytes(x.data, y.data)) continue;
    if (x.data.size() != y.data.size()) return likeness::unknown;
    if (is_decisive(x.type)) return likeness::different;
    if (x.type != RTA_CACHEINFO) return likeness::unknown;
    if (!rtnl::same_state(x.structure<::rta_cacheinfo>(), y.structure<::rta_cacheinfo>())) {
      return likeness::different;
    }
  }
}

bool leads_somewhere(std::uint16_t type) noexcept {
  return type == RTA_OIF || type == RTA_GATEWAY || type == RTA_VIA || type == RTA_NH_ID;
}

std::uint64_t hash_of(const attribute& a) noexcept {
  std::array<std::uint64_t, 2> value{};
  if (!a.data.empty()) {
    std::memcpy(value.data(), a.data.data(), std::min(a.data.size(), sizeof value));
  }
  return mixed(value[0] ^ std::rotl(value[1], 32) ^ a.type * golden);
}

// Of links and gateways in RTA_MULTIPATH. What cannot be read counts for nothing.
std::uint64_t hash_of_hops(const_bytes hops) noexcept {
  std::uint64_t h = 0;
  while (hops.size() >= sizeof(::rtnexthop)) {
    const auto hop = load_padded<::rtnexthop>(hops);
    if (hop.rtnh_len < sizeof(::rtnexthop) || hop.rtnh_len > hops.size()) break;
    h += mixed(static_cast<std::uint32_t>(hop.rtnh_ifindex) ^ golden);
    attribute_reader in(hops.first(hop.rtnh_len).subspan(sizeof(::rtnexthop)));
    for (attribute a; in.next(a);) {
      if (leads_somewhere(a.type)) h += hash_of(a);
    }
    hops = hops.subspan(std::min<std::size_t>(align4(hop.rtnh_len), hops.size()));
  }
  return h;
}

}  // namespace

bool route_key::read(const_bytes payload, route_key& into) noexcept {
  if (payload.size() < sizeof(::rtmsg)) return false;
  const auto header = load_padded<::rtmsg>(payload.first(sizeof(::rtmsg)));
  into.family = header.rtm_family;
  into.destination_length = header.rtm_dst_len;
  into.source_length = header.rtm_src_len;
  into.tos = header.rtm_tos;
  into.table = header.rtm_table;
  into.metric = 0;
  into.destination = {};
  into.source = {};
  const std::size_t size = address_size(header.rtm_family);
  attribute_reader in(payload.subspan(sizeof(::rtmsg)));
  for (attribute a; in.next(a);) {
    switch (a.type) {
      case RTA_TABLE:
        into.table = a.number<std::uint32_t>().value_or(into.table);
        break;
      case RTA_DST:
        copy_address(a, size, into.destination);
        break;
      case RTA_SRC:
        copy_address(a, size, into.source);
        break;
      case RTA_PRIORITY:
        into.metric = a.number<std::uint32_t>().value_or(into.metric);
        break;
      default:
        break;
    }
  }
  return !in.failed();
}

std::uint32_t route_key::hash() const noexcept {
  constexpr std::uint64_t last_bits = 7;
  // The half in which the prefix ends, cut there, and what stands elsewhere: a kernel has zeros
  // there.
  std::uint64_t end = 0;
  std::uint64_t elsewhere = 0;
  if (family == AF_INET && destination_length <= 32) {
    // Four bytes that were just written cannot be read as a part of eight before they have reached
    // the cache.
    std::uint32_t address;
    std::memcpy(&address, destination.data(), sizeof address);
    const unsigned left = 32U - destination_length;
    end = std::uint64_t{big_endian(address)} >> left;
    elsewhere = big_endian(address) ^ end << left;
  } else {
    std::array<std::uint64_t, 2> address;
    std::memcpy(address.data(), destination.data(), sizeof address);
    const bool ends_late = destination_length > 64;
    const unsigned left = ends_late ? 128U - destination_length : 64U - destination_length;
    const std::uint64_t half = big_endian(address[ends_late ? 1 : 0]);
    end = left < 64 ? half >> left : 0;
    const std::uint64_t behind = left < 64 ? half ^ end << left : half;
    elsewhere = address[ends_late ? 0 : 1] ^ behind * golden;  // the two do not cancel
  }
  const std::uint64_t rest =
      std::uint64_t{table} << 16 | static_cast<std::uint64_t>(destination_length) << 8 | family;
  std::uint64_t h = mixed((end & ~last_bits) ^ rest * golden);
  if (elsewhere != 0) h = mixed(h ^ elsewhere);
  return static_cast<std::uint32_t>(h >> 32 & ~last_bits) |
         static_cast<std::uint32_t>(end & last_bits);
}

route_key route_view::key() const noexcept {
  route_key key;
  (void)route_key::read(bytes(), key);
  return key;
}

std::uint64_t route_view::way() const noexcept {
  std::uint64_t h = 0;
  attribute_reader in(attributes());
  for (attribute a; in.next(a);) {
    if (leads_somewhere(a.type)) {
      h += hash_of(a);
    } else if (a.type == RTA_MULTIPATH && header().rtm_family == AF_INET) {
      h += hash_of_hops(a.data);
    }
  }
  return h;
}

bool route_view::may_join() const noexcept {
  if (family() != AF_INET6) return false;
  bool leads = false;
  attribute_reader in(attributes());
  for (attribute a; in.next(a);) {
    if (a.type == RTA_NH_ID) return false;
    leads |= a.type == RTA_GATEWAY || a.type == RTA_VIA || a.type == RTA_MULTIPATH;
  }
  return leads;
}

std::optional<std::uint32_t> route_view::next_hop_id() const noexcept {
  attribute_reader in(attributes());
  for (attribute a; in.next(a);) {
    if (a.type == RTA_NH_ID) return a.number<std::uint32_t>();
  }
  return std::nullopt;
}

rtnl::route route_view::decode() const {
  message_view message;
  message.payload = bytes();
  return rtnl::route::decode(message).value_or(rtnl::route());
}

bool same_state(const route_view& a, const route_view& b) {
  if (same_bytes(a.bytes(), b.bytes())) return true;
  switch (compare(a.bytes(), b.bytes())) {
    case likeness::same:
      return true;
    case likeness::different:
      return false;
    default:
      return rtnl::same_state(a.decode(), b.decode());
  }
}

route_record::route_record(const_bytes payload)
    : size_(static_cast<std::uint32_t>(payload.size())) {
  if (size_ > inside) long_ = std::make_unique_for_overwrite<std::byte[]>(size_);
  if (size_ > 0) std::memcpy(size_ > inside ? long_.get() : short_.data(), payload.data(), size_);
}

route_record::route_record(const rtnl::route& route) {
  message_builder message(RTM_NEWROUTE);
  route.encode(message);
  *this = route_record(message.finish().subspan(sizeof(::nlmsghdr)));
}

}  // namespace trivet::netlink
