#include "trivet/netlink/route/link_tunnel.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<gre_tunnel> gre_tunnel_rules[] = {
    rule<&gre_tunnel::link>(IFLA_GRE_LINK, "link"),
    rule<&gre_tunnel::input_flags, big_endian_number>(IFLA_GRE_IFLAGS, "iflags"),
    rule<&gre_tunnel::output_flags, big_endian_number>(IFLA_GRE_OFLAGS, "oflags"),
    rule<&gre_tunnel::input_key, address_by_length>(IFLA_GRE_IKEY, "ikey"),
    rule<&gre_tunnel::output_key, address_by_length>(IFLA_GRE_OKEY, "okey"),
    rule<&gre_tunnel::local, address_by_length>(IFLA_GRE_LOCAL, "local"),
    rule<&gre_tunnel::remote, address_by_length>(IFLA_GRE_REMOTE, "remote"),
    rule<&gre_tunnel::ttl>(IFLA_GRE_TTL, "ttl"),
    rule<&gre_tunnel::tos>(IFLA_GRE_TOS, "tos"),
    rule<&gre_tunnel::path_mtu_discovery>(IFLA_GRE_PMTUDISC, "pmtudisc"),
    rule<&gre_tunnel::encap_limit>(IFLA_GRE_ENCAP_LIMIT, "encap-limit"),
    rule<&gre_tunnel::flow_info, big_endian_number>(IFLA_GRE_FLOWINFO, "flowinfo"),
    rule<&gre_tunnel::flags>(IFLA_GRE_FLAGS, "flags"),
    rule<&gre_tunnel::encap_type>(IFLA_GRE_ENCAP_TYPE, "encap-type"),
    rule<&gre_tunnel::encap_flags>(IFLA_GRE_ENCAP_FLAGS, "encap-flags"),
    rule<&gre_tunnel::encap_source_port, big_endian_number>(IFLA_GRE_ENCAP_SPORT, "encap-sport"),
    rule<&gre_tunnel::encap_destination_port, big_endian_number>(IFLA_GRE_ENCAP_DPORT,
                                                                 "encap-dport"),
    rule<&gre_tunnel::external, presence>(IFLA_GRE_COLLECT_METADATA, "collect-metadata"),
    rule<&gre_tunnel::ignore_df>(IFLA_GRE_IGNORE_DF, "ignore-df"),
    rule<&gre_tunnel::mark>(IFLA_GRE_FWMARK, "fwmark"),
    rule<&gre_tunnel::erspan_index>(IFLA_GRE_ERSPAN_INDEX, "erspan-index"),
    rule<&gre_tunnel::erspan_version>(IFLA_GRE_ERSPAN_VER, "erspan-ver"),
    rule<&gre_tunnel::erspan_direction>(IFLA_GRE_ERSPAN_DIR, "erspan-dir"),
    rule<&gre_tunnel::erspan_hardware>(IFLA_GRE_ERSPAN_HWID, "erspan-hwid"),
};
constexpr attribute_policy<gre_tunnel> gre_tunnel_policy(gre_tunnel_rules, "IFLA_GRE_");

constexpr attribute_rule<ip_tunnel> ip_tunnel_rules[] = {
    rule<&ip_tunnel::link>(IFLA_IPTUN_LINK, "link"),
    rule<&ip_tunnel::local, address_by_length>(IFLA_IPTUN_LOCAL, "local"),
    rule<&ip_tunnel::remote, address_by_length>(IFLA_IPTUN_REMOTE, "remote"),
    rule<&ip_tunnel::ttl>(IFLA_IPTUN_TTL, "ttl"),
    rule<&ip_tunnel::tos>(IFLA_IPTUN_TOS, "tos"),
    // Declared as of network byte order, and never swapped: the value is that of the machine.
    // Source: net/ipv6/sit.c (ipip6_netlink_parms, ipip6_fill_info), iproute2 ip/link_iptnl.c
    rule<&ip_tunnel::flags>(IFLA_IPTUN_FLAGS, "flags"),
    rule<&ip_tunnel::protocol>(IFLA_IPTUN_PROTO, "proto"),
    rule<&ip_tunnel::path_mtu_discovery>(IFLA_IPTUN_PMTUDISC, "pmtudisc"),
    rule<&ip_tunnel::prefix_6rd, address_by_length>(IFLA_IPTUN_6RD_PREFIX, "6rd-prefix"),
    rule<&ip_tunnel::relay_prefix_6rd, address_by_length>(IFLA_IPTUN_6RD_RELAY_PREFIX,
                                                          "6rd-relay-prefix"),
    rule<&ip_tunnel::prefix_length_6rd>(IFLA_IPTUN_6RD_PREFIXLEN, "6rd-prefixlen"),
    rule<&ip_tunnel::relay_prefix_length_6rd>(IFLA_IPTUN_6RD_RELAY_PREFIXLEN,
                                              "6rd-relay-prefixlen"),
    rule<&ip_tunnel::encap_type>(IFLA_IPTUN_ENCAP_TYPE, "encap-type"),
    rule<&ip_tunnel::encap_flags>(IFLA_IPTUN_ENCAP_FLAGS, "encap-flags"),
    rule<&ip_tunnel::encap_source_port, big_endian_number>(IFLA_IPTUN_ENCAP_SPORT, "encap-sport"),
    rule<&ip_tunnel::encap_destination_port, big_endian_number>(IFLA_IPTUN_ENCAP_DPORT,
                                                                "encap-dport"),
    rule<&ip_tunnel::external, presence>(IFLA_IPTUN_COLLECT_METADATA, "collect-metadata"),
    rule<&ip_tunnel::mark>(IFLA_IPTUN_FWMARK, "fwmark"),
};
constexpr attribute_policy<ip_tunnel> ip_tunnel_policy(ip_tunnel_rules, "IFLA_IPTUN_");

