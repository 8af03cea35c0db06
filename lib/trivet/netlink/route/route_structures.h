// The structs of rtnetlink but those of links, member by member.
#ifndef TRIVET_NETLINK_ROUTE_ROUTE_STRUCTURES_H_
#define TRIVET_NETLINK_ROUTE_ROUTE_STRUCTURES_H_

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_addrlabel.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include <cstddef>

#include "trivet/netlink/route/link_values.h"
#include "trivet/netlink/route/route_values.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink::rtnl::structures {

inline constexpr value_field ifaddrmsg_fields[] = {
    {"ifa_family", offsetof(::ifaddrmsg, ifa_family), sizeof(::ifaddrmsg::ifa_family),
     form::number_of(values::families)},
    {"ifa_prefixlen", offsetof(::ifaddrmsg, ifa_prefixlen), sizeof(::ifaddrmsg::ifa_prefixlen),
     form::number},
    {"ifa_flags", offsetof(::ifaddrmsg, ifa_flags), sizeof(::ifaddrmsg::ifa_flags),
     form::number_of(values::address_flags)},
    {"ifa_scope", offsetof(::ifaddrmsg, ifa_scope), sizeof(::ifaddrmsg::ifa_scope),
     form::number_of(values::scopes)},
    {"ifa_index", offsetof(::ifaddrmsg, ifa_index), sizeof(::ifaddrmsg::ifa_index), form::number},
};
/// Of RTM_NEWADDR and its like.
inline constexpr structure_form ifaddrmsg{"ifaddrmsg", sizeof(::ifaddrmsg), ifaddrmsg_fields};

inline constexpr value_field rtmsg_fields[] = {
    {"rtm_family", offsetof(::rtmsg, rtm_family), sizeof(::rtmsg::rtm_family),
     form::number_of(values::families)},
    {"rtm_dst_len", offsetof(::rtmsg, rtm_dst_len), sizeof(::rtmsg::rtm_dst_len), form::number},
    {"rtm_src_len", offsetof(::rtmsg, rtm_src_len), sizeof(::rtmsg::rtm_src_len), form::number},
    {"rtm_tos", offsetof(::rtmsg, rtm_tos), sizeof(::rtmsg::rtm_tos), form::number},
    {"rtm_table", offsetof(::rtmsg, rtm_table), sizeof(::rtmsg::rtm_table),
     form::number_of(values::tables)},
    {"rtm_protocol", offsetof(::rtmsg, rtm_protocol), sizeof(::rtmsg::rtm_protocol),
     form::number_of(values::protocols)},
    {"rtm_scope", offsetof(::rtmsg, rtm_scope), sizeof(::rtmsg::rtm_scope),
     form::number_of(values::scopes)},
    {"rtm_type", offsetof(::rtmsg, rtm_type), sizeof(::rtmsg::rtm_type),
     form::number_of(values::route_types)},
    {"rtm_flags", offsetof(::rtmsg, rtm_flags), sizeof(::rtmsg::rtm_flags),
     form::number_of(values::route_flags)},
};
/// Of RTM_NEWROUTE and its like.
inline constexpr structure_form rtmsg{"rtmsg", sizeof(::rtmsg), rtmsg_fields};

inline constexpr value_field rtnexthop_fields[] = {
    {"rtnh_len", offsetof(::rtnexthop, rtnh_len), sizeof(::rtnexthop::rtnh_len), form::number},
    {"rtnh_flags", offsetof(::rtnexthop, rtnh_flags), sizeof(::rtnexthop::rtnh_flags),
     form::number_of(values::hop_flags)},
    {"rtnh_hops", offsetof(::rtnexthop, rtnh_hops), sizeof(::rtnexthop::rtnh_hops), form::number},
    {"rtnh_ifindex", offsetof(::rtnexthop, rtnh_ifindex), sizeof(::rtnexthop::rtnh_ifindex),
     form::signed_number},
};
/// A hop of RTA_MULTIPATH.
inline constexpr structure_form rtnexthop{"rtnexthop", sizeof(::rtnexthop), rtnexthop_fields};

