// The kinds that watch how long packets wait: codel, fq_codel, fq, pie and fq_pie.
#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include <cmath>
#include <string>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;

void show_delay(show_writer& out, const_bytes bytes, const extent&) {
  constexpr number_row rows[] = {
      {TCA_CODEL_LIMIT, "limit", shape::packets},
      {TCA_CODEL_TARGET, "target", shape::microseconds},
      {TCA_CODEL_CE_THRESHOLD, "ce_threshold", shape::microseconds},
      {TCA_CODEL_INTERVAL, "interval", shape::microseconds},
      {TCA_CODEL_ECN, "ecn", shape::flag},
  };
  show_rows(out, rows, attributes_of(bytes));
}

void count_delay(show_writer& out, const_bytes bytes) {
  const auto codel = load_padded<::tc_codel_xstats>(bytes);
  show_number(out, "count", codel.count);
  show_number(out, "lastcount", codel.lastcount);
  show_time(out, "ldelay", codel.ldelay);
  out.yes("dropping", "dropping ", codel.dropping != 0);
  show_signed_time(out, "drop_next", codel.drop_next);
  out.text("\n  ");
  show_number(out, "maxpacket", codel.maxpacket);
  show_number(out, "ecn_mark", codel.ecn_mark);
  show_number(out, "drop_overlimit", codel.drop_overlimit);
  if (codel.ce_mark != 0) show_number(out, "ce_mark", codel.ce_mark);
}

void show_fair_delay(show_writer& out, const_bytes bytes, const extent&) {
  constexpr number_row first[] = {
      {TCA_FQ_CODEL_LIMIT, "limit", shape::packets},
      {TCA_FQ_CODEL_FLOWS, "flows", shape::count},
      {TCA_FQ_CODEL_QUANTUM, "quantum", shape::count},
      {TCA_FQ_CODEL_TARGET, "target", shape::microseconds},
      {TCA_FQ_CODEL_CE_THRESHOLD, "ce_threshold", shape::microseconds},
  };
  constexpr number_row last[] = {
      {TCA_FQ_CODEL_INTERVAL, "interval", shape::microseconds},
      {TCA_FQ_CODEL_MEMORY_LIMIT, "memory_limit", shape::size},
      {TCA_FQ_CODEL_ECN, "ecn", shape::flag},
      {TCA_FQ_CODEL_DROP_BATCH_SIZE, "drop_batch", shape::count, 0},
  };
  const attributes_of attributes(bytes);
  const auto octet = [&](std::uint16_t type) -> unsigned {
    const attribute* a = attributes.find(type);
    return a == nullptr ? 0 : a->number<std::uint8_t>().value_or(0);
  };
  show_rows(out, first, attributes);
  const unsigned selector = octet(TCA_FQ_CODEL_CE_THRESHOLD_SELECTOR);
  const unsigned mask = octet(TCA_FQ_CODEL_CE_THRESHOLD_MASK);
  if (selector != 0 || mask != 0) {
    out.member("ce_threshold_selector", selector);
    out.member("ce_threshold_mask", mask);
    const auto hexadecimal = [](unsigned value) {
      return value == 0 ? std::string("0") : fmt::format("{:#x}", value);
    };
    out.text(fmt::format("ce_threshold_selector {}/{} ", hexadecimal(selector), hexadecimal(mask)));
  }
  show_rows(out, last, attributes);
}

void count_fair_delay(show_writer& out, const_bytes bytes) {
  const auto all = load_padded<::tc_fq_codel_xstats>(bytes);
  if (all.type != TCA_FQ_CODEL_XSTATS_QDISC) return;
  const auto& queue = all.qdisc_stats;
  show_number(out, "maxpacket", queue.maxpacket);
  show_number(out, "drop_overlimit", queue.drop_overlimit);
  show_number(out, "new_flow_count", queue.new_flow_count);
  show_number(out, "ecn_mark", queue.ecn_mark);
  if (queue.ce_mark != 0) show_number(out, "ce_mark", queue.ce_mark);
  if (queue.memory_usage != 0) show_number(out, "memory_used", queue.memory_usage);
  if (queue.drop_overmemory != 0) show_number(out, "drop_overmemory", queue.drop_overmemory);
  out.text("\n  ");
  show_number(out, "new_flows_len", queue.new_flows_len);
  show_number(out, "old_flows_len", queue.old_flows_len);
}

void show_paced(show_writer& out, const_bytes bytes, const extent&) {
  constexpr number_row first[] = {
      {TCA_FQ_PLIMIT, "limit", shape::packets},
      {TCA_FQ_FLOW_PLIMIT, "flow_limit", shape::packets},
      {TCA_FQ_BUCKETS_LOG, "buckets", shape::power},
      {TCA_FQ_ORPHAN_MASK, "orphan_mask", shape::count},
  };
  constexpr number_row last[] = {
      {TCA_FQ_QUANTUM, "quantum", shape::size},
      {TCA_FQ_INITIAL_QUANTUM, "initial_quantum", shape::size},
      {TCA_FQ_FLOW_MAX_RATE, "maxrate", shape::rate, all_bits},
      {TCA_FQ_FLOW_DEFAULT_RATE, "defrate", shape::rate, 0},
      {TCA_FQ_LOW_RATE_THRESHOLD, "low_rate_threshold", shape::rate, 0},
      {TCA_FQ_FLOW_REFILL_DELAY, "refill_delay", shape::microseconds},
      {TCA_FQ_CE_THRESHOLD, "ce_threshold", shape::microseconds, all_bits},
      {TCA_FQ_TIMER_SLACK, "timer_slack", shape::nanoseconds},
      {TCA_FQ_HORIZON, "horizon", shape::microseconds},
  };
  const attributes_of attributes(bytes);
  show_rows(out, first, attributes);
  if (attributes.number(TCA_FQ_RATE_ENABLE) == 0U) {
    out.member("pacing", false);
    out.text("nopacing ");
  }
  show_rows(out, last, attributes);
  if (const attribute* drop = attributes.find(TCA_FQ_HORIZON_DROP)) {
    const std::string_view key =
        drop->number<std::uint8_t>().value_or(0) == 0 ? "horizon_cap" : "horizon_drop";
    out.null(key);
    out.text(fmt::format("{} ", key));
  }
}

