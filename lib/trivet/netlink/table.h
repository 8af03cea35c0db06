// The state of links, addresses, routes, neighbours, rules and nexthops, kept by events and by
// dumps. No socket is known here.
//
//   table now;
//   differences changed;
//   objects doubtful = now.apply(message, changed);     // an event
//
//   table again;
//   table_loader dump(again);
//   dump.load(message);                                 // each message of a dump
//   dump.finish();
//   now.replace(objects::route, std::move(again), objects::none, changed);
//
// An object is known by its identity: a link by its index, an IPv4 address by link, address, prefix
// length and peer, an IPv6 address by link and address, a route by table, destination, source, type
// of service and metric, a neighbour by link and address, a nexthop by its number; a rule by all of
// it, and it may be there twice.
#ifndef TRIVET_NETLINK_TABLE_H_
#define TRIVET_NETLINK_TABLE_H_

#include <sys/socket.h>

#include <algorithm>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "trivet/netlink/absences.h"
#include "trivet/netlink/event.h"
#include "trivet/netlink/objects.h"
#include "trivet/netlink/route_store.h"
#include "trivet/netlink/rule_list.h"

namespace trivet::netlink {

/// The identity of an address: what the kernel compares when one is added (EEXIST). A value.
struct address_key {
  std::uint32_t index = 0;         ///< the link's
  std::uint8_t family = 0;         ///< AF_INET, AF_INET6
  std::uint8_t prefix_length = 0;  ///< bits; 0 for IPv6
  rtnl::network_address own;       ///< IFA_LOCAL, or IFA_ADDRESS where there is none
  rtnl::network_address peer;      ///< IFA_ADDRESS; empty for IPv6

  /// That of an address.
  [[nodiscard]] static address_key of(const rtnl::address& address);
  friend auto operator<=>(const address_key&, const address_key&) noexcept = default;
};

/// The identity of a neighbour. A value.
struct neighbour_key {
  std::int32_t index = 0;             ///< the link's
  rtnl::network_address destination;  ///< NDA_DST

  friend auto operator<=>(const neighbour_key&, const neighbour_key&) noexcept = default;
};

/// What the kernel is known to have. One thread at a time; snapshot() gives others something to
/// read. Of neighbours it has what `ip neigh` shows, without proxies and forwarding entries; the
/// kernel does not tell of every step from one state to the next (NUD_DELAY, NUD_STALE …).
class table {
 public:
  using link_map = std::map<std::int32_t, held<rtnl::link>>;  ///< by index
  using address_map = std::map<address_key, held<rtnl::address>>;
  using neighbour_map = std::map<neighbour_key, held<rtnl::neighbour>>;
  using nexthop_map = std::map<std::uint32_t, held<rtnl::nexthop>>;  ///< by NHA_ID

  /// @param kept    the kinds that are kept; events of others still raise doubts
  /// @param tables  RT_TABLE_: routes of other tables are not kept; empty: those of all are
  explicit table(objects kept = objects::all, std::vector<std::uint32_t> tables = {})
      : kept_(kept), tables_(std::move(tables)) {
    std::sort(tables_.begin(), tables_.end());
  }

  /// The kinds that are kept.
  [[nodiscard]] objects kept() const noexcept { return kept_; }

  /// What is known, each in the order of its key, routes and rules as the kernel has them. Valid as
  /// references; what they hold changes with apply(), load() and replace().
  [[nodiscard]] const link_map& links() const noexcept { return links_; }
  [[nodiscard]] const address_map& addresses() const noexcept { return addresses_; }
  [[nodiscard]] const route_store& routes_v4() const noexcept { return routes_v4_; }
  [[nodiscard]] const route_store& routes_v6() const noexcept { return routes_v6_; }
  /// Those of IPv4 and of IPv6.
  [[nodiscard]] std::size_t route_count() const noexcept {
    return routes_v4_.size() + routes_v6_.size();
  }
  /// As above.
  [[nodiscard]] const neighbour_map& neighbours() const noexcept { return neighbours_; }
  [[nodiscard]] const rule_list& rules_v4() const noexcept { return rules_v4_; }
  [[nodiscard]] const rule_list& rules_v6() const noexcept { return rules_v6_; }
  [[nodiscard]] const nexthop_map& nexthops() const noexcept { return nexthops_; }