constexpr attribute_rule<ip6_tunnel> ip6_tunnel_rules[] = {
    rule<&ip6_tunnel::link>(IFLA_IPTUN_LINK, "link"),
    rule<&ip6_tunnel::local, address_by_length>(IFLA_IPTUN_LOCAL, "local"),
    rule<&ip6_tunnel::remote, address_by_length>(IFLA_IPTUN_REMOTE, "remote"),
    rule<&ip6_tunnel::ttl>(IFLA_IPTUN_TTL, "ttl"),
    rule<&ip6_tunnel::encap_limit>(IFLA_IPTUN_ENCAP_LIMIT, "encap-limit"),
    rule<&ip6_tunnel::flow_info, big_endian_number>(IFLA_IPTUN_FLOWINFO, "flowinfo"),
    rule<&ip6_tunnel::flags>(IFLA_IPTUN_FLAGS, "flags"),
    rule<&ip6_tunnel::protocol>(IFLA_IPTUN_PROTO, "proto"),
    rule<&ip6_tunnel::encap_type>(IFLA_IPTUN_ENCAP_TYPE, "encap-type"),
    rule<&ip6_tunnel::encap_flags>(IFLA_IPTUN_ENCAP_FLAGS, "encap-flags"),
    rule<&ip6_tunnel::encap_source_port, big_endian_number>(IFLA_IPTUN_ENCAP_SPORT, "encap-sport"),
    rule<&ip6_tunnel::encap_destination_port, big_endian_number>(IFLA_IPTUN_ENCAP_DPORT,
                                                                 "encap-dport"),
    rule<&ip6_tunnel::external, presence>(IFLA_IPTUN_COLLECT_METADATA, "collect-metadata"),
    rule<&ip6_tunnel::mark>(IFLA_IPTUN_FWMARK, "fwmark"),
};
constexpr attribute_policy<ip6_tunnel> ip6_tunnel_policy(ip6_tunnel_rules, "IFLA_IPTUN_");

constexpr attribute_rule<vti_tunnel> vti_tunnel_rules[] = {
    rule<&vti_tunnel::link>(IFLA_VTI_LINK, "link"),
    rule<&vti_tunnel::input_key, address_by_length>(IFLA_VTI_IKEY, "ikey"),
    rule<&vti_tunnel::output_key, address_by_length>(IFLA_VTI_OKEY, "okey"),
    rule<&vti_tunnel::local, address_by_length>(IFLA_VTI_LOCAL, "local"),
    rule<&vti_tunnel::remote, address_by_length>(IFLA_VTI_REMOTE, "remote"),
    rule<&vti_tunnel::mark>(IFLA_VTI_FWMARK, "fwmark"),
};
constexpr attribute_policy<vti_tunnel> vti_tunnel_policy(vti_tunnel_rules, "IFLA_VTI_");

}  // namespace

const attribute_policy<gre_tunnel>& gre_tunnel::policy() { return gre_tunnel_policy; }
const attribute_policy<ip_tunnel>& ip_tunnel::policy() { return ip_tunnel_policy; }
const attribute_policy<ip6_tunnel>& ip6_tunnel::policy() { return ip6_tunnel_policy; }
const attribute_policy<vti_tunnel>& vti_tunnel::policy() { return vti_tunnel_policy; }

}  // namespace trivet::netlink::rtnl
