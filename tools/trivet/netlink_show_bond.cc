#include <sys/socket.h>

#include "tools/trivet/netlink_show_kind.h"
#include "trivet/netlink/route/link_bond.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::bond;
using netlink::rtnl::bond_aggregation;
using netlink::rtnl::bond_port;

constexpr std::string_view modes[] = {"balance-rr", "active-backup", "balance-xor", "broadcast",
                                      "802.3ad",    "balance-tlb",   "balance-alb"};
constexpr std::string_view validations[] = {"none",   "active",        "backup",       "all",
                                            "filter", "filter_active", "filter_backup"};
constexpr std::string_view target_words[] = {"any", "all"};
constexpr std::string_view reselections[] = {"always", "better", "failure"};
constexpr std::string_view address_words[] = {"none", "active", "follow"};
constexpr std::string_view hash_policies[] = {"layer2",   "layer3+4", "layer2+3",
                                              "encap2+3", "encap3+4", "vlan+srcmac"};
constexpr std::string_view off_on[] = {"off", "on"};
constexpr std::string_view rates[] = {"slow", "fast"};
constexpr std::string_view selections[] = {"stable", "bandwidth", "count"};
constexpr std::string_view port_states[] = {"ACTIVE", "BACKUP"};
constexpr std::string_view mii_states[] = {"UP", "GOING_DOWN", "DOWN", "GOING_BACK"};
constexpr std::string_view lacp_states[] = {"active",    "short_timeout", "aggregating",
                                            "in_sync",   "collecting",    "distributing",
                                            "defaulted", "expired"};

template <auto Member>
constexpr shown<bond> targets(std::string_view key) {
  return {key, key, [](drawing& d, const bond& b, const shown<bond>& row) {
            if (!(b.*Member)) return;
            netlink::attribute_reader in((b.*Member)->data);
            std::string words;
            bool any = false;
            for (netlink::attribute a; in.next(a);) {
              if (!any) d.out.open_list(row.key);
              any = true;
              netlink::rtnl::network_address address;
              if (!netlink::address_by_length::decode(a, address)) continue;
              d.out.member("", address.to_string());
              words += (words.empty() ? "" : ",") + address.to_string();
            }
            if (!any) return;
            d.out.close_list();
            d.out.text(fmt::format("{} {} ", row.word, words));
          }};
}

// JSON says "none" by null.
void put_validation(drawing& d, const bond& b, const shown<bond>& /*row*/) {
  if (!b.arp_validate) return;
  const std::uint32_t value = *b.arp_validate;
  if (value == 0 && d.out.json()) return d.out.null("arp_validate");
  d.out.string("arp_validate", "arp_validate ",
               value < std::size(validations) ? validations[value] : "UNKNOWN");
}

constexpr shown<bond_aggregation> aggregation_rows[] = {
    number<&bond_aggregation::aggregator>("aggregator", "ad_aggregator"),
    number<&bond_aggregation::ports>("num_ports", "ad_num_ports"),
    number<&bond_aggregation::actor_key>("actor_key", "ad_actor_key"),
    number<&bond_aggregation::partner_key>("partner_key", "ad_partner_key"),
    ethernet<&bond_aggregation::partner_address>("partner_mac", "ad_partner_mac"),
};

void put_aggregation(drawing& d, const bond& b, const shown<bond>& /*row*/) {
  if (!b.aggregation) return;
  d.out.open("ad_info");
  show_rows(d, *b.aggregation, aggregation_rows);
  d.out.close();
}

constexpr shown<bond> bond_rows[] = {
    word_of<&bond::mode, modes>("mode"),
    link_name<&bond::active_port>("active_slave"),
    number<&bond::miimon>("miimon"),
    number<&bond::up_delay>("updelay"),
    number<&bond::down_delay>("downdelay"),
    number<&bond::peer_notification_delay>("peer_notify_delay"),
    number<&bond::use_carrier>("use_carrier"),
    number<&bond::arp_interval>("arp_interval"),
    number<&bond::missed_maximum>("arp_missed_max"),
    targets<&bond::arp_targets>("arp_ip_target"),
    targets<&bond::ns_targets>("ns_ip6_target"),
    special(put_validation),
    word_of<&bond::arp_all_targets, target_words>("arp_all_targets"),
    link_name<&bond::primary>("primary"),
    word_of<&bond::primary_reselect, reselections>("primary_reselect"),
    word_of<&bond::fail_over_mac, address_words>("fail_over_mac"),
    word_of<&bond::hash_policy, hash_policies>("xmit_hash_policy"),
    number<&bond::resend_igmp>("resend_igmp"),
    number<&bond::peer_notifications>("num_peer_notif", "num_grat_arp"),
    number<&bond::all_ports_active>("all_slaves_active"),
    number<&bond::minimum_links>("min_links"),
    number<&bond::lp_interval>("lp_interval"),
    number<&bond::packets_per_port>("packets_per_slave"),
    word_of<&bond::lacp_active, off_on>("ad_lacp_active", "lacp_active"),
    word_of<&bond::lacp_rate, rates>("ad_lacp_rate", "lacp_rate"),
    word_of<&bond::selection, selections>("ad_select"),
    special(put_aggregation),
    number<&bond::system_priority>("ad_actor_sys_prio"),
    number<&bond::user_port_key>("ad_user_port_key"),
    ethernet<&bond::system_address>("ad_actor_system"),
    number<&bond::dynamic_balancing>("tlb_dynamic_lb"),
};

template <auto Member>
constexpr shown<bond_port> lacp_state(std::string_view key, std::string_view words_key) {
  return {key, words_key, [](drawing& d, const bond_port& p, const shown<bond_port>& row) {
            if (!(p.*Member)) return;
            const unsigned state = *(p.*Member);
            d.out.number(row.key, fmt::format("{} ", row.key), state);
            d.out.open_list(row.word);
            std::string words;
            for (std::size_t bit = 0; bit < std::size(lacp_states); ++bit) {
              if ((state >> bit & 1) == 0) continue;
              d.out.member("", lacp_states[bit]);
              words += (words.empty() ? "" : ",") + std::string(lacp_states[bit]);
            }
            d.out.close_list();
            d.out.text(fmt::format("{} <{}> ", row.word, words));
          }};
}

constexpr shown<bond_port> port_rows[] = {
    word_of<&bond_port::state, port_states>("state"),
    word_of<&bond_port::mii_status, mii_states>("mii_status"),
    number<&bond_port::link_failures>("link_failure_count"),
    ethernet<&bond_port::permanent_address>("perm_hwaddr"),
    number<&bond_port::queue>("queue_id"),
    number<&bond_port::priority>("prio"),
    number<&bond_port::aggregator>("ad_aggregator_id"),
    lacp_state<&bond_port::actor_state>("ad_actor_oper_port_state", "ad_actor_oper_port_state_str"),
    lacp_state<&bond_port::partner_state>("ad_partner_oper_port_state",
                                          "ad_partner_oper_port_state_str"),
};

}  // namespace

bool show_bond_kind(drawing& d, const netlink::rtnl::link_info& info) {
  if (info.kind != "bond") return false;
  d.out.open("info_data");
  if (const auto b = info.data_as<bond>()) show_rows(d, *b, bond_rows);
  d.out.close();
  return true;
}

bool show_bond_port(drawing& d, const netlink::rtnl::link_info& info) {
  if (info.slave_kind != "bond") return false;
  d.out.open("info_slave_data");
  if (const auto p = info.slave_data_as<bond_port>()) show_rows(d, *p, port_rows);
  d.out.close();
  return true;
}

}  // namespace trivet::tool
