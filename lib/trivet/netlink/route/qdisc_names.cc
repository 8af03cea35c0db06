#include "trivet/netlink/route/qdisc_names.h"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <cstddef>
#include <string_view>

#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/qdisc_nest_names.h"

namespace trivet::netlink::rtnl {
namespace {

// A member that is a number.
#define TRIVET_FIELD(type, member) \
  { #member, offsetof(::type, member), sizeof(::type::member), form::number }

constexpr value_field rate_fields[] = {
    TRIVET_FIELD(tc_ratespec, cell_log),
    TRIVET_FIELD(tc_ratespec, linklayer),
    TRIVET_FIELD(tc_ratespec, overhead),
    {"cell_align", offsetof(::tc_ratespec, cell_align), sizeof(::tc_ratespec::cell_align),
     form::signed_number},
    TRIVET_FIELD(tc_ratespec, mpu),
    TRIVET_FIELD(tc_ratespec, rate),
};
constexpr structure_form rate_structure{"tc_ratespec", sizeof(::tc_ratespec), rate_fields};
constexpr value_form rate = form::structure(rate_structure);

constexpr value_field fifo_fields[] = {TRIVET_FIELD(tc_fifo_qopt, limit)};
constexpr structure_form fifo{"tc_fifo_qopt", sizeof(::tc_fifo_qopt), fifo_fields};

constexpr value_field prio_fields[] = {
    TRIVET_FIELD(tc_prio_qopt, bands),
    {"priomap", offsetof(::tc_prio_qopt, priomap), sizeof(::tc_prio_qopt::priomap), form::bytes},
};
constexpr structure_form prio{"tc_prio_qopt", sizeof(::tc_prio_qopt), prio_fields};

constexpr value_field sfq_fields[] = {
    TRIVET_FIELD(tc_sfq_qopt_v1, v0.quantum),
    {"v0.perturb_period", offsetof(::tc_sfq_qopt_v1, v0.perturb_period),
     sizeof(::tc_sfq_qopt::perturb_period), form::signed_number},
    TRIVET_FIELD(tc_sfq_qopt_v1, v0.limit),
    TRIVET_FIELD(tc_sfq_qopt_v1, v0.divisor),
    TRIVET_FIELD(tc_sfq_qopt_v1, v0.flows),
    TRIVET_FIELD(tc_sfq_qopt_v1, depth),
    TRIVET_FIELD(tc_sfq_qopt_v1, headdrop),
    TRIVET_FIELD(tc_sfq_qopt_v1, limit),
    TRIVET_FIELD(tc_sfq_qopt_v1, qth_min),
    TRIVET_FIELD(tc_sfq_qopt_v1, qth_max),
    TRIVET_FIELD(tc_sfq_qopt_v1, Wlog),
    TRIVET_FIELD(tc_sfq_qopt_v1, Plog),
    TRIVET_FIELD(tc_sfq_qopt_v1, Scell_log),
    TRIVET_FIELD(tc_sfq_qopt_v1, flags),
    TRIVET_FIELD(tc_sfq_qopt_v1, max_P),
    {"stats", offsetof(::tc_sfq_qopt_v1, stats), sizeof(::tc_sfq_qopt_v1::stats), form::bytes},
};
constexpr structure_form sfq{"tc_sfq_qopt_v1", sizeof(::tc_sfq_qopt_v1), sfq_fields};

constexpr value_field htb_class_fields[] = {
    {"rate", offsetof(::tc_htb_opt, rate), sizeof(::tc_ratespec), rate},
    {"ceil", offsetof(::tc_htb_opt, ceil), sizeof(::tc_ratespec), rate},
    TRIVET_FIELD(tc_htb_opt, buffer),
    TRIVET_FIELD(tc_htb_opt, cbuffer),
    TRIVET_FIELD(tc_htb_opt, quantum),
    TRIVET_FIELD(tc_htb_opt, level),
    TRIVET_FIELD(tc_htb_opt, prio),
};
constexpr structure_form htb_class{"tc_htb_opt", sizeof(::tc_htb_opt), htb_class_fields};
constexpr value_field htb_fields[] = {
    TRIVET_FIELD(tc_htb_glob, version),     TRIVET_FIELD(tc_htb_glob, rate2quantum),
    TRIVET_FIELD(tc_htb_glob, defcls),      TRIVET_FIELD(tc_htb_glob, debug),
    TRIVET_FIELD(tc_htb_glob, direct_pkts),
};
constexpr structure_form htb_structure{"tc_htb_glob", sizeof(::tc_htb_glob), htb_fields};
constexpr attribute_rule<unread> htb_rules[] = {
    named<unread>(TCA_HTB_PARMS, "parms", form::structure(htb_class)),
    named<unread>(TCA_HTB_INIT, "init", form::structure(htb_structure)),
    named<unread>(TCA_HTB_CTAB, "ctab", form::bytes),
    named<unread>(TCA_HTB_RTAB, "rtab", form::bytes),
    named<unread>(TCA_HTB_DIRECT_QLEN, "direct-qlen", form::number),
    named<unread>(TCA_HTB_RATE64, "rate64", form::number),
    named<unread>(TCA_HTB_CEIL64, "ceil64", form::number),
    named<unread>(TCA_HTB_PAD, "pad", form::bytes),
    named<unread>(TCA_HTB_OFFLOAD, "offload", form::presence),
};
constexpr attribute_policy<unread> htb_policy(htb_rules, "TCA_HTB_");
constexpr attribute_names htb{&name_among<htb_policy>};

constexpr value_field tbf_fields[] = {
    {"rate", offsetof(::tc_tbf_qopt, rate), sizeof(::tc_ratespec), rate},
    {"peakrate", offsetof(::tc_tbf_qopt, peakrate), sizeof(::tc_ratespec), rate},
    TRIVET_FIELD(tc_tbf_qopt, limit),
    TRIVET_FIELD(tc_tbf_qopt, buffer),
    TRIVET_FIELD(tc_tbf_qopt, mtu),
};
constexpr structure_form tbf_structure{"tc_tbf_qopt", sizeof(::tc_tbf_qopt), tbf_fields};
constexpr attribute_rule<unread> tbf_rules[] = {
    named<unread>(TCA_TBF_PARMS, "parms", form::structure(tbf_structure)),
    named<unread>(TCA_TBF_RTAB, "rtab", form::bytes),
    named<unread>(TCA_TBF_PTAB, "ptab", form::bytes),
    named<unread>(TCA_TBF_RATE64, "rate64", form::number),
    named<unread>(TCA_TBF_PRATE64, "prate64", form::number),
    named<unread>(TCA_TBF_BURST, "burst", form::number),
    named<unread>(TCA_TBF_PBURST, "pburst", form::number),
    named<unread>(TCA_TBF_PAD, "pad", form::bytes),
};
constexpr attribute_policy<unread> tbf_policy(tbf_rules, "TCA_TBF_");
constexpr attribute_names tbf{&name_among<tbf_policy>};

constexpr value_field red_fields[] = {
    TRIVET_FIELD(tc_red_qopt, limit),   TRIVET_FIELD(tc_red_qopt, qth_min),
    TRIVET_FIELD(tc_red_qopt, qth_max), TRIVET_FIELD(tc_red_qopt, Wlog),
    TRIVET_FIELD(tc_red_qopt, Plog),    TRIVET_FIELD(tc_red_qopt, Scell_log),
    TRIVET_FIELD(tc_red_qopt, flags),
};
constexpr structure_form red_structure{"tc_red_qopt", sizeof(::tc_red_qopt), red_fields};
constexpr attribute_rule<unread> red_rules[] = {
    named<unread>(TCA_RED_PARMS, "parms", form::structure(red_structure)),
    named<unread>(TCA_RED_STAB, "stab", form::bytes),
    named<unread>(TCA_RED_MAX_P, "max-p", form::number),
    named<unread>(TCA_RED_FLAGS, "flags", form::bytes),
    named<unread>(TCA_RED_EARLY_DROP_BLOCK, "early-drop-block", form::number),
    named<unread>(TCA_RED_MARK_BLOCK, "mark-block", form::number),
};
constexpr attribute_policy<unread> red_policy(red_rules, "TCA_RED_");
constexpr attribute_names red{&name_among<red_policy>};

constexpr attribute_rule<unread> codel_rules[] = {
    named<unread>(TCA_CODEL_TARGET, "target", form::number),
    named<unread>(TCA_CODEL_LIMIT, "limit", form::number),
    named<unread>(TCA_CODEL_INTERVAL, "interval", form::number),
    named<unread>(TCA_CODEL_ECN, "ecn", form::number),
    named<unread>(TCA_CODEL_CE_THRESHOLD, "ce-threshold", form::number),
};
constexpr attribute_policy<unread> codel_policy(codel_rules, "TCA_CODEL_");
constexpr attribute_names codel{&name_among<codel_policy>};

constexpr attribute_rule<unread> fq_codel_rules[] = {
    named<unread>(TCA_FQ_CODEL_TARGET, "target", form::number),
    named<unread>(TCA_FQ_CODEL_LIMIT, "limit", form::number),
    named<unread>(TCA_FQ_CODEL_INTERVAL, "interval", form::number),
    named<unread>(TCA_FQ_CODEL_ECN, "ecn", form::number),
    named<unread>(TCA_FQ_CODEL_FLOWS, "flows", form::number),
    named<unread>(TCA_FQ_CODEL_QUANTUM, "quantum", form::number),
    named<unread>(TCA_FQ_CODEL_CE_THRESHOLD, "ce-threshold", form::number),
    named<unread>(TCA_FQ_CODEL_DROP_BATCH_SIZE, "drop-batch-size", form::number),
    named<unread>(TCA_FQ_CODEL_MEMORY_LIMIT, "memory-limit", form::number),
    named<unread>(TCA_FQ_CODEL_CE_THRESHOLD_SELECTOR, "ce-threshold-selector", form::number),
    named<unread>(TCA_FQ_CODEL_CE_THRESHOLD_MASK, "ce-threshold-mask", form::number),
};
constexpr attribute_policy<unread> fq_codel_policy(fq_codel_rules, "TCA_FQ_CODEL_");
constexpr attribute_names fq_codel{&name_among<fq_codel_policy>};

constexpr attribute_rule<unread> fq_rules[] = {
    named<unread>(TCA_FQ_PLIMIT, "plimit", form::number),
    named<unread>(TCA_FQ_FLOW_PLIMIT, "flow-plimit", form::number),
    named<unread>(TCA_FQ_QUANTUM, "quantum", form::number),
    named<unread>(TCA_FQ_INITIAL_QUANTUM, "initial-quantum", form::number),
    named<unread>(TCA_FQ_RATE_ENABLE, "rate-enable", form::number),
    named<unread>(TCA_FQ_FLOW_DEFAULT_RATE, "flow-default-rate", form::number),
    named<unread>(TCA_FQ_FLOW_MAX_RATE, "flow-max-rate", form::number),
    named<unread>(TCA_FQ_BUCKETS_LOG, "buckets-log", form::number),
    named<unread>(TCA_FQ_FLOW_REFILL_DELAY, "flow-refill-delay", form::number),
    named<unread>(TCA_FQ_ORPHAN_MASK, "orphan-mask", form::number),
    named<unread>(TCA_FQ_LOW_RATE_THRESHOLD, "low-rate-threshold", form::number),
    named<unread>(TCA_FQ_CE_THRESHOLD, "ce-threshold", form::number),
    named<unread>(TCA_FQ_TIMER_SLACK, "timer-slack", form::number),
    named<unread>(TCA_FQ_HORIZON, "horizon", form::number),
    named<unread>(TCA_FQ_HORIZON_DROP, "horizon-drop", form::number),
};
constexpr attribute_policy<unread> fq_policy(fq_rules, "TCA_FQ_");
constexpr attribute_names fq{&name_among<fq_policy>};

constexpr attribute_rule<unread> pie_rules[] = {
    named<unread>(TCA_PIE_TARGET, "target", form::number),
    named<unread>(TCA_PIE_LIMIT, "limit", form::number),
    named<unread>(TCA_PIE_TUPDATE, "tupdate", form::number),
    named<unread>(TCA_PIE_ALPHA, "alpha", form::number),
    named<unread>(TCA_PIE_BETA, "beta", form::number),
    named<unread>(TCA_PIE_ECN, "ecn", form::number),
    named<unread>(TCA_PIE_BYTEMODE, "bytemode", form::number),
    named<unread>(TCA_PIE_DQ_RATE_ESTIMATOR, "dq-rate-estimator", form::number),
};
constexpr attribute_policy<unread> pie_policy(pie_rules, "TCA_PIE_");
constexpr attribute_names pie{&name_among<pie_policy>};

constexpr attribute_rule<unread> fq_pie_rules[] = {
    named<unread>(TCA_FQ_PIE_LIMIT, "limit", form::number),
    named<unread>(TCA_FQ_PIE_FLOWS, "flows", form::number),
    named<unread>(TCA_FQ_PIE_TARGET, "target", form::number),
    named<unread>(TCA_FQ_PIE_TUPDATE, "tupdate", form::number),
    named<unread>(TCA_FQ_PIE_ALPHA, "alpha", form::number),
    named<unread>(TCA_FQ_PIE_BETA, "beta", form::number),
    named<unread>(TCA_FQ_PIE_QUANTUM, "quantum", form::number),
    named<unread>(TCA_FQ_PIE_MEMORY_LIMIT, "memory-limit", form::number),
    named<unread>(TCA_FQ_PIE_ECN_PROB, "ecn-prob", form::number),
    named<unread>(TCA_FQ_PIE_ECN, "ecn", form::number),
    named<unread>(TCA_FQ_PIE_BYTEMODE, "bytemode", form::number),
    named<unread>(TCA_FQ_PIE_DQ_RATE_ESTIMATOR, "dq-rate-estimator", form::number),
};
constexpr attribute_policy<unread> fq_pie_policy(fq_pie_rules, "TCA_FQ_PIE_");
constexpr attribute_names fq_pie{&name_among<fq_pie_policy>};

constexpr value_field sfb_fields[] = {
    TRIVET_FIELD(tc_sfb_qopt, rehash_interval),
    TRIVET_FIELD(tc_sfb_qopt, warmup_time),
    TRIVET_FIELD(tc_sfb_qopt, max),
    TRIVET_FIELD(tc_sfb_qopt, bin_size),
    TRIVET_FIELD(tc_sfb_qopt, increment),
    TRIVET_FIELD(tc_sfb_qopt, decrement),
    TRIVET_FIELD(tc_sfb_qopt, limit),
    TRIVET_FIELD(tc_sfb_qopt, penalty_rate),
    TRIVET_FIELD(tc_sfb_qopt, penalty_burst),
};
constexpr structure_form sfb_structure{"tc_sfb_qopt", sizeof(::tc_sfb_qopt), sfb_fields};
constexpr attribute_rule<unread> sfb_rules[] = {
    named<unread>(TCA_SFB_PARMS, "parms", form::structure(sfb_structure)),
};
constexpr attribute_policy<unread> sfb_policy(sfb_rules, "TCA_SFB_");
constexpr attribute_names sfb{&name_among<sfb_policy>};

constexpr value_field etf_fields[] = {
    {"delta", offsetof(::tc_etf_qopt, delta), sizeof(::tc_etf_qopt::delta), form::signed_number},
    {"clockid", offsetof(::tc_etf_qopt, clockid), sizeof(::tc_etf_qopt::clockid),
     form::signed_number},
    TRIVET_FIELD(tc_etf_qopt, flags),
};
constexpr structure_form etf_structure{"tc_etf_qopt", sizeof(::tc_etf_qopt), etf_fields};
constexpr attribute_rule<unread> etf_rules[] = {
    named<unread>(TCA_ETF_PARMS, "parms", form::structure(etf_structure)),
};
constexpr attribute_policy<unread> etf_policy(etf_rules, "TCA_ETF_");
constexpr attribute_names etf{&name_among<etf_policy>};

constexpr value_field multiq_fields[] = {
    TRIVET_FIELD(tc_multiq_qopt, bands),
    TRIVET_FIELD(tc_multiq_qopt, max_bands),
};
constexpr structure_form multiq{"tc_multiq_qopt", sizeof(::tc_multiq_qopt), multiq_fields};

constexpr value_field netem_fields[] = {
    TRIVET_FIELD(tc_netem_qopt, latency),   TRIVET_FIELD(tc_netem_qopt, limit),
    TRIVET_FIELD(tc_netem_qopt, loss),      TRIVET_FIELD(tc_netem_qopt, gap),
    TRIVET_FIELD(tc_netem_qopt, duplicate), TRIVET_FIELD(tc_netem_qopt, jitter),
};
constexpr structure_form netem_structure{"tc_netem_qopt", sizeof(::tc_netem_qopt), netem_fields};
constexpr attribute_rule<unread> netem_rules[] = {
    named<unread>(TCA_NETEM_CORR, "corr", form::bytes),
    named<unread>(TCA_NETEM_DELAY_DIST, "delay-dist", form::bytes),
    named<unread>(TCA_NETEM_REORDER, "reorder", form::bytes),
    named<unread>(TCA_NETEM_CORRUPT, "corrupt", form::bytes),
    named<unread>(TCA_NETEM_LOSS, "loss", form::nest),
    named<unread>(TCA_NETEM_RATE, "rate", form::bytes),
    named<unread>(TCA_NETEM_ECN, "ecn", form::number),
    named<unread>(TCA_NETEM_RATE64, "rate64", form::number),
    named<unread>(TCA_NETEM_PAD, "pad", form::bytes),
    named<unread>(TCA_NETEM_LATENCY64, "latency64", form::number),
    named<unread>(TCA_NETEM_JITTER64, "jitter64", form::number),
    named<unread>(TCA_NETEM_SLOT, "slot", form::bytes),
    named<unread>(TCA_NETEM_SLOT_DIST, "slot-dist", form::bytes),
};
constexpr attribute_policy<unread> netem_policy(netem_rules, "TCA_NETEM_");
constexpr attribute_names netem{&name_among<netem_policy>, sizeof(::tc_netem_qopt),
                                nest_layout::attributes, &netem_structure};

#undef TRIVET_FIELD

struct kind {
  std::string_view name;
  const attribute_names* names = nullptr;     // of a nest
  const structure_form* structure = nullptr;  // of a struct alone
};
constexpr kind kinds[] = {
    {"bfifo", nullptr, &fifo},
    {"codel", &codel},
    {"etf", &etf},
    {"fq", &fq},
    {"fq_codel", &fq_codel},
    {"fq_pie", &fq_pie},
    {"gred", &gred_names},
    {"htb", &htb},
    {"mqprio", &mqprio_names},
    {"multiq", nullptr, &multiq},
    {"netem", &netem},
    {"pfifo", nullptr, &fifo},
    {"pfifo_fast", nullptr, &prio},
    {"pfifo_head_drop", nullptr, &fifo},
    {"pie", &pie},
    {"prio", nullptr, &prio},
    {"red", &red},
    {"sfb", &sfb},
    {"sfq", nullptr, &sfq},
    {"taprio", &taprio_names},
    {"tbf", &tbf},
};

}  // namespace

attribute_name name_of_options(const_bytes beside) {
  attribute_name result{.name = "options", .prefix = "TCA_"};
  const std::string_view name = find_attribute(beside, TCA_KIND).text();
  for (const kind& k : kinds) {
    if (k.name != name) continue;
    result.nest = k.names;
    result.form = k.structure == nullptr ? form::nest : form::structure(*k.structure);
  }
  return result;
}

}  // namespace trivet::netlink::rtnl
