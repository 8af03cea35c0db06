#include <linux/if_bridge.h>
#include <unistd.h>

#include "tools/trivet/netlink_show_kind.h"
#include "trivet/netlink/route/link_bridge.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::bridge;
using netlink::rtnl::bridge_port;

constexpr std::string_view port_states[] = {"disabled", "listening", "learning", "forwarding",
                                            "blocking"};

// Two digits of a priority each, and the address without leading zeros.
std::string bridge_id(const ::ifla_bridge_id& id) {
  std::string text = fmt::format("{:02x}{:02x}.", id.prio[0], id.prio[1]);
  for (std::size_t i = 0; i < std::size(id.addr); ++i) {
    text += fmt::format("{}{:x}", i > 0 ? ":" : "", id.addr[i]);
  }
  return text;
}

// Clock ticks as seconds and hundredths.
template <class S>
void put_timer(drawing& d, std::string_view name, const S& ticks) {
  if (!ticks) return;
  static const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const std::uint64_t seconds = *ticks / per_second;
  const std::uint64_t hundredths = *ticks % per_second * 100 / per_second;
  d.out.literal(name, fmt::format("{}.{:02}", seconds, hundredths));
  d.out.text(fmt::format("{} {:4}.{:02} ", name, seconds, hundredths));
}

template <auto Member>
constexpr shown<owner_of<Member>> timer(std::string_view key) {
  using S = owner_of<Member>;
  return {key, key, [](drawing& d, const S& from, const shown<S>& row) {
            put_timer(d, row.key, from.*Member);
          }};
}

template <auto Member>
constexpr shown<owner_of<Member>> identity(std::string_view key, std::string_view word) {
  using S = owner_of<Member>;
  return {key, word, [](drawing& d, const S& from, const shown<S>& row) {
            if (from.*Member) d.out.string(row.key, row.before(), bridge_id(*(from.*Member)));
          }};
}

void put_vlan_protocol(drawing& d, const bridge& b, const shown<bridge>& /*row*/) {
  if (!b.vlan_protocol) return;
  d.out.string("vlan_protocol", "vlan_protocol ", d.names.ethernet_protocol(*b.vlan_protocol));
}

void put_options(drawing& d, const bridge& b, const shown<bridge>& /*row*/) {
  if (!b.options) return;
  const auto put = [&](unsigned bit, std::string_view key) {
    if ((b.options->optmask >> bit & 1) == 0) return;
    d.out.number(key, fmt::format("{} ", key), b.options->optval >> bit & 1);
  };
  put(BR_BOOLOPT_NO_LL_LEARN, "no_linklocal_learn");
  put(BR_BOOLOPT_MCAST_VLAN_SNOOPING, "mcast_vlan_snooping");
}

constexpr shown<bridge> bridge_rows[] = {
    number<&bridge::forward_delay>("forward_delay"),
    number<&bridge::hello_time>("hello_time"),
    number<&bridge::max_age>("max_age"),
    number<&bridge::ageing_time>("ageing_time"),
    number<&bridge::stp_state>("stp_state"),
    number<&bridge::priority>("priority"),
    number<&bridge::vlan_filtering>("vlan_filtering"),
    special(put_vlan_protocol),
    identity<&bridge::bridge_id>("bridge_id", "bridge_id"),
    identity<&bridge::root_id>("root_id", "designated_root"),
    number<&bridge::root_port>("root_port"),
    number<&bridge::root_path_cost>("root_path_cost"),
    number<&bridge::topology_change>("topology_change"),
    number<&bridge::topology_change_detected>("topology_change_detected"),
    timer<&bridge::hello_timer>("hello_timer"),
    timer<&bridge::tcn_timer>("tcn_timer"),
    timer<&bridge::topology_change_timer>("topology_change_timer"),
    timer<&bridge::gc_timer>("gc_timer"),
    number<&bridge::default_vlan>("vlan_default_pvid"),
    number<&bridge::vlan_statistics>("vlan_stats_enabled"),
    number<&bridge::vlan_statistics_per_port>("vlan_stats_per_port"),
    hexadecimal<&bridge::group_forward_mask>("group_fwd_mask"),
    ethernet<&bridge::group_address>("group_addr", "group_address"),
    number<&bridge::multicast_snooping>("mcast_snooping"),
    special(put_options),
    number<&bridge::multicast_router>("mcast_router"),
    number<&bridge::multicast_query_use_address>("mcast_query_use_ifaddr"),
    number<&bridge::multicast_querier>("mcast_querier"),
    number<&bridge::multicast_hash_elasticity>("mcast_hash_elasticity"),
    number<&bridge::multicast_hash_maximum>("mcast_hash_max"),
    number<&bridge::multicast_last_member_count>("mcast_last_member_cnt",
                                                 "mcast_last_member_count"),
    number<&bridge::multicast_startup_query_count>("mcast_startup_query_cnt",
                                                   "mcast_startup_query_count"),
    number<&bridge::multicast_last_member_interval>("mcast_last_member_intvl",
                                                    "mcast_last_member_interval"),
    number<&bridge::multicast_membership_interval>("mcast_membership_intvl",
                                                   "mcast_membership_interval"),
    number<&bridge::multicast_querier_interval>("mcast_querier_intvl", "mcast_querier_interval"),
    number<&bridge::multicast_query_interval>("mcast_query_intvl", "mcast_query_interval"),
    number<&bridge::multicast_query_response_interval>("mcast_query_response_intvl",
                                                       "mcast_query_response_interval"),
    number<&bridge::multicast_startup_query_interval>("mcast_startup_query_intvl",
                                                      "mcast_startup_query_interval"),
    number<&bridge::multicast_statistics>("mcast_stats_enabled"),
    number<&bridge::igmp_version>("mcast_igmp_version"),
    number<&bridge::mld_version>("mcast_mld_version"),
    number<&bridge::call_iptables>("nf_call_iptables"),
    number<&bridge::call_ip6tables>("nf_call_ip6tables"),
    number<&bridge::call_arptables>("nf_call_arptables"),
};

