// Links: RTM_NEWLINK, RTM_DELLINK and RTM_GETLINK without a socket.
#ifndef TRIVET_NETLINK_ROUTE_LINK_H_
#define TRIVET_NETLINK_ROUTE_LINK_H_

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// Of IFLA_AF_SPEC what IPv6 has of a link.
struct inet6_link {
  std::optional<std::uint32_t> flags;  ///< IFLA_INET6_FLAGS: IF_RA_
  /// IFLA_INET6_TOKEN: the host's part of addresses from RAs
  std::optional<network_address> token;
  std::optional<std::uint8_t> address_mode;  ///< IFLA_INET6_ADDR_GEN_MODE: IN6_ADDR_GEN_MODE_
  std::optional<std::uint32_t> router_mtu;   ///< IFLA_INET6_RA_MTU: bytes (5.15)
  std::optional<::ifla_cacheinfo> cache;     ///< IFLA_INET6_CACHEINFO
  std::vector<raw_attribute> others;         ///< also the sysctls and the counters

  [[nodiscard]] static const attribute_policy<inet6_link>& policy();
};

/// IFLA_AF_SPEC of a link (but not of AF_BRIDGE): an attribute for each family.
struct link_families {
  std::optional<raw_nest> inet;     ///< AF_INET: IFLA_INET_CONF, the sysctls
  std::optional<inet6_link> inet6;  ///< AF_INET6
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<link_families>& policy();
};

/// IFLA_PROTO_DOWN_REASON: who holds the link down.
struct down_reason {
  std::optional<std::uint32_t> mask;   ///< IFLA_PROTO_DOWN_REASON_MASK, in requests
  std::optional<std::uint32_t> value;  ///< IFLA_PROTO_DOWN_REASON_VALUE: bits; the names are local
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<down_reason>& policy();
  friend bool operator==(const down_reason&, const down_reason&) = default;
};

/// IFLA_LINKINFO: of what kind a link is, and what it is to its master.
struct link_info {
  std::optional<std::string> kind;        ///< IFLA_INFO_KIND: "veth"; none: hardware, lo
  std::optional<raw_nest> data;           ///< IFLA_INFO_DATA, by kind
  std::optional<std::string> slave_kind;  ///< IFLA_INFO_SLAVE_KIND: the master's kind
  std::optional<raw_nest> slave_data;     ///< IFLA_INFO_SLAVE_DATA, by slave kind
  std::vector<raw_attribute> others;

  /// The kind's data as one of the structs of link_stacked.h, link_overlay.h, link_tunnel.h,
  /// link_bridge.h or link_bond.h, if there are any: data_as<vlan>().
  template <attribute_nest T>
  [[nodiscard]] std::optional<T> data_as() const {
    return data ? read_nest<T>(*data) : std::nullopt;
  }
  /// The same of what it is to its master, as bridge_port.
  template <attribute_nest T>
  [[nodiscard]] std::optional<T> slave_data_as() const {
    return slave_data ? read_nest<T>(*slave_data) : std::nullopt;
  }

  [[nodiscard]] static const attribute_policy<link_info>& policy();
  friend bool operator==(const link_info&, const link_info&) = default;
};

/// IFLA_PROP_LIST: more names of one link.
struct link_properties {
  std::vector<std::string> alternative_names;  ///< IFLA_ALT_IFNAME, in the kernel's order
  std::vector<raw_attribute> others;

  friend bool operator==(const link_properties&, const link_properties&) = default;
};

/// struct ifinfomsg and its attributes. A value. Source: rtnetlink(7), linux/if_link.h
struct link {
  std::uint8_t family = 0;   ///< AF_UNSPEC; AF_BRIDGE: what a bridge says of its port
  std::uint16_t type = 0;    ///< ARPHRD_
  std::int32_t index = 0;    ///< its identity
  std::uint32_t flags = 0;   ///< IFF_, also those of linux/if.h above 16 bits
  std::uint32_t change = 0;  ///< the flags that a request or an event is about