  /// The tables whose routes are kept, in order; empty: all.
  [[nodiscard]] const std::vector<std::uint32_t>& tables() const noexcept { return tables_; }

  /// The state as it is, which stays so: any thread may read it. Links and the like are shared, the
  /// bytes of the routes are copied: some seventy for an IPv4 route, or less.
  [[nodiscard]] std::shared_ptr<const table> snapshot() const {
    return std::make_shared<const table>(*this);
  }

  /// The route that the kernel takes to an address in a table: see route_store::lookup.
  /// @param number  RT_TABLE_
  [[nodiscard]] std::optional<route_view> lookup(std::uint32_t number,
                                                 const rtnl::network_address& address) const {
    return (address.family == AF_INET ? routes_v4_ : routes_v6_).lookup(number, address.bytes());
  }

  /// The link of an index, or nullptr.
  [[nodiscard]] const rtnl::link* find_link(std::int32_t index) const noexcept;

  /// One event.
  /// @param out  the differences are appended: none for an event that changes no state
  /// @return the kinds whose state may now be other than what is kept, so that they are to be read
  ///   again: the kernel deletes routes and changes flags without an event when links and addresses
  ///   change, some events can be read in two ways, and a malformed one in none
  objects apply(const message_view& message, differences& out);

  /// A hint: these events are to be applied next. Has the memory fetched that they need.
  void look_ahead(std::span<const const_bytes> datagrams) const noexcept;

  /// One message of a dump. What is no object of a kept kind is passed over.
  void load(const message_view& message);

  /// Makes the kinds `which` what they are in `newer`, which a dump filled.
  /// @param unsteady  kinds of which `newer` may lack some by mistake
  /// @param doubtful  judges those; what it does not take for gone is kept
  void replace(objects which, table&& newer, objects unsteady, all_absences& doubtful,
               differences& out);
  /// Likewise, where what `newer` lacks of the kinds `unsteady` is kept.
  void replace(objects which, table&& newer, objects unsteady, differences& out) {
    all_absences first;
    replace(which, std::move(newer), unsteady, first, out);
  }

 private:
  friend class table_loader;

  objects apply_link(const message_view& message, differences& out);
  objects apply_address(const message_view& message, differences& out);
  objects apply_route(const message_view& message, differences& out);
  objects apply_neighbour(const message_view& message, differences& out);
  objects apply_rule(const message_view& message, differences& out);
  objects apply_nexthop(const message_view& message, differences& out);
  [[nodiscard]] objects rules_about(const rtnl::link& link) const;
  void replace_kind(objects kind, table& newer, absences* doubtful, differences& out);
  [[nodiscard]] bool keeps(const_bytes payload, const route_key& key) const noexcept;
  [[nodiscard]] route_store& routes_of(int family) noexcept {
    return family == AF_INET ? routes_v4_ : routes_v6_;
  }

  objects kept_;
  link_map links_;
  address_map addresses_;
  route_store routes_v4_;
  route_store routes_v6_;
  std::vector<std::uint32_t> tables_;
  neighbour_map neighbours_;
  rule_list rules_v4_;
  rule_list rules_v6_;
  nexthop_map nexthops_;
};

/// Loads a whole dump into a table, faster than load() does. Its routes are in the table after
/// finish(), and not without it; as long as the loader lives, nobody else looks at them. Both throw
/// std::bad_alloc: after finish() did, some of the routes are in the table and the others are not.
class table_loader {
 public:
  explicit table_loader(table& into) noexcept
      : into_(into), routes_v4_(into.routes_v4_), routes_v6_(into.routes_v6_) {}

  void load(const message_view& message) {
    if (message.type() == RTM_NEWROUTE) {
      load_route(message);
    } else {
      into_.load(message);
    }
  }
  void finish() {
    routes_v4_.finish();
    routes_v6_.finish();
  }

 private:
  void load_route(const message_view& message);

  table& into_;
  route_store::loader routes_v4_;
  route_store::loader routes_v6_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_TABLE_H_
