// Tunnels over IP: the data of the link kinds "gre", "gretap", "erspan" and their IPv6 relatives,
// "ipip", "sit", "ip6tnl", "vti" and "vti6". An address tells by its length whether it is IPv4 or
// IPv6; a key is four bytes, as `ip` prints it: 0.0.0.7.
#ifndef TRIVET_NETLINK_ROUTE_LINK_TUNNEL_H_
#define TRIVET_NETLINK_ROUTE_LINK_TUNNEL_H_

#include <linux/if_tunnel.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink::rtnl {

/// IFLA_INFO_DATA of GRE and ERSPAN, over IPv4 and IPv6. Source: linux/if_tunnel.h
struct gre_tunnel {
  std::optional<std::uint32_t> link;          ///< IFLA_GRE_LINK: index of the link below
  std::optional<std::uint16_t> input_flags;   ///< IFLA_GRE_IFLAGS: GRE_ bits, in host byte order
  std::optional<std::uint16_t> output_flags;  ///< IFLA_GRE_OFLAGS: GRE_ bits, in host byte order
  std::optional<network_address> input_key;   ///< IFLA_GRE_IKEY
  std::optional<network_address> output_key;  ///< IFLA_GRE_OKEY
  std::optional<network_address> local;       ///< IFLA_GRE_LOCAL
  std::optional<network_address> remote;      ///< IFLA_GRE_REMOTE
  std::optional<std::uint8_t> ttl;            ///< IFLA_GRE_TTL: 0: that of the packet
  std::optional<std::uint8_t> tos;            ///< IFLA_GRE_TOS: 1: that of the packet
  std::optional<std::uint8_t> path_mtu_discovery;  ///< IFLA_GRE_PMTUDISC
  std::optional<std::uint8_t> encap_limit;         ///< IFLA_GRE_ENCAP_LIMIT
  std::optional<std::uint32_t> flow_info;          ///< IFLA_GRE_FLOWINFO
  std::optional<std::uint32_t> flags;              ///< IFLA_GRE_FLAGS: IP6_TNL_F_
  std::optional<std::uint16_t> encap_type;         ///< IFLA_GRE_ENCAP_TYPE: TUNNEL_ENCAP_
  std::optional<std::uint16_t> encap_flags;        ///< IFLA_GRE_ENCAP_FLAGS: TUNNEL_ENCAP_FLAG_
  std::optional<std::uint16_t> encap_source_port;  ///< IFLA_GRE_ENCAP_SPORT
  std::optional<std::uint16_t> encap_destination_port;  ///< IFLA_GRE_ENCAP_DPORT
  bool external = false;  ///< IFLA_GRE_COLLECT_METADATA: routes say where packets go
  std::optional<std::uint8_t> ignore_df;         ///< IFLA_GRE_IGNORE_DF
  std::optional<std::uint32_t> mark;             ///< IFLA_GRE_FWMARK
  std::optional<std::uint32_t> erspan_index;     ///< IFLA_GRE_ERSPAN_INDEX
  std::optional<std::uint8_t> erspan_version;    ///< IFLA_GRE_ERSPAN_VER
  std::optional<std::uint8_t> erspan_direction;  ///< IFLA_GRE_ERSPAN_DIR
  std::optional<std::uint16_t> erspan_hardware;  ///< IFLA_GRE_ERSPAN_HWID
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<gre_tunnel>& policy();
};

