#include "trivet/netlink/route/link_bond.h"

#include "trivet/netlink/route/link_values.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr std::uint16_t ifla_bond_coupled_control = 32;  // not in every header of 6.1

constexpr attribute_rule<bond_aggregation> bond_aggregation_rules[] = {
    rule<&bond_aggregation::aggregator>(IFLA_BOND_AD_INFO_AGGREGATOR, "aggregator"),
    rule<&bond_aggregation::ports>(IFLA_BOND_AD_INFO_NUM_PORTS, "num-ports"),
    rule<&bond_aggregation::actor_key>(IFLA_BOND_AD_INFO_ACTOR_KEY, "actor-key"),
    rule<&bond_aggregation::partner_key>(IFLA_BOND_AD_INFO_PARTNER_KEY, "partner-key"),
    rule<&bond_aggregation::partner_address>(IFLA_BOND_AD_INFO_PARTNER_MAC, "partner-mac"),
};
constexpr attribute_policy<bond_aggregation> bond_aggregation_policy(bond_aggregation_rules,
                                                                     "IFLA_BOND_AD_INFO_");

constexpr attribute_rule<bond> bond_rules[] = {
    rule<&bond::mode>(IFLA_BOND_MODE, "mode").as(form::number_of(values::bond_modes)),
    rule<&bond::active_port>(IFLA_BOND_ACTIVE_SLAVE, "active-slave"),
    rule<&bond::miimon>(IFLA_BOND_MIIMON, "miimon"),
    rule<&bond::up_delay>(IFLA_BOND_UPDELAY, "updelay"),
    rule<&bond::down_delay>(IFLA_BOND_DOWNDELAY, "downdelay"),
    rule<&bond::use_carrier>(IFLA_BOND_USE_CARRIER, "use-carrier"),
    rule<&bond::arp_interval>(IFLA_BOND_ARP_INTERVAL, "arp-interval"),
    rule<&bond::arp_targets>(IFLA_BOND_ARP_IP_TARGET, "arp-ip-target"),
    rule<&bond::arp_validate>(IFLA_BOND_ARP_VALIDATE, "arp-validate"),
    rule<&bond::arp_all_targets>(IFLA_BOND_ARP_ALL_TARGETS, "arp-all-targets"),
    rule<&bond::primary>(IFLA_BOND_PRIMARY, "primary"),
    rule<&bond::primary_reselect>(IFLA_BOND_PRIMARY_RESELECT, "primary-reselect"),
    rule<&bond::fail_over_mac>(IFLA_BOND_FAIL_OVER_MAC, "fail-over-mac"),
    rule<&bond::hash_policy>(IFLA_BOND_XMIT_HASH_POLICY, "xmit-hash-policy"),
    rule<&bond::resend_igmp>(IFLA_BOND_RESEND_IGMP, "resend-igmp"),
    rule<&bond::peer_notifications>(IFLA_BOND_NUM_PEER_NOTIF, "num-peer-notif"),
    rule<&bond::all_ports_active>(IFLA_BOND_ALL_SLAVES_ACTIVE, "all-slaves-active"),
    rule<&bond::minimum_links>(IFLA_BOND_MIN_LINKS, "min-links"),
    rule<&bond::lp_interval>(IFLA_BOND_LP_INTERVAL, "lp-interval"),
    rule<&bond::packets_per_port>(IFLA_BOND_PACKETS_PER_SLAVE, "packets-per-slave"),
    rule<&bond::lacp_rate>(IFLA_BOND_AD_LACP_RATE, "ad-lacp-rate"),
    rule<&bond::selection>(IFLA_BOND_AD_SELECT, "ad-select"),
    rule<&bond::aggregation, unmarked_nest>(IFLA_BOND_AD_INFO, "ad-info", weight::detail),
    rule<&bond::system_priority>(IFLA_BOND_AD_ACTOR_SYS_PRIO, "ad-actor-sys-prio"),
    rule<&bond::user_port_key>(IFLA_BOND_AD_USER_PORT_KEY, "ad-user-port-key"),
    rule<&bond::system_address>(IFLA_BOND_AD_ACTOR_SYSTEM, "ad-actor-system"),
    rule<&bond::dynamic_balancing>(IFLA_BOND_TLB_DYNAMIC_LB, "tlb-dynamic-lb"),
    rule<&bond::peer_notification_delay>(IFLA_BOND_PEER_NOTIF_DELAY, "peer-notif-delay"),
    rule<&bond::lacp_active>(IFLA_BOND_AD_LACP_ACTIVE, "ad-lacp-active"),
    rule<&bond::missed_maximum>(IFLA_BOND_MISSED_MAX, "missed-max"),
    rule<&bond::coupled_control>(ifla_bond_coupled_control, "coupled-control"),
    rule<&bond::ns_targets>(IFLA_BOND_NS_IP6_TARGET, "ns-ip6-target"),
};
constexpr attribute_policy<bond> bond_policy(bond_rules, "IFLA_BOND_");

constexpr attribute_rule<bond_port> bond_port_rules[] = {
    rule<&bond_port::state>(IFLA_BOND_SLAVE_STATE, "state"),
    rule<&bond_port::mii_status>(IFLA_BOND_SLAVE_MII_STATUS, "mii-status"),
    rule<&bond_port::link_failures>(IFLA_BOND_SLAVE_LINK_FAILURE_COUNT, "link-failure-count",
                                    weight::detail),
    rule<&bond_port::permanent_address>(IFLA_BOND_SLAVE_PERM_HWADDR, "perm-hwaddr"),
    rule<&bond_port::queue>(IFLA_BOND_SLAVE_QUEUE_ID, "queue-id"),
    rule<&bond_port::aggregator>(IFLA_BOND_SLAVE_AD_AGGREGATOR_ID, "ad-aggregator-id"),
    rule<&bond_port::actor_state>(IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE,
                                  "ad-actor-oper-port-state"),
    rule<&bond_port::partner_state>(IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE,
                                    "ad-partner-oper-port-state"),
    rule<&bond_port::priority>(IFLA_BOND_SLAVE_PRIO, "prio"),
};
constexpr attribute_policy<bond_port> bond_port_policy(bond_port_rules, "IFLA_BOND_SLAVE_");

}  // namespace

const attribute_policy<bond_aggregation>& bond_aggregation::policy() {
  return bond_aggregation_policy;
}
const attribute_policy<bond>& bond::policy() { return bond_policy; }
const attribute_policy<bond_port>& bond_port::policy() { return bond_port_policy; }

}  // namespace trivet::netlink::rtnl
