// The structs of links, member by member.
#ifndef TRIVET_NETLINK_ROUTE_LINK_STRUCTURES_H_
#define TRIVET_NETLINK_ROUTE_LINK_STRUCTURES_H_

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cstddef>

#include "trivet/netlink/route/link_values.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink::rtnl::structures {

inline constexpr value_field ifinfomsg_fields[] = {
    {"ifi_family", offsetof(::ifinfomsg, ifi_family), sizeof(::ifinfomsg::ifi_family),
     form::number_of(values::families)},
    {"ifi_type", offsetof(::ifinfomsg, ifi_type), sizeof(::ifinfomsg::ifi_type),
     form::number_of(values::link_types)},
    {"ifi_index", offsetof(::ifinfomsg, ifi_index), sizeof(::ifinfomsg::ifi_index),
     form::signed_number},
    {"ifi_flags", offsetof(::ifinfomsg, ifi_flags), sizeof(::ifinfomsg::ifi_flags),
     form::number_of(values::link_flags)},
    {"ifi_change", offsetof(::ifinfomsg, ifi_change), sizeof(::ifinfomsg::ifi_change),
     form::number_of(values::link_flags)},
};
/// Of RTM_NEWLINK and its like. Source: rtnetlink(7)
inline constexpr structure_form ifinfomsg{"ifinfomsg", sizeof(::ifinfomsg), ifinfomsg_fields};

inline constexpr value_field rtnl_link_stats64_fields[] = {
    {"rx_packets", offsetof(::rtnl_link_stats64, rx_packets),
     sizeof(::rtnl_link_stats64::rx_packets), form::number},
    {"tx_packets", offsetof(::rtnl_link_stats64, tx_packets),
     sizeof(::rtnl_link_stats64::tx_packets), form::number},
    {"rx_bytes", offsetof(::rtnl_link_stats64, rx_bytes), sizeof(::rtnl_link_stats64::rx_bytes),
     form::number},
    {"tx_bytes", offsetof(::rtnl_link_stats64, tx_bytes), sizeof(::rtnl_link_stats64::tx_bytes),
     form::number},
    {"rx_errors", offsetof(::rtnl_link_stats64, rx_errors), sizeof(::rtnl_link_stats64::rx_errors),
     form::number},
    {"tx_errors", offsetof(::rtnl_link_stats64, tx_errors), sizeof(::rtnl_link_stats64::tx_errors),
     form::number},
    {"rx_dropped", offsetof(::rtnl_link_stats64, rx_dropped),
     sizeof(::rtnl_link_stats64::rx_dropped), form::number},
    {"tx_dropped", offsetof(::rtnl_link_stats64, tx_dropped),
     sizeof(::rtnl_link_stats64::tx_dropped), form::number},
    {"multicast", offsetof(::rtnl_link_stats64, multicast), sizeof(::rtnl_link_stats64::multicast),
     form::number},
    {"collisions", offsetof(::rtnl_link_stats64, collisions),
     sizeof(::rtnl_link_stats64::collisions), form::number},
    {"rx_length_errors", offsetof(::rtnl_link_stats64, rx_length_errors),
     sizeof(::rtnl_link_stats64::rx_length_errors), form::number},
    {"rx_over_errors", offsetof(::rtnl_link_stats64, rx_over_errors),
     sizeof(::rtnl_link_stats64::rx_over_errors), form::number},
    {"rx_crc_errors", offsetof(::rtnl_link_stats64, rx_crc_errors),
     sizeof(::rtnl_link_stats64::rx_crc_errors), form::number},
    {"rx_frame_errors", offsetof(::rtnl_link_stats64, rx_frame_errors),
     sizeof(::rtnl_link_stats64::rx_frame_errors), form::number},
    {"rx_fifo_errors", offsetof(::rtnl_link_stats64, rx_fifo_errors),
     sizeof(::rtnl_link_stats64::rx_fifo_errors), form::number},
    {"rx_missed_errors", offsetof(::rtnl_link_stats64, rx_missed_errors),
     sizeof(::rtnl_link_stats64::rx_missed_errors), form::number},
    {"tx_aborted_errors", offsetof(::rtnl_link_stats64, tx_aborted_errors),
     sizeof(::rtnl_link_stats64::tx_aborted_errors), form::number},
    {"tx_carrier_errors", offsetof(::rtnl_link_stats64, tx_carrier_errors),
     sizeof(::rtnl_link_stats64::tx_carrier_errors), form::number},
    {"tx_fifo_errors", offsetof(::rtnl_link_stats64, tx_fifo_errors),
     sizeof(::rtnl_link_stats64::tx_fifo_errors), form::number},
    {"tx_heartbeat_errors", offsetof(::rtnl_link_stats64, tx_heartbeat_errors),
     sizeof(::rtnl_link_stats64::tx_heartbeat_errors), form::number},
    {"tx_window_errors", offsetof(::rtnl_link_stats64, tx_window_errors),
     sizeof(::rtnl_link_stats64::tx_window_errors), form::number},
    {"rx_compressed", offsetof(::rtnl_link_stats64, rx_compressed),
     sizeof(::rtnl_link_stats64::rx_compressed), form::number},
    {"tx_compressed", offsetof(::rtnl_link_stats64, tx_compressed),
     sizeof(::rtnl_link_stats64::tx_compressed), form::number},
    {"rx_nohandler", offsetof(::rtnl_link_stats64, rx_nohandler),
     sizeof(::rtnl_link_stats64::rx_nohandler), form::number},
    {"rx_otherhost_dropped", offsetof(::rtnl_link_stats64, rx_otherhost_dropped),
     sizeof(::rtnl_link_stats64::rx_otherhost_dropped), form::number},
};
/// IFLA_STATS64.
inline constexpr structure_form rtnl_link_stats64{"rtnl_link_stats64", sizeof(::rtnl_link_stats64),
                                                  rtnl_link_stats64_fields};

