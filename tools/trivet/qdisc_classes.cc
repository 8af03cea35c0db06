// The kinds that map priorities to the queues of a device, or send by the clock: mqprio, taprio
// and etf.
#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_units.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;
using netlink::attribute_reader;

namespace {

std::string_view clock_name(std::int32_t clock) {
  switch (clock) {
    case CLOCK_REALTIME:
      return "REALTIME";
    case CLOCK_MONOTONIC:
      return "MONOTONIC";
    case CLOCK_BOOTTIME:
      return "BOOTTIME";
    case CLOCK_TAI:
      return "TAI";
    default:
      return "invalid";
  }
}

/// How many of the classes are in the arrays.
unsigned classes_of(const ::tc_mqprio_qopt& map) {
  return std::min<unsigned>(map.num_tc, TC_QOPT_MAX_QUEUE);
}

void show_rates(show_writer& out, std::string_view key, const attribute* nest, unsigned classes) {
  if (nest == nullptr) return;
  std::vector<std::uint64_t> rates;
  attribute_reader in(nest->data);
  for (attribute one; in.next(one);) rates.push_back(one.number<std::uint64_t>().value_or(0));
  rates.resize(classes);
  out.open_list(key);
  out.text(fmt::format("\t{}:", key));
  for (const std::uint64_t rate : rates) {
    out.member("", rate);
    out.text(fmt::format("{} ", rate_text(rate)));
  }
  out.close_list();
}

void show_schedule_entries(show_writer& out, const attribute& list) {
  out.open_list("schedule");
  attribute_reader in(list.data);
  for (attribute one; in.next(one);) {
    const attributes_of entry(one.data);
    const auto number = [&](std::uint16_t type) { return entry.number(type).value_or(0); };
    const attribute* const command = entry.find(TCA_TAPRIO_SCHED_ENTRY_CMD);
    const std::uint8_t what = command == nullptr ? 0 : command->number<std::uint8_t>().value_or(0);
    out.open();
    out.number("index", "\n\tindex ", number(TCA_TAPRIO_SCHED_ENTRY_INDEX));
    out.string("cmd", "cmd ", what == TC_TAPRIO_CMD_SET_GATES ? "S" : "Invalid");
    out.hexadecimal("gatemask", "gatemask ", number(TCA_TAPRIO_SCHED_ENTRY_GATE_MASK));
    out.number("interval", "interval ", number(TCA_TAPRIO_SCHED_ENTRY_INTERVAL), "");
    out.close();
  }
  out.close_list();
}

/// Times are nanoseconds.
void show_schedule(show_writer& out, const attributes_of& schedule) {
  const auto time = [&](std::uint16_t type) -> std::int64_t {
    const attribute* a = schedule.find(type);
    return a == nullptr ? 0 : a->number<std::int64_t>().value_or(0);
  };
  out.number("base_time", "\tbase-time ", time(TCA_TAPRIO_ATTR_SCHED_BASE_TIME));
  out.number("cycle_time", "cycle-time ", time(TCA_TAPRIO_ATTR_SCHED_CYCLE_TIME));
  out.number("cycle_time_extension", "cycle-time-extension ",
             time(TCA_TAPRIO_ATTR_SCHED_CYCLE_TIME_EXTENSION), "");
  if (const attribute* list = schedule.find(TCA_TAPRIO_ATTR_SCHED_ENTRY_LIST)) {
    show_schedule_entries(out, *list);
  }
}

}  // namespace

