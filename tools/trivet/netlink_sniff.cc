#include "tools/trivet/netlink_sniff.h"

#include <fmt/core.h>
#include <linux/netlink.h>

#include <memory>
#include <optional>
#include <string>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_decode_input.h"
#include "tools/trivet/netlink_decode_run.h"
#include "tools/trivet/nlmon_device.h"
#include "tools/trivet/options.h"
#include "tools/trivet/packet_capture.h"
#include "tools/trivet/stream.h"
#include "trivet/netlink/generic/controller.h"

namespace trivet::tool {
namespace {

constexpr help_text help = {
    .summary = "print the netlink messages of all programs, live",
    .details =
        "Captures on an nlmon device what the programs of a network namespace and the\n"
        "kernel say to each other, and prints it as `trivet netlink decode` does, until it\n"
        "is stopped. Without --dev the first nlmon device that is up is used; where there\n"
        "is none but those that other sniffers made, one is made and removed again at the\n"
        "end. An answer's line says which request it answers, how that ended and after what\n"
        "time.\n"
        "With -w the messages go to a pcapng file instead, which tshark and\n"
        "`trivet netlink decode` read.\n"
        "A notification is captured once for each socket that receives it. At the end,\n"
        "standard error tells what was captured, written and lost.\n"
        "\n"
        "JSON: as `trivet netlink decode -j`; {\"event\":\"lost\",\"count\":N} where N\n"
        "datagrams were lost.",
    .examples =
        "trivet netlink sniff\n"
        "trivet netlink sniff --netns blue -w blue.pcapng\n"
        "# what fails, and why\n"
        "trivet netlink sniff -j | jq -c 'select(.end.errno) | .end'\n"};

constexpr int linktype_netlink = 253;

/// What the kernel has now; later ones are learnt from what the controller says.
void learn_families(context& ctx, netlink::describer& words) {
  auto kernel = ctx.open([] { return netlink::client(NETLINK_GENERIC); });
  for (const auto& family : netlink::generic::list_families(kernel)) {
    if (family.id && family.name) {
      words.learn(*family.id, *family.name, family.header_size.value_or(0));
    }
  }
}

void check(const packet_capture_request& request, const std::optional<std::string>& device) {
  if (device && device->empty()) throw usage_error(fmt::format("--dev: {}", empty_word));
  if (request.file && request.file->empty()) {
    throw usage_error(fmt::format("--write: {}", empty_word));
  }
  if (request.print_too && request.file == "-") {
    throw usage_error("--print: standard output is taken by -w -");
  }
  if (request.count == 0) throw usage_error("--count: 1 or more");
}

void sniff(context& ctx, packet_capture_request request, const std::optional<std::string>& name) {
  check(request, name);
  // From here on a signal ends the capture and does not kill: the device is removed in any case.
  const stop_signal stop(ctx);
  message_run messages(ctx);
  learn_families(ctx, messages.words());
  std::optional<nlmon_device> device;
  if (name) {
    check_nlmon(ctx, *name);
  } else {
    device.emplace(ctx);
  }
  request.interface = name ? *name : device->name();
  std::uint64_t others = 0;
  frame_printing printing;
  printing.print_last_loss = [&](std::uint64_t lost) {
    ctx.out.line(
        ctx.json
            ? fmt::format(R"({{"event":"lost","count":{}}})", lost)
            : ctx.paint(ink::warning,
                        fmt::format("--- {} datagrams lost here: the ring was full ---", lost)));
  };
  printing.print = [&](const packet::frame& frame, std::uint64_t lost) {
    if (lost > 0) printing.print_last_loss(lost);
    auto datagram = datagram_of_packet(linktype_netlink, frame.data);
    if (!datagram) {
      ++others;
      return;
    }
    datagram->time = frame.time.time_since_epoch();
    datagram->cut = static_cast<std::uint32_t>(frame.wire_size - frame.data.size());
    messages.print(*datagram);
  };
  printing.summary = [&] {
    std::string text = messages.summary();
    if (others > 0) text += fmt::format(", {} packets that are no netlink", others);
    return text;
  };
  run_packet_capture(ctx, request, printing);
}

}  // namespace

void add_netlink_sniff(CLI::App& noun, context& ctx) {
  struct arguments {
    packet_capture_request request;
    std::optional<std::string> device;
  };
  auto given = std::make_shared<arguments>();
  CLI::App& verb = add_verb(noun, ctx, "sniff", help,
                            [&ctx, given] { sniff(ctx, given->request, given->device); });
  add_option(verb, "--dev", given->device, "the nlmon device; made and removed without it")
      .type_name("IF");
  add_option(verb, "-w,--write", given->request.file, "write a pcapng file; '-' is standard output")
      .type_name("FILE");
  add_option(verb, "-c,--count", given->request.count, "end after N datagrams").type_name("N");
  add_flag(verb, "--print", given->request.print_too, "print the messages too, beside -w FILE");
}

}  // namespace trivet::tool
