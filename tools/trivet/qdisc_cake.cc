// cake: its options, and what it counts of itself and of each of its tins.
#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_units.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;
using netlink::attribute_reader;

namespace {

constexpr std::string_view traffic_classes[] = {"diffserv3", "diffserv4", "diffserv8", "besteffort",
                                                "precedence"};
static_assert(std::size(traffic_classes) == CAKE_DIFFSERV_MAX);

constexpr std::string_view isolations[] = {"flowblind",    "srchost",       "dsthost",
                                           "hosts",        "flows",         "dual-srchost",
                                           "dual-dsthost", "triple-isolate"};
static_assert(std::size(isolations) == CAKE_FLOW_MAX);

void show_choice(show_writer& out, std::string_view key, std::span<const std::string_view> names,
                 std::optional<std::uint32_t> value) {
  if (!value) return;
  if (*value < names.size()) return out.string(key, "", names[*value]);
  out.member(key, "unknown");
  out.text(fmt::format("(?{}?)", key));
}

/// A word for yes and one for no; in JSON true or false.
void show_either(show_writer& out, std::string_view key, bool is, std::string_view yes,
                 std::string_view no) {
  out.member(key, is);
  const std::string_view word = is ? yes : no;
  if (!word.empty()) out.text(fmt::format("{} ", word));
}

void show_bandwidth(show_writer& out, const attributes_of& cake) {
  if (cake.find(TCA_CAKE_BASE_RATE64) == nullptr) return;
  const std::uint64_t rate = cake.rate(TCA_CAKE_BASE_RATE64, 0);
  if (rate != 0) return show_rate(out, "bandwidth", rate);
  out.string("bandwidth", "bandwidth ", "unlimited");
}

void show_acknowledgements(show_writer& out, std::uint32_t filter) {
  switch (filter) {
    case CAKE_ACK_AGGRESSIVE:
      out.member("ack-filter", "aggressive");
      return out.text("ack-filter-aggressive ");
    case CAKE_ACK_FILTER:
      out.member("ack-filter", "enabled");
      return out.text("ack-filter ");
    default:
      out.member("ack-filter", "disabled");
      return out.text("no-ack-filter ");
  }
}

void show_framing(show_writer& out, const attributes_of& cake) {
  const bool raw = cake.find(TCA_CAKE_RAW) != nullptr;
  show_either(out, "raw", raw, "raw", "");
  const std::uint32_t atm = cake.number(TCA_CAKE_ATM).value_or(CAKE_ATM_NONE);
  if (atm == CAKE_ATM_ATM || atm == CAKE_ATM_PTM) {
    out.string("atm", "", atm == CAKE_ATM_ATM ? "atm" : "ptm");
  } else if (!raw) {
    out.string("atm", "", "noatm");
  }
  out.number("overhead", "overhead ",
             static_cast<std::int32_t>(cake.number(TCA_CAKE_OVERHEAD).value_or(0)));
}

/// What is counted of every tin, in the order of JSON.
struct tin_row {
  std::uint16_t type;
  std::string_view key;
  std::string_view label;  ///< of its line in the text
  shape as;
};

constexpr tin_row tin_rows[] = {
    {TCA_CAKE_TIN_STATS_THRESHOLD_RATE64, "threshold_rate", "thresh", shape::rate},
    {TCA_CAKE_TIN_STATS_SENT_BYTES64, "sent_bytes", "bytes", shape::count},
    {TCA_CAKE_TIN_STATS_BACKLOG_BYTES, "backlog_bytes", "backlog", shape::size},
    {TCA_CAKE_TIN_STATS_TARGET_US, "target_us", "target", shape::microseconds},
    {TCA_CAKE_TIN_STATS_INTERVAL_US, "interval_us", "interval", shape::microseconds},
    {TCA_CAKE_TIN_STATS_PEAK_DELAY_US, "peak_delay_us", "pk_delay", shape::microseconds},
    {TCA_CAKE_TIN_STATS_AVG_DELAY_US, "avg_delay_us", "av_delay", shape::microseconds},
    {TCA_CAKE_TIN_STATS_BASE_DELAY_US, "base_delay_us", "sp_delay", shape::microseconds},
    {TCA_CAKE_TIN_STATS_SENT_PACKETS, "sent_packets", "pkts", shape::count},
    {TCA_CAKE_TIN_STATS_WAY_INDIRECT_HITS, "way_indirect_hits", "way_inds", shape::count},
    {TCA_CAKE_TIN_STATS_WAY_MISSES, "way_misses", "way_miss", shape::count},
    {TCA_CAKE_TIN_STATS_WAY_COLLISIONS, "way_collisions", "way_cols", shape::count},
    {TCA_CAKE_TIN_STATS_DROPPED_PACKETS, "drops", "drops", shape::count},
    {TCA_CAKE_TIN_STATS_ECN_MARKED_PACKETS, "ecn_mark", "marks", shape::count},
    {TCA_CAKE_TIN_STATS_ACKS_DROPPED_PACKETS, "ack_drops", "ack_drop", shape::count},
    {TCA_CAKE_TIN_STATS_SPARSE_FLOWS, "sparse_flows", "sp_flows", shape::count},
    {TCA_CAKE_TIN_STATS_BULK_FLOWS, "bulk_flows", "bk_flows", shape::count},
    {TCA_CAKE_TIN_STATS_UNRESPONSIVE_FLOWS, "unresponsive_flows", "un_flows", shape::count},
    {TCA_CAKE_TIN_STATS_MAX_SKBLEN, "max_pkt_len", "max_len", shape::count},
    {TCA_CAKE_TIN_STATS_FLOW_QUANTUM, "flow_quantum", "quantum", shape::count},
};

/// The order of the lines in the text.
constexpr std::string_view tin_lines[] = {
    "thresh",   "target",   "interval", "pk_delay", "av_delay", "sp_delay", "backlog",
    "pkts",     "bytes",    "way_inds", "way_miss", "way_cols", "drops",    "marks",
    "ack_drop", "sp_flows", "bk_flows", "un_flows", "max_len",  "quantum"};
static_assert(std::size(tin_lines) == std::size(tin_rows));

std::uint64_t wide_number(const attribute& a) {
  if (const auto wide = a.number<std::uint64_t>()) return *wide;
  return a.number<std::uint32_t>().value_or(0);
}

std::string cell(const tin_row& row, const attributes_of& tin) {
  const attribute* a = tin.find(row.type);
  if (a == nullptr) return {};
  const std::uint64_t value = wide_number(*a);
  switch (row.as) {
    case shape::rate:
      return rate_text(value);
    case shape::size:
      return size_text(static_cast<std::uint32_t>(value));
    case shape::microseconds:
      return microseconds_text(value);
    default:
      return std::to_string(value);
  }
}

void write_tin_table(show_writer& out, const std::vector<attributes_of>& tins) {
  std::string head = fmt::format("\n{:10}", "");
  for (std::size_t i = 0; i < tins.size(); ++i) {
    constexpr std::string_view three[] = {"Bulk", "Best Effort", "Voice"};
    constexpr std::string_view four[] = {"Bulk", "Best Effort", "Video", "Voice"};
    const std::string name = tins.size() == 3   ? std::string(three[i])
                             : tins.size() == 4 ? std::string(four[i])
                                                : fmt::format("Tin {}", i);
    head += fmt::format(" {:>12}", name);
  }
  out.text(head);
  for (const std::string_view label : tin_lines) {
    const auto* row = std::find_if(std::begin(tin_rows), std::end(tin_rows),
                                   [&](const tin_row& r) { return r.label == label; });
    if (tins.front().find(row->type) == nullptr) continue;
    std::string line = fmt::format("\n  {:8}", label);
    for (const attributes_of& tin : tins) line += fmt::format(" {:>12}", cell(*row, tin));
    out.text(line);
  }
}

void show_tins(show_writer& out, const attribute& nest) {
  std::vector<attributes_of> tins;
  attribute_reader in(nest.data);
  for (attribute tin; in.next(tin);) tins.emplace_back(tin.data);
  if (tins.empty()) return;
  out.open_list("tins");
  for (const attributes_of& tin : tins) {
    out.open();
    for (const tin_row& row : tin_rows) {
      if (const attribute* a = tin.find(row.type)) out.member(row.key, wide_number(*a));
    }
    out.close();
  }
  out.close_list();
  write_tin_table(out, tins);
}

}  // namespace

