#include "tools/trivet/netlink_monitor_namespaces.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "tools/trivet/context.h"
#include "tools/trivet/stream.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

using kind = netlink::namespace_event_kind;
using netlink::monitored_namespace;
using netlink::namespace_event;

/// Prints the events of each namespace by a printer of its own: numbers of links mean something
/// else in each.
class namespaces_printer {
 public:
  namespaces_printer(context& ctx, const namespaces_request& request,
                     const netlink::namespace_monitor& kernel)
      : ctx_(ctx), request_(request), kernel_(kernel) {}

  /// The beginning.
  void begin() {
    for (const auto& [where, state] : kernel_.spaces()) {
      event_printer& printer = printer_of(*where);
      if (state == nullptr) continue;  // an event says why
      if (request_.initial) {
        say(printer, "present", ink::faint, *where);
        printer.print_state(*state);
      } else {
        printer.learn_names(*state);
      }
    }
  }

  void print(const namespace_event& event) {
    event_printer& printer = printer_of(*event.where);
    switch (event.kind) {
      case kind::inside:
        printer.print(event.inside);
        break;
      case kind::appeared:
        ++appeared_;
        say(printer, "appeared", ink::added, *event.where);
        // All names first: a link may stand on one that comes after it.
        if (const netlink::table* state = kernel_.find(event.where->identity)) {
          printer.learn_names(*state);
        }
        break;
      case kind::vanished:
        ++vanished_;
        say(printer, "vanished", ink::removed, *event.where);
        forget(*event.where);
        break;
      case kind::renamed:
        print_renamed(printer, *event.where);
        break;
      case kind::failed:
        ++failed_;
        printer.print_netns("failed", ink::warning, event.problem, [&](show_writer& out) {
          write_members(out, *event.where);
          out.member("error", event.problem);
        });
        break;
    }
  }

  void print_tables() {
    auto spaces = kernel_.spaces();
    std::erase_if(spaces, [](const auto& space) { return space.state == nullptr; });
    std::sort(spaces.begin(), spaces.end(),
              [](const auto& a, const auto& b) { return a.where->label() < b.where->label(); });
    if (ctx_.json) {
      std::string text;
      for (const auto& [where, state] : spaces) {
        text += fmt::format("{}{}:{}", text.empty() ? "" : ",", quoted(where->label()),
                            printer_of(*where).table_document(*state));
      }
      ctx_.out.line(fmt::format("{{\"table\":{{{}}}}}", text));
      return;
    }
    for (const auto& [where, state] : spaces) {
      ctx_.out.line(fmt::format("netns: {}", ctx_.paint(ink::name, printable(where->label()))));
      event_printer& printer = printer_of(*where);
      printer.set_netns("");  // the heading has said it
      printer.print_table(*state);
      printer.set_netns(where->label());
    }
  }

  [[nodiscard]] std::string summary() const {
    event_counts sum = ended_;
    for (const auto& [identity, one] : printers_) sum += one.printer->counts();
    const std::size_t count = kernel_.spaces().size();
    return fmt::format("{}; {} namespace{} ({} appeared, {} vanished, {} failed)",
                       sum.summary(request_.style.shown), count, count == 1 ? "" : "s", appeared_,
                       vanished_, failed_);
  }

 private:
  struct entry {
    std::unique_ptr<event_printer> printer;
    std::string label;
  };

  event_printer& printer_of(const monitored_namespace& where) {
    entry& one = printers_[where.identity];
    if (!one.printer) {
      event_style style = request_.style;
      style.netns = one.label = where.label();
      one.printer = std::make_unique<event_printer>(ctx_, style);
    }
    return *one.printer;
  }

  void forget(const monitored_namespace& where) {
    const auto found = printers_.find(where.identity);
    if (found == printers_.end()) return;
    ended_ += found->second.printer->counts();
    printers_.erase(found);
  }

  /// As a JSON string: a name may hold whatever a file's may.
  static std::string quoted(const std::string& label) {
    show_writer out(palette(false), show_form::json);
    out.open_list();
    out.member("", label);
    out.close_list();
    const std::string list = out.take();
    return list.substr(1, list.size() - 2);
  }

  static void write_members(show_writer& out, const monitored_namespace& where) {
    if (where.id) out.member("id", *where.id);
    out.member("inode", where.identity.inode);
    // Of names none or several may lead to it.
    out.open_list("names");
    for (const std::string& name : where.names) out.member("", name);
    out.close_list();
  }

  static std::string text_of(const monitored_namespace& where) {
    std::string text = fmt::format("inode {}", where.identity.inode);
    if (where.id) text += fmt::format(" id {}", *where.id);
    if (where.own) text += " own";
    if (where.names.size() > 1) {
      text += " names";
      for (const std::string& name : where.names) text += " " + printable(name);
    }
    return text;
  }

  static void say(event_printer& printer, std::string_view word, ink color,
                  const monitored_namespace& where) {
    printer.print_netns(word, color, text_of(where),
                        [&](show_writer& out) { write_members(out, where); });
  }

  void print_renamed(event_printer& printer, const monitored_namespace& where) {
    std::string& label = printers_[where.identity].label;
    const std::string before = std::exchange(label, where.label());
    printer.set_netns(label);
    printer.print_netns("renamed", ink::changed,
                        before == label ? text_of(where)
                                        : fmt::format("{} → {}, {}", printable(before),
                                                      printable(label), text_of(where)),
                        [&](show_writer& out) {
                          write_members(out, where);
                          out.open("old");
                          if (before != label) out.member("netns", before);
                          out.close();
                        });
  }

  context& ctx_;
  const namespaces_request& request_;
  const netlink::namespace_monitor& kernel_;
  std::map<netlink::namespace_identity, entry> printers_;
  event_counts ended_;
  // Since the beginning.
  std::uint64_t appeared_ = 0;
  std::uint64_t vanished_ = 0;
  std::uint64_t failed_ = 0;
};

// Each namespace takes two descriptors, and 1024 is what many systems start with.
void raise_descriptor_limit() {
  ::rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void monitor_namespaces(context& ctx, const stop_signal& stop, const namespaces_request& request) {
  raise_descriptor_limit();
  netlink::namespace_monitor kernel(request.options);
  namespaces_printer printer(ctx, request, kernel);
  printer.begin();
  while (wait_readable(ctx, stop, kernel.native_handle(), kernel.wake_up()) != wake::stopped) {
    // Not all that there is: a stop is to be noticed also while events keep coming.
    for (int count = 0; count < 1024; ++count) {
      const auto event = kernel.next(deadline::immediate());
      if (!event) break;
      printer.print(*event);
    }
  }
  // The end is told in full, and the tables are what the kernel has now.
  kernel.catch_up(request.table ? netlink::objects::all : netlink::objects::none);
  while (kernel.pending() > 0) printer.print(*kernel.next(deadline::immediate()));
  if (request.table) printer.print_tables();
  end_stream(ctx, printer.summary());
}

}  // namespace trivet::tool
