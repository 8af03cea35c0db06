#include <linux/if_bridge.h>
#include <linux/if_link.h>

#include <algorithm>
#include <cstdint>

#include "tools/trivet/netlink_kind_words.h"
#include "tools/trivet/netlink_link_data.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

constexpr kind_word bridge_words[] = {
    {"forward_delay", IFLA_BR_FORWARD_DELAY, form::u32},
    {"hello_time", IFLA_BR_HELLO_TIME, form::u32},
    {"max_age", IFLA_BR_MAX_AGE, form::u32},
    {"ageing_time", IFLA_BR_AGEING_TIME, form::u32},
    {"stp_state", IFLA_BR_STP_STATE, form::u32},
    {"priority", IFLA_BR_PRIORITY, form::u16},
    {"vlan_filtering", IFLA_BR_VLAN_FILTERING, form::u8},
    {"vlan_protocol", IFLA_BR_VLAN_PROTOCOL, form::protocol},
    {"group_fwd_mask", IFLA_BR_GROUP_FWD_MASK, form::u16},
    {"fdb_flush", IFLA_BR_FDB_FLUSH, form::present},
    {"vlan_default_pvid", IFLA_BR_VLAN_DEFAULT_PVID, form::u16},
    {"vlan_stats_enabled", IFLA_BR_VLAN_STATS_ENABLED, form::u8},
    {"vlan_stats_per_port", IFLA_BR_VLAN_STATS_PER_PORT, form::u8},
    {"mcast_router", IFLA_BR_MCAST_ROUTER, form::u8},
    {"mcast_snooping", IFLA_BR_MCAST_SNOOPING, form::u8},
    {"mcast_query_use_ifaddr", IFLA_BR_MCAST_QUERY_USE_IFADDR, form::u8},
    {"mcast_querier", IFLA_BR_MCAST_QUERIER, form::u8},
    {"mcast_hash_elasticity", IFLA_BR_MCAST_HASH_ELASTICITY, form::u32},
    {"mcast_hash_max", IFLA_BR_MCAST_HASH_MAX, form::u32},
    {"mcast_last_member_count", IFLA_BR_MCAST_LAST_MEMBER_CNT, form::u32},
    {"mcast_startup_query_count", IFLA_BR_MCAST_STARTUP_QUERY_CNT, form::u32},
    {"mcast_last_member_interval", IFLA_BR_MCAST_LAST_MEMBER_INTVL, form::u64},
    {"mcast_membership_interval", IFLA_BR_MCAST_MEMBERSHIP_INTVL, form::u64},
    {"mcast_querier_interval", IFLA_BR_MCAST_QUERIER_INTVL, form::u64},
    {"mcast_query_interval", IFLA_BR_MCAST_QUERY_INTVL, form::u64},
    {"mcast_query_response_interval", IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, form::u64},
    {"mcast_startup_query_interval", IFLA_BR_MCAST_STARTUP_QUERY_INTVL, form::u64},
    {"mcast_stats_enabled", IFLA_BR_MCAST_STATS_ENABLED, form::u8},
    {"mcast_igmp_version", IFLA_BR_MCAST_IGMP_VERSION, form::u8},
    {"mcast_mld_version", IFLA_BR_MCAST_MLD_VERSION, form::u8},
    {"nf_call_iptables", IFLA_BR_NF_CALL_IPTABLES, form::u8},
    {"nf_call_ip6tables", IFLA_BR_NF_CALL_IP6TABLES, form::u8},
    {"nf_call_arptables", IFLA_BR_NF_CALL_ARPTABLES, form::u8},
};

constexpr std::string_view port_states[] = {"disabled", "listening", "learning", "forwarding",
                                            "blocking"};
