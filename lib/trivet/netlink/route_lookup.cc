// Longest prefix match as the kernel does it: fib_table_lookup of net/ipv4/fib_trie.c, find_rr_leaf
// of net/ipv6/route.c.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>

#include "trivet/netlink/route_store.h"

namespace trivet::netlink {
namespace {

// Whether one of the hops of RTA_MULTIPATH is not dead. What cannot be read is none.
bool any_hop_lives(const_bytes hops) noexcept {
  while (hops.size() >= sizeof(::rtnexthop)) {
    const auto hop = load_padded<::rtnexthop>(hops);
    if (hop.rtnh_len < sizeof(::rtnexthop) || hop.rtnh_len > hops.size()) return false;
    if ((hop.rtnh_flags & RTNH_F_DEAD) == 0) return true;
    hops = hops.subspan(std::min<std::size_t>(align4(hop.rtnh_len), hops.size()));
  }
  return false;
}

// ICMPV6_ROUTER_PREF_: 1 high, 0 medium, 3 low. The higher the better.
constexpr int rank(std::uint8_t preference) noexcept { return (preference & 3) ^ 2; }

// What the kernel looks at in a route, once prefix and metric are the same.
struct candidate {
  bool usable = false;
  int rank = netlink::rank(0);
};

// A route is dead where all its hops are, and says so in each of them alone: RTNH_F_DEAD is there
// for a hop without carrier, too, where ignore_routes_with_linkdown is set.
candidate look_at(const route_view& view) noexcept {
  candidate found;
  const ::rtmsg header = view.header();
  if (header.rtm_tos != 0 || header.rtm_src_len != 0) return found;
  found.usable = (header.rtm_flags & RTNH_F_DEAD) == 0;
  attribute_reader in(view.attributes());
  for (attribute a; in.next(a);) {
    if (a.type == RTA_MULTIPATH) found.usable = found.usable && any_hop_lives(a.data);
    if (a.type == RTA_PREF) found.rank = rank(a.number<std::uint8_t>().value_or(0));
  }
  return found;
}

void mask(std::array<std::byte, 16>& address, std::size_t length) noexcept {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const std::size_t bits = length > 8 * i ? std::min<std::size_t>(length - 8 * i, 8) : 0;
    address[i] &= static_cast<std::byte>(0xff00U >> bits);
  }
}

}  // namespace

std::optional<route_view> route_store::lookup(std::uint32_t table, const_bytes address) const {
  const prefix_lengths::counts* const counts = lengths_.find(table);
  if (counts == nullptr || (address.size() != 4 && address.size() != 16)) return std::nullopt;
  route_key key;
  key.family = address.size() == 4 ? AF_INET : AF_INET6;
  key.table = table;
  for (std::size_t length = 8 * address.size() + 1; length-- > 0;) {
    if ((*counts)[length] == 0) continue;
    key.destination_length = static_cast<std::uint8_t>(length);
    key.destination = {};
    std::copy(address.begin(), address.end(), key.destination.begin());
    mask(key.destination, length);
    std::optional<route_view> best;
    std::uint32_t metric = 0;
    // Goes through all of the prefix, whatever their metrics.
    (void)index_.find(key.hash(), [&](record_handle h) {
      const route_key known = records_.key(h);
      if (known.table != table || known.destination_length != length ||
          known.destination != key.destination || (best && metric <= known.metric)) {
        return false;
      }
      int highest = -1;
      for (; h != no_record; h = records_.next(h)) {
        const candidate one = look_at(at(h));
        if (!one.usable || one.rank <= highest) continue;
        best = at(h);
        metric = known.metric;
        highest = one.rank;
      }
      return false;
    });
    if (best) return best;
  }
  return std::nullopt;
}

}  // namespace trivet::netlink
