// The kinds that bound a queue or its rate: fifos, skbprio, tbf, cbs, sfq and hhf.
#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include <algorithm>
#include <cmath>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_units.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;

namespace {

/// A size that is measured in time, with -d beside the size of a cell of the rate table.
/// @param unit_key  of the smallest size in JSON
void show_burst(show_writer& out, std::string_view key, std::string_view unit_key,
                std::uint32_t bytes, const ::tc_ratespec& rate, bool details) {
  if (!details) return show_size(out, key, bytes);
  const std::string text = fmt::format("{}/{}", size_text(bytes), 1U << (rate.cell_log & 31U));
  out.string(key, fmt::format("{} ", key), text);
  out.member(unit_key, rate.mpu);
  out.text(fmt::format("mpu {} ", size_text(rate.mpu)));
}

void show_link_layer(show_writer& out, const ::tc_ratespec& rate, bool details) {
  const unsigned layer = rate.linklayer & TC_LINKLAYER_MASK;
  if (layer <= TC_LINKLAYER_ETHERNET && !details) return;
  std::string_view name = "unknown";
  if (layer == TC_LINKLAYER_UNAWARE) name = "unspec";
  if (layer == TC_LINKLAYER_ETHERNET) name = "ethernet";
  if (layer == TC_LINKLAYER_ATM) name = "atm";
  out.string("linklayer", "linklayer ", name);
}

/// Microseconds until a full queue has been sent, of which the bucket's are not waited for.
double latency_of(std::uint32_t limit, std::uint64_t rate, std::uint32_t bucket) {
  return 1e6 * (limit / static_cast<double>(rate)) - microseconds_of(bucket);
}

}  // namespace

void show_packet_limit(show_writer& out, const_bytes bytes, const extent&) {
  show_number(out, "limit", load_padded<::tc_fifo_qopt>(bytes).limit, "p");
}

void show_byte_limit(show_writer& out, const_bytes bytes, const extent&) {
  show_size(out, "limit", load_padded<::tc_fifo_qopt>(bytes).limit);
}

void show_priority_limit(show_writer& out, const_bytes bytes, const extent&) {
  show_number(out, "limit", load_padded<::tc_skbprio_qopt>(bytes).limit);
}

void show_rule_of_ingress(show_writer& out, const_bytes, const extent&) {
  out.text("---------------- ");
}

void show_token_bucket(show_writer& out, const_bytes bytes, const extent& how_much) {
  const attributes_of attributes(bytes);
  const attribute* parameters = attributes.find(TCA_TBF_PARMS);
  if (parameters == nullptr) return;
  const auto bucket = parameters->structure<::tc_tbf_qopt>();
  const std::uint64_t rate = attributes.rate(TCA_TBF_RATE64, bucket.rate.rate);
  const std::uint64_t peak = attributes.rate(TCA_TBF_PRATE64, bucket.peakrate.rate);
  show_rate(out, "rate", rate);
  show_burst(out, "burst", "mpu", bytes_in(rate, bucket.buffer), bucket.rate, how_much.details);
  double latency = latency_of(bucket.limit, rate, bucket.buffer);
  if (peak != 0) {
    show_rate(out, "peakrate", peak);
    if (bucket.mtu != 0 || bucket.peakrate.mpu != 0) {
      show_burst(out, how_much.details ? "mtu" : "minburst", "peak_mpu", bytes_in(peak, bucket.mtu),
                 bucket.peakrate, how_much.details);
    }
    latency = std::max(latency, latency_of(bucket.limit, peak, bucket.mtu));
  }
  if (latency >= 0) {
    show_time(out, "lat", static_cast<std::uint64_t>(latency));
  } else {
    show_size(out, "limit", bucket.limit);
  }
  if (bucket.rate.overhead != 0) show_number(out, "overhead", bucket.rate.overhead);
  show_link_layer(out, bucket.rate, how_much.details);
}

void show_credits(show_writer& out, const_bytes bytes, const extent&) {
  const auto cbs = attributes_of(bytes).structure<::tc_cbs_qopt>(TCA_CBS_PARMS);
  out.number("hicredit", "hicredit ", cbs.hicredit);
  out.number("locredit", "locredit ", cbs.locredit);
  out.number("sendslope", "sendslope ", cbs.sendslope);
  out.number("idleslope", "idleslope ", cbs.idleslope);
  out.number("offload", "offload ", unsigned{cbs.offload});
}

void show_heavy_hitters(show_writer& out, const_bytes bytes, const extent&) {
  constexpr number_row rows[] = {
      {TCA_HHF_BACKLOG_LIMIT, "limit", shape::packets},
      {TCA_HHF_QUANTUM, "quantum", shape::size},
      {TCA_HHF_HH_FLOWS_LIMIT, "hh_limit", shape::count},
      {TCA_HHF_RESET_TIMEOUT, "reset_timeout", shape::microseconds},
      {TCA_HHF_ADMIT_BYTES, "admit_bytes", shape::size},
      {TCA_HHF_EVICT_TIMEOUT, "evict_timeout", shape::microseconds},
      {TCA_HHF_NON_HH_WEIGHT, "non_hh_weight", shape::count},
  };
  show_rows(out, rows, attributes_of(bytes));
}

void count_heavy_hitters(show_writer& out, const_bytes bytes) {
  const auto flows = load_padded<::tc_hhf_xstats>(bytes);
  show_number(out, "drop_overlimit", flows.drop_overlimit);
  show_number(out, "hh_overlimit", flows.hh_overlimit);
  show_number(out, "tot_hh", flows.hh_tot_count);
  show_number(out, "cur_hh", flows.hh_cur_count);
}

void show_fair_queues(show_writer& out, const_bytes bytes, const extent& how_much) {
  // A kernel before 3.3 sends the first part only, and zeros stand for the rest.
  const auto queues = load_padded<::tc_sfq_qopt_v1>(bytes);
  show_number(out, "limit", queues.v0.limit, "p");
  show_size(out, "quantum", queues.v0.quantum);
  if (queues.depth != 0) show_number(out, "depth", queues.depth);
  out.yes("headdrop", "headdrop ", queues.headdrop != 0);
  if (how_much.details) show_number(out, "flows", queues.v0.flows);
  show_number(out, "divisor", queues.v0.divisor);
  if (queues.v0.perturb_period != 0) {
    show_number(out, "perturb", static_cast<std::uint32_t>(queues.v0.perturb_period), "sec");
  }
  if (queues.qth_min == 0) return;
  show_number(out, "ewma", queues.Wlog);
  show_size(out, "min", queues.qth_min);
  show_size(out, "max", queues.qth_max);
  show_real(out, "probability", queues.max_P / std::pow(2, 32));
  show_marking(out, queues.flags);
}

}  // namespace trivet::tool
