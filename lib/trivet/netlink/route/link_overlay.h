// Ethernet over UDP: the data of the link kinds "vxlan" and "geneve".
#ifndef TRIVET_NETLINK_ROUTE_LINK_OVERLAY_H_
#define TRIVET_NETLINK_ROUTE_LINK_OVERLAY_H_

#include <linux/if_link.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// IFLA_INFO_DATA of "vxlan". Source: linux/if_link.h
struct vxlan {
  std::optional<std::uint32_t> id;       ///< IFLA_VXLAN_ID: VNI, 24 bits
  std::optional<network_address> group;  ///< IFLA_VXLAN_GROUP: the far end, or a multicast group
  std::optional<std::uint32_t> link;     ///< IFLA_VXLAN_LINK: index of the link below
  std::optional<network_address> local;  ///< IFLA_VXLAN_LOCAL
  std::optional<std::uint8_t> ttl;       ///< IFLA_VXLAN_TTL: 0: as the routing table has it
  std::optional<std::uint8_t> tos;       ///< IFLA_VXLAN_TOS: 1: that of the packet
  std::optional<std::uint8_t> learning;  ///< IFLA_VXLAN_LEARNING
  std::optional<std::uint32_t> ageing;   ///< IFLA_VXLAN_AGEING: seconds
  std::optional<std::uint32_t> limit;    ///< IFLA_VXLAN_LIMIT: of learned entries; 0: none
  std::optional<::ifla_vxlan_port_range> ports;  ///< IFLA_VXLAN_PORT_RANGE: in network byte order
  std::optional<std::uint8_t> proxy;             ///< IFLA_VXLAN_PROXY
  std::optional<std::uint8_t> route_short_circuit;  ///< IFLA_VXLAN_RSC
  std::optional<std::uint8_t> l2_miss;              ///< IFLA_VXLAN_L2MISS
  std::optional<std::uint8_t> l3_miss;              ///< IFLA_VXLAN_L3MISS
  std::optional<std::uint16_t> port;                ///< IFLA_VXLAN_PORT
  std::optional<network_address> group6;            ///< IFLA_VXLAN_GROUP6
  std::optional<network_address> local6;            ///< IFLA_VXLAN_LOCAL6
  std::optional<std::uint8_t> checksum;             ///< IFLA_VXLAN_UDP_CSUM
  std::optional<std::uint8_t> zero_checksum6_tx;    ///< IFLA_VXLAN_UDP_ZERO_CSUM6_TX
  std::optional<std::uint8_t> zero_checksum6_rx;    ///< IFLA_VXLAN_UDP_ZERO_CSUM6_RX
  std::optional<std::uint8_t> remote_checksum_tx;   ///< IFLA_VXLAN_REMCSUM_TX
  std::optional<std::uint8_t> remote_checksum_rx;   ///< IFLA_VXLAN_REMCSUM_RX
  bool group_policy = false;                        ///< IFLA_VXLAN_GBP
  bool remote_checksum_partial = false;             ///< IFLA_VXLAN_REMCSUM_NOPARTIAL
  std::optional<std::uint8_t> external;             ///< IFLA_VXLAN_COLLECT_METADATA
  std::optional<std::uint32_t> label;               ///< IFLA_VXLAN_LABEL
  bool generic_protocol = false;                    ///< IFLA_VXLAN_GPE
  std::optional<std::uint8_t> ttl_inherit;          ///< IFLA_VXLAN_TTL_INHERIT
  std::optional<std::uint8_t> df;                   ///< IFLA_VXLAN_DF: VXLAN_DF_
  std::optional<std::uint8_t> vni_filter;           ///< IFLA_VXLAN_VNIFILTER
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<vxlan>& policy();
};

/// IFLA_INFO_DATA of "geneve". Source: linux/if_link.h
struct geneve {
  std::optional<std::uint32_t> id;                ///< IFLA_GENEVE_ID: VNI, 24 bits
  std::optional<network_address> remote;          ///< IFLA_GENEVE_REMOTE
  std::optional<std::uint8_t> ttl;                ///< IFLA_GENEVE_TTL
  std::optional<std::uint8_t> tos;                ///< IFLA_GENEVE_TOS
  std::optional<std::uint16_t> port;              ///< IFLA_GENEVE_PORT
  bool external = false;                          ///< IFLA_GENEVE_COLLECT_METADATA
  std::optional<network_address> remote6;         ///< IFLA_GENEVE_REMOTE6
  std::optional<std::uint8_t> checksum;           ///< IFLA_GENEVE_UDP_CSUM
  std::optional<std::uint8_t> zero_checksum6_tx;  ///< IFLA_GENEVE_UDP_ZERO_CSUM6_TX
  std::optional<std::uint8_t> zero_checksum6_rx;  ///< IFLA_GENEVE_UDP_ZERO_CSUM6_RX
  std::optional<std::uint32_t> label;             ///< IFLA_GENEVE_LABEL
  std::optional<std::uint8_t> ttl_inherit;        ///< IFLA_GENEVE_TTL_INHERIT
  std::optional<std::uint8_t> df;                 ///< IFLA_GENEVE_DF: GENEVE_DF_
  bool inherit_protocol = false;                  ///< IFLA_GENEVE_INNER_PROTO_INHERIT
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<geneve>& policy();
};

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_LINK_OVERLAY_H_
