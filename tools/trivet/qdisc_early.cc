// The kinds that drop or mark some packets before the queue is full: red, choke and sfb.
#include <linux/pkt_sched.h>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;

namespace {

/// How the average length of the queue is made.
average_of_queue average_of(const ::tc_red_qopt& red, std::optional<std::uint32_t> most) {
  if (most == 0U) most.reset();
  return {red.Wlog, red.Plog, red.Scell_log, most};
}

/// The parts of one in which sfb tells probabilities.
constexpr double sfb_whole = 0xffff;

}  // namespace

void show_early_detection(show_writer& out, const_bytes bytes, const extent& how_much) {
  const attributes_of attributes(bytes);
  const attribute* parameters = attributes.find(TCA_RED_PARMS);
  if (parameters == nullptr) return;
  const auto red = parameters->structure<::tc_red_qopt>();
  const attribute* more = attributes.find(TCA_RED_FLAGS);
  show_size(out, "limit", red.limit);
  show_size(out, "min", red.qth_min);
  show_size(out, "max", red.qth_max);
  show_marking(out, more == nullptr ? red.flags : more->structure<::nla_bitfield32>().value);
  if (how_much.details) show_average(out, average_of(red, attributes.number(TCA_RED_MAX_P)));
}

void count_early_detection(show_writer& out, const_bytes bytes) {
  const auto red = load_padded<::tc_red_xstats>(bytes);
  show_number(out, "marked", red.marked);
  show_number(out, "early", red.early);
  show_number(out, "pdrop", red.pdrop);
  show_number(out, "other", red.other);
}

void show_choosing(show_writer& out, const_bytes bytes, const extent& how_much) {
  const attributes_of attributes(bytes);
  const auto choke = attributes.structure<::tc_red_qopt>(TCA_CHOKE_PARMS);
  show_number(out, "limit", choke.limit, "p");
  show_number(out, "min", choke.qth_min, "p");
  show_number(out, "max", choke.qth_max, "p");
  show_marking(out, choke.flags);
  if (how_much.details) show_average(out, average_of(choke, attributes.number(TCA_CHOKE_MAX_P)));
}

void count_choosing(show_writer& out, const_bytes bytes) {
  const auto choke = load_padded<::tc_choke_xstats>(bytes);
  show_number(out, "marked", choke.marked);
  show_number(out, "early", choke.early);
  show_number(out, "pdrop", choke.pdrop);
  show_number(out, "other", choke.other);
  show_number(out, "matched", choke.matched);
}

void show_fair_blue(show_writer& out, const_bytes bytes, const extent&) {
  const attributes_of attributes(bytes);
  const attribute* parameters = attributes.find(TCA_SFB_PARMS);
  if (parameters == nullptr) return;
  const auto sfb = parameters->structure<::tc_sfb_qopt>();
  constexpr std::uint64_t microseconds = 1000;  // of a millisecond, which are too many for 32 bits
  show_time(out, "rehash", sfb.rehash_interval * microseconds);
  show_time(out, "db", sfb.warmup_time * microseconds);
  show_number(out, "limit", sfb.limit, "p");
  show_number(out, "max", sfb.max, "p");
  show_number(out, "target", sfb.bin_size, "p");
  show_real(out, "increment", sfb.increment / sfb_whole);
  show_real(out, "decrement", sfb.decrement / sfb_whole);
  show_number(out, "penalty_rate", sfb.penalty_rate, "pps");
  show_number(out, "penalty_burst", sfb.penalty_burst, "p");
}

void count_fair_blue(show_writer& out, const_bytes bytes) {
  const auto sfb = load_padded<::tc_sfb_xstats>(bytes);
  show_number(out, "earlydrop", sfb.earlydrop);
  show_number(out, "penaltydrop", sfb.penaltydrop);
  show_number(out, "bucketdrop", sfb.bucketdrop);
  show_number(out, "queuedrop", sfb.queuedrop);
  show_number(out, "childdrop", sfb.childdrop);
  show_number(out, "marked", sfb.marked);
  out.text("\n  ");
  show_number(out, "maxqlen", sfb.maxqlen);
  show_real(out, "maxprob", sfb.maxprob / sfb_whole);
  show_real(out, "avgprob", sfb.avgprob / sfb_whole);
}

}  // namespace trivet::tool