inline constexpr value_field rtnl_link_stats_fields[] = {
    {"rx_packets", offsetof(::rtnl_link_stats, rx_packets), sizeof(::rtnl_link_stats::rx_packets),
     form::number},
    {"tx_packets", offsetof(::rtnl_link_stats, tx_packets), sizeof(::rtnl_link_stats::tx_packets),
     form::number},
    {"rx_bytes", offsetof(::rtnl_link_stats, rx_bytes), sizeof(::rtnl_link_stats::rx_bytes),
     form::number},
    {"tx_bytes", offsetof(::rtnl_link_stats, tx_bytes), sizeof(::rtnl_link_stats::tx_bytes),
     form::number},
    {"rx_errors", offsetof(::rtnl_link_stats, rx_errors), sizeof(::rtnl_link_stats::rx_errors),
     form::number},
    {"tx_errors", offsetof(::rtnl_link_stats, tx_errors), sizeof(::rtnl_link_stats::tx_errors),
     form::number},
    {"rx_dropped", offsetof(::rtnl_link_stats, rx_dropped), sizeof(::rtnl_link_stats::rx_dropped),
     form::number},
    {"tx_dropped", offsetof(::rtnl_link_stats, tx_dropped), sizeof(::rtnl_link_stats::tx_dropped),
     form::number},
    {"multicast", offsetof(::rtnl_link_stats, multicast), sizeof(::rtnl_link_stats::multicast),
     form::number},
    {"collisions", offsetof(::rtnl_link_stats, collisions), sizeof(::rtnl_link_stats::collisions),
     form::number},
    {"rx_length_errors", offsetof(::rtnl_link_stats, rx_length_errors),
     sizeof(::rtnl_link_stats::rx_length_errors), form::number},
    {"rx_over_errors", offsetof(::rtnl_link_stats, rx_over_errors),
     sizeof(::rtnl_link_stats::rx_over_errors), form::number},
    {"rx_crc_errors", offsetof(::rtnl_link_stats, rx_crc_errors),
     sizeof(::rtnl_link_stats::rx_crc_errors), form::number},
    {"rx_frame_errors", offsetof(::rtnl_link_stats, rx_frame_errors),
     sizeof(::rtnl_link_stats::rx_frame_errors), form::number},
    {"rx_fifo_errors", offsetof(::rtnl_link_stats, rx_fifo_errors),
     sizeof(::rtnl_link_stats::rx_fifo_errors), form::number},
    {"rx_missed_errors", offsetof(::rtnl_link_stats, rx_missed_errors),
     sizeof(::rtnl_link_stats::rx_missed_errors), form::number},
    {"tx_aborted_errors", offsetof(::rtnl_link_stats, tx_aborted_errors),
     sizeof(::rtnl_link_stats::tx_aborted_errors), form::number},
    {"tx_carrier_errors", offsetof(::rtnl_link_stats, tx_carrier_errors),
     sizeof(::rtnl_link_stats::tx_carrier_errors), form::number},
    {"tx_fifo_errors", offsetof(::rtnl_link_stats, tx_fifo_errors),
     sizeof(::rtnl_link_stats::tx_fifo_errors), form::number},
    {"tx_heartbeat_errors", offsetof(::rtnl_link_stats, tx_heartbeat_errors),
     sizeof(::rtnl_link_stats::tx_heartbeat_errors), form::number},
    {"tx_window_errors", offsetof(::rtnl_link_stats, tx_window_errors),
     sizeof(::rtnl_link_stats::tx_window_errors), form::number},
    {"rx_compressed", offsetof(::rtnl_link_stats, rx_compressed),
     sizeof(::rtnl_link_stats::rx_compressed), form::number},
    {"tx_compressed", offsetof(::rtnl_link_stats, tx_compressed),
     sizeof(::rtnl_link_stats::tx_compressed), form::number},
    {"rx_nohandler", offsetof(::rtnl_link_stats, rx_nohandler),
     sizeof(::rtnl_link_stats::rx_nohandler), form::number},
};
/// IFLA_STATS.
inline constexpr structure_form rtnl_link_stats{"rtnl_link_stats", sizeof(::rtnl_link_stats),
                                                rtnl_link_stats_fields};

