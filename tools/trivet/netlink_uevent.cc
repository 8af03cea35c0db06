#include "tools/trivet/netlink_uevent.h"

#include <fmt/core.h>
#include <linux/netlink.h>

#include <cerrno>
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/json.h"
#include "tools/trivet/options.h"
#include "tools/trivet/stream.h"
#include "tools/trivet/text.h"
#include "trivet/base/message.h"
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
        "SUBSYSTEM, SEQNUM …); {\"event\":\"overrun\"} where events were lost.",
    .examples =
        "trivet netlink uevent\n"
        "trivet netlink uevent --properties --netns blue\n"
        "# network devices by name\n"
        "trivet netlink uevent -j | jq -r '.properties | .INTERFACE // empty'\n"};

struct uevent_arguments {
  bool udev = false;
  bool properties = false;
};

class printer {
 public:
  printer(context& ctx, const uevent_arguments& arguments) : ctx_(ctx), arguments_(arguments) {}

  void take(const message<netlink::address>& got) {
    // Only the kernel has port 0; only root may send to these groups from another.
    const auto event = got.truncated() ? std::nullopt : uevent::decode(got.data);
    if (!event || event->from_udev != (got.from.pid() != 0)) {
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

  void overran() {
    ++overruns_;
    ctx_.out.line(ctx_.json ? R"({"event":"overrun"})"
                            : ctx_.paint(ink::warning, "overrun: events were lost"));
  }

  [[nodiscard]] std::string summary() const {
    std::string text = fmt::format("{} event{}", count_, count_ == 1 ? "" : "s");
    if (overruns_ > 0) text += fmt::format(", {} overruns", overruns_);
    if (passed_over_ > 0) text += fmt::format(", {} messages that are none", passed_over_);
    return text;
  }

 private:
  void print_text(const uevent& event) {
    const std::string* const subsystem = event.find("SUBSYSTEM");
    ctx_.out.line(fmt::format("{:<6} {:<8} {}{}", event.from_udev ? "udev" : "kernel",
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
    json.key("properties").begin_object();
    for (const auto& [name, value] : event.properties) {
      json.member(valid_utf8(name), valid_utf8(value));
    }
    json.end_object().end_object();
    ctx_.out.line(json.take());
  }

  context& ctx_;
  const uevent_arguments& arguments_;
  std::uint64_t count_ = 0;
  std::uint64_t overruns_ = 0;
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
  socket.set_blocking(false);
  return socket;
}

void watch(context& ctx, const uevent_arguments& arguments) {
  const stop_signal stop(ctx);
  netlink::socket socket = ctx.open([&] { return open(arguments); });
  printer out(ctx, arguments);
  print_error_line("listening");
  while (wait_readable(ctx, stop, socket.native_handle()) != wake::stopped) {
    try {
      out.take(socket.receive_message());
    } catch (const would_block&) {
      continue;
    } catch (const socket_error& error) {
      if (!netlink::tells_of_loss(error.code())) throw;
      out.overran();
    }
  }
  end_stream(ctx, out.summary());
}

}  // namespace

void add_netlink_uevent(CLI::App& noun, context& ctx) {
  auto arguments = std::make_shared<uevent_arguments>();
  CLI::App& verb =
      add_verb(noun, ctx, "uevent", help, [&ctx, arguments] { watch(ctx, *arguments); });
  add_flag(verb, "--udev", arguments->udev, "also what udev sends on");
  add_flag(verb, "--properties", arguments->properties, "print all properties below the line");
}

}  // namespace trivet::tool
