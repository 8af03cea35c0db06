// What the numbers of links are called in the kernel's headers.
#ifndef TRIVET_NETLINK_ROUTE_LINK_VALUES_H_
#define TRIVET_NETLINK_ROUTE_LINK_VALUES_H_

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_bonding.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <linux/snmp.h>
#include <sys/socket.h>

#include "trivet/netlink/value_form.h"

namespace trivet::netlink::rtnl::values {

inline constexpr value_name families_list[] = {
    {AF_UNSPEC, "UNSPEC"}, {AF_UNIX, "UNIX"},
    {AF_INET, "INET"},     {AF_INET6, "INET6"},
    {AF_BRIDGE, "BRIDGE"}, {AF_NETLINK, "NETLINK"},
    {AF_PACKET, "PACKET"}, {AF_MPLS, "MPLS"},
    {AF_TIPC, "TIPC"},     {AF_VSOCK, "VSOCK"},
    {AF_CAN, "CAN"},       {AF_XDP, "XDP"},
    {AF_PHONET, "PHONET"}, {AF_IEEE802154, "IEEE802154"},
    {AF_MCTP, "MCTP"},
};
/// Of sockets and of objects: AF_.
inline constexpr value_names families{"AF_", families_list};

inline constexpr value_name link_types_list[] = {
    {ARPHRD_NETROM, "NETROM"},
    {ARPHRD_ETHER, "ETHER"},
    {ARPHRD_EETHER, "EETHER"},
    {ARPHRD_AX25, "AX25"},
    {ARPHRD_IEEE802, "IEEE802"},
    {ARPHRD_ARCNET, "ARCNET"},
    {ARPHRD_DLCI, "DLCI"},
    {ARPHRD_ATM, "ATM"},
    {ARPHRD_IEEE1394, "IEEE1394"},
    {ARPHRD_EUI64, "EUI64"},
    {ARPHRD_INFINIBAND, "INFINIBAND"},
    {ARPHRD_SLIP, "SLIP"},
    {ARPHRD_CSLIP, "CSLIP"},
    {ARPHRD_CAN, "CAN"},
    {ARPHRD_PPP, "PPP"},
    {ARPHRD_CISCO, "CISCO"},
    {ARPHRD_RAWHDLC, "RAWHDLC"},
    {ARPHRD_RAWIP, "RAWIP"},
    {ARPHRD_TUNNEL, "TUNNEL"},
    {ARPHRD_TUNNEL6, "TUNNEL6"},
    {ARPHRD_FRAD, "FRAD"},
    {ARPHRD_LOOPBACK, "LOOPBACK"},
    {ARPHRD_LOCALTLK, "LOCALTLK"},
    {ARPHRD_FDDI, "FDDI"},
    {ARPHRD_SIT, "SIT"},
    {ARPHRD_IPGRE, "IPGRE"},
    {ARPHRD_IP6GRE, "IP6GRE"},
    {ARPHRD_PIMREG, "PIMREG"},
    {ARPHRD_IRDA, "IRDA"},
    {ARPHRD_IEEE802_TR, "IEEE802_TR"},
    {ARPHRD_IEEE80211, "IEEE80211"},
    {ARPHRD_IEEE80211_PRISM, "IEEE80211_PRISM"},
    {ARPHRD_IEEE80211_RADIOTAP, "IEEE80211_RADIOTAP"},
    {ARPHRD_IEEE802154, "IEEE802154"},
    {ARPHRD_IEEE802154_MONITOR, "IEEE802154_MONITOR"},
    {ARPHRD_PHONET, "PHONET"},
    {ARPHRD_PHONET_PIPE, "PHONET_PIPE"},
    {ARPHRD_CAIF, "CAIF"},
    {ARPHRD_NETLINK, "NETLINK"},
    {ARPHRD_6LOWPAN, "6LOWPAN"},
    {ARPHRD_VSOCKMON, "VSOCKMON"},
    {ARPHRD_NONE, "NONE"},
    {ARPHRD_VOID, "VOID"},
};
/// Types of links: ARPHRD_. Source: linux/if_arp.h
inline constexpr value_names link_types{"ARPHRD_", link_types_list};

inline constexpr value_name link_flags_list[] = {
    {IFF_UP, "UP"},
    {IFF_BROADCAST, "BROADCAST"},
    {IFF_DEBUG, "DEBUG"},
    {IFF_LOOPBACK, "LOOPBACK"},
    {IFF_POINTOPOINT, "POINTOPOINT"},
    {IFF_NOTRAILERS, "NOTRAILERS"},
    {IFF_RUNNING, "RUNNING"},
    {IFF_NOARP, "NOARP"},
    {IFF_PROMISC, "PROMISC"},
    {IFF_ALLMULTI, "ALLMULTI"},
    {IFF_MASTER, "MASTER"},
    {IFF_SLAVE, "SLAVE"},
    {IFF_MULTICAST, "MULTICAST"},
    {IFF_PORTSEL, "PORTSEL"},
    {IFF_AUTOMEDIA, "AUTOMEDIA"},
    {IFF_DYNAMIC, "DYNAMIC"},
    {IFF_LOWER_UP, "LOWER_UP"},
    {IFF_DORMANT, "DORMANT"},
    {IFF_ECHO, "ECHO"},
};
/// Flags of links: IFF_. Source: linux/if.h
inline constexpr value_names link_flags{"IFF_", link_flags_list, true};

inline constexpr value_name operstates_list[] = {
    {IF_OPER_UNKNOWN, "UNKNOWN"}, {IF_OPER_NOTPRESENT, "NOTPRESENT"},
    {IF_OPER_DOWN, "DOWN"},       {IF_OPER_LOWERLAYERDOWN, "LOWERLAYERDOWN"},
    {IF_OPER_TESTING, "TESTING"}, {IF_OPER_DORMANT, "DORMANT"},
    {IF_OPER_UP, "UP"},
};
/// IFLA_OPERSTATE.
inline constexpr value_names operstates{"IF_OPER_", operstates_list};

inline constexpr value_name link_modes_list[] = {
    {IF_LINK_MODE_DEFAULT, "DEFAULT"},
    {IF_LINK_MODE_DORMANT, "DORMANT"},
    {IF_LINK_MODE_TESTING, "TESTING"},
};
/// IFLA_LINKMODE.
inline constexpr value_names link_modes{"IF_LINK_MODE_", link_modes_list};

inline constexpr value_name link_events_list[] = {
    {IFLA_EVENT_NONE, "NONE"},
    {IFLA_EVENT_REBOOT, "REBOOT"},
    {IFLA_EVENT_FEATURES, "FEATURES"},
    {IFLA_EVENT_BONDING_FAILOVER, "BONDING_FAILOVER"},
    {IFLA_EVENT_NOTIFY_PEERS, "NOTIFY_PEERS"},
    {IFLA_EVENT_IGMP_RESEND, "IGMP_RESEND"},
    {IFLA_EVENT_BONDING_OPTIONS, "BONDING_OPTIONS"},
};
/// IFLA_EVENT.
inline constexpr value_names link_events{"IFLA_EVENT_", link_events_list};

inline constexpr value_name extension_filters_list[] = {
    {RTEXT_FILTER_VF, "VF"},
    {RTEXT_FILTER_BRVLAN, "BRVLAN"},
    {RTEXT_FILTER_BRVLAN_COMPRESSED, "BRVLAN_COMPRESSED"},
    {RTEXT_FILTER_SKIP_STATS, "SKIP_STATS"},
    {RTEXT_FILTER_MRP, "MRP"},
    {RTEXT_FILTER_CFM_CONFIG, "CFM_CONFIG"},
    {RTEXT_FILTER_CFM_STATUS, "CFM_STATUS"},
    {RTEXT_FILTER_MST, "MST"},
};
/// IFLA_EXT_MASK.
inline constexpr value_names extension_filters{"RTEXT_FILTER_", extension_filters_list, true};

inline constexpr value_name address_modes_list[] = {
    {IN6_ADDR_GEN_MODE_EUI64, "EUI64"},
    {IN6_ADDR_GEN_MODE_NONE, "NONE"},
    {IN6_ADDR_GEN_MODE_STABLE_PRIVACY, "STABLE_PRIVACY"},
    {IN6_ADDR_GEN_MODE_RANDOM, "RANDOM"},
};
/// IFLA_INET6_ADDR_GEN_MODE.
inline constexpr value_names address_modes{"IN6_ADDR_GEN_MODE_", address_modes_list};

inline constexpr value_name inet6_link_flags_list[] = {
    {0x80U, "RA_OTHERCONF"}, {0x40U, "RA_MANAGED"},  {0x20U, "RA_RCVD"},
    {0x10U, "RS_SENT"},      {0x80000000U, "READY"},
};
/// IFLA_INET6_FLAGS. The header is the kernel's own.
inline constexpr value_names inet6_link_flags{"IF_", inet6_link_flags_list, true};

inline constexpr value_name xdp_modes_list[] = {
    {XDP_ATTACHED_NONE, "NONE"}, {XDP_ATTACHED_DRV, "DRV"},     {XDP_ATTACHED_SKB, "SKB"},
    {XDP_ATTACHED_HW, "HW"},     {XDP_ATTACHED_MULTI, "MULTI"},
};
/// IFLA_XDP_ATTACHED.
inline constexpr value_names xdp_modes{"XDP_ATTACHED_", xdp_modes_list};

inline constexpr value_name inet_settings_list[] = {
    {IPV4_DEVCONF_FORWARDING - 1, "FORWARDING"},
    {IPV4_DEVCONF_MC_FORWARDING - 1, "MC_FORWARDING"},
    {IPV4_DEVCONF_PROXY_ARP - 1, "PROXY_ARP"},
    {IPV4_DEVCONF_ACCEPT_REDIRECTS - 1, "ACCEPT_REDIRECTS"},
    {IPV4_DEVCONF_SECURE_REDIRECTS - 1, "SECURE_REDIRECTS"},
    {IPV4_DEVCONF_SEND_REDIRECTS - 1, "SEND_REDIRECTS"},
    {IPV4_DEVCONF_SHARED_MEDIA - 1, "SHARED_MEDIA"},
    {IPV4_DEVCONF_RP_FILTER - 1, "RP_FILTER"},
    {IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE - 1, "ACCEPT_SOURCE_ROUTE"},
    {IPV4_DEVCONF_BOOTP_RELAY - 1, "BOOTP_RELAY"},
    {IPV4_DEVCONF_LOG_MARTIANS - 1, "LOG_MARTIANS"},
    {IPV4_DEVCONF_TAG - 1, "TAG"},
    {IPV4_DEVCONF_ARPFILTER - 1, "ARPFILTER"},
    {IPV4_DEVCONF_MEDIUM_ID - 1, "MEDIUM_ID"},
    {IPV4_DEVCONF_NOXFRM - 1, "NOXFRM"},
    {IPV4_DEVCONF_NOPOLICY - 1, "NOPOLICY"},
    {IPV4_DEVCONF_FORCE_IGMP_VERSION - 1, "FORCE_IGMP_VERSION"},
    {IPV4_DEVCONF_ARP_ANNOUNCE - 1, "ARP_ANNOUNCE"},
    {IPV4_DEVCONF_ARP_IGNORE - 1, "ARP_IGNORE"},
    {IPV4_DEVCONF_PROMOTE_SECONDARIES - 1, "PROMOTE_SECONDARIES"},
    {IPV4_DEVCONF_ARP_ACCEPT - 1, "ARP_ACCEPT"},
    {IPV4_DEVCONF_ARP_NOTIFY - 1, "ARP_NOTIFY"},
    {IPV4_DEVCONF_ACCEPT_LOCAL - 1, "ACCEPT_LOCAL"},
    {IPV4_DEVCONF_SRC_VMARK - 1, "SRC_VMARK"},
    {IPV4_DEVCONF_PROXY_ARP_PVLAN - 1, "PROXY_ARP_PVLAN"},
    {IPV4_DEVCONF_ROUTE_LOCALNET - 1, "ROUTE_LOCALNET"},
    {IPV4_DEVCONF_IGMPV2_UNSOLICITED_REPORT_INTERVAL - 1, "IGMPV2_UNSOLICITED_REPORT_INTERVAL"},
    {IPV4_DEVCONF_IGMPV3_UNSOLICITED_REPORT_INTERVAL - 1, "IGMPV3_UNSOLICITED_REPORT_INTERVAL"},
    {IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN - 1, "IGNORE_ROUTES_WITH_LINKDOWN"},
    {IPV4_DEVCONF_DROP_UNICAST_IN_L2_MULTICAST - 1, "DROP_UNICAST_IN_L2_MULTICAST"},
    {IPV4_DEVCONF_DROP_GRATUITOUS_ARP - 1, "DROP_GRATUITOUS_ARP"},
    {IPV4_DEVCONF_BC_FORWARDING - 1, "BC_FORWARDING"},
    {IPV4_DEVCONF_ARP_EVICT_NOCARRIER - 1, "ARP_EVICT_NOCARRIER"},
};
/// The places of IFLA_INET_CONF. Source: linux/ip.h
inline constexpr value_names inet_settings{"IPV4_DEVCONF_", inet_settings_list};

inline constexpr value_name inet6_settings_list[] = {
    {DEVCONF_FORWARDING, "FORWARDING"},
    {DEVCONF_HOPLIMIT, "HOPLIMIT"},
    {DEVCONF_MTU6, "MTU6"},
    {DEVCONF_ACCEPT_RA, "ACCEPT_RA"},
    {DEVCONF_ACCEPT_REDIRECTS, "ACCEPT_REDIRECTS"},
    {DEVCONF_AUTOCONF, "AUTOCONF"},
    {DEVCONF_DAD_TRANSMITS, "DAD_TRANSMITS"},
    {DEVCONF_RTR_SOLICITS, "RTR_SOLICITS"},
    {DEVCONF_RTR_SOLICIT_INTERVAL, "RTR_SOLICIT_INTERVAL"},
    {DEVCONF_RTR_SOLICIT_DELAY, "RTR_SOLICIT_DELAY"},
    {DEVCONF_USE_TEMPADDR, "USE_TEMPADDR"},
    {DEVCONF_TEMP_VALID_LFT, "TEMP_VALID_LFT"},
    {DEVCONF_TEMP_PREFERED_LFT, "TEMP_PREFERED_LFT"},
    {DEVCONF_REGEN_MAX_RETRY, "REGEN_MAX_RETRY"},
    {DEVCONF_MAX_DESYNC_FACTOR, "MAX_DESYNC_FACTOR"},
    {DEVCONF_MAX_ADDRESSES, "MAX_ADDRESSES"},
    {DEVCONF_FORCE_MLD_VERSION, "FORCE_MLD_VERSION"},
    {DEVCONF_ACCEPT_RA_DEFRTR, "ACCEPT_RA_DEFRTR"},
    {DEVCONF_ACCEPT_RA_PINFO, "ACCEPT_RA_PINFO"},
    {DEVCONF_ACCEPT_RA_RTR_PREF, "ACCEPT_RA_RTR_PREF"},
    {DEVCONF_RTR_PROBE_INTERVAL, "RTR_PROBE_INTERVAL"},
    {DEVCONF_ACCEPT_RA_RT_INFO_MAX_PLEN, "ACCEPT_RA_RT_INFO_MAX_PLEN"},
    {DEVCONF_PROXY_NDP, "PROXY_NDP"},
    {DEVCONF_OPTIMISTIC_DAD, "OPTIMISTIC_DAD"},
    {DEVCONF_ACCEPT_SOURCE_ROUTE, "ACCEPT_SOURCE_ROUTE"},
    {DEVCONF_MC_FORWARDING, "MC_FORWARDING"},
    {DEVCONF_DISABLE_IPV6, "DISABLE_IPV6"},
    {DEVCONF_ACCEPT_DAD, "ACCEPT_DAD"},
    {DEVCONF_FORCE_TLLAO, "FORCE_TLLAO"},
    {DEVCONF_NDISC_NOTIFY, "NDISC_NOTIFY"},
    {DEVCONF_MLDV1_UNSOLICITED_REPORT_INTERVAL, "MLDV1_UNSOLICITED_REPORT_INTERVAL"},
    {DEVCONF_MLDV2_UNSOLICITED_REPORT_INTERVAL, "MLDV2_UNSOLICITED_REPORT_INTERVAL"},
    {DEVCONF_SUPPRESS_FRAG_NDISC, "SUPPRESS_FRAG_NDISC"},
    {DEVCONF_ACCEPT_RA_FROM_LOCAL, "ACCEPT_RA_FROM_LOCAL"},
    {DEVCONF_USE_OPTIMISTIC, "USE_OPTIMISTIC"},
    {DEVCONF_ACCEPT_RA_MTU, "ACCEPT_RA_MTU"},
    {DEVCONF_STABLE_SECRET, "STABLE_SECRET"},
    {DEVCONF_USE_OIF_ADDRS_ONLY, "USE_OIF_ADDRS_ONLY"},
    {DEVCONF_ACCEPT_RA_MIN_HOP_LIMIT, "ACCEPT_RA_MIN_HOP_LIMIT"},
    {DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN, "IGNORE_ROUTES_WITH_LINKDOWN"},
    {DEVCONF_DROP_UNICAST_IN_L2_MULTICAST, "DROP_UNICAST_IN_L2_MULTICAST"},
    {DEVCONF_DROP_UNSOLICITED_NA, "DROP_UNSOLICITED_NA"},
    {DEVCONF_KEEP_ADDR_ON_DOWN, "KEEP_ADDR_ON_DOWN"},
    {DEVCONF_RTR_SOLICIT_MAX_INTERVAL, "RTR_SOLICIT_MAX_INTERVAL"},
    {DEVCONF_SEG6_ENABLED, "SEG6_ENABLED"},
    {DEVCONF_SEG6_REQUIRE_HMAC, "SEG6_REQUIRE_HMAC"},
    {DEVCONF_ENHANCED_DAD, "ENHANCED_DAD"},
    {DEVCONF_ADDR_GEN_MODE, "ADDR_GEN_MODE"},
    {DEVCONF_DISABLE_POLICY, "DISABLE_POLICY"},
    {DEVCONF_ACCEPT_RA_RT_INFO_MIN_PLEN, "ACCEPT_RA_RT_INFO_MIN_PLEN"},
    {DEVCONF_NDISC_TCLASS, "NDISC_TCLASS"},
    {DEVCONF_RPL_SEG_ENABLED, "RPL_SEG_ENABLED"},
    {DEVCONF_RA_DEFRTR_METRIC, "RA_DEFRTR_METRIC"},
    {DEVCONF_IOAM6_ENABLED, "IOAM6_ENABLED"},
    {DEVCONF_IOAM6_ID, "IOAM6_ID"},
    {DEVCONF_IOAM6_ID_WIDE, "IOAM6_ID_WIDE"},
    {DEVCONF_NDISC_EVICT_NOCARRIER, "NDISC_EVICT_NOCARRIER"},
    {DEVCONF_ACCEPT_UNTRACKED_NA, "ACCEPT_UNTRACKED_NA"},
};
/// The places of IFLA_INET6_CONF. Source: linux/ipv6.h
inline constexpr value_names inet6_settings{"DEVCONF_", inet6_settings_list};

inline constexpr value_name inet6_counters_list[] = {
    {IPSTATS_MIB_NUM, "NUM"},
    {IPSTATS_MIB_INPKTS, "INPKTS"},
    {IPSTATS_MIB_INOCTETS, "INOCTETS"},
    {IPSTATS_MIB_INDELIVERS, "INDELIVERS"},
    {IPSTATS_MIB_OUTFORWDATAGRAMS, "OUTFORWDATAGRAMS"},
    {IPSTATS_MIB_OUTPKTS, "OUTPKTS"},
    {IPSTATS_MIB_OUTOCTETS, "OUTOCTETS"},
    {IPSTATS_MIB_INHDRERRORS, "INHDRERRORS"},
    {IPSTATS_MIB_INTOOBIGERRORS, "INTOOBIGERRORS"},
    {IPSTATS_MIB_INNOROUTES, "INNOROUTES"},
    {IPSTATS_MIB_INADDRERRORS, "INADDRERRORS"},
    {IPSTATS_MIB_INUNKNOWNPROTOS, "INUNKNOWNPROTOS"},
    {IPSTATS_MIB_INTRUNCATEDPKTS, "INTRUNCATEDPKTS"},
    {IPSTATS_MIB_INDISCARDS, "INDISCARDS"},
    {IPSTATS_MIB_OUTDISCARDS, "OUTDISCARDS"},
    {IPSTATS_MIB_OUTNOROUTES, "OUTNOROUTES"},
    {IPSTATS_MIB_REASMTIMEOUT, "REASMTIMEOUT"},
    {IPSTATS_MIB_REASMREQDS, "REASMREQDS"},
    {IPSTATS_MIB_REASMOKS, "REASMOKS"},
    {IPSTATS_MIB_REASMFAILS, "REASMFAILS"},
    {IPSTATS_MIB_FRAGOKS, "FRAGOKS"},
    {IPSTATS_MIB_FRAGFAILS, "FRAGFAILS"},
    {IPSTATS_MIB_FRAGCREATES, "FRAGCREATES"},
    {IPSTATS_MIB_INMCASTPKTS, "INMCASTPKTS"},
    {IPSTATS_MIB_OUTMCASTPKTS, "OUTMCASTPKTS"},
    {IPSTATS_MIB_INBCASTPKTS, "INBCASTPKTS"},
    {IPSTATS_MIB_OUTBCASTPKTS, "OUTBCASTPKTS"},
    {IPSTATS_MIB_INMCASTOCTETS, "INMCASTOCTETS"},
    {IPSTATS_MIB_OUTMCASTOCTETS, "OUTMCASTOCTETS"},
    {IPSTATS_MIB_INBCASTOCTETS, "INBCASTOCTETS"},
    {IPSTATS_MIB_OUTBCASTOCTETS, "OUTBCASTOCTETS"},
    {IPSTATS_MIB_CSUMERRORS, "CSUMERRORS"},
    {IPSTATS_MIB_NOECTPKTS, "NOECTPKTS"},
    {IPSTATS_MIB_ECT1PKTS, "ECT1PKTS"},
    {IPSTATS_MIB_ECT0PKTS, "ECT0PKTS"},
    {IPSTATS_MIB_CEPKTS, "CEPKTS"},
    {IPSTATS_MIB_REASM_OVERLAPS, "REASM_OVERLAPS"},
};
/// The places of IFLA_INET6_STATS. Source: linux/snmp.h
inline constexpr value_names inet6_counters{"IPSTATS_MIB_", inet6_counters_list};

inline constexpr value_name bridge_flags_list[] = {
    {BRIDGE_FLAGS_MASTER, "MASTER"},
    {BRIDGE_FLAGS_SELF, "SELF"},
};
/// IFLA_BRIDGE_FLAGS.
inline constexpr value_names bridge_flags{"BRIDGE_FLAGS_", bridge_flags_list, true};

inline constexpr value_name bridge_vlan_flags_list[] = {
    {BRIDGE_VLAN_INFO_MASTER, "MASTER"},       {BRIDGE_VLAN_INFO_PVID, "PVID"},
    {BRIDGE_VLAN_INFO_UNTAGGED, "UNTAGGED"},   {BRIDGE_VLAN_INFO_RANGE_BEGIN, "RANGE_BEGIN"},
    {BRIDGE_VLAN_INFO_RANGE_END, "RANGE_END"}, {BRIDGE_VLAN_INFO_BRENTRY, "BRENTRY"},
    {BRIDGE_VLAN_INFO_ONLY_OPTS, "ONLY_OPTS"},
};
/// struct bridge_vlan_info.
inline constexpr value_names bridge_vlan_flags{"BRIDGE_VLAN_INFO_", bridge_vlan_flags_list, true};

inline constexpr value_name bridge_options_list[] = {
    {1U << BR_BOOLOPT_NO_LL_LEARN, "NO_LL_LEARN"},
    {1U << BR_BOOLOPT_MCAST_VLAN_SNOOPING, "MCAST_VLAN_SNOOPING"},
    {1U << BR_BOOLOPT_MST_ENABLE, "MST_ENABLE"},
};
/// struct br_boolopt_multi: a bit for each option.
inline constexpr value_names bridge_options{"BR_BOOLOPT_", bridge_options_list, true};

inline constexpr value_name statistics_filters_list[] = {
    {IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64), "LINK_64"},
    {IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS), "LINK_XSTATS"},
    {IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS_SLAVE), "LINK_XSTATS_SLAVE"},
    {IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_OFFLOAD_XSTATS), "LINK_OFFLOAD_XSTATS"},
    {IFLA_STATS_FILTER_BIT(IFLA_STATS_AF_SPEC), "AF_SPEC"},
};
/// filter_mask of struct if_stats_msg: which attributes are asked for, or there; a bit for each.
inline constexpr value_names statistics_filters{"IFLA_STATS_", statistics_filters_list, true};

