// Links that stand on others, or on a program: the data of the link kinds "vlan", "macvlan",
// "macvtap", "ipvlan", "ipvtap", "vrf", "tun" and "xfrm". "veth", "dummy", "ifb", "nlmon" and
// "wireguard" have no data that the kernel tells.
#ifndef TRIVET_NETLINK_ROUTE_LINK_STACKED_H_
#define TRIVET_NETLINK_ROUTE_LINK_STACKED_H_

#include <linux/if_link.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// IFLA_INFO_DATA of "vlan". Source: linux/if_link.h
struct vlan {
  std::optional<std::uint16_t> id;                              ///< IFLA_VLAN_ID
  std::optional<::ifla_vlan_flags> flags;                       ///< IFLA_VLAN_FLAGS: VLAN_FLAG_
  std::optional<std::vector<::ifla_vlan_qos_mapping>> egress;   ///< IFLA_VLAN_EGRESS_QOS
  std::optional<std::vector<::ifla_vlan_qos_mapping>> ingress;  ///< IFLA_VLAN_INGRESS_QOS
  std::optional<std::uint16_t> protocol;                        ///< IFLA_VLAN_PROTOCOL: ETH_P_
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<vlan>& policy();
};

/// IFLA_INFO_DATA of "macvlan" and "macvtap". Source: linux/if_link.h
struct macvlan {
  std::optional<std::uint32_t> mode;          ///< IFLA_MACVLAN_MODE: MACVLAN_MODE_
  std::optional<std::uint16_t> flags;         ///< IFLA_MACVLAN_FLAGS: MACVLAN_FLAG_
  std::optional<std::uint32_t> address_mode;  ///< IFLA_MACVLAN_MACADDR_MODE: in requests
  std::optional<hardware_address> address;    ///< IFLA_MACVLAN_MACADDR: in requests
  std::optional<std::vector<hardware_address>> addresses;  ///< IFLA_MACVLAN_MACADDR_DATA
  std::optional<std::uint32_t> address_count;              ///< IFLA_MACVLAN_MACADDR_COUNT
  std::optional<std::uint32_t> queue_length;               ///< IFLA_MACVLAN_BC_QUEUE_LEN
  std::optional<std::uint32_t> queue_length_used;          ///< IFLA_MACVLAN_BC_QUEUE_LEN_USED
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<macvlan>& policy();
};

/// IFLA_INFO_DATA of "ipvlan" and "ipvtap". Source: linux/if_link.h
struct ipvlan {
  std::optional<std::uint16_t> mode;   ///< IFLA_IPVLAN_MODE: IPVLAN_MODE_
  std::optional<std::uint16_t> flags;  ///< IFLA_IPVLAN_FLAGS: IPVLAN_F_
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<ipvlan>& policy();
};

/// IFLA_INFO_DATA of "vrf". Source: linux/if_link.h
struct vrf {
  std::optional<std::uint32_t> table;  ///< IFLA_VRF_TABLE
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<vrf>& policy();
};

/// IFLA_INFO_SLAVE_DATA of a VRF's port. Source: linux/if_link.h
struct vrf_port {
  std::optional<std::uint32_t> table;  ///< IFLA_VRF_PORT_TABLE
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<vrf_port>& policy();
};

/// IFLA_INFO_DATA of "tun". Source: linux/if_link.h
struct tun {
  std::optional<std::uint32_t> owner;              ///< IFLA_TUN_OWNER: uid
  std::optional<std::uint32_t> group;              ///< IFLA_TUN_GROUP: gid
  std::optional<std::uint8_t> type;                ///< IFLA_TUN_TYPE: IFF_TUN or IFF_TAP
  std::optional<std::uint8_t> packet_information;  ///< IFLA_TUN_PI
  std::optional<std::uint8_t> virtual_header;      ///< IFLA_TUN_VNET_HDR
  std::optional<std::uint8_t> persistent;          ///< IFLA_TUN_PERSIST
  std::optional<std::uint8_t> multi_queue;         ///< IFLA_TUN_MULTI_QUEUE
  std::optional<std::uint32_t> queues;             ///< IFLA_TUN_NUM_QUEUES
  std::optional<std::uint32_t> disabled_queues;    ///< IFLA_TUN_NUM_DISABLED_QUEUES
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<tun>& policy();
};

/// IFLA_INFO_DATA of "xfrm". Source: linux/if_link.h
struct xfrm_link {
  std::optional<std::uint32_t> link;  ///< IFLA_XFRM_LINK: index of the link below
  std::optional<std::uint32_t> id;    ///< IFLA_XFRM_IF_ID
  bool external = false;              ///< IFLA_XFRM_COLLECT_METADATA
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<xfrm_link>& policy();
};

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_LINK_STACKED_H_
