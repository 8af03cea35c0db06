#include "trivet/netlink/route/other_names.h"

#include <linux/gen_stats.h>
#include <linux/if_addrlabel.h>
#include <linux/if_link.h>
#include <linux/mroute.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <cstddef>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/bridge_names.h"
#include "trivet/netlink/route/dcb_names.h"
#include "trivet/netlink/route/link_structures.h"
#include "trivet/netlink/route/qdisc_names.h"
#include "trivet/netlink/route/route_structures.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr value_field basic_fields[] = {
    {"bytes", offsetof(::gnet_stats_basic, bytes), sizeof(::gnet_stats_basic::bytes), form::number},
    {"packets", offsetof(::gnet_stats_basic, packets), sizeof(::gnet_stats_basic::packets),
     form::number},
};
constexpr structure_form basic_structure{"gnet_stats_basic", sizeof(::gnet_stats_basic),
                                         basic_fields};
constexpr value_field queue_fields[] = {
    {"qlen", offsetof(::gnet_stats_queue, qlen), 4, form::number},
    {"backlog", offsetof(::gnet_stats_queue, backlog), 4, form::number},
    {"drops", offsetof(::gnet_stats_queue, drops), 4, form::number},
    {"requeues", offsetof(::gnet_stats_queue, requeues), 4, form::number},
    {"overlimits", offsetof(::gnet_stats_queue, overlimits), 4, form::number},
};
constexpr structure_form queue_structure{"gnet_stats_queue", sizeof(::gnet_stats_queue),
                                         queue_fields};

constexpr attribute_rule<unread> counter_rules[] = {
    named<unread>(TCA_STATS_BASIC, "basic", form::structure(basic_structure)),
    named<unread>(TCA_STATS_RATE_EST, "rate-est", form::bytes),
    named<unread>(TCA_STATS_QUEUE, "queue", form::structure(queue_structure)),
    named<unread>(TCA_STATS_APP, "app", form::bytes),
    named<unread>(TCA_STATS_RATE_EST64, "rate-est64", form::bytes),
    named<unread>(TCA_STATS_PAD, "pad", form::bytes),
    named<unread>(TCA_STATS_BASIC_HW, "basic-hw", form::structure(basic_structure)),
    named<unread>(TCA_STATS_PKT64, "pkt64", form::number),
};
constexpr attribute_policy<unread> counter_policy(counter_rules, "TCA_STATS_");
constexpr attribute_names counter_names{&name_among<counter_policy>};

// Queueing disciplines, classes, filters, chains.
constexpr attribute_rule<unread> tc_rules[] = {
    named<unread>(TCA_KIND, "kind", form::text),
    named<unread>(TCA_STATS, "stats", form::bytes),
    named<unread>(TCA_XSTATS, "xstats", form::bytes),
    named<unread>(TCA_RATE, "rate", form::bytes),
    named<unread>(TCA_FCNT, "fcnt", form::number),
    named<unread>(TCA_STATS2, "stats2", form::nest, &counter_names),
    named<unread>(TCA_STAB, "stab", form::nest),
    named<unread>(TCA_PAD, "pad", form::bytes),
    named<unread>(TCA_DUMP_INVISIBLE, "dump-invisible", form::presence),
    named<unread>(TCA_CHAIN, "chain", form::number),
    named<unread>(TCA_HW_OFFLOAD, "hw-offload", form::number),
    named<unread>(TCA_INGRESS_BLOCK, "ingress-block", form::number),
    named<unread>(TCA_EGRESS_BLOCK, "egress-block", form::number),
    named<unread>(TCA_DUMP_FLAGS, "dump-flags", form::number),
    named<unread>(TCA_EXT_WARN_MSG, "ext-warn-msg", form::text),
};
constexpr attribute_policy<unread> tc_policy(tc_rules, "TCA_");
attribute_name name_of_tc(std::uint16_t type, const_bytes beside) {
  return type == TCA_OPTIONS ? name_of_options(beside) : name_among<tc_policy>(type, beside);
}
constexpr attribute_names tc_names{&name_of_tc, sizeof(::tcmsg), nest_layout::attributes,
                                   &structures::tcmsg};

