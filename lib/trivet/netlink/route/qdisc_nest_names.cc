#include "trivet/netlink/route/qdisc_nest_names.h"

#include <linux/pkt_sched.h>

#include <cstddef>

#include "trivet/netlink/policy.h"

namespace trivet::netlink::rtnl {
namespace {

// A member that is a number.
#define TRIVET_FIELD(type, member) \
  { #member, offsetof(::type, member), sizeof(::type::member), form::number }

constexpr value_field gred_fields[] = {
    TRIVET_FIELD(tc_gred_qopt, limit),     TRIVET_FIELD(tc_gred_qopt, qth_min),
    TRIVET_FIELD(tc_gred_qopt, qth_max),   TRIVET_FIELD(tc_gred_qopt, DP),
    TRIVET_FIELD(tc_gred_qopt, backlog),   TRIVET_FIELD(tc_gred_qopt, qave),
    TRIVET_FIELD(tc_gred_qopt, forced),    TRIVET_FIELD(tc_gred_qopt, early),
    TRIVET_FIELD(tc_gred_qopt, other),     TRIVET_FIELD(tc_gred_qopt, pdrop),
    TRIVET_FIELD(tc_gred_qopt, Wlog),      TRIVET_FIELD(tc_gred_qopt, Plog),
    TRIVET_FIELD(tc_gred_qopt, Scell_log), TRIVET_FIELD(tc_gred_qopt, prio),
    TRIVET_FIELD(tc_gred_qopt, packets),   TRIVET_FIELD(tc_gred_qopt, bytesin),
};
constexpr structure_form gred_queue{"tc_gred_qopt", sizeof(::tc_gred_qopt), gred_fields};
constexpr value_field gred_setup_fields[] = {
    TRIVET_FIELD(tc_gred_sopt, DPs),
    TRIVET_FIELD(tc_gred_sopt, def_DP),
    TRIVET_FIELD(tc_gred_sopt, grio),
    TRIVET_FIELD(tc_gred_sopt, flags),
};
constexpr structure_form gred_setup{"tc_gred_sopt", sizeof(::tc_gred_sopt), gred_setup_fields};
constexpr attribute_rule<unread> gred_entry_rules[] = {
    named<unread>(TCA_GRED_VQ_PAD, "pad", form::bytes),
    named<unread>(TCA_GRED_VQ_DP, "dp", form::number),
    named<unread>(TCA_GRED_VQ_STAT_BYTES, "stat-bytes", form::number),
    named<unread>(TCA_GRED_VQ_STAT_PACKETS, "stat-packets", form::number),
    named<unread>(TCA_GRED_VQ_STAT_BACKLOG, "stat-backlog", form::number),
    named<unread>(TCA_GRED_VQ_STAT_PROB_DROP, "stat-prob-drop", form::number),
    named<unread>(TCA_GRED_VQ_STAT_PROB_MARK, "stat-prob-mark", form::number),
    named<unread>(TCA_GRED_VQ_STAT_FORCED_DROP, "stat-forced-drop", form::number),
    named<unread>(TCA_GRED_VQ_STAT_FORCED_MARK, "stat-forced-mark", form::number),
    named<unread>(TCA_GRED_VQ_STAT_PDROP, "stat-pdrop", form::number),
    named<unread>(TCA_GRED_VQ_STAT_OTHER, "stat-other", form::number),
    named<unread>(TCA_GRED_VQ_FLAGS, "flags", form::number),
};
constexpr attribute_policy<unread> gred_entry_policy(gred_entry_rules, "TCA_GRED_VQ_");
constexpr attribute_names gred_entry{&name_among<gred_entry_policy>};
constexpr attribute_rule<unread> gred_list_rules[] = {
    named<unread>(TCA_GRED_VQ_ENTRY, "entry", form::nest, &gred_entry),
};
constexpr attribute_policy<unread> gred_list_policy(gred_list_rules, "TCA_GRED_VQ_");
constexpr attribute_names gred_list{&name_among<gred_list_policy>};
constexpr attribute_rule<unread> gred_rules[] = {
    named<unread>(TCA_GRED_PARMS, "parms", form::array_of(gred_queue)),
    named<unread>(TCA_GRED_STAB, "stab", form::bytes),
    named<unread>(TCA_GRED_DPS, "dps", form::structure(gred_setup)),
    named<unread>(TCA_GRED_MAX_P, "max-p", form::bytes),
    named<unread>(TCA_GRED_LIMIT, "limit", form::number),
    named<unread>(TCA_GRED_VQ_LIST, "vq-list", form::nest, &gred_list),
};
constexpr attribute_policy<unread> gred_policy(gred_rules, "TCA_GRED_");

constexpr value_field mqprio_fields[] = {
    TRIVET_FIELD(tc_mqprio_qopt, num_tc),
    {"prio_tc_map", offsetof(::tc_mqprio_qopt, prio_tc_map), sizeof(::tc_mqprio_qopt::prio_tc_map),
     form::bytes},
    TRIVET_FIELD(tc_mqprio_qopt, hw),
    {"count", offsetof(::tc_mqprio_qopt, count), sizeof(::tc_mqprio_qopt::count), form::bytes},
    {"offset", offsetof(::tc_mqprio_qopt, offset), sizeof(::tc_mqprio_qopt::offset), form::bytes},
};
constexpr structure_form mqprio_structure{"tc_mqprio_qopt", sizeof(::tc_mqprio_qopt),
                                          mqprio_fields};
// A list of rates has the type of its elements.
constexpr attribute_rule<unread> mqprio_rate_rules[] = {
    named<unread>(TCA_MQPRIO_MIN_RATE64, "min-rate64", form::number),
    named<unread>(TCA_MQPRIO_MAX_RATE64, "max-rate64", form::number),
};
constexpr attribute_policy<unread> mqprio_rate_policy(mqprio_rate_rules, "TCA_MQPRIO_");
constexpr attribute_names mqprio_rates{&name_among<mqprio_rate_policy>};
constexpr attribute_rule<unread> mqprio_rules[] = {
    named<unread>(TCA_MQPRIO_MODE, "mode", form::number),
    named<unread>(TCA_MQPRIO_SHAPER, "shaper", form::number),
    named<unread>(TCA_MQPRIO_MIN_RATE64, "min-rate64", form::nest, &mqprio_rates),
    named<unread>(TCA_MQPRIO_MAX_RATE64, "max-rate64", form::nest, &mqprio_rates),
};
constexpr attribute_policy<unread> mqprio_policy(mqprio_rules, "TCA_MQPRIO_");

constexpr attribute_rule<unread> taprio_entry_rules[] = {
    named<unread>(TCA_TAPRIO_SCHED_ENTRY_INDEX, "index", form::number),
    named<unread>(TCA_TAPRIO_SCHED_ENTRY_CMD, "cmd", form::number),
    named<unread>(TCA_TAPRIO_SCHED_ENTRY_GATE_MASK, "gate-mask", form::number),
    named<unread>(TCA_TAPRIO_SCHED_ENTRY_INTERVAL, "interval", form::number),
};
constexpr attribute_policy<unread> taprio_entry_policy(taprio_entry_rules,
                                                       "TCA_TAPRIO_SCHED_ENTRY_");
constexpr attribute_names taprio_entry{&name_among<taprio_entry_policy>};
constexpr attribute_rule<unread> taprio_entries_rules[] = {
    named<unread>(TCA_TAPRIO_SCHED_ENTRY, "entry", form::nest, &taprio_entry),
};
constexpr attribute_policy<unread> taprio_entries_policy(taprio_entries_rules, "TCA_TAPRIO_SCHED_");
constexpr attribute_names taprio_entries{&name_among<taprio_entries_policy>};
constexpr attribute_rule<unread> taprio_class_rules[] = {
    named<unread>(TCA_TAPRIO_TC_ENTRY_INDEX, "index", form::number),
    named<unread>(TCA_TAPRIO_TC_ENTRY_MAX_SDU, "max-sdu", form::number),
};
constexpr attribute_policy<unread> taprio_class_policy(taprio_class_rules, "TCA_TAPRIO_TC_ENTRY_");
constexpr attribute_names taprio_class{&name_among<taprio_class_policy>};
// A schedule is among the options, and the next one in a nest of its own.
constexpr auto entry_list = named<unread>(TCA_TAPRIO_ATTR_SCHED_ENTRY_LIST, "sched-entry-list",
                                          form::nest, &taprio_entries);
constexpr auto base_time =
    named<unread>(TCA_TAPRIO_ATTR_SCHED_BASE_TIME, "sched-base-time", form::signed_number);
constexpr auto cycle_time =
    named<unread>(TCA_TAPRIO_ATTR_SCHED_CYCLE_TIME, "sched-cycle-time", form::signed_number);
constexpr auto cycle_time_extension = named<unread>(
    TCA_TAPRIO_ATTR_SCHED_CYCLE_TIME_EXTENSION, "sched-cycle-time-extension", form::signed_number);
constexpr auto padding = named<unread>(TCA_TAPRIO_PAD, "pad", form::bytes);
constexpr attribute_rule<unread> taprio_next_rules[] = {entry_list, base_time, cycle_time,
                                                        cycle_time_extension, padding};
constexpr attribute_policy<unread> taprio_next_policy(taprio_next_rules, "TCA_TAPRIO_ATTR_");
constexpr attribute_names taprio_next{&name_among<taprio_next_policy>};
constexpr attribute_rule<unread> taprio_rules[] = {
    entry_list,
    base_time,
    cycle_time,
    cycle_time_extension,
    padding,
    named<unread>(TCA_TAPRIO_ATTR_PRIOMAP, "priomap", form::structure(mqprio_structure)),
    named<unread>(TCA_TAPRIO_ATTR_SCHED_SINGLE_ENTRY, "sched-single-entry", form::nest,
                  &taprio_entries),
    named<unread>(TCA_TAPRIO_ATTR_SCHED_CLOCKID, "sched-clockid", form::signed_number),
    named<unread>(TCA_TAPRIO_ATTR_ADMIN_SCHED, "admin-sched", form::nest, &taprio_next),
    named<unread>(TCA_TAPRIO_ATTR_FLAGS, "flags", form::number),
    named<unread>(TCA_TAPRIO_ATTR_TXTIME_DELAY, "txtime-delay", form::number),
    named<unread>(TCA_TAPRIO_ATTR_TC_ENTRY, "tc-entry", form::nest, &taprio_class),
};
constexpr attribute_policy<unread> taprio_policy(taprio_rules, "TCA_TAPRIO_ATTR_");

#undef TRIVET_FIELD

}  // namespace

const attribute_names gred_names{&name_among<gred_policy>};
const attribute_names mqprio_names{&name_among<mqprio_policy>, align4(sizeof(::tc_mqprio_qopt)),
                                   nest_layout::attributes, &mqprio_structure};
const attribute_names taprio_names{&name_among<taprio_policy>};

}  // namespace trivet::netlink::rtnl
