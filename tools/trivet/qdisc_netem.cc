// netem: an emulated network's delays and losses.
#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include <algorithm>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_units.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;

namespace {

/// What is a part of 2^32-1: a hundredth in text, a part of one in JSON.
void show_part(show_writer& out, std::string_view key, std::string_view words,
               std::uint32_t value) {
  constexpr double whole = std::numeric_limits<std::uint32_t>::max();
  out.literal(key, fmt::format("{:g}", value / whole));
  out.text(fmt::format("{} {:g}% ", words, value * 100.0 / whole));
}

/// How much one packet's fate depends on that of the one before.
void show_correlation(show_writer& out, std::uint32_t value, bool present) {
  constexpr double whole = all_bits;
  out.literal("correlation", fmt::format("{:g}", value / whole));
  if (present) out.text(fmt::format("{:g}% ", value * 100.0 / whole));
}

/// One thing that happens to packets by chance.
void show_chance(show_writer& out, std::string_view object, std::string_view key,
                 std::uint32_t probability, std::uint32_t correlation, bool present) {
  if (probability == 0) return;
  out.open(object);
  show_part(out, key, key, probability);
  show_correlation(out, correlation, present);
  out.close();
}

void show_detour(show_writer& out, const ::tc_netem_qopt& all, std::uint32_t correlation,
                 bool present) {
  if (all.latency == 0) return;
  const std::uint32_t delay = microseconds_of(all.latency);
  const std::uint32_t jitter = microseconds_of(all.jitter);
  out.open("delay");
  out.literal("delay", fmt::format("{:g}", delay / 1e6));
  out.literal("jitter", fmt::format("{:g}", jitter / 1e6));
  out.text(fmt::format("delay {} ", microseconds_text(delay)));
  if (all.jitter != 0) out.text(fmt::format("{} ", microseconds_text(jitter)));
  show_correlation(out, correlation, all.jitter != 0 && present && correlation != 0);
  out.close();
}

void show_loss_model(show_writer& out, const_bytes bytes) {
  const attributes_of models(bytes);
  if (const attribute* a = models.find(NETEM_LOSS_GI)) {
    const auto model = a->structure<::tc_netem_gimodel>();
    out.open("loss-state");
    show_part(out, "p13", "loss state p13", model.p13);
    show_part(out, "p31", "p31", model.p31);
    show_part(out, "p32", "p32", model.p32);
    show_part(out, "p23", "p23", model.p23);
    show_part(out, "p14", "p14", model.p14);
    out.close();
  }
  if (const attribute* a = models.find(NETEM_LOSS_GE)) {
    const auto model = a->structure<::tc_netem_gemodel>();
    out.open("loss-gemodel");
    show_part(out, "p", "loss gemodel p", model.p);
    show_part(out, "r", "r", model.r);
    show_part(out, "1-h", "1-h", all_bits - model.h);
    show_part(out, "1-k", "1-k", model.k1);
    out.close();
  }
}

/// A number that is always in JSON, and in text where it is not zero.
void show_if_any(show_writer& out, std::string_view key, std::int64_t value) {
  out.member(key, value);
  if (value != 0) out.text(fmt::format("{} {} ", key, value));
}

void show_slots(show_writer& out, const ::tc_netem_slot& slot) {
  const auto time = [&](std::string_view key, std::string_view words, std::int64_t nanoseconds) {
    out.literal(key, fmt::format("{:g}", static_cast<double>(nanoseconds) / 1e9));
    out.text(
        fmt::format("{}{} ", words, nanoseconds_text(static_cast<std::uint64_t>(nanoseconds))));
  };
  out.open("slot");
  if (slot.dist_jitter > 0) {
    time("distribution", "slot distribution ", slot.dist_delay);
    time("jitter", "", slot.dist_jitter);
  } else {
    time("min-delay", "slot ", slot.min_delay);
    time("max-delay", "", slot.max_delay);
  }
  show_if_any(out, "packets", slot.max_packets);
  show_if_any(out, "bytes", slot.max_bytes);
  out.close();
}

}  // namespace

void show_emulation(show_writer& out, const_bytes bytes, const extent&) {
  const auto all = load_padded<::tc_netem_qopt>(bytes);
  const attributes_of more(
      bytes.subspan(std::min(bytes.size(), netlink::align4(sizeof(::tc_netem_qopt)))));
  const bool correlated = more.find(TCA_NETEM_CORR) != nullptr;
  const auto correlation = more.structure<::tc_netem_corr>(TCA_NETEM_CORR);
  const auto reorder = more.structure<::tc_netem_reorder>(TCA_NETEM_REORDER);
  const auto corrupt = more.structure<::tc_netem_corrupt>(TCA_NETEM_CORRUPT);
  const auto rate = more.structure<::tc_netem_rate>(TCA_NETEM_RATE);
  show_number(out, "limit", all.limit);
  show_detour(out, all, correlation.delay_corr, correlated);
  show_chance(out, "loss-random", "loss", all.loss, correlation.loss_corr,
              correlation.loss_corr != 0);
  if (const attribute* loss = more.find(TCA_NETEM_LOSS)) show_loss_model(out, loss->data);
  show_chance(out, "duplicate", "duplicate", all.duplicate, correlation.dup_corr,
              correlation.dup_corr != 0);
  show_chance(out, "reorder", "reorder", reorder.probability, reorder.correlation,
              reorder.correlation != 0);
  show_chance(out, "corrupt", "corrupt", corrupt.probability, corrupt.correlation,
              corrupt.correlation != 0);
  if (rate.rate != 0) {
    out.open("rate");
    show_rate(out, "rate", more.rate(TCA_NETEM_RATE64, rate.rate));
    show_if_any(out, "packetoverhead", rate.packet_overhead);
    show_if_any(out, "cellsize", rate.cell_size);
    show_if_any(out, "celloverhead", rate.cell_overhead);
    out.close();
  }
  if (const attribute* slot = more.find(TCA_NETEM_SLOT)) {
    show_slots(out, slot->structure<::tc_netem_slot>());
  }
  const bool marks = more.find(TCA_NETEM_ECN) != nullptr;
  out.member("ecn", marks);
  if (marks) out.text("ecn ");
  show_if_any(out, "gap", all.gap);
}

}  // namespace trivet::tool