constexpr value_name action_flag_list[] = {{TCA_FLAG_LARGE_DUMP_ON, "LARGE_DUMP_ON"},
                                           {2, "TERSE_DUMP"}};  // TCA_ACT_FLAG_, since 5.11
constexpr value_names action_flags{"TCA_ACT_FLAG_", action_flag_list, true};
constexpr value_field action_flags_fields[] = {
    {"value", offsetof(::nla_bitfield32, value), 4, form::number_of(action_flags)},
    {"selector", offsetof(::nla_bitfield32, selector), 4, form::number_of(action_flags)},
};
constexpr structure_form action_flags_structure{"nla_bitfield32", sizeof(::nla_bitfield32),
                                                action_flags_fields};

constexpr attribute_rule<unread> action_rules[] = {
    named<unread>(TCA_ROOT_TAB, "tab", form::nest),
    named<unread>(TCA_ROOT_FLAGS, "flags", form::structure(action_flags_structure)),
    named<unread>(TCA_ROOT_COUNT, "count", form::number),
    named<unread>(TCA_ROOT_TIME_DELTA, "time-delta", form::number),
    named<unread>(TCA_ROOT_EXT_WARN_MSG, "ext-warn-msg", form::text),
};
constexpr attribute_policy<unread> action_policy(action_rules, "TCA_ROOT_");
constexpr attribute_names action_names{&name_among<action_policy>, sizeof(::tcamsg),
                                       nest_layout::attributes, &structures::tcamsg};

constexpr attribute_rule<unread> neighbour_parameter_rules[] = {
    named<unread>(NDTPA_IFINDEX, "ifindex", form::number),
    named<unread>(NDTPA_REFCNT, "refcnt", form::number),
    named<unread>(NDTPA_REACHABLE_TIME, "reachable-time", form::number),
    named<unread>(NDTPA_BASE_REACHABLE_TIME, "base-reachable-time", form::number),
    named<unread>(NDTPA_RETRANS_TIME, "retrans-time", form::number),
    named<unread>(NDTPA_GC_STALETIME, "gc-staletime", form::number),
    named<unread>(NDTPA_DELAY_PROBE_TIME, "delay-probe-time", form::number),
    named<unread>(NDTPA_QUEUE_LEN, "queue-len", form::number),
    named<unread>(NDTPA_APP_PROBES, "app-probes", form::number),
    named<unread>(NDTPA_UCAST_PROBES, "ucast-probes", form::number),
    named<unread>(NDTPA_MCAST_PROBES, "mcast-probes", form::number),
    named<unread>(NDTPA_ANYCAST_DELAY, "anycast-delay", form::number),
    named<unread>(NDTPA_PROXY_DELAY, "proxy-delay", form::number),
    named<unread>(NDTPA_PROXY_QLEN, "proxy-qlen", form::number),
    named<unread>(NDTPA_LOCKTIME, "locktime", form::number),
    named<unread>(NDTPA_QUEUE_LENBYTES, "queue-lenbytes", form::number),
    named<unread>(NDTPA_MCAST_REPROBES, "mcast-reprobes", form::number),
    named<unread>(NDTPA_PAD, "pad", form::bytes),
    named<unread>(NDTPA_INTERVAL_PROBE_TIME_MS, "interval-probe-time-ms", form::number),
};
constexpr attribute_policy<unread> neighbour_parameter_policy(neighbour_parameter_rules, "NDTPA_");
constexpr attribute_names neighbour_parameter_names{&name_among<neighbour_parameter_policy>};

