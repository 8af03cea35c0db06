#include "trivet/netlink/route/bridge_names.h"

#include <linux/if_bridge.h>
#include <linux/in.h>

#include <cstddef>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/link_bridge.h"
#include "trivet/netlink/route/link_structures.h"
#include "trivet/netlink/route/link_values.h"
#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink::rtnl {
namespace {

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

constexpr attribute_rule<unread> source_rules[] = {
    named<unread>(MDBA_MDB_SRCATTR_ADDRESS, "address", form::address),
    named<unread>(MDBA_MDB_SRCATTR_TIMER, "timer", form::number),
};
constexpr attribute_policy<unread> source_policy(source_rules, "MDBA_MDB_SRCATTR_");
constexpr attribute_names source_names{&name_among<source_policy>};
constexpr attribute_rule<unread> source_list_rules[] = {
    named<unread>(MDBA_MDB_SRCLIST_ENTRY, "entry", form::nest, &source_names),
};
constexpr attribute_policy<unread> source_list_policy(source_list_rules, "MDBA_MDB_SRCLIST_");
constexpr attribute_names source_list_names{&name_among<source_list_policy>};

constexpr value_name group_mode_list[] = {{MCAST_EXCLUDE, "EXCLUDE"}, {MCAST_INCLUDE, "INCLUDE"}};
constexpr value_names group_modes{"MCAST_", group_mode_list};
constexpr attribute_rule<unread> entry_rules[] = {
    named<unread>(MDBA_MDB_EATTR_TIMER, "timer", form::number),
    named<unread>(MDBA_MDB_EATTR_SRC_LIST, "src-list", form::nest, &source_list_names),
    named<unread>(MDBA_MDB_EATTR_GROUP_MODE, "group-mode", form::number_of(group_modes)),
    named<unread>(MDBA_MDB_EATTR_SOURCE, "source", form::address),
    named<unread>(MDBA_MDB_EATTR_RTPROT, "rtprot", form::number_of(values::protocols)),
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
}  // namespace

const attribute_names forwarding_table_names{&name_in_forwarding_table, sizeof(::br_port_msg),
                                             nest_layout::attributes, &structures::br_port_msg};

namespace {

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
    named<unread>(BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_STATE, "mcast-querier-state", form::nest,
                  &querier_names),
    named<unread>(BRIDGE_VLANDB_GOPTS_MSTI, "msti", form::number),
};
constexpr attribute_policy<unread> vlan_option_policy(vlan_option_rules, "BRIDGE_VLANDB_GOPTS_");
constexpr attribute_names vlan_option_names{&name_among<vlan_option_policy>};

constexpr attribute_rule<unread> vlan_table_rules[] = {
    named<unread>(BRIDGE_VLANDB_ENTRY, "entry", form::nest, &vlan_entry_names),
    named<unread>(BRIDGE_VLANDB_GLOBAL_OPTIONS, "global-options", form::nest, &vlan_option_names),
};
constexpr attribute_policy<unread> vlan_table_policy(vlan_table_rules, "BRIDGE_VLANDB_");
}  // namespace

const attribute_names vlan_table_names{&name_among<vlan_table_policy>, sizeof(::br_vlan_msg),
                                       nest_layout::attributes, &structures::br_vlan_msg};

namespace {

// A question has other attributes, with the same numbers.
constexpr value_name vlan_dump_flag_list[] = {{BRIDGE_VLANDB_DUMPF_STATS, "STATS"},
                                              {BRIDGE_VLANDB_DUMPF_GLOBAL, "GLOBAL"}};
constexpr value_names vlan_dump_flags{"BRIDGE_VLANDB_DUMPF_", vlan_dump_flag_list, true};
constexpr attribute_rule<unread> vlan_question_rules[] = {
    named<unread>(BRIDGE_VLANDB_DUMP_FLAGS, "flags", form::number_of(vlan_dump_flags)),
};
constexpr attribute_policy<unread> vlan_question_policy(vlan_question_rules, "BRIDGE_VLANDB_DUMP_");
}  // namespace

const attribute_names vlan_question_names{&name_among<vlan_question_policy>, sizeof(::br_vlan_msg),
                                          nest_layout::attributes, &structures::br_vlan_msg};

}  // namespace trivet::netlink::rtnl