constexpr kind_word bridge_port_words[] = {
    {"state", IFLA_BRPORT_STATE, form::u8, port_states},
    {"priority", IFLA_BRPORT_PRIORITY, form::u16},
    {"cost", IFLA_BRPORT_COST, form::u32},
    {"hairpin", IFLA_BRPORT_MODE, form::on_off},
    {"guard", IFLA_BRPORT_GUARD, form::on_off},
    {"root_block", IFLA_BRPORT_PROTECT, form::on_off},
    {"fastleave", IFLA_BRPORT_FAST_LEAVE, form::on_off},
    {"learning", IFLA_BRPORT_LEARNING, form::on_off},
    {"flood", IFLA_BRPORT_UNICAST_FLOOD, form::on_off},
    {"proxy_arp", IFLA_BRPORT_PROXYARP, form::on_off},
    {"proxy_arp_wifi", IFLA_BRPORT_PROXYARP_WIFI, form::on_off},
    {"mcast_router", IFLA_BRPORT_MULTICAST_ROUTER, form::u8},
    {"mcast_fast_leave", IFLA_BRPORT_FAST_LEAVE, form::on_off},
    {"mcast_flood", IFLA_BRPORT_MCAST_FLOOD, form::on_off},
    {"bcast_flood", IFLA_BRPORT_BCAST_FLOOD, form::on_off},
    {"mcast_to_unicast", IFLA_BRPORT_MCAST_TO_UCAST, form::on_off},
    {"group_fwd_mask", IFLA_BRPORT_GROUP_FWD_MASK, form::u16},
    {"neigh_suppress", IFLA_BRPORT_NEIGH_SUPPRESS, form::on_off},
    {"vlan_tunnel", IFLA_BRPORT_VLAN_TUNNEL, form::on_off},
    {"isolated", IFLA_BRPORT_ISOLATED, form::on_off},
    {"locked", IFLA_BRPORT_LOCKED, form::on_off},
    {"fdb_flush", IFLA_BRPORT_FLUSH, form::present},
    {"backup_port", IFLA_BRPORT_BACKUP_PORT, form::link},
};

void write_bridge(line_words& words, line_resolver& resolver, attribute_writer& out) {
  struct option_word {
    std::string_view word;
    ::br_boolopt_id bit;
  };
  constexpr option_word option_words[] = {{"no_linklocal_learn", BR_BOOLOPT_NO_LL_LEARN},
                                          {"mcast_vlan_snooping", BR_BOOLOPT_MCAST_VLAN_SNOOPING}};
  ::br_boolopt_multi options{};
  while (!words.empty()) {
    if (write_row(bridge_words, words, resolver, out)) continue;
    if (words.skip({"group_address"})) {
      write_ethernet("group_address", IFLA_BR_GROUP_ADDR, words, out);
      continue;
    }
    const auto* const option = std::find_if(std::begin(option_words), std::end(option_words),
                                            [&](const auto& o) { return o.word == words.peek(); });
    if (option == std::end(option_words)) fail_word("bridge", words);
    words.take(option->word);
    const std::uint32_t bit = std::uint32_t{1} << option->bit;
    options.optmask |= bit;
    options.optval &= ~bit;
    if (words.number<std::uint8_t>(option->word) != 0) options.optval |= bit;
  }
  if (options.optmask != 0) out.value(IFLA_BR_MULTI_BOOLOPT, options);
}

void write_bridge_port(line_words& words, line_resolver& resolver, attribute_writer& out) {
  while (!words.empty()) {
    if (write_row(bridge_port_words, words, resolver, out)) continue;
    if (!words.skip({"nobackup_port"})) fail_word("bridge_slave", words);
    out.value(IFLA_BRPORT_BACKUP_PORT, std::uint32_t{0});
  }
}

}  // namespace

bool write_bridge_data(std::string_view kind, line_words& words, line_resolver& resolver,
                       attribute_writer& out) {
  if (kind == "bridge") {
    write_bridge(words, resolver, out);
  } else if (kind == "bridge_slave") {
    write_bridge_port(words, resolver, out);
  } else {
    return false;
  }
  return true;
}

}  // namespace trivet::tool