constexpr value_field table_settings_fields[] = {
    {"ndtc_key_len", offsetof(::ndt_config, ndtc_key_len), sizeof(::ndt_config::ndtc_key_len),
     form::number},
    {"ndtc_entry_size", offsetof(::ndt_config, ndtc_entry_size),
     sizeof(::ndt_config::ndtc_entry_size), form::number},
    {"ndtc_entries", offsetof(::ndt_config, ndtc_entries), sizeof(::ndt_config::ndtc_entries),
     form::number},
    {"ndtc_last_flush", offsetof(::ndt_config, ndtc_last_flush),
     sizeof(::ndt_config::ndtc_last_flush), form::number},
    {"ndtc_last_rand", offsetof(::ndt_config, ndtc_last_rand), sizeof(::ndt_config::ndtc_last_rand),
     form::number},
    {"ndtc_hash_rnd", offsetof(::ndt_config, ndtc_hash_rnd), sizeof(::ndt_config::ndtc_hash_rnd),
     form::number},
    {"ndtc_hash_mask", offsetof(::ndt_config, ndtc_hash_mask), sizeof(::ndt_config::ndtc_hash_mask),
     form::number},
    {"ndtc_hash_chain_gc", offsetof(::ndt_config, ndtc_hash_chain_gc),
     sizeof(::ndt_config::ndtc_hash_chain_gc), form::number},
    {"ndtc_proxy_qlen", offsetof(::ndt_config, ndtc_proxy_qlen),
     sizeof(::ndt_config::ndtc_proxy_qlen), form::number},
};
constexpr structure_form table_settings_structure{"ndt_config", sizeof(::ndt_config),
                                                  table_settings_fields};
constexpr value_field table_counts_fields[] = {
    {"ndts_allocs", offsetof(::ndt_stats, ndts_allocs), sizeof(::ndt_stats::ndts_allocs),
     form::number},
    {"ndts_destroys", offsetof(::ndt_stats, ndts_destroys), sizeof(::ndt_stats::ndts_destroys),
     form::number},
    {"ndts_hash_grows", offsetof(::ndt_stats, ndts_hash_grows),
     sizeof(::ndt_stats::ndts_hash_grows), form::number},
    {"ndts_res_failed", offsetof(::ndt_stats, ndts_res_failed),
     sizeof(::ndt_stats::ndts_res_failed), form::number},
    {"ndts_lookups", offsetof(::ndt_stats, ndts_lookups), sizeof(::ndt_stats::ndts_lookups),
     form::number},
    {"ndts_hits", offsetof(::ndt_stats, ndts_hits), sizeof(::ndt_stats::ndts_hits), form::number},
    {"ndts_rcv_probes_mcast", offsetof(::ndt_stats, ndts_rcv_probes_mcast),
     sizeof(::ndt_stats::ndts_rcv_probes_mcast), form::number},
    {"ndts_rcv_probes_ucast", offsetof(::ndt_stats, ndts_rcv_probes_ucast),
     sizeof(::ndt_stats::ndts_rcv_probes_ucast), form::number},
    {"ndts_periodic_gc_runs", offsetof(::ndt_stats, ndts_periodic_gc_runs),
     sizeof(::ndt_stats::ndts_periodic_gc_runs), form::number},
    {"ndts_forced_gc_runs", offsetof(::ndt_stats, ndts_forced_gc_runs),
     sizeof(::ndt_stats::ndts_forced_gc_runs), form::number},
    {"ndts_table_fulls", offsetof(::ndt_stats, ndts_table_fulls),
     sizeof(::ndt_stats::ndts_table_fulls), form::number},
};
constexpr structure_form table_counts_structure{"ndt_stats", sizeof(::ndt_stats),
                                                table_counts_fields};

constexpr attribute_rule<unread> neighbour_table_rules[] = {
    named<unread>(NDTA_NAME, "name", form::text),
    named<unread>(NDTA_THRESH1, "thresh1", form::number),
    named<unread>(NDTA_THRESH2, "thresh2", form::number),
    named<unread>(NDTA_THRESH3, "thresh3", form::number),
    named<unread>(NDTA_CONFIG, "config", form::structure(table_settings_structure)),
    named<unread>(NDTA_PARMS, "parms", form::nest, &neighbour_parameter_names),
    named<unread>(NDTA_STATS, "stats", form::structure(table_counts_structure)),
    named<unread>(NDTA_GC_INTERVAL, "gc-interval", form::number),
    named<unread>(NDTA_PAD, "pad", form::bytes),
};
constexpr attribute_policy<unread> neighbour_table_policy(neighbour_table_rules, "NDTA_");
constexpr attribute_names neighbour_table_names{&name_among<neighbour_table_policy>,
                                                sizeof(::ndtmsg), nest_layout::attributes,
                                                &structures::ndtmsg};

constexpr attribute_rule<unread> label_rules[] = {
    named<unread>(IFAL_ADDRESS, "address", form::address),
    named<unread>(IFAL_LABEL, "label", form::number),
};
constexpr attribute_policy<unread> label_policy(label_rules, "IFAL_");
constexpr attribute_names label_names{&name_among<label_policy>, sizeof(::ifaddrlblmsg),
                                      nest_layout::attributes, &structures::ifaddrlblmsg};

