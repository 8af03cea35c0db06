#include "tools/trivet/netlink_link_kinds.h"

#include <fmt/core.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_kind_words.h"
#include "tools/trivet/netlink_link_tunnels.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

constexpr std::string_view bond_modes[] = {"balance-rr", "active-backup", "balance-xor",
                                           "broadcast",  "802.3ad",       "balance-tlb",
                                           "balance-alb"};
constexpr std::string_view bond_hashes[] = {"layer2",   "layer3+4", "layer2+3",
                                            "encap2+3", "encap3+4", "vlan+srcmac"};
constexpr std::string_view bond_rates[] = {"slow", "fast"};
constexpr std::string_view bond_lacp[] = {"off", "on"};
constexpr std::string_view bond_selections[] = {"stable", "bandwidth", "count"};
constexpr std::string_view bond_validations[] = {"none",   "active",        "backup",       "all",
                                                 "filter", "filter_active", "filter_backup"};
constexpr std::string_view bond_targets[] = {"any", "all"};
constexpr std::string_view bond_reselections[] = {"always", "better", "failure"};
constexpr std::string_view bond_failovers[] = {"none", "active", "follow"};

constexpr kind_word bond_words[] = {
    {"mode", IFLA_BOND_MODE, form::u8, bond_modes},
    {"active_slave", IFLA_BOND_ACTIVE_SLAVE, form::link},
    {"miimon", IFLA_BOND_MIIMON, form::u32},
    {"updelay", IFLA_BOND_UPDELAY, form::u32},
    {"downdelay", IFLA_BOND_DOWNDELAY, form::u32},
    {"peer_notify_delay", IFLA_BOND_PEER_NOTIF_DELAY, form::u32},
    {"use_carrier", IFLA_BOND_USE_CARRIER, form::u8},
    {"arp_interval", IFLA_BOND_ARP_INTERVAL, form::u32},
    {"arp_validate", IFLA_BOND_ARP_VALIDATE, form::u32, bond_validations},
    {"arp_all_targets", IFLA_BOND_ARP_ALL_TARGETS, form::u32, bond_targets},
    {"primary", IFLA_BOND_PRIMARY, form::link},
    {"primary_reselect", IFLA_BOND_PRIMARY_RESELECT, form::u8, bond_reselections},
    {"fail_over_mac", IFLA_BOND_FAIL_OVER_MAC, form::u8, bond_failovers},
    {"xmit_hash_policy", IFLA_BOND_XMIT_HASH_POLICY, form::u8, bond_hashes},
    {"resend_igmp", IFLA_BOND_RESEND_IGMP, form::u32},
    {"num_grat_arp", IFLA_BOND_NUM_PEER_NOTIF, form::u8},
    {"num_unsol_na", IFLA_BOND_NUM_PEER_NOTIF, form::u8},
    {"all_slaves_active", IFLA_BOND_ALL_SLAVES_ACTIVE, form::u8},
    {"min_links", IFLA_BOND_MIN_LINKS, form::u32},
    {"lp_interval", IFLA_BOND_LP_INTERVAL, form::u32},
    {"packets_per_slave", IFLA_BOND_PACKETS_PER_SLAVE, form::u32},
    {"lacp_rate", IFLA_BOND_AD_LACP_RATE, form::u8, bond_rates},
    {"lacp_active", IFLA_BOND_AD_LACP_ACTIVE, form::u8, bond_lacp},
    {"ad_select", IFLA_BOND_AD_SELECT, form::u8, bond_selections},
    {"ad_actor_sys_prio", IFLA_BOND_AD_ACTOR_SYS_PRIO, form::u16},
    {"ad_user_port_key", IFLA_BOND_AD_USER_PORT_KEY, form::u16},
    {"arp_missed_max", IFLA_BOND_MISSED_MAX, form::u8},
    {"tlb_dynamic_lb", IFLA_BOND_TLB_DYNAMIC_LB, form::u8},
};

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

constexpr kind_word bond_slave_words[] = {
    {"queue_id", IFLA_BOND_SLAVE_QUEUE_ID, form::u16},
};

