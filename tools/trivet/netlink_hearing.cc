#include "tools/trivet/netlink_hearing.h"

#include <fmt/core.h>

#include <algorithm>

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

void hear_until_stopped(context& ctx, const stop_signal& stop, const heard_source& from) {
  while (wait_readable(ctx, stop, from.fd) != wake::stopped) from.read(netlink::inbox::most);
  std::size_t left = from.most_waiting() + 1;  // and a loss
  while (left > 0) {
    const std::size_t got = from.read(std::min(left, netlink::inbox::most));
    if (got == 0) return;
    left -= std::min(left, got);
  }
}

void hear(context& ctx, const stop_signal& stop, netlink::socket& from, const hearer& to) {
  using netlink::inbox;
  using netlink::loss_meter;
  inbox heard(longest_heard);
  loss_meter losses;
  const auto read = [&](std::size_t at_most) -> std::size_t {
    std::size_t count = 1;
    switch (heard.receive(from, deadline::immediate(), losses.pending() ? 1 : at_most)) {
      case inbox::result::lost:
        losses.begin(from);
        break;
      case inbox::result::some:
        losses.read_one(from);
        count = heard.left();
        break;
      case inbox::result::nothing:
        losses.read_nothing(from);
        count = 0;
        break;
    }
    while (!heard.empty()) to.take(heard.take());
    if (losses.due()) to.lose(losses.take());
    return count;
  };
  print_error_line("listening");
  hear_until_stopped(ctx, stop,
                     {from.native_handle(), read, [&] { return loss_meter::most_waiting(from); }});
  const std::uint32_t untold = losses.untold(from);
  if (untold > 0 || losses.pending()) to.lose(untold);
}

}  // namespace trivet::tool