inline constexpr value_field ndmsg_fields[] = {
    {"ndm_family", offsetof(::ndmsg, ndm_family), sizeof(::ndmsg::ndm_family),
     form::number_of(values::families)},
    {"ndm_ifindex", offsetof(::ndmsg, ndm_ifindex), sizeof(::ndmsg::ndm_ifindex),
     form::signed_number},
    {"ndm_state", offsetof(::ndmsg, ndm_state), sizeof(::ndmsg::ndm_state),
     form::number_of(values::neighbour_states)},
    {"ndm_flags", offsetof(::ndmsg, ndm_flags), sizeof(::ndmsg::ndm_flags),
     form::number_of(values::neighbour_flags)},
    {"ndm_type", offsetof(::ndmsg, ndm_type), sizeof(::ndmsg::ndm_type),
     form::number_of(values::route_types)},
};
/// Of RTM_NEWNEIGH and its like.
inline constexpr structure_form ndmsg{"ndmsg", sizeof(::ndmsg), ndmsg_fields};

inline constexpr value_field fib_rule_hdr_fields[] = {
    {"family", offsetof(::fib_rule_hdr, family), sizeof(::fib_rule_hdr::family),
     form::number_of(values::families)},
    {"dst_len", offsetof(::fib_rule_hdr, dst_len), sizeof(::fib_rule_hdr::dst_len), form::number},
    {"src_len", offsetof(::fib_rule_hdr, src_len), sizeof(::fib_rule_hdr::src_len), form::number},
    {"tos", offsetof(::fib_rule_hdr, tos), sizeof(::fib_rule_hdr::tos), form::number},
    {"table", offsetof(::fib_rule_hdr, table), sizeof(::fib_rule_hdr::table),
     form::number_of(values::tables)},
    {"action", offsetof(::fib_rule_hdr, action), sizeof(::fib_rule_hdr::action),
     form::number_of(values::rule_actions)},
    {"flags", offsetof(::fib_rule_hdr, flags), sizeof(::fib_rule_hdr::flags),
     form::number_of(values::rule_flags)},
};
/// Of RTM_NEWRULE and its like.
inline constexpr structure_form fib_rule_hdr{"fib_rule_hdr", sizeof(::fib_rule_hdr),
                                             fib_rule_hdr_fields};

inline constexpr value_field nhmsg_fields[] = {
    {"nh_family", offsetof(::nhmsg, nh_family), sizeof(::nhmsg::nh_family),
     form::number_of(values::families)},
    {"nh_scope", offsetof(::nhmsg, nh_scope), sizeof(::nhmsg::nh_scope),
     form::number_of(values::scopes)},
    {"nh_protocol", offsetof(::nhmsg, nh_protocol), sizeof(::nhmsg::nh_protocol),
     form::number_of(values::protocols)},
    {"nh_flags", offsetof(::nhmsg, nh_flags), sizeof(::nhmsg::nh_flags),
     form::number_of(values::hop_flags)},
};
/// Of RTM_NEWNEXTHOP and its like.
inline constexpr structure_form nhmsg{"nhmsg", sizeof(::nhmsg), nhmsg_fields};

inline constexpr value_field nexthop_grp_fields[] = {
    {"id", 0, 4, form::number},
    {"weight", 4, 1, form::number},
};
/// A member of NHA_GROUP; weight is one less than it counts.
inline constexpr structure_form nexthop_grp{"nexthop_grp", sizeof(::nexthop_grp),
                                            nexthop_grp_fields};

inline constexpr value_field netconfmsg_fields[] = {
    {"ncm_family", offsetof(::netconfmsg, ncm_family), sizeof(::netconfmsg::ncm_family),
     form::number_of(values::families)},
};
/// Of RTM_NEWNETCONF and its like.
inline constexpr structure_form netconfmsg{"netconfmsg", sizeof(::netconfmsg), netconfmsg_fields};

inline constexpr value_field rtgenmsg_fields[] = {
    {"rtgen_family", offsetof(::rtgenmsg, rtgen_family), sizeof(::rtgenmsg::rtgen_family),
     form::number_of(values::families)},
};
/// Of whatever has nothing but a family.
inline constexpr structure_form rtgenmsg{"rtgenmsg", sizeof(::rtgenmsg), rtgenmsg_fields};