void show_class_queues(show_writer& out, const_bytes bytes, const extent&) {
  const auto map = load_padded<::tc_mqprio_qopt>(bytes);
  const unsigned classes = classes_of(map);
  out.number("tc", "tc ", unsigned{map.num_tc});
  out.open_list("map");
  out.text("map ");
  for (const std::uint8_t one : map.prio_tc_map) out.number("", "", unsigned{one});
  out.close_list();
  constexpr std::string_view line = "\n             ";
  out.open_list("queues");
  out.text(fmt::format("{}queues:", line));
  for (unsigned i = 0; i < classes; ++i) {
    out.open_list();
    out.number("", "(", unsigned{map.offset[i]}, ":");
    out.number("", "", unsigned{map.offset[i]} + map.count[i] - 1, ") ");
    out.close_list();
  }
  out.close_list();
  const const_bytes rest =
      bytes.subspan(std::min(bytes.size(), netlink::align4(sizeof(::tc_mqprio_qopt))));
  if (rest.empty()) return;
  const attributes_of more(rest);
  // What is told is what differs from the default; what is not told is the default.
  const auto choice = [&](std::uint16_t type, std::string_view key, std::uint16_t other,
                          std::string_view name) {
    const attribute* a = more.find(type);
    if (a != nullptr && a->number<std::uint16_t>() != other) return;
    out.string(key, fmt::format("{}{}:", line, key), a == nullptr ? "dcb" : name, "");
  };
  choice(TCA_MQPRIO_MODE, "mode", TC_MQPRIO_MODE_CHANNEL, "channel");
  choice(TCA_MQPRIO_SHAPER, "shaper", TC_MQPRIO_SHAPER_BW_RATE, "bw_rlimit");
  show_rates(out, "min_rate", more.find(TCA_MQPRIO_MIN_RATE64), classes);
  show_rates(out, "max_rate", more.find(TCA_MQPRIO_MAX_RATE64), classes);
}

void show_gates(show_writer& out, const_bytes bytes, const extent&) {
  const attributes_of taprio(bytes);
  const auto map = taprio.structure<::tc_mqprio_qopt>(TCA_TAPRIO_ATTR_PRIOMAP);
  out.number("tc", "tc ", unsigned{map.num_tc});
  out.open_list("map");
  out.text("map");
  for (const std::uint8_t one : map.prio_tc_map) out.number("", " ", unsigned{one}, "");
  out.close_list();
  out.open_list("queues");
  out.text("\nqueues");
  for (unsigned i = 0; i < classes_of(map); ++i) {
    out.open();
    out.number("offset", " offset ", unsigned{map.offset[i]}, "");
    out.number("count", " count ", unsigned{map.count[i]}, "");
    out.close();
  }
  out.close_list();
  // The hardware's own clock has no number.
  constexpr std::uint32_t no_clock = all_bits;
  const std::uint32_t clock = taprio.number(TCA_TAPRIO_ATTR_SCHED_CLOCKID).value_or(no_clock);
  out.string("clockid", "\nclockid ", clock_name(static_cast<std::int32_t>(clock)), "");
  if (const auto flags = taprio.number(TCA_TAPRIO_ATTR_FLAGS)) {
    out.hexadecimal("flags", " flags ", *flags, "");
  }
  if (const auto delay = taprio.number(TCA_TAPRIO_ATTR_TXTIME_DELAY)) {
    out.number("txtime_delay", " txtime delay ", *delay, "");
  }
  show_schedule(out, taprio);
  if (const attribute* next = taprio.find(TCA_TAPRIO_ATTR_ADMIN_SCHED)) {
    out.open("admin");
    out.text("\n");
    show_schedule(out, attributes_of(next->data));
    out.close();
  }
}

void show_earliest_first(show_writer& out, const_bytes bytes, const extent&) {
  const attributes_of attributes(bytes);
  const attribute* parameters = attributes.find(TCA_ETF_PARMS);
  if (parameters == nullptr) return;
  const auto etf = parameters->structure<::tc_etf_qopt>();
  const auto choice = [&](std::string_view key, unsigned bit, std::string_view after) {
    out.string(key, fmt::format("{} ", key), (etf.flags & bit) == 0 ? "off" : "on", after);
  };
  out.string("clockid", "clockid ", clock_name(etf.clockid));
  out.number("delta", "delta ", etf.delta);
  choice("offload", TC_ETF_OFFLOAD_ON, " ");
  choice("deadline_mode", TC_ETF_DEADLINE_MODE_ON, " ");
  choice("skip_sock_check", TC_ETF_SKIP_SOCK_CHECK, "");
}

}  // namespace trivet::tool