// In text the fast leave of multicast has a second name.
void put_fast_leave(drawing& d, const bridge_port& p, const shown<bridge_port>& /*row*/) {
  if (p.fast_leave)
    d.out.text(*p.fast_leave != 0 ? "mcast_fast_leave on " : "mcast_fast_leave off ");
}

void put_forward_mask(drawing& d, const bridge_port& p, const shown<bridge_port>& /*row*/) {
  if (!p.group_forward_mask) return;
  const std::uint16_t mask = *p.group_forward_mask;
  d.out.hexadecimal("group_fwd_mask", "group_fwd_mask ", mask);
  std::string words;
  for (unsigned bit = 0; bit < 16; ++bit) {
    if ((mask >> bit & 1) == 0) continue;
    if (!words.empty()) words += ',';
    words += bit == 0    ? "stp"
             : bit == 2  ? "lacp"
             : bit == 14 ? "lldp"
                         : fmt::format("{:#x}", 1U << bit);
  }
  d.out.string("group_fwd_mask_str", "group_fwd_mask_str ", words.empty() ? "0x0" : words);
}

constexpr shown<bridge_port> port_rows[] = {
    word_of<&bridge_port::state, port_states>("state"),
    number<&bridge_port::priority>("priority"),
    number<&bridge_port::cost>("cost"),
    on_off<&bridge_port::hairpin>("hairpin"),
    on_off<&bridge_port::guard>("guard"),
    on_off<&bridge_port::root_block>("root_block"),
    on_off<&bridge_port::fast_leave>("fastleave"),
    on_off<&bridge_port::learning>("learning"),
    on_off<&bridge_port::flood>("flood"),
    hexadecimal<&bridge_port::id>("id", "port_id"),
    hexadecimal<&bridge_port::number>("no", "port_no"),
    number<&bridge_port::designated_port>("designated_port"),
    number<&bridge_port::designated_cost>("designated_cost"),
    identity<&bridge_port::bridge_id>("bridge_id", "designated_bridge"),
    identity<&bridge_port::root_id>("root_id", "designated_root"),
    timer<&bridge_port::hold_timer>("hold_timer"),
    timer<&bridge_port::message_age_timer>("message_age_timer"),
    timer<&bridge_port::forward_delay_timer>("forward_delay_timer"),
    number<&bridge_port::topology_change_ack>("topology_change_ack"),
    number<&bridge_port::config_pending>("config_pending"),
    on_off<&bridge_port::proxy_arp>("proxy_arp"),
    on_off<&bridge_port::proxy_arp_wifi>("proxy_arp_wifi"),
    number<&bridge_port::multicast_router>("multicast_router", "mcast_router"),
    special(put_fast_leave),
    on_off<&bridge_port::multicast_flood>("mcast_flood"),
    on_off<&bridge_port::broadcast_flood>("bcast_flood"),
    on_off<&bridge_port::multicast_to_unicast>("mcast_to_unicast"),
    on_off<&bridge_port::neighbour_suppression>("neigh_suppress"),
    special(put_forward_mask),
    on_off<&bridge_port::vlan_tunnel>("vlan_tunnel"),
    on_off<&bridge_port::isolated>("isolated"),
    on_off<&bridge_port::locked>("locked"),
    link_name<&bridge_port::backup_port>("backup_port"),
};

}  // namespace

bool show_bridge_kind(drawing& d, const netlink::rtnl::link_info& info) {
  if (info.kind != "bridge") return false;
  d.out.open("info_data");
  if (const auto b = info.data_as<bridge>()) show_rows(d, *b, bridge_rows);
  d.out.close();
  return true;
}

bool show_bridge_port(drawing& d, const netlink::rtnl::link_info& info) {
  if (info.slave_kind != "bridge") return false;
  d.out.open("info_slave_data");
  if (const auto p = info.slave_data_as<bridge_port>()) show_rows(d, *p, port_rows);
  d.out.close();
  return true;
}

}  // namespace trivet::tool