constexpr value_field prefix_times_fields[] = {
    {"preferred_time", offsetof(::prefix_cacheinfo, preferred_time), 4, form::number},
    {"valid_time", offsetof(::prefix_cacheinfo, valid_time), 4, form::number},
};
constexpr structure_form prefix_times_structure{"prefix_cacheinfo", sizeof(::prefix_cacheinfo),
                                                prefix_times_fields};
constexpr attribute_rule<unread> prefix_rules[] = {
    named<unread>(PREFIX_ADDRESS, "address", form::address),
    named<unread>(PREFIX_CACHEINFO, "cacheinfo", form::structure(prefix_times_structure)),
};
constexpr attribute_policy<unread> prefix_policy(prefix_rules, "PREFIX_");
constexpr attribute_names prefix_names{&name_among<prefix_policy>, sizeof(::prefixmsg),
                                       nest_layout::attributes, &structures::prefixmsg};

constexpr attribute_rule<unread> statistics_rules[] = {
    named<unread>(IFLA_STATS_LINK_64, "link-64", form::structure(structures::rtnl_link_stats64)),
    named<unread>(IFLA_STATS_LINK_XSTATS, "link-xstats", form::nest),
    named<unread>(IFLA_STATS_LINK_XSTATS_SLAVE, "link-xstats-slave", form::nest),
    named<unread>(IFLA_STATS_LINK_OFFLOAD_XSTATS, "link-offload-xstats", form::nest),
    named<unread>(IFLA_STATS_AF_SPEC, "af-spec", form::nest),
};
constexpr attribute_policy<unread> statistics_policy(statistics_rules, "IFLA_STATS_");
constexpr attribute_names statistics_names{&name_among<statistics_policy>, sizeof(::if_stats_msg),
                                           nest_layout::attributes, &structures::if_stats_msg};

// Which VNIs a VXLAN device takes.
constexpr attribute_rule<unread> vni_counter_rules[] = {
    named<unread>(VNIFILTER_ENTRY_STATS_RX_BYTES, "rx-bytes", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_RX_PKTS, "rx-pkts", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_RX_DROPS, "rx-drops", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_RX_ERRORS, "rx-errors", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_TX_BYTES, "tx-bytes", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_TX_PKTS, "tx-pkts", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_TX_DROPS, "tx-drops", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_TX_ERRORS, "tx-errors", form::number),
    named<unread>(VNIFILTER_ENTRY_STATS_PAD, "pad", form::bytes),
};
constexpr attribute_policy<unread> vni_counter_policy(vni_counter_rules, "VNIFILTER_ENTRY_STATS_");
constexpr attribute_names vni_counter_names{&name_among<vni_counter_policy>};
constexpr attribute_rule<unread> vni_entry_rules[] = {
    named<unread>(VXLAN_VNIFILTER_ENTRY_START, "start", form::number),
    named<unread>(VXLAN_VNIFILTER_ENTRY_END, "end", form::number),
    named<unread>(VXLAN_VNIFILTER_ENTRY_GROUP, "group", form::address),
    named<unread>(VXLAN_VNIFILTER_ENTRY_GROUP6, "group6", form::address),
    named<unread>(VXLAN_VNIFILTER_ENTRY_STATS, "stats", form::nest, &vni_counter_names),
};
constexpr attribute_policy<unread> vni_entry_policy(vni_entry_rules, "VXLAN_VNIFILTER_ENTRY_");
constexpr attribute_names vni_entry_names{&name_among<vni_entry_policy>};
constexpr attribute_rule<unread> tunnel_rules[] = {
    named<unread>(VXLAN_VNIFILTER_ENTRY, "entry", form::nest, &vni_entry_names),
};
constexpr attribute_policy<unread> tunnel_policy(tunnel_rules, "VXLAN_VNIFILTER_");
constexpr attribute_names tunnel_names{&name_among<tunnel_policy>, sizeof(::tunnel_msg),
                                       nest_layout::attributes, &structures::tunnel_msg};