inline constexpr value_name port_states_list[] = {
    {BR_STATE_DISABLED, "DISABLED"}, {BR_STATE_LISTENING, "LISTENING"},
    {BR_STATE_LEARNING, "LEARNING"}, {BR_STATE_FORWARDING, "FORWARDING"},
    {BR_STATE_BLOCKING, "BLOCKING"},
};
/// IFLA_BRPORT_STATE.
inline constexpr value_names port_states{"BR_STATE_", port_states_list};

inline constexpr value_name ethernet_types_list[] = {
    {ETH_P_IP, "IP"},           {ETH_P_ARP, "ARP"},       {ETH_P_IPV6, "IPV6"},
    {ETH_P_8021Q, "8021Q"},     {ETH_P_8021AD, "8021AD"}, {ETH_P_MPLS_UC, "MPLS_UC"},
    {ETH_P_MPLS_MC, "MPLS_MC"}, {ETH_P_ALL, "ALL"},
};
/// ETH_P_, as far as tags and filters use them.
inline constexpr value_names ethernet_types{"ETH_P_", ethernet_types_list};

inline constexpr value_name vlan_flags_list[] = {
    {VLAN_FLAG_REORDER_HDR, "REORDER_HDR"},       {VLAN_FLAG_GVRP, "GVRP"},
    {VLAN_FLAG_LOOSE_BINDING, "LOOSE_BINDING"},   {VLAN_FLAG_MVRP, "MVRP"},
    {VLAN_FLAG_BRIDGE_BINDING, "BRIDGE_BINDING"},
};
/// struct ifla_vlan_flags.
inline constexpr value_names vlan_flags{"VLAN_FLAG_", vlan_flags_list, true};

