#include "trivet/netlink/route/link_bridge.h"

#include "trivet/netlink/route/link_structures.h"
#include "trivet/netlink/route/link_values.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<unread> querier_rules[] = {
    named<unread>(BRIDGE_QUERIER_IP_ADDRESS, "ip-address", form::address),
    named<unread>(BRIDGE_QUERIER_IP_PORT, "ip-port", form::number),
    named<unread>(BRIDGE_QUERIER_IP_OTHER_TIMER, "ip-other-timer", form::number),
    named<unread>(BRIDGE_QUERIER_PAD, "pad", form::bytes),
    named<unread>(BRIDGE_QUERIER_IPV6_ADDRESS, "ipv6-address", form::address),
    named<unread>(BRIDGE_QUERIER_IPV6_PORT, "ipv6-port", form::number),
    named<unread>(BRIDGE_QUERIER_IPV6_OTHER_TIMER, "ipv6-other-timer", form::number),
};
constexpr attribute_policy<unread> querier_policy(querier_rules, "BRIDGE_QUERIER_");
}  // namespace

const attribute_names querier_names{&name_among<querier_policy>};

namespace {

constexpr attribute_rule<bridge> bridge_rules[] = {
    rule<&bridge::forward_delay>(IFLA_BR_FORWARD_DELAY, "forward-delay"),
    rule<&bridge::hello_time>(IFLA_BR_HELLO_TIME, "hello-time"),
    rule<&bridge::max_age>(IFLA_BR_MAX_AGE, "max-age"),
    rule<&bridge::ageing_time>(IFLA_BR_AGEING_TIME, "ageing-time"),
    rule<&bridge::stp_state>(IFLA_BR_STP_STATE, "stp-state"),
    rule<&bridge::priority>(IFLA_BR_PRIORITY, "priority"),
    rule<&bridge::vlan_filtering>(IFLA_BR_VLAN_FILTERING, "vlan-filtering"),
    rule<&bridge::vlan_protocol, big_endian_number>(IFLA_BR_VLAN_PROTOCOL, "vlan-protocol")
        .as(form::number_of(values::ethernet_types, true)),
    rule<&bridge::group_forward_mask>(IFLA_BR_GROUP_FWD_MASK, "group-fwd-mask"),
    rule<&bridge::root_id>(IFLA_BR_ROOT_ID, "root-id")
        .as(form::structure(structures::ifla_bridge_id)),
    rule<&bridge::bridge_id>(IFLA_BR_BRIDGE_ID, "bridge-id")
        .as(form::structure(structures::ifla_bridge_id)),
    rule<&bridge::root_port>(IFLA_BR_ROOT_PORT, "root-port"),
    rule<&bridge::root_path_cost>(IFLA_BR_ROOT_PATH_COST, "root-path-cost"),
    rule<&bridge::topology_change>(IFLA_BR_TOPOLOGY_CHANGE, "topology-change"),
    rule<&bridge::topology_change_detected>(IFLA_BR_TOPOLOGY_CHANGE_DETECTED,
                                            "topology-change-detected"),
    rule<&bridge::hello_timer>(IFLA_BR_HELLO_TIMER, "hello-timer", weight::detail),
    rule<&bridge::tcn_timer>(IFLA_BR_TCN_TIMER, "tcn-timer", weight::detail),
    rule<&bridge::topology_change_timer>(IFLA_BR_TOPOLOGY_CHANGE_TIMER, "topology-change-timer",
                                         weight::detail),
    rule<&bridge::gc_timer>(IFLA_BR_GC_TIMER, "gc-timer", weight::detail),
    rule<&bridge::group_address>(IFLA_BR_GROUP_ADDR, "group-addr").as(form::hardware_address),
    rule<&bridge::flush, presence>(IFLA_BR_FDB_FLUSH, "fdb-flush"),
    rule<&bridge::multicast_router>(IFLA_BR_MCAST_ROUTER, "mcast-router"),
    rule<&bridge::multicast_snooping>(IFLA_BR_MCAST_SNOOPING, "mcast-snooping"),
    rule<&bridge::multicast_query_use_address>(IFLA_BR_MCAST_QUERY_USE_IFADDR,
                                               "mcast-query-use-ifaddr"),
    rule<&bridge::multicast_querier>(IFLA_BR_MCAST_QUERIER, "mcast-querier"),
    rule<&bridge::multicast_hash_elasticity>(IFLA_BR_MCAST_HASH_ELASTICITY,
                                             "mcast-hash-elasticity"),
    rule<&bridge::multicast_hash_maximum>(IFLA_BR_MCAST_HASH_MAX, "mcast-hash-max"),
    rule<&bridge::multicast_last_member_count>(IFLA_BR_MCAST_LAST_MEMBER_CNT,
                                               "mcast-last-member-cnt"),
    rule<&bridge::multicast_startup_query_count>(IFLA_BR_MCAST_STARTUP_QUERY_CNT,
                                                 "mcast-startup-query-cnt"),
    rule<&bridge::multicast_last_member_interval>(IFLA_BR_MCAST_LAST_MEMBER_INTVL,
                                                  "mcast-last-member-intvl"),
    rule<&bridge::multicast_membership_interval>(IFLA_BR_MCAST_MEMBERSHIP_INTVL,
                                                 "mcast-membership-intvl"),
    rule<&bridge::multicast_querier_interval>(IFLA_BR_MCAST_QUERIER_INTVL, "mcast-querier-intvl"),
    rule<&bridge::multicast_query_interval>(IFLA_BR_MCAST_QUERY_INTVL, "mcast-query-intvl"),
    rule<&bridge::multicast_query_response_interval>(IFLA_BR_MCAST_QUERY_RESPONSE_INTVL,
                                                     "mcast-query-response-intvl"),
    rule<&bridge::multicast_startup_query_interval>(IFLA_BR_MCAST_STARTUP_QUERY_INTVL,
                                                    "mcast-startup-query-intvl"),
    rule<&bridge::call_iptables>(IFLA_BR_NF_CALL_IPTABLES, "nf-call-iptables"),
    rule<&bridge::call_ip6tables>(IFLA_BR_NF_CALL_IP6TABLES, "nf-call-ip6tables"),
    rule<&bridge::call_arptables>(IFLA_BR_NF_CALL_ARPTABLES, "nf-call-arptables"),
    rule<&bridge::default_vlan>(IFLA_BR_VLAN_DEFAULT_PVID, "vlan-default-pvid"),
    rule<&bridge::vlan_statistics>(IFLA_BR_VLAN_STATS_ENABLED, "vlan-stats-enabled"),
    rule<&bridge::multicast_statistics>(IFLA_BR_MCAST_STATS_ENABLED, "mcast-stats-enabled"),
    rule<&bridge::igmp_version>(IFLA_BR_MCAST_IGMP_VERSION, "mcast-igmp-version"),
    rule<&bridge::mld_version>(IFLA_BR_MCAST_MLD_VERSION, "mcast-mld-version"),
    rule<&bridge::vlan_statistics_per_port>(IFLA_BR_VLAN_STATS_PER_PORT, "vlan-stats-per-port"),
    rule<&bridge::options>(IFLA_BR_MULTI_BOOLOPT, "multi-boolopt")
        .as(form::structure(structures::br_boolopt_multi)),
    rule<&bridge::querier_state>(IFLA_BR_MCAST_QUERIER_STATE, "mcast-querier-state", weight::detail)
        .within(querier_names),
    named<bridge>(IFLA_BR_PAD, "pad", form::bytes),
};
constexpr attribute_policy<bridge> bridge_policy(bridge_rules, "IFLA_BR_");

constexpr attribute_rule<bridge_port> bridge_port_rules[] = {
    rule<&bridge_port::state>(IFLA_BRPORT_STATE, "state").as(form::number_of(values::port_states)),
    rule<&bridge_port::priority>(IFLA_BRPORT_PRIORITY, "priority"),
    rule<&bridge_port::cost>(IFLA_BRPORT_COST, "cost"),
    rule<&bridge_port::hairpin>(IFLA_BRPORT_MODE, "mode"),
    rule<&bridge_port::guard>(IFLA_BRPORT_GUARD, "guard"),
    rule<&bridge_port::root_block>(IFLA_BRPORT_PROTECT, "protect"),
    rule<&bridge_port::fast_leave>(IFLA_BRPORT_FAST_LEAVE, "fast-leave"),
    rule<&bridge_port::learning>(IFLA_BRPORT_LEARNING, "learning"),
    rule<&bridge_port::flood>(IFLA_BRPORT_UNICAST_FLOOD, "unicast-flood"),
    rule<&bridge_port::proxy_arp>(IFLA_BRPORT_PROXYARP, "proxyarp"),
    rule<&bridge_port::learning_sync>(IFLA_BRPORT_LEARNING_SYNC, "learning-sync"),
    rule<&bridge_port::proxy_arp_wifi>(IFLA_BRPORT_PROXYARP_WIFI, "proxyarp-wifi"),
    rule<&bridge_port::root_id>(IFLA_BRPORT_ROOT_ID, "root-id")
        .as(form::structure(structures::ifla_bridge_id)),
    rule<&bridge_port::bridge_id>(IFLA_BRPORT_BRIDGE_ID, "bridge-id")
        .as(form::structure(structures::ifla_bridge_id)),
    rule<&bridge_port::designated_port>(IFLA_BRPORT_DESIGNATED_PORT, "designated-port"),
    rule<&bridge_port::designated_cost>(IFLA_BRPORT_DESIGNATED_COST, "designated-cost"),
    rule<&bridge_port::id>(IFLA_BRPORT_ID, "id"),
    rule<&bridge_port::number>(IFLA_BRPORT_NO, "no"),
    rule<&bridge_port::topology_change_ack>(IFLA_BRPORT_TOPOLOGY_CHANGE_ACK, "topology-change-ack"),
    rule<&bridge_port::config_pending>(IFLA_BRPORT_CONFIG_PENDING, "config-pending"),
    rule<&bridge_port::message_age_timer>(IFLA_BRPORT_MESSAGE_AGE_TIMER, "message-age-timer",
                                          weight::detail),
    rule<&bridge_port::forward_delay_timer>(IFLA_BRPORT_FORWARD_DELAY_TIMER, "forward-delay-timer",
                                            weight::detail),
    rule<&bridge_port::hold_timer>(IFLA_BRPORT_HOLD_TIMER, "hold-timer", weight::detail),
    rule<&bridge_port::flush, presence>(IFLA_BRPORT_FLUSH, "flush"),
    rule<&bridge_port::multicast_router>(IFLA_BRPORT_MULTICAST_ROUTER, "multicast-router"),
    rule<&bridge_port::multicast_flood>(IFLA_BRPORT_MCAST_FLOOD, "mcast-flood"),
    rule<&bridge_port::multicast_to_unicast>(IFLA_BRPORT_MCAST_TO_UCAST, "mcast-to-ucast"),
    rule<&bridge_port::vlan_tunnel>(IFLA_BRPORT_VLAN_TUNNEL, "vlan-tunnel"),
    rule<&bridge_port::broadcast_flood>(IFLA_BRPORT_BCAST_FLOOD, "bcast-flood"),
    rule<&bridge_port::group_forward_mask>(IFLA_BRPORT_GROUP_FWD_MASK, "group-fwd-mask"),
    rule<&bridge_port::neighbour_suppression>(IFLA_BRPORT_NEIGH_SUPPRESS, "neigh-suppress"),
    rule<&bridge_port::isolated>(IFLA_BRPORT_ISOLATED, "isolated"),
    rule<&bridge_port::backup_port>(IFLA_BRPORT_BACKUP_PORT, "backup-port"),
    rule<&bridge_port::ring_open>(IFLA_BRPORT_MRP_RING_OPEN, "mrp-ring-open"),
    rule<&bridge_port::interconnect_open>(IFLA_BRPORT_MRP_IN_OPEN, "mrp-in-open"),
    rule<&bridge_port::hosts_limit>(IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT, "mcast-eht-hosts-limit"),
    rule<&bridge_port::hosts_count>(IFLA_BRPORT_MCAST_EHT_HOSTS_CNT, "mcast-eht-hosts-cnt",
                                    weight::detail),
    rule<&bridge_port::locked>(IFLA_BRPORT_LOCKED, "locked"),
    named<bridge_port>(IFLA_BRPORT_PAD, "pad", form::bytes),
};
constexpr attribute_policy<bridge_port> bridge_port_policy(bridge_port_rules, "IFLA_BRPORT_");

}  // namespace

const attribute_policy<bridge>& bridge::policy() { return bridge_policy; }
const attribute_policy<bridge_port>& bridge_port::policy() { return bridge_port_policy; }

}  // namespace trivet::netlink::rtnl