void count_paced(show_writer& out, const_bytes bytes) {
  const auto flows = load_padded<::tc_fq_qd_stats>(bytes);
  const auto rare = [&](std::string_view key, std::uint64_t value) {
    if (value != 0) show_number(out, key, value);
  };
  show_number(out, "flows", flows.flows);
  out.number("inactive", "(inactive ", flows.inactive_flows);
  // tc's JSON has the key "throttled" twice; the later one is kept.
  out.text(fmt::format("throttled {}) ", flows.throttled_flows));
  if (flows.time_next_delayed_flow > 0) {
    show_long_time(out, "next_packet_delay",
                   static_cast<std::uint64_t>(flows.time_next_delayed_flow));
  }
  out.text("\n  ");
  show_number(out, "gc", flows.gc_flows);
  show_number(out, "highprio", flows.highprio_packets);
  rare("retrans", flows.tcp_retrans);
  show_number(out, "throttled", flows.throttled);
  if (flows.unthrottle_latency_ns != 0) {
    show_long_time(out, "latency", flows.unthrottle_latency_ns);
  }
  rare("ce_mark", flows.ce_mark);
  rare("flows_plimit", flows.flows_plimit);
  if (flows.pkts_too_long + flows.allocation_errors + flows.horizon_drops + flows.horizon_caps >
      0) {
    out.text("\n  ");
  }
  rare("pkts_too_long", flows.pkts_too_long);
  rare("alloc_errors", flows.allocation_errors);
  rare("horizon_drops", flows.horizon_drops);
  rare("horizon_caps", flows.horizon_caps);
}

void show_proportional(show_writer& out, const_bytes bytes, const extent&) {
  constexpr number_row rows[] = {
      {TCA_PIE_LIMIT, "limit", shape::packets},
      {TCA_PIE_TARGET, "target", shape::microseconds},
      {TCA_PIE_TUPDATE, "tupdate", shape::microseconds},
      {TCA_PIE_ALPHA, "alpha", shape::count},
      {TCA_PIE_BETA, "beta", shape::count},
      {TCA_PIE_ECN, "ecn", shape::flag},
      {TCA_PIE_BYTEMODE, "bytemode", shape::flag},
      {TCA_PIE_DQ_RATE_ESTIMATOR, "dq_rate_estimator", shape::flag},
  };
  show_rows(out, rows, attributes_of(bytes));
}

void count_proportional(show_writer& out, const_bytes bytes) {
  const auto pie = load_padded<::tc_pie_xstats>(bytes);
  show_real(out, "prob", static_cast<double>(pie.prob) / std::pow(2, 64));
  show_time(out, "delay", pie.delay);
  if (pie.dq_rate_estimating != 0) show_number(out, "avg_dq_rate", pie.avg_dq_rate);
  out.text("\n  ");
  show_number(out, "pkts_in", pie.packets_in);
  show_number(out, "overlimit", pie.overlimit);
  show_number(out, "dropped", pie.dropped);
  show_number(out, "maxq", pie.maxq);
  show_number(out, "ecn_mark", pie.ecn_mark);
}

void show_fair_proportional(show_writer& out, const_bytes bytes, const extent&) {
  constexpr number_row rows[] = {
      {TCA_FQ_PIE_LIMIT, "limit", shape::packets},
      {TCA_FQ_PIE_FLOWS, "flows", shape::count},
      {TCA_FQ_PIE_TARGET, "target", shape::microseconds},
      {TCA_FQ_PIE_TUPDATE, "tupdate", shape::microseconds},
      {TCA_FQ_PIE_ALPHA, "alpha", shape::count},
      {TCA_FQ_PIE_BETA, "beta", shape::count},
      {TCA_FQ_PIE_QUANTUM, "quantum", shape::size},
      {TCA_FQ_PIE_MEMORY_LIMIT, "memory_limit", shape::size},
      {TCA_FQ_PIE_ECN_PROB, "ecn_prob", shape::count},
      {TCA_FQ_PIE_ECN, "ecn", shape::flag},
      {TCA_FQ_PIE_BYTEMODE, "bytemode", shape::flag},
      {TCA_FQ_PIE_DQ_RATE_ESTIMATOR, "dq_rate_estimator", shape::flag},
  };
  show_rows(out, rows, attributes_of(bytes));
}

void count_fair_proportional(show_writer& out, const_bytes bytes) {
  const auto pie = load_padded<::tc_fq_pie_xstats>(bytes);
  show_number(out, "pkts_in", pie.packets_in);
  show_number(out, "overlimit", pie.overlimit);
  show_number(out, "overmemory", pie.overmemory);
  show_number(out, "dropped", pie.dropped);
  show_number(out, "ecn_mark", pie.ecn_mark);
  out.text("\n  ");
  show_number(out, "new_flow_count", pie.new_flow_count);
  show_number(out, "new_flows_len", pie.new_flows_len);
  show_number(out, "old_flows_len", pie.old_flows_len);
  show_number(out, "memory_used", pie.memory_usage);
}

}  // namespace trivet::tool
