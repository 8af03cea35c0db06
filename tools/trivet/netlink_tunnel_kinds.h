// The kinds of tunnels and the numbers that each gives to what all of them have.
#ifndef TOOLS_TRIVET_NETLINK_TUNNEL_KINDS_H_
#define TOOLS_TRIVET_NETLINK_TUNNEL_KINDS_H_

#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <sys/socket.h>

#include <cstdint>
#include <string_view>

namespace trivet::tool {

/// The attributes that tunnels have in common, which each family of kinds numbers anew; 0: none.
struct tunnel_attributes {
  std::uint16_t link, local, remote, ttl, tos, encap_limit, flow_info, flags, pmtu, encap_type,
      encap_flags, encap_source, encap_destination, external, mark, input_key, output_key;
};

inline constexpr tunnel_attributes gre_attributes = {
    IFLA_GRE_LINK,        IFLA_GRE_LOCAL,
    IFLA_GRE_REMOTE,      IFLA_GRE_TTL,
    IFLA_GRE_TOS,         IFLA_GRE_ENCAP_LIMIT,
    IFLA_GRE_FLOWINFO,    IFLA_GRE_FLAGS,
    IFLA_GRE_PMTUDISC,    IFLA_GRE_ENCAP_TYPE,
    IFLA_GRE_ENCAP_FLAGS, IFLA_GRE_ENCAP_SPORT,
    IFLA_GRE_ENCAP_DPORT, IFLA_GRE_COLLECT_METADATA,
    IFLA_GRE_FWMARK,      IFLA_GRE_IKEY,
    IFLA_GRE_OKEY};
inline constexpr tunnel_attributes ip_attributes = {IFLA_IPTUN_LINK,
                                                    IFLA_IPTUN_LOCAL,
                                                    IFLA_IPTUN_REMOTE,
                                                    IFLA_IPTUN_TTL,
                                                    IFLA_IPTUN_TOS,
                                                    IFLA_IPTUN_ENCAP_LIMIT,
                                                    IFLA_IPTUN_FLOWINFO,
                                                    IFLA_IPTUN_FLAGS,
                                                    IFLA_IPTUN_PMTUDISC,
                                                    IFLA_IPTUN_ENCAP_TYPE,
                                                    IFLA_IPTUN_ENCAP_FLAGS,
                                                    IFLA_IPTUN_ENCAP_SPORT,
                                                    IFLA_IPTUN_ENCAP_DPORT,
                                                    IFLA_IPTUN_COLLECT_METADATA,
                                                    IFLA_IPTUN_FWMARK,
                                                    0,
                                                    0};
inline constexpr tunnel_attributes vti_attributes = {
    IFLA_VTI_LINK,   IFLA_VTI_LOCAL, IFLA_VTI_REMOTE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    IFLA_VTI_FWMARK, IFLA_VTI_IKEY,  IFLA_VTI_OKEY};

/// A kind of links, as IFLA_INFO_KIND has it.
struct tunnel_kind {
  std::string_view name;                ///< "ip6gre"
  const tunnel_attributes& attributes;  ///< one of the three above
  int family;                           ///< of the packets outside
};

inline constexpr tunnel_kind tunnel_kinds[] = {
    {"gre", gre_attributes, AF_INET},        {"gretap", gre_attributes, AF_INET},
    {"erspan", gre_attributes, AF_INET},     {"ip6gre", gre_attributes, AF_INET6},
    {"ip6gretap", gre_attributes, AF_INET6}, {"ip6erspan", gre_attributes, AF_INET6},
    {"ipip", ip_attributes, AF_INET},        {"sit", ip_attributes, AF_INET},
    {"ip6tnl", ip_attributes, AF_INET6},     {"vti", vti_attributes, AF_INET},
    {"vti6", vti_attributes, AF_INET6},
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_TUNNEL_KINDS_H_
