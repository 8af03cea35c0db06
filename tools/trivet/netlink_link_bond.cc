#include <fmt/core.h>
#include <linux/if_link.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_kind_words.h"
#include "tools/trivet/netlink_link_data.h"

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

constexpr kind_word bond_slave_words[] = {
    {"queue_id", IFLA_BOND_SLAVE_QUEUE_ID, form::u16},
};

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

}  // namespace

bool write_bond_data(std::string_view kind, line_words& words, line_resolver& resolver,
                     attribute_writer& out) {
  if (kind == "bond") {
    write_bond(words, resolver, out);
  } else if (kind == "bond_slave") {
    write_bond_port(words, resolver, out);
  } else {
    return false;
  }
  return true;
}

}  // namespace trivet::tool
