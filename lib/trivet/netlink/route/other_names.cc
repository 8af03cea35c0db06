#include "trivet/netlink/route/other_names.h"

#include <linux/gen_stats.h>
#include <linux/if_addrlabel.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <cstddef>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/link_structures.h"
#include "trivet/netlink/route/link_values.h"
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

constexpr value_name entry_state_list[] = {{MDB_TEMPORARY, "TEMPORARY"},
                                           {MDB_PERMANENT, "PERMANENT"}};
constexpr value_names entry_states{"MDB_", entry_state_list};
constexpr value_name entry_flag_list[] = {{MDB_FLAGS_OFFLOAD, "OFFLOAD"},
                                          {MDB_FLAGS_FAST_LEAVE, "FAST_LEAVE"},
                                          {MDB_FLAGS_STAR_EXCL, "STAR_EXCL"},
                                          {MDB_FLAGS_BLOCKED, "BLOCKED"}};
constexpr value_names entry_flags{"MDB_FLAGS_", entry_flag_list, true};
constexpr value_field entry_fields[] = {
    {"ifindex", offsetof(::br_mdb_entry, ifindex), 4, form::number},
    {"state", offsetof(::br_mdb_entry, state), 1, form::number_of(entry_states)},
    {"flags", offsetof(::br_mdb_entry, flags), 1, form::number_of(entry_flags)},
    {"vid", offsetof(::br_mdb_entry, vid), 2, form::number},
    {"addr.u", offsetof(::br_mdb_entry, addr.u), sizeof(::br_mdb_entry::addr.u), form::bytes},
    {"addr.proto", offsetof(::br_mdb_entry, addr.proto), 2, form::big_endian},
};
constexpr structure_form entry_structure{"br_mdb_entry", sizeof(::br_mdb_entry), entry_fields};

constexpr attribute_rule<unread> entry_rules[] = {
    named<unread>(MDBA_MDB_EATTR_TIMER, "timer", form::number),
    named<unread>(MDBA_MDB_EATTR_SRC_LIST, "src-list", form::nest),
    named<unread>(MDBA_MDB_EATTR_GROUP_MODE, "group-mode", form::number),
    named<unread>(MDBA_MDB_EATTR_SOURCE, "source", form::address),
    named<unread>(MDBA_MDB_EATTR_RTPROT, "rtprot", form::number),
};
constexpr attribute_policy<unread> entry_policy(entry_rules, "MDBA_MDB_EATTR_");
constexpr attribute_names entry_names{&name_among<entry_policy>, sizeof(::br_mdb_entry),
                                      nest_layout::attributes, &entry_structure};

constexpr attribute_rule<unread> forwarding_entry_rules[] = {
    named<unread>(MDBA_MDB_ENTRY_INFO, "entry-info", form::nest, &entry_names),
};
constexpr attribute_policy<unread> forwarding_entry_policy(forwarding_entry_rules, "MDBA_MDB_");
constexpr attribute_names forwarding_entry_names{&name_among<forwarding_entry_policy>};

constexpr attribute_rule<unread> forwarding_rules[] = {
    named<unread>(MDBA_MDB_ENTRY, "entry", form::nest, &forwarding_entry_names),
};
constexpr attribute_policy<unread> forwarding_policy(forwarding_rules, "MDBA_MDB_");
constexpr attribute_names forwarding_names{&name_among<forwarding_policy>};

constexpr value_field router_port_fields[] = {{"ifindex", 0, 4, form::number}};
constexpr structure_form router_port_structure{"__u32", 4, router_port_fields};
constexpr attribute_rule<unread> router_port_rules[] = {
    named<unread>(MDBA_ROUTER_PATTR_TIMER, "timer", form::number),
    named<unread>(MDBA_ROUTER_PATTR_TYPE, "type", form::number),
    named<unread>(MDBA_ROUTER_PATTR_INET_TIMER, "inet-timer", form::number),
    named<unread>(MDBA_ROUTER_PATTR_INET6_TIMER, "inet6-timer", form::number),
    named<unread>(MDBA_ROUTER_PATTR_VID, "vid", form::number),
};
constexpr attribute_policy<unread> router_port_policy(router_port_rules, "MDBA_ROUTER_PATTR_");
constexpr attribute_names router_port_names{&name_among<router_port_policy>, 4,
                                            nest_layout::attributes, &router_port_structure};