constexpr std::string_view ipvlan_modes[] = {"l2", "l3", "l3s"};
constexpr kind_word ipvlan_words[] = {
    {"mode", IFLA_IPVLAN_MODE, form::u16, ipvlan_modes},
};

constexpr kind_word vrf_words[] = {{"table", IFLA_VRF_TABLE, form::table}};

constexpr kind_word vlan_words[] = {
    {"protocol", IFLA_VLAN_PROTOCOL, form::protocol},
    {"proto", IFLA_VLAN_PROTOCOL, form::protocol},
    {"id", IFLA_VLAN_ID, form::u16},
};

// "1:2 3:4": priorities of packets and of frames.
void write_vlan_map(line_words& words, std::uint16_t type, attribute_writer& out) {
  out.nested_unmarked(type, [&](attribute_writer& map) {
    while (words.peek().find(':') != std::string_view::npos) {
      const std::string_view word = words.take("qos-map");
      const std::size_t colon = word.find(':');
      const auto from = line_number(std::string_view(word).substr(0, colon));
      const auto to = line_number(std::string_view(word).substr(colon + 1));
      if (!from || !to) throw usage_error(fmt::format("qos-map: '{}' is no FROM:TO", word));
      map.value(IFLA_VLAN_QOS_MAPPING, ::ifla_vlan_qos_mapping{static_cast<std::uint32_t>(*from),
                                                               static_cast<std::uint32_t>(*to)});
    }
  });
}

void write_vlan(line_words& words, line_resolver& resolver, attribute_writer& out) {
  struct flag_word {
    std::string_view word;
    std::uint32_t flag;
  };
  constexpr flag_word flag_words[] = {{"reorder_hdr", VLAN_FLAG_REORDER_HDR},
                                      {"gvrp", VLAN_FLAG_GVRP},
                                      {"mvrp", VLAN_FLAG_MVRP},
                                      {"loose_binding", VLAN_FLAG_LOOSE_BINDING},
                                      {"bridge_binding", VLAN_FLAG_BRIDGE_BINDING}};
  ::ifla_vlan_flags flags{};
  while (!words.empty()) {
    if (write_row(vlan_words, words, resolver, out)) continue;
    if (words.skip({"ingress-qos-map"})) {
      write_vlan_map(words, IFLA_VLAN_INGRESS_QOS, out);
      continue;
    }
    if (words.skip({"egress-qos-map"})) {
      write_vlan_map(words, IFLA_VLAN_EGRESS_QOS, out);
      continue;
    }
    const auto* const flag = std::find_if(std::begin(flag_words), std::end(flag_words),
                                          [&](const auto& f) { return f.word == words.peek(); });
    if (flag == std::end(flag_words)) fail_word("vlan", words);
    words.take(flag->word);
    flags.mask |= flag->flag;
    if (words.on_off(flag->word)) flags.flags |= flag->flag;
  }
  if (flags.mask != 0) out.value(IFLA_VLAN_FLAGS, flags);
}

// The address of an Ethernet link.
void write_ethernet(std::string_view what, std::uint16_t type, line_words& words,
                    attribute_writer& out) {
  const std::string_view word = words.peek();
  const auto address = words.hardware(what);
  if (address.value.bytes().size() != ETH_ALEN) {
    throw usage_error(fmt::format("{}: '{}' is no link address of six bytes", what, word));
  }
  out.bytes(type, address.value.bytes());
}

constexpr kind_word macvlan_words[] = {
    {"bcqueuelen", IFLA_MACVLAN_BC_QUEUE_LEN, form::u32},
};

std::uint32_t take_macvlan_mode(line_words& words) {
  struct mode_word {
    std::string_view word;
    std::uint32_t mode;
  };
  constexpr mode_word modes[] = {{"private", MACVLAN_MODE_PRIVATE},
                                 {"vepa", MACVLAN_MODE_VEPA},
                                 {"bridge", MACVLAN_MODE_BRIDGE},
                                 {"passthru", MACVLAN_MODE_PASSTHRU},
                                 {"source", MACVLAN_MODE_SOURCE}};
  const std::string_view word = words.take("mode");
  const auto* const mode = std::find_if(std::begin(modes), std::end(modes),
                                        [&](const mode_word& m) { return m.word == word; });
  if (mode == std::end(modes)) {
    throw usage_error(
        fmt::format("mode: '{}' is none of private, vepa, bridge, passthru, source", word));
  }
  return mode->mode;
}

