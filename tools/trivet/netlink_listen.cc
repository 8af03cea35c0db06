// trivet netlink monitor --all-nsid.
#include <fmt/core.h>

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "tools/trivet/context.h"
#include "tools/trivet/netlink_monitor_namespaces.h"
#include "tools/trivet/stream.h"
#include "trivet/netlink/namespace_listener.h"

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
    style_.numbered = true;
  }

  void print(nsid where, const message_view& message) { printer_of(where).print_heard(message); }

  void print_loss() {
    netlink::event event;
    event.kind = netlink::event_kind::overrun;
    printer_of(std::nullopt).print(event);
  }

  [[nodiscard]] std::string summary() const {
    event_counts sum;
    for (const auto& [where, printer] : printers_) sum += printer->counts();
    return fmt::format("{}; {} namespace{}", sum.summary(style_.shown), printers_.size(),
                       printers_.size() == 1 ? "" : "s");
  }

 private:
  event_printer& printer_of(nsid where) {
    auto& printer = printers_[where];
    if (!printer) {
      event_style style = style_;
      style.nsid = where;
      printer = std::make_unique<event_printer>(ctx_, style);
      // Where it may not be asked, links go by their numbers until they are heard of.
      if (where) {
        (void)netlink::dump_links(
            kernel_, *where, [&](const netlink::rtnl::link& link) { printer->learn_name(link); });
      } else {
        netlink::message_builder request(RTM_GETLINK);
        request.structure(::ifinfomsg{});
        (void)kernel_.dump(request,
                           [&](const message_view& message) {
                             if (const auto link = netlink::rtnl::link::decode(message))
                               printer->learn_name(*link);
                           },
                           {.attempts = 4});
      }
    }
    return *printer;
  }

  context& ctx_;
  event_style style_;
  netlink::client kernel_;
  std::map<nsid, std::unique_ptr<event_printer>> printers_;
};

}  // namespace

void listen_namespaces(context& ctx, const stop_signal& stop, netlink::objects what,
                       int receive_buffer, event_style style) {
  auto kernel = ctx.open([&] { return netlink::namespace_listener(what, receive_buffer); });
  heard_printer printer(ctx, std::move(style));
  using result = netlink::namespace_listener::result;
  while (wait_readable(ctx, stop, kernel.native_handle()) != wake::stopped) {
    for (int count = 0; count < 1024; ++count) {
      const result got = kernel.next(
          deadline::immediate(),
          [&](nsid where, const message_view& message) { printer.print(where, message); });
      if (got == result::nothing) break;
      if (got == result::lost) printer.print_loss();
    }
  }
  end_stream(ctx, printer.summary());
}

}  // namespace trivet::tool