inline constexpr value_name macvlan_modes_list[] = {
    {MACVLAN_MODE_PRIVATE, "PRIVATE"}, {MACVLAN_MODE_VEPA, "VEPA"},
    {MACVLAN_MODE_BRIDGE, "BRIDGE"},   {MACVLAN_MODE_PASSTHRU, "PASSTHRU"},
    {MACVLAN_MODE_SOURCE, "SOURCE"},
};
/// IFLA_MACVLAN_MODE.
inline constexpr value_names macvlan_modes{"MACVLAN_MODE_", macvlan_modes_list};

inline constexpr value_name ipvlan_modes_list[] = {
    {IPVLAN_MODE_L2, "L2"},
    {IPVLAN_MODE_L3, "L3"},
    {IPVLAN_MODE_L3S, "L3S"},
};
/// IFLA_IPVLAN_MODE.
inline constexpr value_names ipvlan_modes{"IPVLAN_MODE_", ipvlan_modes_list};

inline constexpr value_name bond_modes_list[] = {
    {BOND_MODE_ROUNDROBIN, "ROUNDROBIN"},
    {BOND_MODE_ACTIVEBACKUP, "ACTIVEBACKUP"},
    {BOND_MODE_XOR, "XOR"},
    {BOND_MODE_BROADCAST, "BROADCAST"},
    {BOND_MODE_8023AD, "8023AD"},
    {BOND_MODE_TLB, "TLB"},
    {BOND_MODE_ALB, "ALB"},
};
/// IFLA_BOND_MODE.
inline constexpr value_names bond_modes{"BOND_MODE_", bond_modes_list};

}  // namespace trivet::netlink::rtnl::values

#endif  // TRIVET_NETLINK_ROUTE_LINK_VALUES_H_