void show_cake(show_writer& out, const_bytes bytes, const extent&) {
  const attributes_of cake(bytes);
  const auto number = [&](std::uint16_t type) { return cake.number(type).value_or(0); };
  show_bandwidth(out, cake);
  if (const std::uint32_t automatic = number(TCA_CAKE_AUTORATE)) {
    out.string("autorate", "", automatic == 1 ? "autorate-ingress" : "unknown");
  }
  show_choice(out, "diffserv", traffic_classes, cake.number(TCA_CAKE_DIFFSERV_MODE));
  show_choice(out, "flowmode", isolations, cake.number(TCA_CAKE_FLOW_MODE));
  show_either(out, "nat", number(TCA_CAKE_NAT) != 0, "nat", "nonat");
  show_either(out, "wash", number(TCA_CAKE_WASH) != 0, "wash", "nowash");
  show_either(out, "ingress", number(TCA_CAKE_INGRESS) != 0, "ingress", "");
  show_acknowledgements(out, number(TCA_CAKE_ACK_FILTER));
  show_either(out, "split_gso", number(TCA_CAKE_SPLIT_GSO) != 0, "split-gso", "no-split-gso");
  show_time(out, "rtt", number(TCA_CAKE_RTT));
  show_framing(out, cake);
  if (const std::uint32_t least = number(TCA_CAKE_MPU)) show_number(out, "mpu", least);
  if (const std::uint32_t memory = number(TCA_CAKE_MEMORY)) show_size(out, "memlimit", memory);
  const std::uint32_t mark = number(TCA_CAKE_FWMARK);
  if (mark != 0 || out.json()) out.hexadecimal("fwmark", "fwmark ", mark);
}

