#include "tools/trivet/qdisc_values.h"

#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "tools/trivet/qdisc_units.h"

namespace trivet::tool {

using netlink::attribute;
using netlink::attribute_reader;

attributes_of::attributes_of(const_bytes bytes) {
  attribute_reader in(bytes);
  for (attribute a; in.next(a);) found_[a.type] = a;
}

const attribute* attributes_of::find(std::uint16_t type) const {
  const auto at = found_.find(type);
  return at == found_.end() ? nullptr : &at->second;
}

std::optional<std::uint32_t> attributes_of::number(std::uint16_t type) const {
  const attribute* a = find(type);
  return a == nullptr ? std::nullopt : a->number<std::uint32_t>();
}

std::optional<std::uint64_t> attributes_of::wide_number(std::uint16_t type) const {
  const attribute* a = find(type);
  return a == nullptr ? std::nullopt : a->number<std::uint64_t>();
}

std::uint64_t attributes_of::rate(std::uint16_t wide, std::uint32_t narrow) const {
  return wide_number(wide).value_or(narrow);
}

void show_size(show_writer& out, std::string_view key, std::uint32_t bytes) {
  out.member(key, bytes);
  out.text(fmt::format("{} {} ", key, size_text(bytes)));
}
void show_time(show_writer& out, std::string_view key, std::uint64_t microseconds) {
  out.member(key, microseconds);
  out.text(fmt::format("{} {} ", key, microseconds_text(microseconds)));
}
void show_long_time(show_writer& out, std::string_view key, std::uint64_t nanoseconds) {
  out.member(key, nanoseconds);
  out.text(fmt::format("{} {} ", key, nanoseconds_text(nanoseconds)));
}
void show_rate(show_writer& out, std::string_view key, std::uint64_t bytes_per_second) {
  out.member(key, bytes_per_second);
  out.text(fmt::format("{} {} ", key, rate_text(bytes_per_second)));
}
void show_number(show_writer& out, std::string_view key, std::uint64_t value,
                 std::string_view unit) {
  out.member(key, value);
  out.text(fmt::format("{} {}{} ", key, value, unit));
}
void show_real(show_writer& out, std::string_view key, double value) {
  const std::string digits = fmt::format("{:g}", value);
  out.literal(key, digits);
  out.text(fmt::format("{} {} ", key, digits));
}
void show_signed_time(show_writer& out, std::string_view key, std::int32_t microseconds) {
  out.member(key, microseconds);
  const auto size = static_cast<std::uint32_t>(std::abs(std::int64_t{microseconds}));
  out.text(fmt::format("{} {}{} ", key, microseconds < 0 ? "-" : "", microseconds_text(size)));
}

void show_marking(show_writer& out, unsigned flags) {
  constexpr struct {
    unsigned bit;
    std::string_view key;
  } all[] = {{TC_RED_ECN, "ecn"},
             {TC_RED_HARDDROP, "harddrop"},
             {TC_RED_ADAPTATIVE, "adaptive"},
             {TC_RED_NODROP, "nodrop"}};
  for (const auto& [bit, key] : all) {
    const bool set = (flags & bit) != 0;
    out.member(key, set);
    if (set) out.text(fmt::format("{} ", key));
  }
}

void show_average(show_writer& out, const average_of_queue& red) {
  show_number(out, "ewma", red.weight);
  if (red.most) {
    show_real(out, "probability", *red.most / std::pow(2, 32));
  } else {
    show_number(out, "Plog", red.probability_factor);
  }
  show_number(out, "Scell_log", red.cell);
}

namespace {

void show_row(show_writer& out, const number_row& row, const attributes_of& attributes) {
  const auto value = attributes.number(row.type);
  if (!value || value == row.unset) return;
  switch (row.as) {
    case shape::count:
      return show_number(out, row.key, *value);
    case shape::packets:
      return show_number(out, row.key, *value, "p");
    case shape::size:
      return show_size(out, row.key, *value);
    case shape::microseconds:
      return show_time(out, row.key, *value);
    case shape::nanoseconds:
      return show_long_time(out, row.key, *value);
    case shape::rate:
      return show_rate(out, row.key, *value);
    case shape::flag:
      return out.yes(row.key, fmt::format("{} ", row.key), *value != 0);
    case shape::power:
      return show_number(out, row.key, std::uint64_t{1} << (*value & 63U));
  }
}

}  // namespace

void show_rows(show_writer& out, std::span<const number_row> rows,
               const attributes_of& attributes) {
  for (const number_row& row : rows) show_row(out, row, attributes);
}

}  // namespace trivet::tool