inline constexpr value_field rtnl_link_ifmap_fields[] = {
    {"mem_start", offsetof(::rtnl_link_ifmap, mem_start), sizeof(::rtnl_link_ifmap::mem_start),
     form::number},
    {"mem_end", offsetof(::rtnl_link_ifmap, mem_end), sizeof(::rtnl_link_ifmap::mem_end),
     form::number},
    {"base_addr", offsetof(::rtnl_link_ifmap, base_addr), sizeof(::rtnl_link_ifmap::base_addr),
     form::number},
    {"irq", offsetof(::rtnl_link_ifmap, irq), sizeof(::rtnl_link_ifmap::irq), form::number},
    {"dma", offsetof(::rtnl_link_ifmap, dma), sizeof(::rtnl_link_ifmap::dma), form::number},
    {"port", offsetof(::rtnl_link_ifmap, port), sizeof(::rtnl_link_ifmap::port), form::number},
};
/// IFLA_MAP.
inline constexpr structure_form rtnl_link_ifmap{"rtnl_link_ifmap", sizeof(::rtnl_link_ifmap),
                                                rtnl_link_ifmap_fields};

inline constexpr value_field ifla_cacheinfo_fields[] = {
    {"max_reasm_len", offsetof(::ifla_cacheinfo, max_reasm_len),
     sizeof(::ifla_cacheinfo::max_reasm_len), form::number},
    {"tstamp", offsetof(::ifla_cacheinfo, tstamp), sizeof(::ifla_cacheinfo::tstamp), form::number},
    {"reachable_time", offsetof(::ifla_cacheinfo, reachable_time),
     sizeof(::ifla_cacheinfo::reachable_time), form::number},
    {"retrans_time", offsetof(::ifla_cacheinfo, retrans_time),
     sizeof(::ifla_cacheinfo::retrans_time), form::number},
};
/// IFLA_INET6_CACHEINFO.
inline constexpr structure_form ifla_cacheinfo{"ifla_cacheinfo", sizeof(::ifla_cacheinfo),
                                               ifla_cacheinfo_fields};

inline constexpr value_field ifla_vlan_flags_fields[] = {
    {"flags", offsetof(::ifla_vlan_flags, flags), sizeof(::ifla_vlan_flags::flags),
     form::number_of(values::vlan_flags)},
    {"mask", offsetof(::ifla_vlan_flags, mask), sizeof(::ifla_vlan_flags::mask), form::number},
};
/// IFLA_VLAN_FLAGS.
inline constexpr structure_form ifla_vlan_flags{"ifla_vlan_flags", sizeof(::ifla_vlan_flags),
                                                ifla_vlan_flags_fields};