constexpr attribute_rule<unread> router_rules[] = {
    named<unread>(MDBA_ROUTER_PORT, "port", form::nest, &router_port_names),
};
constexpr attribute_policy<unread> router_policy(router_rules, "MDBA_ROUTER_");
constexpr attribute_names router_names{&name_among<router_policy>};

constexpr attribute_rule<unread> forwarding_table_rules[] = {
    named<unread>(MDBA_MDB, "mdb", form::nest, &forwarding_names),
    named<unread>(MDBA_ROUTER, "router", form::nest, &router_names),
};
constexpr attribute_policy<unread> forwarding_table_policy(forwarding_table_rules, "MDBA_");
constexpr attribute_rule<unread> new_entry_detail_rules[] = {
    named<unread>(MDBE_ATTR_SOURCE, "source", form::address),
};
constexpr attribute_policy<unread> new_entry_detail_policy(new_entry_detail_rules, "MDBE_ATTR_");
constexpr attribute_names new_entry_detail_names{&name_among<new_entry_detail_policy>};
constexpr attribute_rule<unread> new_entry_rules[] = {
    named<unread>(MDBA_SET_ENTRY, "set-entry", form::structure(entry_structure)),
    named<unread>(MDBA_SET_ENTRY_ATTRS, "set-entry-attrs", form::nest, &new_entry_detail_names),
};
constexpr attribute_policy<unread> new_entry_policy(new_entry_rules, "MDBA_");

// A request has other attributes, with the same numbers: the first is a struct alone, which is
// shorter than a nest with an entry in it.
attribute_name name_in_forwarding_table(std::uint16_t type, const_bytes beside) {
  attribute_reader in(beside);
  attribute first;
  const bool is_request =
      in.next(first) && first.type == MDBA_SET_ENTRY && first.data.size() == sizeof(::br_mdb_entry);
  return is_request ? name_among<new_entry_policy>(type, beside)
                    : name_among<forwarding_table_policy>(type, beside);
}
constexpr attribute_names forwarding_table_names{&name_in_forwarding_table, sizeof(::br_port_msg),
                                                 nest_layout::attributes, &structures::br_port_msg};

constexpr attribute_rule<unread> vlan_counter_rules[] = {
    named<unread>(BRIDGE_VLANDB_STATS_RX_BYTES, "rx-bytes", form::number),
    named<unread>(BRIDGE_VLANDB_STATS_RX_PACKETS, "rx-packets", form::number),
    named<unread>(BRIDGE_VLANDB_STATS_TX_BYTES, "tx-bytes", form::number),
    named<unread>(BRIDGE_VLANDB_STATS_TX_PACKETS, "tx-packets", form::number),
    named<unread>(BRIDGE_VLANDB_STATS_PAD, "pad", form::bytes),
};
constexpr attribute_policy<unread> vlan_counter_policy(vlan_counter_rules, "BRIDGE_VLANDB_STATS_");
constexpr attribute_names vlan_counter_names{&name_among<vlan_counter_policy>};

constexpr attribute_rule<unread> vlan_entry_rules[] = {
    named<unread>(BRIDGE_VLANDB_ENTRY_INFO, "info", form::structure(structures::bridge_vlan_info)),
    named<unread>(BRIDGE_VLANDB_ENTRY_RANGE, "range", form::number),
    named<unread>(BRIDGE_VLANDB_ENTRY_STATE, "state", form::number_of(values::port_states)),
    named<unread>(BRIDGE_VLANDB_ENTRY_TUNNEL_INFO, "tunnel-info", form::nest),
    named<unread>(BRIDGE_VLANDB_ENTRY_STATS, "stats", form::nest, &vlan_counter_names),
    named<unread>(BRIDGE_VLANDB_ENTRY_MCAST_ROUTER, "mcast-router", form::number),
};
constexpr attribute_policy<unread> vlan_entry_policy(vlan_entry_rules, "BRIDGE_VLANDB_ENTRY_");
constexpr attribute_names vlan_entry_names{&name_among<vlan_entry_policy>};