inline constexpr value_field tcmsg_fields[] = {
    {"tcm_family", offsetof(::tcmsg, tcm_family), sizeof(::tcmsg::tcm_family),
     form::number_of(values::families)},
    {"tcm_ifindex", offsetof(::tcmsg, tcm_ifindex), sizeof(::tcmsg::tcm_ifindex),
     form::signed_number},
    {"tcm_handle", offsetof(::tcmsg, tcm_handle), sizeof(::tcmsg::tcm_handle), form::number},
    {"tcm_parent", offsetof(::tcmsg, tcm_parent), sizeof(::tcmsg::tcm_parent), form::number},
    {"tcm_info", offsetof(::tcmsg, tcm_info), sizeof(::tcmsg::tcm_info), form::number},
};
/// Of queueing disciplines, classes, filters and chains.
inline constexpr structure_form tcmsg{"tcmsg", sizeof(::tcmsg), tcmsg_fields};

inline constexpr value_field tcamsg_fields[] = {
    {"tca_family", offsetof(::tcamsg, tca_family), sizeof(::tcamsg::tca_family),
     form::number_of(values::families)},
};
/// Of RTM_NEWACTION and its like.
inline constexpr structure_form tcamsg{"tcamsg", sizeof(::tcamsg), tcamsg_fields};

inline constexpr value_field prefixmsg_fields[] = {
    {"prefix_family", offsetof(::prefixmsg, prefix_family), sizeof(::prefixmsg::prefix_family),
     form::number_of(values::families)},
    {"prefix_ifindex", offsetof(::prefixmsg, prefix_ifindex), sizeof(::prefixmsg::prefix_ifindex),
     form::signed_number},
    {"prefix_type", offsetof(::prefixmsg, prefix_type), sizeof(::prefixmsg::prefix_type),
     form::number},
    {"prefix_len", offsetof(::prefixmsg, prefix_len), sizeof(::prefixmsg::prefix_len),
     form::number},
    {"prefix_flags", offsetof(::prefixmsg, prefix_flags), sizeof(::prefixmsg::prefix_flags),
     form::number},
};
/// Of RTM_NEWPREFIX.
inline constexpr structure_form prefixmsg{"prefixmsg", sizeof(::prefixmsg), prefixmsg_fields};

inline constexpr value_field ndtmsg_fields[] = {
    {"ndtm_family", offsetof(::ndtmsg, ndtm_family), sizeof(::ndtmsg::ndtm_family),
     form::number_of(values::families)},
};
/// Of RTM_NEWNEIGHTBL and its like.
inline constexpr structure_form ndtmsg{"ndtmsg", sizeof(::ndtmsg), ndtmsg_fields};

inline constexpr value_field nduseroptmsg_fields[] = {
    {"nduseropt_family", offsetof(::nduseroptmsg, nduseropt_family),
     sizeof(::nduseroptmsg::nduseropt_family), form::number_of(values::families)},
    {"nduseropt_opts_len", offsetof(::nduseroptmsg, nduseropt_opts_len),
     sizeof(::nduseroptmsg::nduseropt_opts_len), form::number},
    {"nduseropt_ifindex", offsetof(::nduseroptmsg, nduseropt_ifindex),
     sizeof(::nduseroptmsg::nduseropt_ifindex), form::signed_number},
    {"nduseropt_icmp_type", offsetof(::nduseroptmsg, nduseropt_icmp_type),
     sizeof(::nduseroptmsg::nduseropt_icmp_type), form::number},
    {"nduseropt_icmp_code", offsetof(::nduseroptmsg, nduseropt_icmp_code),
     sizeof(::nduseroptmsg::nduseropt_icmp_code), form::number},
};
/// Of RTM_NEWNDUSEROPT.
inline constexpr structure_form nduseroptmsg{"nduseroptmsg", sizeof(::nduseroptmsg),
                                             nduseroptmsg_fields};

