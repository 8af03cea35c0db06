// What the numbers of addresses, routes, rules, neighbours and nexthops are called in the kernel's
// headers.
#ifndef TRIVET_NETLINK_ROUTE_ROUTE_VALUES_H_
#define TRIVET_NETLINK_ROUTE_ROUTE_VALUES_H_

#include <linux/fib_rules.h>
#include <linux/icmpv6.h>
#include <linux/if_addr.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/lwtunnel.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <linux/seg6_local.h>

#include "trivet/netlink/value_form.h"

namespace trivet::netlink::rtnl::values {

inline constexpr value_name route_types_list[] = {
    {RTN_UNSPEC, "UNSPEC"},
    {RTN_UNICAST, "UNICAST"},
    {RTN_LOCAL, "LOCAL"},
    {RTN_BROADCAST, "BROADCAST"},
    {RTN_ANYCAST, "ANYCAST"},
    {RTN_MULTICAST, "MULTICAST"},
    {RTN_BLACKHOLE, "BLACKHOLE"},
    {RTN_UNREACHABLE, "UNREACHABLE"},
    {RTN_PROHIBIT, "PROHIBIT"},
    {RTN_THROW, "THROW"},
    {RTN_NAT, "NAT"},
    {RTN_XRESOLVE, "XRESOLVE"},
};
/// rtm_type.
inline constexpr value_names route_types{"RTN_", route_types_list};

inline constexpr value_name protocols_list[] = {
    {RTPROT_UNSPEC, "UNSPEC"},
    {RTPROT_REDIRECT, "REDIRECT"},
    {RTPROT_KERNEL, "KERNEL"},
    {RTPROT_BOOT, "BOOT"},
    {RTPROT_STATIC, "STATIC"},
    {RTPROT_GATED, "GATED"},
    {RTPROT_RA, "RA"},
    {RTPROT_MRT, "MRT"},
    {RTPROT_ZEBRA, "ZEBRA"},
    {RTPROT_BIRD, "BIRD"},
    {RTPROT_DNROUTED, "DNROUTED"},
    {RTPROT_XORP, "XORP"},
    {RTPROT_NTK, "NTK"},
    {RTPROT_DHCP, "DHCP"},
    {RTPROT_MROUTED, "MROUTED"},
    {RTPROT_KEEPALIVED, "KEEPALIVED"},
    {RTPROT_BABEL, "BABEL"},
    {RTPROT_BGP, "BGP"},
    {RTPROT_ISIS, "ISIS"},
    {RTPROT_OSPF, "OSPF"},
    {RTPROT_RIP, "RIP"},
    {RTPROT_EIGRP, "EIGRP"},
};
/// Who added a route, a rule, a nexthop: RTPROT_.
inline constexpr value_names protocols{"RTPROT_", protocols_list};

inline constexpr value_name scopes_list[] = {
    {RT_SCOPE_UNIVERSE, "UNIVERSE"}, {RT_SCOPE_SITE, "SITE"},       {RT_SCOPE_LINK, "LINK"},
    {RT_SCOPE_HOST, "HOST"},         {RT_SCOPE_NOWHERE, "NOWHERE"},
};
/// Scopes of routes and addresses.
inline constexpr value_names scopes{"RT_SCOPE_", scopes_list};

inline constexpr value_name tables_list[] = {
    {RT_TABLE_UNSPEC, "UNSPEC"}, {RT_TABLE_COMPAT, "COMPAT"}, {RT_TABLE_DEFAULT, "DEFAULT"},
    {RT_TABLE_MAIN, "MAIN"},     {RT_TABLE_LOCAL, "LOCAL"},
};
/// The tables that have a name in the headers.
inline constexpr value_names tables{"RT_TABLE_", tables_list};

inline constexpr value_name route_flags_list[] = {
    {RTM_F_NOTIFY, "M_F_NOTIFY"},
    {RTM_F_CLONED, "M_F_CLONED"},
    {RTM_F_EQUALIZE, "M_F_EQUALIZE"},
    {RTM_F_PREFIX, "M_F_PREFIX"},
    {RTM_F_LOOKUP_TABLE, "M_F_LOOKUP_TABLE"},
    {RTM_F_FIB_MATCH, "M_F_FIB_MATCH"},
    {RTM_F_OFFLOAD, "M_F_OFFLOAD"},
    {RTM_F_TRAP, "M_F_TRAP"},
    {RTM_F_OFFLOAD_FAILED, "M_F_OFFLOAD_FAILED"},
    {RTNH_F_DEAD, "NH_F_DEAD"},
    {RTNH_F_PERVASIVE, "NH_F_PERVASIVE"},
    {RTNH_F_ONLINK, "NH_F_ONLINK"},
    {RTNH_F_OFFLOAD, "NH_F_OFFLOAD"},
    {RTNH_F_LINKDOWN, "NH_F_LINKDOWN"},
    {RTNH_F_UNRESOLVED, "NH_F_UNRESOLVED"},
    {RTNH_F_TRAP, "NH_F_TRAP"},
};
/// rtm_flags: RTM_F_ and RTNH_F_ together.
inline constexpr value_names route_flags{"RT", route_flags_list, true};

inline constexpr value_name hop_flags_list[] = {
    {RTNH_F_DEAD, "DEAD"},       {RTNH_F_PERVASIVE, "PERVASIVE"}, {RTNH_F_ONLINK, "ONLINK"},
    {RTNH_F_OFFLOAD, "OFFLOAD"}, {RTNH_F_LINKDOWN, "LINKDOWN"},   {RTNH_F_UNRESOLVED, "UNRESOLVED"},
    {RTNH_F_TRAP, "TRAP"},
};
/// rtnh_flags, nh_flags.
inline constexpr value_names hop_flags{"RTNH_F_", hop_flags_list, true};

inline constexpr value_name preferences_list[] = {
    {ICMPV6_ROUTER_PREF_LOW, "LOW"},
    {ICMPV6_ROUTER_PREF_MEDIUM, "MEDIUM"},
    {ICMPV6_ROUTER_PREF_HIGH, "HIGH"},
    {ICMPV6_ROUTER_PREF_INVALID, "INVALID"},
};
/// RTA_PREF.
inline constexpr value_names preferences{"ICMPV6_ROUTER_PREF_", preferences_list};

inline constexpr value_name encapsulations_list[] = {
    {LWTUNNEL_ENCAP_NONE, "NONE"}, {LWTUNNEL_ENCAP_MPLS, "MPLS"},
    {LWTUNNEL_ENCAP_IP, "IP"},     {LWTUNNEL_ENCAP_ILA, "ILA"},
    {LWTUNNEL_ENCAP_IP6, "IP6"},   {LWTUNNEL_ENCAP_SEG6, "SEG6"},
    {LWTUNNEL_ENCAP_BPF, "BPF"},   {LWTUNNEL_ENCAP_SEG6_LOCAL, "SEG6_LOCAL"},
    {LWTUNNEL_ENCAP_RPL, "RPL"},   {LWTUNNEL_ENCAP_IOAM6, "IOAM6"},
    {LWTUNNEL_ENCAP_XFRM, "XFRM"},
};
/// RTA_ENCAP_TYPE, NHA_ENCAP_TYPE.
inline constexpr value_names encapsulations{"LWTUNNEL_ENCAP_", encapsulations_list};

inline constexpr value_name address_flags_list[] = {
    {IFA_F_SECONDARY, "SECONDARY"},           {IFA_F_NODAD, "NODAD"},
    {IFA_F_OPTIMISTIC, "OPTIMISTIC"},         {IFA_F_DADFAILED, "DADFAILED"},
    {IFA_F_HOMEADDRESS, "HOMEADDRESS"},       {IFA_F_DEPRECATED, "DEPRECATED"},
    {IFA_F_TENTATIVE, "TENTATIVE"},           {IFA_F_PERMANENT, "PERMANENT"},
    {IFA_F_MANAGETEMPADDR, "MANAGETEMPADDR"}, {IFA_F_NOPREFIXROUTE, "NOPREFIXROUTE"},
    {IFA_F_MCAUTOJOIN, "MCAUTOJOIN"},         {IFA_F_STABLE_PRIVACY, "STABLE_PRIVACY"},
};
/// ifa_flags, IFA_FLAGS.
inline constexpr value_names address_flags{"IFA_F_", address_flags_list, true};

inline constexpr value_name neighbour_states_list[] = {
    {NUD_INCOMPLETE, "INCOMPLETE"}, {NUD_REACHABLE, "REACHABLE"}, {NUD_STALE, "STALE"},
    {NUD_DELAY, "DELAY"},           {NUD_PROBE, "PROBE"},         {NUD_FAILED, "FAILED"},
    {NUD_NOARP, "NOARP"},           {NUD_PERMANENT, "PERMANENT"},
};
/// ndm_state.
inline constexpr value_names neighbour_states{"NUD_", neighbour_states_list, true};

inline constexpr value_name neighbour_flags_list[] = {
    {NTF_USE, "USE"},
    {NTF_SELF, "SELF"},
    {NTF_MASTER, "MASTER"},
    {NTF_PROXY, "PROXY"},
    {NTF_EXT_LEARNED, "EXT_LEARNED"},
    {NTF_OFFLOADED, "OFFLOADED"},
    {NTF_STICKY, "STICKY"},
    {NTF_ROUTER, "ROUTER"},
};
/// ndm_flags.
inline constexpr value_names neighbour_flags{"NTF_", neighbour_flags_list, true};

inline constexpr value_name neighbour_extended_flags_list[] = {
    {NTF_EXT_MANAGED, "MANAGED"},
    {1U << 1, "LOCKED"},
};
/// NDA_FLAGS_EXT.
inline constexpr value_names neighbour_extended_flags{"NTF_EXT_", neighbour_extended_flags_list,
                                                      true};

inline constexpr value_name rule_actions_list[] = {
    {FR_ACT_UNSPEC, "UNSPEC"},       {FR_ACT_TO_TBL, "TO_TBL"},
    {FR_ACT_GOTO, "GOTO"},           {FR_ACT_NOP, "NOP"},
    {FR_ACT_BLACKHOLE, "BLACKHOLE"}, {FR_ACT_UNREACHABLE, "UNREACHABLE"},
    {FR_ACT_PROHIBIT, "PROHIBIT"},
};
/// The action of a rule.
inline constexpr value_names rule_actions{"FR_ACT_", rule_actions_list};

inline constexpr value_name rule_flags_list[] = {
    {FIB_RULE_PERMANENT, "PERMANENT"},       {FIB_RULE_INVERT, "INVERT"},
    {FIB_RULE_UNRESOLVED, "UNRESOLVED"},     {FIB_RULE_IIF_DETACHED, "IIF_DETACHED"},
    {FIB_RULE_OIF_DETACHED, "OIF_DETACHED"}, {FIB_RULE_FIND_SADDR, "FIND_SADDR"},
};
/// Flags of a rule.
inline constexpr value_names rule_flags{"FIB_RULE_", rule_flags_list, true};

inline constexpr value_name ip_protocols_list[] = {
    {IPPROTO_IP, "IP"},     {IPPROTO_ICMP, "ICMP"},       {IPPROTO_IGMP, "IGMP"},
    {IPPROTO_IPIP, "IPIP"}, {IPPROTO_TCP, "TCP"},         {IPPROTO_UDP, "UDP"},
    {IPPROTO_DCCP, "DCCP"}, {IPPROTO_IPV6, "IPV6"},       {IPPROTO_GRE, "GRE"},
    {IPPROTO_ESP, "ESP"},   {IPPROTO_AH, "AH"},           {IPPROTO_ICMPV6, "ICMPV6"},
    {IPPROTO_SCTP, "SCTP"}, {IPPROTO_UDPLITE, "UDPLITE"}, {IPPROTO_MPLS, "MPLS"},
    {IPPROTO_RAW, "RAW"},   {IPPROTO_MPTCP, "MPTCP"},
};
/// IPPROTO_.
inline constexpr value_names ip_protocols{"IPPROTO_", ip_protocols_list};

inline constexpr value_name group_types_list[] = {
    {NEXTHOP_GRP_TYPE_MPATH, "MPATH"},
    {NEXTHOP_GRP_TYPE_RES, "RES"},
};
/// NHA_GROUP_TYPE.
inline constexpr value_names group_types{"NEXTHOP_GRP_TYPE_", group_types_list};

inline constexpr value_name local_actions_list[] = {
    {SEG6_LOCAL_ACTION_UNSPEC, "UNSPEC"},
    {SEG6_LOCAL_ACTION_END, "END"},
    {SEG6_LOCAL_ACTION_END_X, "END_X"},
    {SEG6_LOCAL_ACTION_END_T, "END_T"},
    {SEG6_LOCAL_ACTION_END_DX2, "END_DX2"},
    {SEG6_LOCAL_ACTION_END_DX6, "END_DX6"},
    {SEG6_LOCAL_ACTION_END_DX4, "END_DX4"},
    {SEG6_LOCAL_ACTION_END_DT6, "END_DT6"},
    {SEG6_LOCAL_ACTION_END_DT4, "END_DT4"},
    {SEG6_LOCAL_ACTION_END_B6, "END_B6"},
    {SEG6_LOCAL_ACTION_END_B6_ENCAP, "END_B6_ENCAP"},
    {SEG6_LOCAL_ACTION_END_BM, "END_BM"},
    {SEG6_LOCAL_ACTION_END_S, "END_S"},
    {SEG6_LOCAL_ACTION_END_AS, "END_AS"},
    {SEG6_LOCAL_ACTION_END_AM, "END_AM"},
    {SEG6_LOCAL_ACTION_END_BPF, "END_BPF"},
    {SEG6_LOCAL_ACTION_END_DT46, "END_DT46"},
};
/// SEG6_LOCAL_ACTION.
inline constexpr value_names local_actions{"SEG6_LOCAL_ACTION_", local_actions_list};

}  // namespace trivet::netlink::rtnl::values

#endif  // TRIVET_NETLINK_ROUTE_ROUTE_VALUES_H_
