// gred: random early detection in up to sixteen virtual queues.
#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include <algorithm>
#include <map>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_units.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;
using netlink::attribute_reader;

namespace {

/// What a virtual queue is said to be.
struct virtual_queue {
  ::tc_gred_qopt parameters;
  /// nullptr from a kernel before 5.1, which has no attributes of single queues.
  const attributes_of* attributes;
  std::optional<std::uint32_t> most;  ///< the probability at the end of its range, of 2^32
};

void show_sum(show_writer& out, std::string_view key, std::string_view before, std::uint64_t bytes,
              std::string_view after = " ") {
  out.member(key, bytes);
  out.text(fmt::format("{}{}{}", before, size_text(bytes), after));
}

void count_virtual_queue(show_writer& out, const virtual_queue& queue) {
  const ::tc_gred_qopt& sum = queue.parameters;
  const auto count = [&](std::string_view key, std::string_view words, std::uint16_t type,
                         std::uint32_t older) {
    const bool newer = queue.attributes != nullptr;
    out.number(key, words, newer ? queue.attributes->number(type).value_or(0) : older);
  };
  out.text("\n  Queue size: ");
  show_sum(out, "qave", "average ", sum.qave);
  show_sum(out, "backlog", "current ", sum.backlog);
  out.text("\n  Dropped packets: ");
  count("forced_drop", "forced ", TCA_GRED_VQ_STAT_FORCED_DROP, sum.forced);
  count("prob_drop", "early ", TCA_GRED_VQ_STAT_PROB_DROP, sum.early);
  count("pdrop", "pdrop ", TCA_GRED_VQ_STAT_PDROP, sum.pdrop);
  count("other", "other ", TCA_GRED_VQ_STAT_OTHER, sum.other);
  std::uint64_t bytes = sum.bytesin;
  if (queue.attributes != nullptr) {
    out.text("\n  Marked packets: ");
    count("forced_mark", "forced ", TCA_GRED_VQ_STAT_FORCED_MARK, 0);
    count("prob_mark", "early ", TCA_GRED_VQ_STAT_PROB_MARK, 0);
    bytes = queue.attributes->wide_number(TCA_GRED_VQ_STAT_BYTES).value_or(0);
  }
  out.number("packets", "\n  Total packets: ", sum.packets);
  show_sum(out, "bytes", "(", bytes, ") ");
}

void show_virtual_queue(show_writer& out, const virtual_queue& queue, const extent& how_much) {
  const ::tc_gred_qopt& red = queue.parameters;
  out.number("vq", "\n vq ", red.DP);
  out.number("prio", "prio ", unsigned{red.prio});
  show_size(out, "limit", red.limit);
  show_size(out, "min", red.qth_min);
  show_size(out, "max", red.qth_max);
  if (queue.attributes != nullptr) {
    if (const auto flags = queue.attributes->number(TCA_GRED_VQ_FLAGS)) show_marking(out, *flags);
  }
  if (how_much.details) show_average(out, {red.Wlog, red.Plog, red.Scell_log, queue.most});
  if (how_much.statistics) count_virtual_queue(out, queue);
}

/// The attributes of virtual queues by the queues' numbers; none of a number that has none.
std::map<std::uint32_t, attributes_of> attributes_by_queue(const attribute& list) {
  std::map<std::uint32_t, attributes_of> result;
  for (std::uint32_t number = 0; number < MAX_DPs; ++number) {
    result.emplace(number, const_bytes{});
  }
  attribute_reader in(list.data);
  for (attribute entry; in.next(entry);) {
    const attributes_of one(entry.data);
    if (const auto number = one.number(TCA_GRED_VQ_DP)) result.insert_or_assign(*number, one);
  }
  return result;
}

/// What the array has at a place.
std::optional<std::uint32_t> number_at(const attribute* array, std::size_t place) {
  const std::size_t offset = place * sizeof(std::uint32_t);
  if (array == nullptr || array->data.size() < offset + sizeof(std::uint32_t)) return std::nullopt;
  return load_padded<std::uint32_t>(array->data.subspan(offset));
}

}  // namespace

void show_virtual_queues(show_writer& out, const_bytes bytes, const extent& how_much) {
  const attributes_of attributes(bytes);
  const attribute* const parameters = attributes.find(TCA_GRED_PARMS);
  if (parameters == nullptr) return;
  const auto all = attributes.structure<::tc_gred_sopt>(TCA_GRED_DPS);
  out.number("dp_cnt", "vqs ", all.DPs);
  out.number("dp_default", "default ", all.def_DP);
  out.member("grio", all.grio != 0);
  if (all.grio != 0) out.text("grio ");
  if (const auto limit = attributes.number(TCA_GRED_LIMIT)) show_size(out, "limit", *limit);
  show_marking(out, all.flags);
  std::map<std::uint32_t, attributes_of> more;
  if (const attribute* list = attributes.find(TCA_GRED_VQ_LIST)) more = attributes_by_queue(*list);
  out.open_list("vqs");
  const_bytes rest = parameters->data;
  for (std::uint32_t place = 0; place < MAX_DPs && !rest.empty(); ++place) {
    const auto red = load_padded<::tc_gred_qopt>(rest);
    rest = rest.subspan(std::min(rest.size(), sizeof red));
    if (red.DP >= MAX_DPs) continue;  // this one has not been set up
    const auto at = more.find(red.DP);
    out.open();
    show_virtual_queue(out,
                       {red, at == more.end() ? nullptr : &at->second,
                        number_at(attributes.find(TCA_GRED_MAX_P), place)},
                       how_much);
    out.close();
  }
  out.close_list();
}

}  // namespace trivet::tool