  std::optional<hardware_address> address;    ///< IFLA_ADDRESS
  std::optional<hardware_address> broadcast;  ///< IFLA_BROADCAST
  std::optional<std::string> name;            ///< IFLA_IFNAME
  std::optional<std::uint32_t> mtu;           ///< IFLA_MTU, bytes
  std::optional<std::uint32_t> link_index;    ///< IFLA_LINK: the link below, or the peer; 0: none
  std::optional<std::string> qdisc;           ///< IFLA_QDISC
  std::optional<std::uint32_t> master;        ///< IFLA_MASTER: index of its bridge, bond, VRF …
  std::optional<std::uint32_t> queue_length;  ///< IFLA_TXQLEN, packets
  std::optional<std::uint8_t> operstate;      ///< IFLA_OPERSTATE: IF_OPER_
  std::optional<std::uint8_t> link_mode;      ///< IFLA_LINKMODE: 0 default, 1 dormant
  std::optional<link_info> info;              ///< IFLA_LINKINFO
  std::optional<std::string> alias;           ///< IFLA_IFALIAS
  std::optional<std::uint32_t> group;         ///< IFLA_GROUP
  std::optional<std::uint32_t> promiscuity;   ///< IFLA_PROMISCUITY: a counter
  std::optional<std::uint32_t> tx_queues;     ///< IFLA_NUM_TX_QUEUES
  std::optional<std::uint32_t> rx_queues;     ///< IFLA_NUM_RX_QUEUES
  std::optional<std::uint8_t> carrier;        ///< IFLA_CARRIER: 0 or 1
  std::optional<std::uint32_t> carrier_changes;  ///< IFLA_CARRIER_CHANGES: a counter
  std::optional<std::int32_t> link_netns;        ///< IFLA_LINK_NETNSID: where link_index counts
  std::optional<std::uint8_t> protocol_down;     ///< IFLA_PROTO_DOWN: 0 or 1
  std::optional<std::uint32_t> event;            ///< IFLA_EVENT: why an event was sent
  std::optional<std::uint32_t> minimum_mtu;      ///< IFLA_MIN_MTU
  std::optional<std::uint32_t> maximum_mtu;      ///< IFLA_MAX_MTU
  std::optional<link_properties> properties;     ///< IFLA_PROP_LIST
  std::optional<hardware_address> permanent_address;  ///< IFLA_PERM_ADDRESS
  std::optional<::rtnl_link_stats64> statistics;      ///< IFLA_STATS64
  std::optional<raw_nest> families;                   ///< IFLA_AF_SPEC
  std::optional<std::uint32_t> allmulti;              ///< IFLA_ALLMULTI: a counter
  std::optional<std::uint32_t> gso_maximum_size;      ///< IFLA_GSO_MAX_SIZE, bytes
  std::optional<std::uint32_t> gso_maximum_segments;  ///< IFLA_GSO_MAX_SEGS
  std::optional<std::uint32_t> gro_maximum_size;      ///< IFLA_GRO_MAX_SIZE, bytes
  std::optional<std::uint32_t> tso_maximum_size;      ///< IFLA_TSO_MAX_SIZE, bytes
  std::optional<std::uint32_t> tso_maximum_segments;  ///< IFLA_TSO_MAX_SEGS
  std::optional<std::string> port_name;               ///< IFLA_PHYS_PORT_NAME
  std::optional<std::vector<std::byte>> port_id;      ///< IFLA_PHYS_PORT_ID
  std::optional<std::vector<std::byte>> switch_id;    ///< IFLA_PHYS_SWITCH_ID
  std::optional<std::string> parent_bus;              ///< IFLA_PARENT_DEV_BUS_NAME
  std::optional<std::string> parent_device;           ///< IFLA_PARENT_DEV_NAME
  std::optional<down_reason> protocol_down_reason;    ///< IFLA_PROTO_DOWN_REASON
  std::optional<std::uint32_t> function_count;  ///< IFLA_NUM_VF: how many the list should have
  std::optional<raw_nest> functions;            ///< IFLA_VFINFO_LIST: link_function.h
  std::optional<std::int32_t> new_netns;        ///< IFLA_NEW_NETNSID: where it has gone
  std::optional<std::int32_t> new_index;        ///< IFLA_NEW_IFINDEX: its index there
  std::vector<raw_attribute> others;

  /// From RTM_NEWLINK or RTM_DELLINK; nullopt where the message is shorter than its struct or a
  /// length in it is wrong.
  [[nodiscard]] static std::optional<link> decode(const message_view& message);

  /// The struct and every attribute that has a value. Those that the kernel only tells (as
  /// allmulti, or carrier_changes) it refuses in a request: whoever changes a link that was read
  /// makes a new one of its index and of what changes.
  void encode(message_builder& out) const;

  [[nodiscard]] static const attribute_policy<link>& policy();
};

/// Whether two states of a link are the same but for counters and unknown attributes.
[[nodiscard]] bool same_state(const link& a, const link& b);

}  // namespace trivet::netlink::rtnl

namespace trivet::netlink {

/// Names alone; a property of another kind makes the list none that is known.
template <>
struct attribute_codec<rtnl::link_properties> {
  static bool decode(const attribute& a, rtnl::link_properties& into);
  static void encode(attribute_writer& out, std::uint16_t type, const rtnl::link_properties& value);
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_LINK_H_