// What a multicast routing daemon is told of packets that no route takes.
constexpr attribute_rule<unread> report_rules[] = {
    named<unread>(IPMRA_CREPORT_MSGTYPE, "msgtype", form::number),
    named<unread>(IPMRA_CREPORT_VIF_ID, "vif-id", form::number),
    named<unread>(IPMRA_CREPORT_SRC_ADDR, "src-addr", form::address),
    named<unread>(IPMRA_CREPORT_DST_ADDR, "dst-addr", form::address),
    named<unread>(IPMRA_CREPORT_PKT, "pkt", form::bytes),
    named<unread>(IPMRA_CREPORT_TABLE, "table", form::number),
};
constexpr attribute_policy<unread> report_policy(report_rules, "IPMRA_CREPORT_");
constexpr attribute_names report_names{&name_among<report_policy>, sizeof(::rtgenmsg),
                                       nest_layout::attributes, &structures::rtgenmsg};

// The same numbers in linux/mroute6.h.
constexpr attribute_rule<unread> ip6_report_rules[] = {
    named<unread>(IPMRA_CREPORT_MSGTYPE, "msgtype", form::number),
    named<unread>(IPMRA_CREPORT_VIF_ID, "mif-id", form::number),
    named<unread>(IPMRA_CREPORT_SRC_ADDR, "src-addr", form::address),
    named<unread>(IPMRA_CREPORT_DST_ADDR, "dst-addr", form::address),
    named<unread>(IPMRA_CREPORT_PKT, "pkt", form::bytes),
};
constexpr attribute_policy<unread> ip6_report_policy(ip6_report_rules, "IP6MRA_CREPORT_");
constexpr attribute_names ip6_reports{&name_among<ip6_report_policy>, sizeof(::rtgenmsg),
                                      nest_layout::attributes, &structures::rtgenmsg};

constexpr attribute_rule<unread> option_rules[] = {
    named<unread>(NDUSEROPT_SRCADDR, "srcaddr", form::address),
};
constexpr attribute_policy<unread> option_policy(option_rules, "NDUSEROPT_");
constexpr attribute_names option_names{&name_among<option_policy>, sizeof(::nduseroptmsg),
                                       nest_layout::attributes, &structures::nduseroptmsg};

}  // namespace

const attribute_names& ip6_report_names() noexcept { return ip6_reports; }

const attribute_names* other_names(std::uint16_t type) {
  switch (type) {
    case RTM_NEWQDISC:
    case RTM_DELQDISC:
    case RTM_GETQDISC:
    case RTM_NEWTCLASS:
    case RTM_DELTCLASS:
    case RTM_GETTCLASS:
    case RTM_NEWTFILTER:
    case RTM_DELTFILTER:
    case RTM_GETTFILTER:
    case RTM_NEWCHAIN:
    case RTM_DELCHAIN:
    case RTM_GETCHAIN:
      return &tc_names;
    case RTM_NEWACTION:
    case RTM_DELACTION:
    case RTM_GETACTION:
      return &action_names;
    case RTM_NEWNEIGHTBL:
    case RTM_GETNEIGHTBL:
    case RTM_SETNEIGHTBL:
      return &neighbour_table_names;
    case RTM_NEWADDRLABEL:
    case RTM_DELADDRLABEL:
    case RTM_GETADDRLABEL:
      return &label_names;
    case RTM_NEWPREFIX:
      return &prefix_names;
    case RTM_NEWSTATS:
    case RTM_GETSTATS:
    case RTM_SETSTATS:
      return &statistics_names;
    case RTM_NEWMDB:
    case RTM_DELMDB:
    case RTM_GETMDB:
      return &forwarding_table_names;
    case RTM_NEWVLAN:
    case RTM_DELVLAN:
      return &vlan_table_names;
    case RTM_GETVLAN:
      return &vlan_question_names;
    case RTM_NEWNDUSEROPT:
      return &option_names;
    case RTM_NEWTUNNEL:
    case RTM_DELTUNNEL:
    case RTM_GETTUNNEL:
      return &tunnel_names;
    case RTM_NEWCACHEREPORT:
      return &report_names;
    case RTM_GETDCB:
    case RTM_SETDCB:
      return &dcb_names();
    default:
      return nullptr;
  }
}

}  // namespace trivet::netlink::rtnl
