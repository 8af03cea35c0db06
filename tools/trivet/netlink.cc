// trivet netlink: links, addresses and routes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_conntrack.h"
#include "tools/trivet/netlink_genl.h"
#include "tools/trivet/netlink_print.h"
#include "tools/trivet/netlink_show.h"
#include "tools/trivet/netlink_sockets.h"
#include "tools/trivet/netlink_uevent.h"
#include "tools/trivet/netlink_write.h"
#include "tools/trivet/stream.h"
#include "trivet/netlink/monitor.h"

namespace trivet::tool {
namespace {

using netlink::objects;

constexpr help_text noun_help = {.summary = "watch links, addresses and routes",
                                 .examples = "trivet netlink monitor link route --initial\n"};

constexpr help_text monitor_help = {
    .summary = "print links, addresses and routes as they change",
    .details =
        "Subscribes, reads the present state and prints what becomes of it until it is\n"
        "stopped: one line for what is added, changed (old and new values) or removed.\n"
        "When the kernel loses events, 'overrun' says so; the state is read again, and the\n"
        "lines between 'resync begin' and 'resync end' are what differs. What the kernel\n"
        "changes without an event, as the routes of a link that goes down, is found as\n"
        "well. Without OBJECT all of link, addr and route are printed. Needs no privilege.\n"
        "\n"
        "JSON: the keys of 'ip -j', and event (present, added, changed, removed, overrun,\n"
        "resync_begin, resync_end), object and, with changed, old: the former values. With\n"
        "--timestamp also timestamp. The last line, with --table: {\"table\":{\"link\":[…],\n"
        "\"addr\":[…],\"route\":[…]}}.",
    .examples =
        "trivet netlink monitor\n"
        "trivet netlink monitor link route --initial\n"
        "trivet netlink monitor --netns blue addr\n"
        "# every route that goes, as it goes\n"
        "trivet netlink monitor route -j | jq -c 'select(.event == \"removed\") | .dst'\n"};

struct monitor_arguments {
  std::vector<std::string> objects;
  bool initial = false;
  bool table = false;
  bool timestamp = false;
  int receive_buffer = netlink::monitor_options{}.receive_buffer;
};

objects parse_objects(const std::vector<std::string>& words) {
  objects set = objects::none;
  for (const std::string& word : words) {
    if (word == "link") {
      set |= objects::link;
    } else if (word == "addr" || word == "address") {
      set |= objects::address;
    } else if (word == "route") {
      set |= objects::route;
    } else {
      throw usage_error(fmt::format("OBJECT: '{}' is none of link, addr, route", word));
    }
  }
  return netlink::any(set) ? set : objects::basic;
}

void monitor(context& ctx, const monitor_arguments& arguments) {
  const objects shown = parse_objects(arguments.objects);
  const stop_signal stop(ctx);
  // Links are told of in any case: the other objects are named after them.
  netlink::monitor_options options;
  options.what = shown | objects::link;
  options.receive_buffer = arguments.receive_buffer;
  auto kernel = ctx.open([&] { return netlink::monitor(options); });
  event_printer printer(ctx, shown, arguments.timestamp);
  if (arguments.initial) {
    printer.print_state(kernel.state());
  } else {
    printer.learn_names(kernel.state());
  }
  while (wait_readable(ctx, stop, kernel.native_handle(), kernel.wake_up()) != wake::stopped) {
    // Not all that there is: a stop is to be noticed also while events keep coming.
    for (int count = 0; count < 1024; ++count) {
      const auto event = kernel.next(deadline::immediate());
      if (!event) break;
      printer.print(*event);
    }
  }
  if (arguments.table) printer.print_table(kernel.state());
  end_stream(ctx, printer.summary());
}

}  // namespace

void add_netlink(CLI::App& app, context& ctx) {
  CLI::App& noun = add_noun(app, "netlink", noun_help);
  auto arguments = std::make_shared<monitor_arguments>();
  CLI::App& verb =
      add_verb(noun, ctx, "monitor", monitor_help, [&ctx, arguments] { monitor(ctx, *arguments); });
  verb.add_option("OBJECT", arguments->objects, "link, addr or route; all of them without it")
      ->type_name("{link,addr,route}")
      ->expected(0, 3);
  verb.add_flag("--initial", arguments->initial, "print the present state first");
  verb.add_flag("--table", arguments->table, "print the state at the end");
  verb.add_flag("--timestamp", arguments->timestamp, "say in each line when it was printed");
  verb.add_option("--receive-buffer", arguments->receive_buffer,
                  "memory for events that wait, beyond net.core.rmem_max as root")
      ->type_name("BYTES")
      ->check(CLI::Range(1, 1 << 30))
      ->capture_default_str();
  add_netlink_conntrack(noun, ctx);
  add_netlink_genl(noun, ctx);
  add_netlink_sockets(noun, ctx);
  add_netlink_uevent(noun, ctx);
  add_netlink_show(noun, ctx);
  add_netlink_write(noun, ctx);
}

}  // namespace trivet::tool
