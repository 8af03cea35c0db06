// trivet netlink monitor --all-nsid.
#include <fmt/core.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "tools/trivet/context.h"
#include "tools/trivet/netlink_hearing.h"
#include "tools/trivet/netlink_monitor_namespaces.h"
#include "tools/trivet/stream.h"
#include "trivet/netlink/namespace_listener.h"
#include "trivet/netlink/route/namespace_id.h"

namespace trivet::tool {
namespace {

using netlink::message_view;
using nsid = std::optional<std::int32_t>;

class heard_printer {
 public:
  heard_printer(context& ctx, event_style style)
      : ctx_(ctx),
        style_(std::move(style)),
        kernel_(ctx.open([] { return netlink::client(NETLINK_ROUTE); })) {
    style_.stateless = true;
    losses_ = std::make_unique<event_printer>(ctx_, style_);
    style_.numbered = true;
  }

  void print(nsid where, const message_view& message) {
    if (message.type() != RTM_NEWNSID && message.type() != RTM_DELNSID) {
      return printer_of(where).print_heard(message);
    }
    const auto number = netlink::rtnl::namespace_id::decode(message);
    // Of others' numbers nothing is printed.
    if (where || !number || number->id.value_or(-1) < 0) return;
    if (message.type() == RTM_DELNSID) {
      say(printer_of(number->id), "vanished", ink::removed);
      forget(number->id);
      known_.erase(number->id);
      return;
    }
    // What is known of links is that of the namespace that had the number before.
    forget(number->id);
    known_.erase(number->id);
    say(printer_of(number->id), "appeared", ink::added);
  }

  // All namespaces share the room that there was none in: numbers may have changed hands, and links
  // their names.
  void print_loss(std::uint32_t count) {
    while (!printers_.empty()) forget(printers_.begin()->first);
    netlink::event event;
    event.kind = netlink::event_kind::overrun;
    event.lost = count;
    losses_->print(event);
  }

  [[nodiscard]] std::string summary() const {
    event_counts sum = ended_;
    sum += losses_->counts();
    for (const auto& [where, printer] : printers_) sum += printer->counts();
    return fmt::format("{}; {} namespace{}", sum.summary(style_.shown), heard_,
                       heard_ == 1 ? "" : "s");
  }

 private:
  static void say(event_printer& printer, std::string_view word, ink color) {
    printer.print_netns(word, color, "", [](show_writer& /*nothing is known of it*/) {});
  }

  // What is known of its links; they are asked for anew.
  void forget(nsid where) {
    const auto found = printers_.find(where);
    if (found == printers_.end()) return;
    ended_ += found->second->counts();
    printers_.erase(found);
  }

  event_printer& printer_of(nsid where) {
    auto& printer = printers_[where];
    if (!printer) {
      heard_ += known_.insert(where).second ? 1 : 0;
      event_style style = style_;
      style.nsid = where;
      printer = std::make_unique<event_printer>(ctx_, style);
      learn_names(where, *printer);
    }
    return *printer;
  }

  // Where it may not be asked, links go by their numbers until they are heard of.
  void learn_names(nsid where, event_printer& printer) {
    const auto learn = [&](const netlink::rtnl::link& link) { printer.learn_name(link); };
    if (where) {
      (void)netlink::dump_links(kernel_, *where, learn);
      return;
    }
    netlink::message_builder request(RTM_GETLINK);
    request.structure(::ifinfomsg{});
    (void)kernel_.dump(request,
                       [&](const message_view& message) {
                         const auto link = netlink::rtnl::link::decode(message);
                         if (link) learn(*link);
                       },
                       {.attempts = 4});
  }

  context& ctx_;
  event_style style_;
  netlink::client kernel_;
  std::unique_ptr<event_printer> losses_;
  std::map<nsid, std::unique_ptr<event_printer>> printers_;
  event_counts ended_;     // of printers that are no more
  std::set<nsid> known_;   // namespaces that were heard of, by the numbers that they have now
  std::size_t heard_ = 0;  // namespaces
};

}  // namespace

void listen_namespaces(context& ctx, const stop_signal& stop, netlink::objects what,
                       int receive_buffer, event_style style) {
  auto kernel = ctx.open([&] { return netlink::namespace_listener(what, receive_buffer); });
  heard_printer printer(ctx, std::move(style));
  using result = netlink::namespace_listener::result;
  const auto read = [&](std::size_t at_most) {
    // The place of a loss is not left behind: nothing may come for long.
    for (std::size_t count = 0; count < at_most || kernel.is_losing(); ++count) {
      const result got = kernel.next(
          deadline::immediate(),
          [&](nsid where, const message_view& message) { printer.print(where, message); });
      if (got == result::nothing) return count;
      if (got == result::lost) printer.print_loss(kernel.lost());
    }
    return at_most;
  };
  hear_until_stopped(ctx, stop,
                     {kernel.native_handle(), read, [&] { return kernel.most_waiting(); }});
  const std::uint32_t untold = kernel.untold();
  if (untold > 0 || kernel.is_losing()) printer.print_loss(untold);
  end_stream(ctx, printer.summary());
}

}  // namespace trivet::tool
