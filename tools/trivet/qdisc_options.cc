#include "tools/trivet/qdisc_options.h"

#include <algorithm>
#include <iterator>

#include "tools/trivet/qdisc_kinds.h"

namespace trivet::tool {
namespace {

constexpr qdisc_kind kinds[] = {
    {.name = "bfifo", .options = show_byte_limit},
    {.name = "cake", .options = show_cake, .counts = count_cake},
    {.name = "cbs", .options = show_credits},
    {.name = "choke", .options = show_choosing, .counts = count_choosing},
    {.name = "clsact"},
    {.name = "codel", .options = show_delay, .counts = count_delay},
    {.name = "drr"},
    {.name = "etf", .options = show_earliest_first},
    {.name = "ets", .options = show_transmission_selection},
    {.name = "fq", .options = show_paced, .counts = count_paced},
    {.name = "fq_codel", .options = show_fair_delay, .counts = count_fair_delay},
    {.name = "fq_pie", .options = show_fair_proportional, .counts = count_fair_proportional},
    {.name = "gred", .options = show_virtual_queues},
    {.name = "hfsc", .options = show_service_curves},
    {.name = "hhf", .options = show_heavy_hitters, .counts = count_heavy_hitters},
    {.name = "htb", .options = show_bucket_tree},
    {.name = "ingress", .options = show_rule_of_ingress},
    {.name = "mq"},
    {.name = "mqprio", .options = show_class_queues},
    {.name = "multiq", .options = show_bands_of_queues},
    {.name = "netem", .options = show_emulation},
    {.name = "noop"},
    {.name = "noqueue"},
    {.name = "pfifo", .options = show_packet_limit},
    {.name = "pfifo_fast", .options = show_priorities},
    {.name = "pfifo_head_drop", .options = show_packet_limit},
    {.name = "pie", .options = show_proportional, .counts = count_proportional},
    {.name = "prio", .options = show_priorities},
    {.name = "plug"},
    {.name = "qfq"},
    {.name = "red", .options = show_early_detection, .counts = count_early_detection},
    {.name = "sfb", .options = show_fair_blue, .counts = count_fair_blue},
    {.name = "sfq", .options = show_fair_queues},
    {.name = "skbprio", .options = show_priority_limit},
    {.name = "taprio", .options = show_gates},
    {.name = "tbf", .options = show_token_bucket},
};

}  // namespace

const qdisc_kind* find_qdisc_kind(std::string_view name) {
  const auto* const at = std::find_if(std::begin(kinds), std::end(kinds),
                                      [&](const qdisc_kind& kind) { return kind.name == name; });
  return at == std::end(kinds) ? nullptr : at;
}

}  // namespace trivet::tool
