#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/trivet/netlink_show_link.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::link;

/// One counter: where it stands in the table of the text, and its key.
struct counter {
  std::string_view key;
  std::uint64_t value;
  bool if_any = false;  ///< left out of JSON where it is zero
};

void put_members(show_writer& out, std::initializer_list<counter> counters) {
  for (const counter& c : counters) {
    if (!c.if_any || c.value != 0) out.member(c.key, c.value);
  }
}

void put_json(drawing& d, const ::rtnl_link_stats64& c, const link& l) {
  show_writer& out = d.out;
  const bool errors = d.options.statistics > 1;
  out.open("stats64");
  out.open("rx");
  put_members(out, {{"bytes", c.rx_bytes},
                    {"packets", c.rx_packets},
                    {"errors", c.rx_errors},
                    {"dropped", c.rx_dropped},
                    {"over_errors", c.rx_over_errors},
                    {"multicast", c.multicast},
                    {"compressed", c.rx_compressed, true}});
  if (errors) {
    put_members(out, {{"length_errors", c.rx_length_errors},
                      {"crc_errors", c.rx_crc_errors},
                      {"frame_errors", c.rx_frame_errors},
                      {"fifo_errors", c.rx_fifo_errors},
                      {"missed_errors", c.rx_missed_errors},
                      {"nohandler", c.rx_nohandler, true},
                      {"otherhost", c.rx_otherhost_dropped, true}});
  }
  out.close();
  out.open("tx");
  put_members(out, {{"bytes", c.tx_bytes},
                    {"packets", c.tx_packets},
                    {"errors", c.tx_errors},
                    {"dropped", c.tx_dropped},
                    {"carrier_errors", c.tx_carrier_errors},
                    {"collisions", c.collisions},
                    {"compressed", c.tx_compressed, true}});
  if (errors) {
    put_members(out, {{"aborted_errors", c.tx_aborted_errors},
                      {"fifo_errors", c.tx_fifo_errors},
                      {"window_errors", c.tx_window_errors},
                      {"heartbeat_errors", c.tx_heartbeat_errors}});
    if (l.carrier_changes) out.member("carrier_changes", *l.carrier_changes);
  }
  out.close();
  out.close();
}

/// A row of the table: a title with the names of its columns, and the values below them.
struct row {
  std::string_view title;
  std::vector<std::pair<std::string_view, std::uint64_t>> cells;  ///< the first without a value: ""
};

constexpr std::size_t compressed = 6;  ///< the place of that column in the first row of either way

constexpr std::array<std::size_t, 8> narrowest = {10, 7, 6, 7, 7, 7, 10, 9};

std::vector<row> rows_of(const ::rtnl_link_stats64& c, const link& l, bool errors) {
  std::vector<row> rows;
  rows.push_back({"RX:",
                  {{"bytes", c.rx_bytes},
                   {"packets", c.rx_packets},
                   {"errors", c.rx_errors},
                   {"dropped", c.rx_dropped},
                   {"missed", c.rx_missed_errors},
                   {"mcast", c.multicast}}});
  if (c.rx_compressed != 0) rows.back().cells.emplace_back("compressed", c.rx_compressed);
  if (errors) {
    rows.push_back({"RX errors:",
                    {{"", 0},
                     {"length", c.rx_length_errors},
                     {"crc", c.rx_crc_errors},
                     {"frame", c.rx_frame_errors},
                     {"fifo", c.rx_fifo_errors},
                     {"overrun", c.rx_over_errors}}});
    if (c.rx_nohandler != 0) rows.back().cells.emplace_back("nohandler", c.rx_nohandler);
    if (c.rx_otherhost_dropped != 0) {
      rows.back().cells.emplace_back("otherhost", c.rx_otherhost_dropped);
    }
  }
  rows.push_back({"TX:",
                  {{"bytes", c.tx_bytes},
                   {"packets", c.tx_packets},
                   {"errors", c.tx_errors},
                   {"dropped", c.tx_dropped},
                   {"carrier", c.tx_carrier_errors},
                   {"collsns", c.collisions}}});
  if (c.tx_compressed != 0) rows.back().cells.emplace_back("compressed", c.tx_compressed);
  if (errors) {
    rows.push_back({"TX errors:",
                    {{"", 0},
                     {"aborted", c.tx_aborted_errors},
                     {"fifo", c.tx_fifo_errors},
                     {"window", c.tx_window_errors},
                     {"heartbt", c.tx_heartbeat_errors}}});
    if (l.carrier_changes) rows.back().cells.emplace_back("transns", *l.carrier_changes);
  }
  return rows;
}

std::array<std::size_t, 8> widths_of(const std::vector<row>& rows) {
  std::array<std::size_t, 8> widths = narrowest;
  for (const row& r : rows) {
    for (std::size_t i = 0; i < r.cells.size(); ++i) {
      widths[i] = std::max(widths[i], fmt::formatted_size("{}", r.cells[i].second));
    }
  }
  return widths;
}

void put_text(drawing& d, const ::rtnl_link_stats64& c, const link& l) {
  const std::vector<row> rows = rows_of(c, l, d.options.statistics > 1);
  const auto widths = widths_of(rows);
  bool first = true;
  for (const row& r : rows) {
    if (!first) d.out.line_break();
    first = false;
    // The title takes its room from the first column.
    std::string head = fmt::format("    {}", r.title);
    std::string values = "    ";
    for (std::size_t i = 0; i < r.cells.size(); ++i) {
      const auto& [title, value] = r.cells[i];
      const std::size_t taken = i == 0 ? r.title.size() + 1 : 0;
      const std::size_t width = widths[i] - std::min(widths[i], taken);
      if (i > 0 || !title.empty()) {
        head += fmt::format(" {:>{}}", title, width);
        values += fmt::format("{:>{}} ", value, widths[i]);
      } else {
        head += fmt::format("{:>{}}", "", widths[i] - std::min(widths[i], r.title.size()));
        values += fmt::format("{:>{}}", "", widths[i] + 1);
      }
    }
    // ip(8) leaves the room of "compressed" at the end, where there is a column that may be it.
    if (r.cells.size() == compressed && !r.cells[0].first.empty()) {
      head += fmt::format(" {:{}}", "", widths[compressed]);
    }
    d.out.text(head);
    d.out.line_break();
    d.out.text(values);
  }
}

}  // namespace

void show_link_statistics(drawing& d, const link& l) {
  if (!l.statistics) return;
  if (d.out.json()) {
    put_json(d, *l.statistics, l);
  } else {
    put_text(d, *l.statistics, l);
  }
}

}  // namespace trivet::tool
