#include "tools/trivet/netlink_monitor.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_monitor_namespaces.h"
#include "tools/trivet/netlink_print.h"
#include "tools/trivet/netlink_show.h"
#include "tools/trivet/options.h"
#include "tools/trivet/stream.h"
#include "trivet/netlink/monitor.h"

namespace trivet::tool {
namespace {

using netlink::objects;

constexpr help_text monitor_help = {
    .summary = "print links, addresses, routes and more as they change",
    .details =
        "Subscribes, reads the present state and prints what becomes of it until it is\n"
        "stopped: one line for what is added, changed (old and new values) or removed.\n"
        "When the kernel loses events, 'overrun' says so; the state is read again, and the\n"
        "lines between 'resync begin' and 'resync end' are what differs. What the kernel\n"
        "changes without an event, as the routes of a link that goes down, is found as\n"
        "well. Without OBJECT all of link, addr, route, neigh, rule and nexthop are printed.\n"
        "Needs no privilege.\n"
        "\n"
        "With --all-netns it does so in all network namespaces that have a name, now or\n"
        "later, and in the own one; each line says where. Lines with 'netns' tell of\n"
        "namespaces that appear, vanish, change their names or cannot be watched. Needs\n"
        "CAP_SYS_ADMIN for all but the own one. --all-nsid prints what one socket hears\n"
        "of those with a number in this one, new or removed, and knows no state of them.\n"
        "\n"
        "  dev NAME               what belongs to that link\n"
        "  table TABLE            routes of that table only; may be repeated: the kernel\n"
        "                         leaves the others out\n"
        "\n"
        "JSON: the keys of 'ip -j', and event (present, added, changed, removed, overrun,\n"
        "resync_begin, resync_end), object and, with changed, old: the former values. Rules\n"
        "have family. With --timestamp also timestamp. The last line, with --table:\n"
        "{\"table\":{\"link\":[…],\"addr\":[…],\"route\":[…],\"neigh\":[…],\"rule\":[…],\n"
        "\"nexthop\":[…]}}, addr as 'ip -j addr' nests it. With --all-netns also netns,\n"
        "and the table has an object for each: {\"table\":{\"blue\":{\"link\":[…],…},…}}.",
    .examples =
        "trivet netlink monitor\n"
        "trivet netlink monitor link route --initial\n"
        "trivet netlink monitor neigh dev eth0\n"
        "trivet netlink monitor --netns blue addr\n"
        "trivet netlink monitor --all-netns link --initial\n"
        "# every route that goes, as it goes\n"
        "trivet netlink monitor route -j | jq -c 'select(.event == \"removed\") | .dst'\n"};

struct monitor_arguments {
  std::vector<std::string> words;
  bool initial = false;
  bool table = false;
  bool timestamp = false;
  bool all_netns = false;
  bool all_nsid = false;
  double processes = 0;  // seconds
  int receive_buffer = netlink::monitor_options{}.receive_buffer;
  double reread = 30;  // seconds
};

/// What is watched.
struct monitor_selection {
  objects shown = objects::none;
  std::vector<std::uint32_t> tables;
  std::optional<std::string> device;
};

monitor_selection parse_selection(const std::vector<std::string>& list,
                                  const netlink::rtnl::names& names) {
  struct noun {
    std::string_view word;
    objects kinds;
  };
  constexpr noun nouns[] = {
      {"link", objects::link},   {"addr", objects::address},    {"address", objects::address},
      {"route", objects::route}, {"neigh", objects::neighbour}, {"neighbour", objects::neighbour},
      {"rule", objects::rule},   {"nexthop", objects::nexthop}, {"all", objects::all},
  };
  monitor_selection selection;
  selector_words words(list);
  while (!words.empty()) {
    if (words.skip("dev")) {
      selection.device = words.take("dev");
      continue;
    }
    if (words.skip("table")) {
      selection.tables.push_back(number_of("table", names.tables, words.take("table")));
      continue;
    }
    const std::string word = words.take("OBJECT");
    const auto* const known = std::find_if(std::begin(nouns), std::end(nouns),
                                           [&](const noun& n) { return n.word == word; });
    if (known == std::end(nouns)) {
      throw usage_error(fmt::format(
          "OBJECT: '{}' is none of link, addr, route, neigh, rule, nexthop, all", word));
    }
    selection.shown |= known->kinds;
  }
  if (!netlink::any(selection.shown)) selection.shown = objects::all;
  if (!selection.tables.empty() && !netlink::overlap(selection.shown, objects::route)) {
    throw usage_error("table: it chooses routes: without 'route' it chooses nothing");
  }
  return selection;
}

/// The kinds of one family: -4, -6, -f. Throws usage_error for options that show something else.
objects of_family(objects kinds, const netlink_options& options) {
  if (options.statistics > 0) throw usage_error("--statistics: counters change without an event");
  if (options.brief) {
    throw usage_error("--brief: its lines leave out what may change: run the monitor without it");
  }
  constexpr objects v4 =
      objects::address_v4 | objects::route_v4 | objects::neighbour_v4 | objects::rule_v4;
  constexpr objects v6 =
      objects::address_v6 | objects::route_v6 | objects::neighbour_v6 | objects::rule_v6;
  switch (options.family) {
    case AF_INET:
      return without(kinds, v6);
    case AF_INET6:
      return without(kinds, v4);
    case AF_MPLS:
      throw usage_error("--mpls: routes of MPLS are shown by 'route show' only");
    case AF_PACKET:
    case AF_BRIDGE:
      throw usage_error("-0, -B: name what is to be watched: 'link'");
    default:
      return kinds;
  }
}

// How long what is printed may rest where events come more often than that.
constexpr std::chrono::nanoseconds soon = std::chrono::milliseconds(1);
constexpr std::chrono::nanoseconds often = std::chrono::microseconds(100);

std::chrono::nanoseconds nanoseconds_of(double seconds) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(seconds));
}

