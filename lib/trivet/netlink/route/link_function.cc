#include "trivet/netlink/route/link_function.h"

#include "trivet/netlink/route/link_structures.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<function_statistics> function_statistics_rules[] = {
    rule<&function_statistics::rx_packets>(IFLA_VF_STATS_RX_PACKETS, "rx-packets"),
    rule<&function_statistics::tx_packets>(IFLA_VF_STATS_TX_PACKETS, "tx-packets"),
    rule<&function_statistics::rx_bytes>(IFLA_VF_STATS_RX_BYTES, "rx-bytes"),
    rule<&function_statistics::tx_bytes>(IFLA_VF_STATS_TX_BYTES, "tx-bytes"),
    rule<&function_statistics::broadcast>(IFLA_VF_STATS_BROADCAST, "broadcast"),
    rule<&function_statistics::multicast>(IFLA_VF_STATS_MULTICAST, "multicast"),
    rule<&function_statistics::rx_dropped>(IFLA_VF_STATS_RX_DROPPED, "rx-dropped"),
    rule<&function_statistics::tx_dropped>(IFLA_VF_STATS_TX_DROPPED, "tx-dropped"),
};
constexpr attribute_policy<function_statistics> function_statistics_policy(
    function_statistics_rules, "IFLA_VF_STATS_");

constexpr attribute_rule<virtual_function> virtual_function_rules[] = {
    rule<&virtual_function::address>(IFLA_VF_MAC, "mac")
        .as(form::structure(structures::ifla_vf_mac)),
    rule<&virtual_function::vlan>(IFLA_VF_VLAN, "vlan")
        .as(form::structure(structures::ifla_vf_vlan)),
    rule<&virtual_function::tx_rate>(IFLA_VF_TX_RATE, "tx-rate")
        .as(form::structure(structures::ifla_vf_tx_rate)),
    rule<&virtual_function::spoof_check>(IFLA_VF_SPOOFCHK, "spoofchk")
        .as(form::structure(structures::ifla_vf_spoofchk)),
    rule<&virtual_function::link_state>(IFLA_VF_LINK_STATE, "link-state")
        .as(form::structure(structures::ifla_vf_link_state)),
    rule<&virtual_function::rate>(IFLA_VF_RATE, "rate")
        .as(form::structure(structures::ifla_vf_rate)),
    rule<&virtual_function::rss_query>(IFLA_VF_RSS_QUERY_EN, "rss-query-en")
        .as(form::structure(structures::ifla_vf_rss_query_en)),
    rule<&virtual_function::statistics, unmarked_nest>(IFLA_VF_STATS, "stats", weight::detail),
    rule<&virtual_function::trust>(IFLA_VF_TRUST, "trust")
        .as(form::structure(structures::ifla_vf_trust)),
    rule<&virtual_function::vlans>(IFLA_VF_VLAN_LIST, "vlan-list"),
    rule<&virtual_function::broadcast>(IFLA_VF_BROADCAST, "broadcast")
        .as(form::structure(structures::ifla_vf_broadcast)),
};
constexpr attribute_policy<virtual_function> virtual_function_policy(virtual_function_rules,
                                                                     "IFLA_VF_");

}  // namespace

const attribute_policy<function_statistics>& function_statistics::policy() {
  return function_statistics_policy;
}
const attribute_policy<virtual_function>& virtual_function::policy() {
  return virtual_function_policy;
}

std::vector<virtual_function> read_functions(const raw_nest& list) {
  std::vector<virtual_function> functions;
  attribute_reader in(list.data);
  for (attribute a; in.next(a);) {
    virtual_function function;
    if (a.type != IFLA_VF_INFO || !virtual_function::policy().decode(a.data, function)) continue;
    functions.push_back(std::move(function));
  }
  return functions;
}

}  // namespace trivet::netlink::rtnl