inline constexpr value_field ifla_vlan_qos_mapping_fields[] = {
    {"from", offsetof(::ifla_vlan_qos_mapping, from), sizeof(::ifla_vlan_qos_mapping::from),
     form::number},
    {"to", offsetof(::ifla_vlan_qos_mapping, to), sizeof(::ifla_vlan_qos_mapping::to),
     form::number},
};
/// IFLA_VLAN_QOS_MAPPING.
inline constexpr structure_form ifla_vlan_qos_mapping{
    "ifla_vlan_qos_mapping", sizeof(::ifla_vlan_qos_mapping), ifla_vlan_qos_mapping_fields};

inline constexpr value_field ifla_vxlan_port_range_fields[] = {
    {"low", offsetof(::ifla_vxlan_port_range, low), sizeof(::ifla_vxlan_port_range::low),
     form::big_endian},
    {"high", offsetof(::ifla_vxlan_port_range, high), sizeof(::ifla_vxlan_port_range::high),
     form::big_endian},
};
/// IFLA_VXLAN_PORT_RANGE.
inline constexpr structure_form ifla_vxlan_port_range{
    "ifla_vxlan_port_range", sizeof(::ifla_vxlan_port_range), ifla_vxlan_port_range_fields};

inline constexpr value_field ifla_bridge_id_fields[] = {
    {"prio", offsetof(::ifla_bridge_id, prio), sizeof(::ifla_bridge_id::prio), form::big_endian},
    {"addr", offsetof(::ifla_bridge_id, addr), sizeof(::ifla_bridge_id::addr),
     form::hardware_address},
};
/// Who a bridge is: its priority and its address.
inline constexpr structure_form ifla_bridge_id{"ifla_bridge_id", sizeof(::ifla_bridge_id),
                                               ifla_bridge_id_fields};

inline constexpr value_field br_boolopt_multi_fields[] = {
    {"optval", offsetof(::br_boolopt_multi, optval), sizeof(::br_boolopt_multi::optval),
     form::number_of(values::bridge_options)},
    {"optmask", offsetof(::br_boolopt_multi, optmask), sizeof(::br_boolopt_multi::optmask),
     form::number_of(values::bridge_options)},
};
/// IFLA_BR_MULTI_BOOLOPT.
inline constexpr structure_form br_boolopt_multi{"br_boolopt_multi", sizeof(::br_boolopt_multi),
                                                 br_boolopt_multi_fields};

inline constexpr value_field bridge_vlan_info_fields[] = {
    {"flags", offsetof(::bridge_vlan_info, flags), sizeof(::bridge_vlan_info::flags),
     form::number_of(values::bridge_vlan_flags)},
    {"vid", offsetof(::bridge_vlan_info, vid), sizeof(::bridge_vlan_info::vid), form::number},
};
/// IFLA_BRIDGE_VLAN_INFO.
inline constexpr structure_form bridge_vlan_info{"bridge_vlan_info", sizeof(::bridge_vlan_info),
                                                 bridge_vlan_info_fields};

inline constexpr value_field ifla_vf_mac_fields[] = {
    {"vf", offsetof(::ifla_vf_mac, vf), sizeof(::ifla_vf_mac::vf), form::number},
    {"mac", offsetof(::ifla_vf_mac, mac), sizeof(::ifla_vf_mac::mac), form::bytes},
};
/// IFLA_VF_MAC.
inline constexpr structure_form ifla_vf_mac{"ifla_vf_mac", sizeof(::ifla_vf_mac),
                                            ifla_vf_mac_fields};

inline constexpr value_field ifla_vf_broadcast_fields[] = {
    {"broadcast", offsetof(::ifla_vf_broadcast, broadcast), sizeof(::ifla_vf_broadcast::broadcast),
     form::bytes},
};
/// IFLA_VF_BROADCAST.
inline constexpr structure_form ifla_vf_broadcast{"ifla_vf_broadcast", sizeof(::ifla_vf_broadcast),
                                                  ifla_vf_broadcast_fields};