/// IFLA_INFO_DATA of "ipip" and "sit". Source: linux/if_tunnel.h
struct ip_tunnel {
  std::optional<std::uint32_t> link;      ///< IFLA_IPTUN_LINK: index of the link below
  std::optional<network_address> local;   ///< IFLA_IPTUN_LOCAL
  std::optional<network_address> remote;  ///< IFLA_IPTUN_REMOTE
  std::optional<std::uint8_t> ttl;        ///< IFLA_IPTUN_TTL: 0: that of the packet
  std::optional<std::uint8_t> tos;        ///< IFLA_IPTUN_TOS: 1: that of the packet
  std::optional<std::uint16_t> flags;     ///< IFLA_IPTUN_FLAGS: SIT_ bits, in host byte order
  std::optional<std::uint8_t> protocol;   ///< IFLA_IPTUN_PROTO: IPPROTO_; 0: any
  std::optional<std::uint8_t> path_mtu_discovery;        ///< IFLA_IPTUN_PMTUDISC
  std::optional<network_address> prefix_6rd;             ///< IFLA_IPTUN_6RD_PREFIX
  std::optional<network_address> relay_prefix_6rd;       ///< IFLA_IPTUN_6RD_RELAY_PREFIX
  std::optional<std::uint16_t> prefix_length_6rd;        ///< IFLA_IPTUN_6RD_PREFIXLEN
  std::optional<std::uint16_t> relay_prefix_length_6rd;  ///< IFLA_IPTUN_6RD_RELAY_PREFIXLEN
  std::optional<std::uint16_t> encap_type;               ///< IFLA_IPTUN_ENCAP_TYPE: TUNNEL_ENCAP_
  std::optional<std::uint16_t> encap_flags;        ///< IFLA_IPTUN_ENCAP_FLAGS: TUNNEL_ENCAP_FLAG_
  std::optional<std::uint16_t> encap_source_port;  ///< IFLA_IPTUN_ENCAP_SPORT
  std::optional<std::uint16_t> encap_destination_port;  ///< IFLA_IPTUN_ENCAP_DPORT
  bool external = false;              ///< IFLA_IPTUN_COLLECT_METADATA: routes say where packets go
  std::optional<std::uint32_t> mark;  ///< IFLA_IPTUN_FWMARK
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<ip_tunnel>& policy();
};

/// IFLA_INFO_DATA of "ip6tnl". Source: linux/if_tunnel.h
struct ip6_tunnel {
  std::optional<std::uint32_t> link;               ///< IFLA_IPTUN_LINK: index of the link below
  std::optional<network_address> local;            ///< IFLA_IPTUN_LOCAL
  std::optional<network_address> remote;           ///< IFLA_IPTUN_REMOTE
  std::optional<std::uint8_t> ttl;                 ///< IFLA_IPTUN_TTL: 0: that of the packet
  std::optional<std::uint8_t> encap_limit;         ///< IFLA_IPTUN_ENCAP_LIMIT
  std::optional<std::uint32_t> flow_info;          ///< IFLA_IPTUN_FLOWINFO
  std::optional<std::uint32_t> flags;              ///< IFLA_IPTUN_FLAGS: IP6_TNL_F_
  std::optional<std::uint8_t> protocol;            ///< IFLA_IPTUN_PROTO: IPPROTO_; 0: any
  std::optional<std::uint16_t> encap_type;         ///< IFLA_IPTUN_ENCAP_TYPE: TUNNEL_ENCAP_
  std::optional<std::uint16_t> encap_flags;        ///< IFLA_IPTUN_ENCAP_FLAGS: TUNNEL_ENCAP_FLAG_
  std::optional<std::uint16_t> encap_source_port;  ///< IFLA_IPTUN_ENCAP_SPORT
  std::optional<std::uint16_t> encap_destination_port;  ///< IFLA_IPTUN_ENCAP_DPORT
  bool external = false;              ///< IFLA_IPTUN_COLLECT_METADATA: routes say where packets go
  std::optional<std::uint32_t> mark;  ///< IFLA_IPTUN_FWMARK
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<ip6_tunnel>& policy();
};

/// IFLA_INFO_DATA of "vti" and "vti6". Source: linux/if_tunnel.h
struct vti_tunnel {
  std::optional<std::uint32_t> link;          ///< IFLA_VTI_LINK: index of the link below
  std::optional<network_address> input_key;   ///< IFLA_VTI_IKEY
  std::optional<network_address> output_key;  ///< IFLA_VTI_OKEY
  std::optional<network_address> local;       ///< IFLA_VTI_LOCAL
  std::optional<network_address> remote;      ///< IFLA_VTI_REMOTE
  std::optional<std::uint32_t> mark;          ///< IFLA_VTI_FWMARK
  std::vector<raw_attribute> others;

  [[nodiscard]] static const attribute_policy<vti_tunnel>& policy();
};

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_LINK_TUNNEL_H_