std::uint16_t take_macvlan_flag(line_words& words) {
  const std::string_view word = words.take("flag");
  if (word == "null") return 0;
  if (word == "nopromisc") return MACVLAN_FLAG_NOPROMISC;
  if (word == "nodst") return MACVLAN_FLAG_NODST;
  throw usage_error(fmt::format("flag: '{}' is none of nopromisc, nodst, null", word));
}

// The senders that mode source lets in.
void write_macvlan_senders(line_words& words, attribute_writer& out) {
  constexpr std::string_view what = "macaddr";
  const auto mode = [&](::macvlan_macaddr_mode m) {
    out.value(IFLA_MACVLAN_MACADDR_MODE, static_cast<std::uint32_t>(m));
  };
  if (words.skip({"add"})) {
    mode(MACVLAN_MACADDR_ADD);
    write_ethernet(what, IFLA_MACVLAN_MACADDR, words, out);
  } else if (words.skip({"del"})) {
    mode(MACVLAN_MACADDR_DEL);
    write_ethernet(what, IFLA_MACVLAN_MACADDR, words, out);
  } else if (words.skip({"flush"})) {
    mode(MACVLAN_MACADDR_FLUSH);
  } else if (words.skip({"set"})) {
    mode(MACVLAN_MACADDR_SET);
    out.nested_unmarked(IFLA_MACVLAN_MACADDR_DATA, [&](attribute_writer& list) {
      while (words.peek().find(':') != std::string_view::npos) {
        write_ethernet(what, IFLA_MACVLAN_MACADDR, words, list);
      }
    });
  } else {
    throw usage_error(
        fmt::format("{}: '{}' is none of add, del, set, flush", what, words.take(what)));
  }
}

void write_macvlan(std::string_view kind, line_words& words, line_resolver& resolver,
                   attribute_writer& out) {
  std::optional<std::uint32_t> mode;
  std::optional<std::uint16_t> flags;
  while (!words.empty()) {
    if (write_row(macvlan_words, words, resolver, out)) continue;
    if (words.skip({"mode"})) {
      mode = take_macvlan_mode(words);
    } else if (words.skip({"macaddr"})) {
      write_macvlan_senders(words, out);
    } else if (words.skip({"flag"}) || words.peek() == "nopromisc" || words.peek() == "nodst") {
      flags = static_cast<std::uint16_t>(flags.value_or(0) | take_macvlan_flag(words));
    } else {
      fail_word(kind, words);
    }
  }
  if ((flags.value_or(0) & MACVLAN_FLAG_NOPROMISC) != 0 && mode != MACVLAN_MODE_PASSTHRU) {
    throw usage_error(fmt::format("type {}: nopromisc: only with mode passthru", kind));
  }
  if (mode) out.value(IFLA_MACVLAN_MODE, *mode);
  if (flags) out.value(IFLA_MACVLAN_FLAGS, *flags);
}

// private and vepa stand alone; without one it is a bridge.
void write_ipvlan(std::string_view kind, line_words& words, line_resolver& resolver,
                  attribute_writer& out) {
  std::uint16_t flags = 0;
  while (!words.empty()) {
    if (write_row(ipvlan_words, words, resolver, out)) continue;
    if (words.skip({"private"})) {
      flags = IPVLAN_F_PRIVATE;
    } else if (words.skip({"vepa"})) {
      flags = IPVLAN_F_VEPA;
    } else if (!words.skip({"bridge"})) {
      fail_word(kind, words);
    }
  }
  out.value(IFLA_IPVLAN_FLAGS, flags);
}

// "192.0.2.1,192.0.2.2": each in an attribute numbered from 0. None, at the end of a line: the bond
// forgets those that it has.
void write_targets(std::string_view what, int family, std::uint16_t type, line_words& words,
                   attribute_writer& out) {
  out.nested_unmarked(type, [&](attribute_writer& targets) {
    std::string_view rest = words.empty() ? std::string_view() : words.take_any(what);
    for (std::uint16_t i = 0; !rest.empty(); ++i) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string_view item[] = {rest.substr(0, comma)};
      line_words one(item);
      targets.bytes(i, one.address(what, family).bytes());
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  });
}