inline constexpr value_field ifla_vf_vlan_fields[] = {
    {"vf", offsetof(::ifla_vf_vlan, vf), sizeof(::ifla_vf_vlan::vf), form::number},
    {"vlan", offsetof(::ifla_vf_vlan, vlan), sizeof(::ifla_vf_vlan::vlan), form::number},
    {"qos", offsetof(::ifla_vf_vlan, qos), sizeof(::ifla_vf_vlan::qos), form::number},
};
/// IFLA_VF_VLAN.
inline constexpr structure_form ifla_vf_vlan{"ifla_vf_vlan", sizeof(::ifla_vf_vlan),
                                             ifla_vf_vlan_fields};

inline constexpr value_field ifla_vf_tx_rate_fields[] = {
    {"vf", offsetof(::ifla_vf_tx_rate, vf), sizeof(::ifla_vf_tx_rate::vf), form::number},
    {"rate", offsetof(::ifla_vf_tx_rate, rate), sizeof(::ifla_vf_tx_rate::rate), form::number},
};
/// IFLA_VF_TX_RATE.
inline constexpr structure_form ifla_vf_tx_rate{"ifla_vf_tx_rate", sizeof(::ifla_vf_tx_rate),
                                                ifla_vf_tx_rate_fields};

inline constexpr value_field ifla_vf_rate_fields[] = {
    {"vf", offsetof(::ifla_vf_rate, vf), sizeof(::ifla_vf_rate::vf), form::number},
    {"min_tx_rate", offsetof(::ifla_vf_rate, min_tx_rate), sizeof(::ifla_vf_rate::min_tx_rate),
     form::number},
    {"max_tx_rate", offsetof(::ifla_vf_rate, max_tx_rate), sizeof(::ifla_vf_rate::max_tx_rate),
     form::number},
};
/// IFLA_VF_RATE.
inline constexpr structure_form ifla_vf_rate{"ifla_vf_rate", sizeof(::ifla_vf_rate),
                                             ifla_vf_rate_fields};

inline constexpr value_field ifla_vf_spoofchk_fields[] = {
    {"vf", offsetof(::ifla_vf_spoofchk, vf), sizeof(::ifla_vf_spoofchk::vf), form::number},
    {"setting", offsetof(::ifla_vf_spoofchk, setting), sizeof(::ifla_vf_spoofchk::setting),
     form::number},
};
/// IFLA_VF_SPOOFCHK.
inline constexpr structure_form ifla_vf_spoofchk{"ifla_vf_spoofchk", sizeof(::ifla_vf_spoofchk),
                                                 ifla_vf_spoofchk_fields};

inline constexpr value_field ifla_vf_link_state_fields[] = {
    {"vf", offsetof(::ifla_vf_link_state, vf), sizeof(::ifla_vf_link_state::vf), form::number},
    {"link_state", offsetof(::ifla_vf_link_state, link_state),
     sizeof(::ifla_vf_link_state::link_state), form::number},
};
/// IFLA_VF_LINK_STATE.
inline constexpr structure_form ifla_vf_link_state{
    "ifla_vf_link_state", sizeof(::ifla_vf_link_state), ifla_vf_link_state_fields};

inline constexpr value_field ifla_vf_rss_query_en_fields[] = {
    {"vf", offsetof(::ifla_vf_rss_query_en, vf), sizeof(::ifla_vf_rss_query_en::vf), form::number},
    {"setting", offsetof(::ifla_vf_rss_query_en, setting), sizeof(::ifla_vf_rss_query_en::setting),
     form::number},
};
/// IFLA_VF_RSS_QUERY_EN.
inline constexpr structure_form ifla_vf_rss_query_en{
    "ifla_vf_rss_query_en", sizeof(::ifla_vf_rss_query_en), ifla_vf_rss_query_en_fields};

inline constexpr value_field ifla_vf_trust_fields[] = {
    {"vf", offsetof(::ifla_vf_trust, vf), sizeof(::ifla_vf_trust::vf), form::number},
    {"setting", offsetof(::ifla_vf_trust, setting), sizeof(::ifla_vf_trust::setting), form::number},
};
/// IFLA_VF_TRUST.
inline constexpr structure_form ifla_vf_trust{"ifla_vf_trust", sizeof(::ifla_vf_trust),
                                              ifla_vf_trust_fields};

}  // namespace trivet::netlink::rtnl::structures

#endif  // TRIVET_NETLINK_ROUTE_LINK_STRUCTURES_H_