inline constexpr value_field ifaddrlblmsg_fields[] = {
    {"ifal_family", offsetof(::ifaddrlblmsg, ifal_family), sizeof(::ifaddrlblmsg::ifal_family),
     form::number_of(values::families)},
    {"ifal_prefixlen", offsetof(::ifaddrlblmsg, ifal_prefixlen),
     sizeof(::ifaddrlblmsg::ifal_prefixlen), form::number},
    {"ifal_flags", offsetof(::ifaddrlblmsg, ifal_flags), sizeof(::ifaddrlblmsg::ifal_flags),
     form::number},
    {"ifal_index", offsetof(::ifaddrlblmsg, ifal_index), sizeof(::ifaddrlblmsg::ifal_index),
     form::number},
    {"ifal_seq", offsetof(::ifaddrlblmsg, ifal_seq), sizeof(::ifaddrlblmsg::ifal_seq),
     form::number},
};
/// Of RTM_NEWADDRLABEL and its like.
inline constexpr structure_form ifaddrlblmsg{"ifaddrlblmsg", sizeof(::ifaddrlblmsg),
                                             ifaddrlblmsg_fields};

inline constexpr value_field br_port_msg_fields[] = {
    {"family", offsetof(::br_port_msg, family), sizeof(::br_port_msg::family),
     form::number_of(values::families)},
    {"ifindex", offsetof(::br_port_msg, ifindex), sizeof(::br_port_msg::ifindex), form::number},
};
/// Of RTM_NEWMDB and its like.
inline constexpr structure_form br_port_msg{"br_port_msg", sizeof(::br_port_msg),
                                            br_port_msg_fields};

inline constexpr value_field if_stats_msg_fields[] = {
    {"family", offsetof(::if_stats_msg, family), sizeof(::if_stats_msg::family),
     form::number_of(values::families)},
    {"ifindex", offsetof(::if_stats_msg, ifindex), sizeof(::if_stats_msg::ifindex), form::number},
    {"filter_mask", offsetof(::if_stats_msg, filter_mask), sizeof(::if_stats_msg::filter_mask),
     form::number_of(values::statistics_filters)},
};
/// Of RTM_NEWSTATS and its like.
inline constexpr structure_form if_stats_msg{"if_stats_msg", sizeof(::if_stats_msg),
                                             if_stats_msg_fields};

inline constexpr value_field br_vlan_msg_fields[] = {
    {"family", offsetof(::br_vlan_msg, family), sizeof(::br_vlan_msg::family),
     form::number_of(values::families)},
    {"ifindex", offsetof(::br_vlan_msg, ifindex), sizeof(::br_vlan_msg::ifindex), form::number},
};
/// Of RTM_NEWVLAN and its like.
inline constexpr structure_form br_vlan_msg{"br_vlan_msg", sizeof(::br_vlan_msg),
                                            br_vlan_msg_fields};

inline constexpr value_field tunnel_msg_fields[] = {
    {"family", offsetof(::tunnel_msg, family), sizeof(::tunnel_msg::family),
     form::number_of(values::families)},
    {"flags", offsetof(::tunnel_msg, flags), sizeof(::tunnel_msg::flags), form::number},
    {"ifindex", offsetof(::tunnel_msg, ifindex), sizeof(::tunnel_msg::ifindex), form::number},
};
/// Of RTM_NEWTUNNEL and its like.
inline constexpr structure_form tunnel_msg{"tunnel_msg", sizeof(::tunnel_msg), tunnel_msg_fields};

inline constexpr value_field rta_cacheinfo_fields[] = {
    {"rta_clntref", offsetof(::rta_cacheinfo, rta_clntref), sizeof(::rta_cacheinfo::rta_clntref),
     form::number},
    {"rta_lastuse", offsetof(::rta_cacheinfo, rta_lastuse), sizeof(::rta_cacheinfo::rta_lastuse),
     form::number},
    {"rta_expires", offsetof(::rta_cacheinfo, rta_expires), sizeof(::rta_cacheinfo::rta_expires),
     form::signed_number},
    {"rta_error", offsetof(::rta_cacheinfo, rta_error), sizeof(::rta_cacheinfo::rta_error),
     form::number},
    {"rta_used", offsetof(::rta_cacheinfo, rta_used), sizeof(::rta_cacheinfo::rta_used),
     form::number},
    {"rta_id", offsetof(::rta_cacheinfo, rta_id), sizeof(::rta_cacheinfo::rta_id), form::number},
    {"rta_ts", offsetof(::rta_cacheinfo, rta_ts), sizeof(::rta_cacheinfo::rta_ts), form::number},
    {"rta_tsage", offsetof(::rta_cacheinfo, rta_tsage), sizeof(::rta_cacheinfo::rta_tsage),
     form::number},
};
/// RTA_CACHEINFO.
inline constexpr structure_form rta_cacheinfo{"rta_cacheinfo", sizeof(::rta_cacheinfo),
                                              rta_cacheinfo_fields};

