#include "tools/trivet/netlink_hearing.h"

#include <fmt/core.h>

#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/json.h"
#include "tools/trivet/stream.h"
#include "trivet/netlink/loss_meter.h"

namespace trivet::tool {

std::string loss_count::add(std::uint32_t lost) {
  ++overruns_;
  lost_ += lost;
  return fmt::format("{} event{} lost", lost == 0 ? "some" : std::to_string(lost),
                     lost == 1 ? " was" : "s were");
}

std::string loss_count::summary() const {
  if (overruns_ == 0) return "";
  return fmt::format(", {} overrun{} ({} lost)", overruns_, overruns_ == 1 ? "" : "s", lost_);
}

std::string overrun_json(std::uint32_t lost, std::string_view stamp) {
  json_writer json;
  json.begin_object().member("event", "overrun");
  if (!stamp.empty()) json.member("timestamp", stamp);
  return json.member("lost", lost).end_object().take();
}

void hear(context& ctx, const stop_signal& stop, netlink::socket& from, const hearer& to) {
  using netlink::inbox;
  inbox heard(longest_heard);
  netlink::loss_meter losses;
  // @return whether there was anything
  const auto read = [&] {
    const auto got = heard.receive(from, deadline::immediate(), losses.pending() ? 1 : inbox::most);
    switch (got) {
      case inbox::result::nothing:
        losses.read_nothing();
        break;
      case inbox::result::some:
        while (!heard.empty()) to.take(heard.take());
        losses.read_one(from);
        break;
      case inbox::result::lost:
        losses.begin(from);
        break;
    }
    if (losses.due()) to.lose(losses.take(from));
    return got != inbox::result::nothing;
  };
  print_error_line("listening");
  while (wait_readable(ctx, stop, from.native_handle()) != wake::stopped) read();
  // What waits was there before the end; reads may be of one datagram each, and of a loss.
  for (std::uint32_t left = netlink::loss_meter::most_waiting(from) + 2; left > 0 && read();)
    --left;
  if (const std::uint32_t untold = losses.take(from); untold > 0) to.lose(untold);
}

}  // namespace trivet::tool