constexpr attribute_rule<unread> vlan_option_rules[] = {
    named<unread>(BRIDGE_VLANDB_GOPTS_ID, "id", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_RANGE, "range", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_SNOOPING, "mcast-snooping", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_IGMP_VERSION, "mcast-igmp-version", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_MLD_VERSION, "mcast-mld-version", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_CNT, "mcast-last-member-cnt", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_CNT, "mcast-startup-query-cnt",
                  form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_INTVL, "mcast-last-member-intvl",
                  form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_PAD, "pad", form::bytes),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_MEMBERSHIP_INTVL, "mcast-membership-intvl",
                  form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_INTVL, "mcast-querier-intvl", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_QUERY_INTVL, "mcast-query-intvl", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_QUERY_RESPONSE_INTVL, "mcast-query-response-intvl",
                  form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_INTVL, "mcast-startup-query-intvl",
                  form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_QUERIER, "mcast-querier", form::number),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_ROUTER_PORTS, "mcast-router-ports", form::nest),
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_STATE, "mcast-querier-state", form::nest),
    named<unread>(BRIDGE_VLANDB_GOPTS_MSTI, "msti", form::number),
};
constexpr attribute_policy<unread> vlan_option_policy(vlan_option_rules, "BRIDGE_VLANDB_GOPTS_");
constexpr attribute_names vlan_option_names{&name_among<vlan_option_policy>};

constexpr attribute_rule<unread> vlan_table_rules[] = {
    named<unread>(BRIDGE_VLANDB_ENTRY, "entry", form::nest, &vlan_entry_names),
    named<unread>(BRIDGE_VLANDB_GLOBAL_OPTIONS, "global-options", form::nest, &vlan_option_names),
};
constexpr attribute_policy<unread> vlan_table_policy(vlan_table_rules, "BRIDGE_VLANDB_");
constexpr attribute_names vlan_table_names{&name_among<vlan_table_policy>, sizeof(::br_vlan_msg),
                                           nest_layout::attributes, &structures::br_vlan_msg};

// A question has other attributes, with the same numbers.
constexpr value_name vlan_dump_flag_list[] = {{BRIDGE_VLANDB_DUMPF_STATS, "STATS"},
                                              {BRIDGE_VLANDB_DUMPF_GLOBAL, "GLOBAL"}};
constexpr value_names vlan_dump_flags{"BRIDGE_VLANDB_DUMPF_", vlan_dump_flag_list, true};
constexpr attribute_rule<unread> vlan_question_rules[] = {
    named<unread>(BRIDGE_VLANDB_DUMP_FLAGS, "flags", form::number_of(vlan_dump_flags)),
};
constexpr attribute_policy<unread> vlan_question_policy(vlan_question_rules, "BRIDGE_VLANDB_DUMP_");
constexpr attribute_names vlan_question_names{&name_among<vlan_question_policy>,
                                              sizeof(::br_vlan_msg), nest_layout::attributes,
                                              &structures::br_vlan_msg};

constexpr attribute_rule<unread> option_rules[] = {
    named<unread>(NDUSEROPT_SRCADDR, "srcaddr", form::address),
};
constexpr attribute_policy<unread> option_policy(option_rules, "NDUSEROPT_");
constexpr attribute_names option_names{&name_among<option_policy>, sizeof(::nduseroptmsg),
                                       nest_layout::attributes, &structures::nduseroptmsg};

}  // namespace

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
    default:
      return nullptr;
  }
}

}  // namespace trivet::netlink::rtnl