void write_bond(line_words& words, line_resolver& resolver, attribute_writer& out) {
  while (!words.empty()) {
    if (write_row(bond_words, words, resolver, out)) continue;
    if (words.skip({"arp_ip_target"})) {
      write_targets("arp_ip_target", AF_INET, IFLA_BOND_ARP_IP_TARGET, words, out);
    } else if (words.skip({"ns_ip6_target"})) {
      write_targets("ns_ip6_target", AF_INET6, IFLA_BOND_NS_IP6_TARGET, words, out);
    } else if (words.skip({"ad_actor_system"})) {
      write_ethernet("ad_actor_system", IFLA_BOND_AD_ACTOR_SYSTEM, words, out);
    } else if (words.skip({"clear_active_slave"})) {
      out.value(IFLA_BOND_ACTIVE_SLAVE, std::uint32_t{0});
    } else {
      fail_word("bond", words);
    }
  }
}

// A number that may be less than zero.
std::int32_t take_signed(std::string_view what, line_words& words) {
  const std::string_view word = words.take(what);
  const bool negative = word.starts_with('-');
  const auto number = line_number(word.substr(negative ? 1 : 0));
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
  if (!number || *number > most + (negative ? 1U : 0U)) {
    throw usage_error(fmt::format("{}: '{}' is no number of 32 bits with a sign", what, word));
  }
  const auto value = static_cast<std::int64_t>(*number);
  return static_cast<std::int32_t>(negative ? -value : value);
}

void write_bond_port(line_words& words, line_resolver& resolver, attribute_writer& out) {
  while (!words.empty()) {
    if (write_row(bond_slave_words, words, resolver, out)) continue;
    if (!words.skip({"prio"})) fail_word("bond_slave", words);
    out.value(IFLA_BOND_SLAVE_PRIO, take_signed("prio", words));
  }
}

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

void write_data(const std::string& kind, line_words& words, line_resolver& resolver,
                const std::string& changed, attribute_writer& out) {
  if (kind == "vlan") return write_vlan(words, resolver, out);
  if (kind == "macvlan" || kind == "macvtap") return write_macvlan(kind, words, resolver, out);
  if (kind == "ipvlan" || kind == "ipvtap") return write_ipvlan(kind, words, resolver, out);
  if (kind == "bond") return write_bond(words, resolver, out);
  if (kind == "bridge") return write_bridge(words, resolver, out);
  if (kind == "bridge_slave") return write_bridge_port(words, resolver, out);
  if (kind == "bond_slave") return write_bond_port(words, resolver, out);
  if (kind == "vrf") return write_rows(kind, vrf_words, words, resolver, out);
  if (write_overlay(kind, words, resolver, changed, out)) return;
  if (write_tunnel(kind, words, resolver, changed, out)) return;
  if (!words.empty()) fail_word(kind, words);
}

}  // namespace

void write_link_kind(const std::string& kind, line_words& words, line_resolver& resolver,
                     const std::string& changed, attribute_writer& out) {
  constexpr std::string_view suffix = "_slave";
  const bool slave = kind.ends_with(suffix);
  const std::string name = slave ? kind.substr(0, kind.size() - suffix.size()) : kind;
  std::vector<std::byte> bytes;
  attribute_writer data(bytes);
  write_data(kind, words, resolver, changed, data);
  // Not marked as nests: iproute2 never did, and old kernels' readers do not mask the flag.
  out.nested_unmarked(IFLA_LINKINFO, [&](attribute_writer& info) {
    info.text(static_cast<std::uint16_t>(slave ? IFLA_INFO_SLAVE_KIND : IFLA_INFO_KIND), name);
    if (bytes.empty()) return;
    info.bytes(static_cast<std::uint16_t>(slave ? IFLA_INFO_SLAVE_DATA : IFLA_INFO_DATA), bytes);
  });
}

}  // namespace trivet::tool