inline constexpr value_field ifa_cacheinfo_fields[] = {
    {"ifa_prefered", offsetof(::ifa_cacheinfo, ifa_prefered), sizeof(::ifa_cacheinfo::ifa_prefered),
     form::number},
    {"ifa_valid", offsetof(::ifa_cacheinfo, ifa_valid), sizeof(::ifa_cacheinfo::ifa_valid),
     form::number},
    {"cstamp", offsetof(::ifa_cacheinfo, cstamp), sizeof(::ifa_cacheinfo::cstamp), form::number},
    {"tstamp", offsetof(::ifa_cacheinfo, tstamp), sizeof(::ifa_cacheinfo::tstamp), form::number},
};
/// IFA_CACHEINFO.
inline constexpr structure_form ifa_cacheinfo{"ifa_cacheinfo", sizeof(::ifa_cacheinfo),
                                              ifa_cacheinfo_fields};

inline constexpr value_field rta_mfc_stats_fields[] = {
    {"mfcs_packets", offsetof(::rta_mfc_stats, mfcs_packets), sizeof(::rta_mfc_stats::mfcs_packets),
     form::number},
    {"mfcs_bytes", offsetof(::rta_mfc_stats, mfcs_bytes), sizeof(::rta_mfc_stats::mfcs_bytes),
     form::number},
    {"mfcs_wrong_if", offsetof(::rta_mfc_stats, mfcs_wrong_if),
     sizeof(::rta_mfc_stats::mfcs_wrong_if), form::number},
};
/// RTA_MFC_STATS.
inline constexpr structure_form rta_mfc_stats{"rta_mfc_stats", sizeof(::rta_mfc_stats),
                                              rta_mfc_stats_fields};

inline constexpr value_field nda_cacheinfo_fields[] = {
    {"ndm_confirmed", offsetof(::nda_cacheinfo, ndm_confirmed),
     sizeof(::nda_cacheinfo::ndm_confirmed), form::number},
    {"ndm_used", offsetof(::nda_cacheinfo, ndm_used), sizeof(::nda_cacheinfo::ndm_used),
     form::number},
    {"ndm_updated", offsetof(::nda_cacheinfo, ndm_updated), sizeof(::nda_cacheinfo::ndm_updated),
     form::number},
    {"ndm_refcnt", offsetof(::nda_cacheinfo, ndm_refcnt), sizeof(::nda_cacheinfo::ndm_refcnt),
     form::number},
};
/// NDA_CACHEINFO.
inline constexpr structure_form nda_cacheinfo{"nda_cacheinfo", sizeof(::nda_cacheinfo),
                                              nda_cacheinfo_fields};

inline constexpr value_field fib_rule_uid_range_fields[] = {
    {"start", offsetof(::fib_rule_uid_range, start), sizeof(::fib_rule_uid_range::start),
     form::number},
    {"end", offsetof(::fib_rule_uid_range, end), sizeof(::fib_rule_uid_range::end), form::number},
};
/// FRA_UID_RANGE.
inline constexpr structure_form fib_rule_uid_range{
    "fib_rule_uid_range", sizeof(::fib_rule_uid_range), fib_rule_uid_range_fields};

inline constexpr value_field fib_rule_port_range_fields[] = {
    {"start", offsetof(::fib_rule_port_range, start), sizeof(::fib_rule_port_range::start),
     form::number},
    {"end", offsetof(::fib_rule_port_range, end), sizeof(::fib_rule_port_range::end), form::number},
};
/// FRA_SPORT_RANGE and FRA_DPORT_RANGE.
inline constexpr structure_form fib_rule_port_range{
    "fib_rule_port_range", sizeof(::fib_rule_port_range), fib_rule_port_range_fields};

}  // namespace trivet::netlink::rtnl::structures

#endif  // TRIVET_NETLINK_ROUTE_ROUTE_STRUCTURES_H_