void monitor(context& ctx, const monitor_arguments& arguments, const netlink_options& asked) {
  const monitor_selection selection =
      parse_selection(arguments.words, netlink::rtnl::names::system());
  const objects shown = of_family(selection.shown, asked);
  const stop_signal stop(ctx);
  // Links are told of in any case: the other objects are named after them; with -d, a route says
  // what its nexthop object is.
  netlink::monitor_options options;
  options.what = shown | objects::link;
  if (asked.details && netlink::overlap(shown, objects::route)) options.what |= objects::nexthop;
  options.tables = selection.tables;
  options.receive_buffer = arguments.receive_buffer;
  options.reread_links = nanoseconds_of(arguments.reread);
  const event_style style = {.shown = shown,
                             .device = selection.device,
                             .stamped = arguments.timestamp || asked.timestamp,
                             .details = asked.details,
                             .numeric = asked.numeric};
  if (arguments.all_nsid) {
    if (arguments.initial || arguments.table || !selection.tables.empty()) {
      throw usage_error("--all-nsid keeps no state: not with --initial, --table or a table");
    }
    return listen_namespaces(ctx, stop, options.what, arguments.receive_buffer, style);
  }
  if (arguments.all_netns) {
    if (ctx.netns) throw usage_error("--netns and --all-netns exclude each other");
    netlink::namespace_watch_options which;
    which.process_interval = nanoseconds_of(arguments.processes);
    return monitor_namespaces(ctx, stop,
                              {.options = {.each = options, .which = which},
                               .style = style,
                               .initial = arguments.initial,
                               .table = arguments.table});
  }
  auto kernel = ctx.open([&] { return netlink::monitor(options); });
  event_printer printer(ctx, style);
  if (arguments.initial) {
    printer.print_state(kernel.state());
  } else {
    printer.learn_names(kernel.state());
  }
  auto idle_since = deadline::clock::now();
  while (wait_readable(ctx, stop, kernel.native_handle(), kernel.wake_up()) != wake::stopped) {
    const bool many = deadline::clock::now() - idle_since < often;
    const deadline rest = many ? deadline::after(soon) : deadline::immediate();
    // Not all that there is: a stop is to be noticed also while events keep coming.
    for (int count = 0; count < 1024; ++count) {
      // Where they come often others are waited for, and printed with the same write(2).
      const auto event = kernel.next(rest);
      if (!event) break;
      printer.print(*event);
    }
    idle_since = deadline::clock::now();
  }
  // The end is told in full, and the table is what the kernel has now.
  kernel.catch_up(arguments.table ? objects::all : objects::none);
  while (kernel.pending() > 0) printer.print(*kernel.next(deadline::immediate()));
  if (arguments.table) printer.print_table(kernel.state());
  end_stream(ctx, printer.summary());
}

}  // namespace

void add_netlink_monitor(CLI::App& netlink, context& ctx, const shared_options& options) {
  auto arguments = std::make_shared<monitor_arguments>();
  CLI::App& verb = add_verb(netlink, ctx, "monitor", monitor_help,
                            [&ctx, arguments, options] { monitor(ctx, *arguments, *options); });
  add_option(verb, "OBJECT", arguments->words,
             "link, addr, route, neigh, rule, nexthop; all of them without it. "
             "dev NAME, table TABLE: only those")
      .type_name("{link,addr,route,neigh,rule,nexthop,dev NAME,table TABLE}")
      .expected(0, -1);
  add_flag(verb, "--initial", arguments->initial, "print the present state first");
  add_flag(verb, "--table", arguments->table, "print the state at the end");
  const option reread =
      add_option(verb, "--reread", arguments->reread,
                 "read links again that often (30), for what changes unheard; 0: never")
          .type_name("SECONDS")
          .range(0.0, 86400.0);
  const option all = add_flag(verb, "--all-netns", arguments->all_netns,
                              "in all network namespaces, also those that come");
  add_option(verb, "--processes", arguments->processes,
             "also in those of processes, for which /proc is searched that often")
      .type_name("SECONDS")
      .range(0.01, 86400.0)
      .needs(all);
  add_flag(verb, "--all-nsid", arguments->all_nsid,
           "what is heard from namespaces with a number here, without their state")
      .excludes(all)
      .excludes(reread);
  add_flag(verb, "--timestamp", arguments->timestamp, "say in each line when it was printed");
  add_option(verb, "--receive-buffer", arguments->receive_buffer,
             "memory for events that wait, beyond net.core.rmem_max as root")
      .type_name("BYTES")
      .range(1, 1 << 30);
}

}  // namespace trivet::tool
