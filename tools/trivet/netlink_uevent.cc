#include "tools/trivet/netlink_uevent.h"

#include <fmt/core.h>
#include <linux/netlink.h>

#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/json.h"
#include "tools/trivet/netlink_hearing.h"
#include "tools/trivet/options.h"
#include "tools/trivet/stream.h"
#include "tools/trivet/text.h"
#include "tools/trivet/time_text.h"
#include "trivet/base/so.h"
#include "trivet/netlink/socket.h"
#include "trivet/netlink/uevent.h"

namespace trivet::tool {
namespace {

using netlink::uevent;

constexpr help_text help = {
    .summary = "print device events as they happen",
    .details =
        "Prints what the kernel tells of its devices until it is stopped: one line for each\n"
        "that is added, removed, changed, moved, bound or unbound. Those of network devices\n"
        "are told in their own network namespace, all others in the first one. With --udev\n"
        "also what udev sends on once its rules have run. Events that were lost because\n"
        "nobody read them in time are said to be. Needs no privilege.\n"
        "\n"
        "JSON: source (kernel, udev) and properties, as they came (ACTION, DEVPATH,\n"
        "SUBSYSTEM, SEQNUM …), timestamp; where events were lost\n"
        "{\"event\":\"overrun\",\"lost\":N}.",
    .examples =
        "trivet netlink uevent\n"
        "trivet netlink uevent --properties --netns blue\n"
        "# network devices by name\n"
        "trivet netlink uevent -j | jq -r '.properties | .INTERFACE // empty'\n"};

struct uevent_arguments {
  bool udev = false;
  bool properties = false;
  bool timestamp = false;
};

class printer {
 public:
  printer(context& ctx, const uevent_arguments& arguments) : ctx_(ctx), arguments_(arguments) {}

  void take(const netlink::inbox::datagram& got) {
    // Only root may send to these groups, besides the kernel.
    const auto event = got.truncated ? std::nullopt : uevent::decode(got.bytes);
    if (!event || event->from_udev == got.from_kernel) {
      ++passed_over_;
      return;
    }
    ++count_;
    if (ctx_.json) {
      print_json(*event);
    } else {
      print_text(*event);
    }
  }

  void overran(std::uint32_t lost) {
    const std::string words = losses_.add(lost);
    if (ctx_.json) return ctx_.out.line(overrun_json(lost, time()));
    ctx_.out.line(stamp() + ctx_.paint(ink::warning, "overrun: " + words));
  }

  [[nodiscard]] std::string summary() const {
    std::string text = fmt::format("{} event{}", count_, count_ == 1 ? "" : "s");
    text += losses_.summary();
    if (passed_over_ > 0) text += fmt::format(", {} messages that are none", passed_over_);
    return text;
  }

 private:
  void print_text(const uevent& event) {
    const std::string* const subsystem = event.find("SUBSYSTEM");
    ctx_.out.line(fmt::format("{}{:<6} {:<8} {}{}", stamp(), event.from_udev ? "udev" : "kernel",
                              printable(event.action), printable(event.device_path),
                              subsystem ? " (" + printable(*subsystem) + ")" : ""));
    if (!arguments_.properties) return;
    for (const auto& [name, value] : event.properties) {
      ctx_.out.line("    " + printable(name) + "=" + printable(value));
    }
  }

  void print_json(const uevent& event) {
    json_writer json;
    json.begin_object().member("source", event.from_udev ? "udev" : "kernel");
    if (arguments_.timestamp) json.member("timestamp", time());
    json.key("properties").begin_object();
    for (const auto& [name, value] : event.properties) {
      json.member(valid_utf8(name), valid_utf8(value));
    }
    json.end_object().end_object();
    ctx_.out.line(json.take());
  }

  // Empty where nobody has asked for it.
  [[nodiscard]] std::string time() const {
    return arguments_.timestamp ? local_date_time(time_now()) : "";
  }
  [[nodiscard]] std::string stamp() const {
    return arguments_.timestamp ? fmt::format("[{}] ", time()) : "";
  }

  context& ctx_;
  const uevent_arguments& arguments_;
  std::uint64_t count_ = 0;
  loss_count losses_;
  std::uint64_t passed_over_ = 0;
};

netlink::socket open(const uevent_arguments& arguments) {
  netlink::socket socket(NETLINK_KOBJECT_UEVENT);
  constexpr int memory = 4 << 20;
  std::error_code ec;
  socket.set(so::rcvbufforce{memory}, ec);
  if (ec) socket.set(so::rcvbuf{memory});
  socket.bind(netlink::address());
  socket.join(netlink::uevent_group::kernel);
  if (arguments.udev) socket.join(netlink::uevent_group::udev);
  return socket;
}

void watch(context& ctx, const uevent_arguments& arguments) {
  const stop_signal stop(ctx);
  netlink::socket socket = ctx.open([&] { return open(arguments); });
  printer out(ctx, arguments);
  hear(ctx, stop, socket,
       {.take = [&](const netlink::inbox::datagram& got) { out.take(got); },
        .lose = [&](std::uint32_t lost) { out.overran(lost); }});
  end_stream(ctx, out.summary());
}

}  // namespace

void add_netlink_uevent(CLI::App& noun, context& ctx, const shared_options& options) {
  auto arguments = std::make_shared<uevent_arguments>();
  CLI::App& verb = add_verb(noun, ctx, "uevent", help, [&ctx, options, arguments] {
    arguments->timestamp |= options->timestamp;
    watch(ctx, *arguments);
  });
  add_flag(verb, "--udev", arguments->udev, "also what udev sends on");
  add_flag(verb, "--properties", arguments->properties, "print all properties below the line");
  add_flag(verb, "--timestamp", arguments->timestamp, "say in each line when it was printed");
}

}  // namespace trivet::tool