void count_cake(show_writer& out, const_bytes bytes) {
  const attributes_of counts(bytes);
  const auto number = [&](std::uint16_t type) { return counts.number(type).value_or(0); };
  const std::uint32_t used = number(TCA_CAKE_STATS_MEMORY_USED);
  const std::uint32_t most = number(TCA_CAKE_STATS_MEMORY_LIMIT);
  out.text(fmt::format("memory used: {} of {}\n ", size_text(used), size_text(most)));
  out.member("memory_used", used);
  out.member("memory_limit", most);
  const std::uint64_t capacity = counts.rate(TCA_CAKE_STATS_CAPACITY_ESTIMATE64, 0);
  out.member("capacity_estimate", capacity);
  out.text(fmt::format("capacity estimate: {}\n ", rate_text(capacity)));
  out.number("min_network_size", "min/max network layer size: ", number(TCA_CAKE_STATS_MIN_NETLEN));
  out.number("max_network_size", "/ ", number(TCA_CAKE_STATS_MAX_NETLEN), "\n ");
  out.number("min_adj_size", "min/max overhead-adjusted size: ", number(TCA_CAKE_STATS_MIN_ADJLEN));
  out.number("max_adj_size", "/ ", number(TCA_CAKE_STATS_MAX_ADJLEN), "\n ");
  out.number("avg_hdr_offset", "average network hdr offset: ", number(TCA_CAKE_STATS_AVG_NETOFF),
             "\n");
  if (const attribute* tins = counts.find(TCA_CAKE_STATS_TIN_STATS)) show_tins(out, *tins);
}

}  // namespace trivet::tool
