// The state of links, addresses and routes, kept by events and by dumps. No socket is known here.
//
//   table now;
//   differences changed;
//   objects doubtful = now.apply(message, changed);     // an event
//
//   table again;
//   again.load(message);                                // each message of a dump
//   now.replace(objects::route, std::move(again), changed);
//
// An object is known by its identity: a link by its index, an IPv4 address by link, address, prefix
// length and peer, an IPv6 address by link and address, a route by table, destination, source, type
// of service and metric.
#ifndef TRIVET_NETLINK_TABLE_H_
#define TRIVET_NETLINK_TABLE_H_

#include <compare>
#include <map>

#include "trivet/netlink/event.h"
#include "trivet/netlink/objects.h"
#include "trivet/netlink/route_rules.h"

namespace trivet::netlink {

/// The identity of an address.
struct address_key {
  std::uint32_t index = 0;
  std::uint8_t family = 0;
  std::uint8_t prefix_length = 0;  // 0 for IPv6
  rtnl::network_address own;
  rtnl::network_address peer;  // empty for IPv6

  [[nodiscard]] static address_key of(const rtnl::address& address);
  friend auto operator<=>(const address_key&, const address_key&) noexcept = default;
};

/// The identity that routes share.
struct route_key {
  std::uint8_t family = 0;
  std::uint32_t table = 0;
  std::uint8_t destination_length = 0;
  rtnl::network_address destination;
  std::uint8_t source_length = 0;
  rtnl::network_address source;
  std::uint8_t tos = 0;
  std::uint32_t metric = 0;

  [[nodiscard]] static route_key of(const rtnl::route& route);
  friend auto operator<=>(const route_key&, const route_key&) noexcept = default;
};

/// What the kernel is known to have. One thread at a time.
class table {
 public:
  using link_map = std::map<std::int32_t, rtnl::link>;
  using address_map = std::map<address_key, rtnl::address>;
  using route_map = std::map<route_key, route_list>;

  /// @param kept  the kinds that are kept; events of others still raise doubts
  explicit table(objects kept = objects::all) noexcept : kept_(kept) {}

  [[nodiscard]] objects kept() const noexcept { return kept_; }
  [[nodiscard]] const link_map& links() const noexcept { return links_; }
  [[nodiscard]] const address_map& addresses() const noexcept { return addresses_; }
  [[nodiscard]] const route_map& routes() const noexcept { return routes_; }
  [[nodiscard]] std::size_t route_count() const noexcept;

  /// The link of an index, or nullptr.
  [[nodiscard]] const rtnl::link* find_link(std::int32_t index) const noexcept;

  /// One event.
  /// @param out  the differences are appended: none for an event that changes no state
  /// @return the kinds whose state may now be other than what is kept, so that they are to be read
  ///   again: the kernel deletes routes and changes flags without an event when links and addresses
  ///   change, some events can be read in two ways, and a malformed one in none
  objects apply(const message_view& message, differences& out);

  /// One message of a dump. What is no object of a kept kind is passed over.
  void load(const message_view& message);

  /// Makes the kinds `which` what they are in `newer`, which a dump filled.
  /// @param absent_stay  objects that `newer` lacks are kept
  void replace(objects which, table&& newer, bool absent_stay, differences& out);

 private:
  objects apply_link(const message_view& message, differences& out);
  objects apply_address(const message_view& message, differences& out);
  objects apply_route(const message_view& message, differences& out);

  objects kept_;
  link_map links_;
  address_map addresses_;
  route_map routes_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_TABLE_H_
