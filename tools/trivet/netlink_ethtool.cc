#include "tools/trivet/netlink_ethtool.h"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/ethtool_print.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_hearing.h"
#include "tools/trivet/options.h"
#include "tools/trivet/stream.h"
#include "trivet/base/so.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/generic/controller.h"
#include "trivet/netlink/generic/ethtool_names.h"
#include "trivet/netlink/socket.h"

namespace trivet::tool {
namespace {

namespace generic = netlink::generic;
namespace ethtool = netlink::generic::ethtool;
using netlink::message_view;

constexpr help_text help = {
    .summary = "print what network devices are set to",
    .details =
        "Asks for one device, or for all, over generic netlink, and prints what ethtool does:\n"
        "  link      port, PHY, transceiver, whether there is a link\n"
        "  modes     link modes, speed, duplex, autonegotiation\n"
        "  features  offloads, as 'ethtool -k'\n"
        "  rings     sizes of rings, as 'ethtool -g'\n"
        "  channels  numbers of channels, as 'ethtool -l'\n"
        "\n"
        "Without a word link and modes, as 'ethtool DEV'. A word alone is for all devices. With\n"
        "--monitor it prints what is changed, in the same form, until it is stopped. Needs no\n"
        "privilege, and a kernel with CONFIG_ETHTOOL_NETLINK (5.6).\n"
        "\n"
        "JSON: an array of objects with the keys of 'ethtool --json'.",
    .examples =
        "trivet netlink ethtool eth0\n"
        "trivet netlink ethtool eth0 features\n"
        "trivet netlink ethtool --monitor\n"
        "# which devices have hardware offload of traffic control\n"
        "trivet netlink ethtool features -j | jq -c '.[] | {ifname, \"hw-tc-offload\"}'\n"};

constexpr std::string_view sections[] = {"link", "modes", "features", "rings", "channels"};

struct ethtool_arguments {
  std::vector<std::string> words;
  bool monitor = false;
};

/// What is asked for.
struct question {
  std::optional<std::string> device;
  std::string section;  ///< empty: link and modes
};

question question_of(const std::vector<std::string>& words) {
  const auto is_section = [](const std::string& word) {
    return std::find(std::begin(sections), std::end(sections), word) != std::end(sections);
  };
  if (words.empty()) return {};
  if (words.size() == 1) {
    return is_section(words[0]) ? question{{}, words[0]} : question{words[0], {}};
  }
  if (!is_section(words[1])) {
    throw usage_error(
        fmt::format("SECTION: '{}' is none of {}", words[1], fmt::join(sections, ", ")));
  }
  if (words.size() > 2) {
    throw usage_error(fmt::format("WORD: '{}' is more than a device and one section",
                                  fmt::join(words.begin() + 2, words.end(), " ")));
  }
  return {words[0], words[1]};
}

class session {
 public:
  explicit session(context& ctx)
      : kernel_(ctx.open([] { return netlink::client(NETLINK_GENERIC); })) {
    auto found = generic::find_family(kernel_, ETHTOOL_GENL_NAME);
    if (!found) {
      throw failure("generic netlink family ethtool", "this kernel has none",
                    "it comes with CONFIG_ETHTOOL_NETLINK, since Linux 5.6");
    }
    family_ = std::move(*found);
    kernel_.set_names(ethtool::names_of_requests(family_.id.value_or(0)));
  }

  [[nodiscard]] const generic::family& family() const noexcept { return family_; }

  /// Asks for one device, or for all of them. @return whether any said something
  template <class T, class Visit>
  bool ask(std::string_view what, std::uint8_t command, const question& q, Visit visit) {
    netlink::message_builder request(family_.id.value_or(0));
    ethtool::device which;
    which.name = q.device;
    which.flags = ETHTOOL_FLAG_COMPACT_BITSETS;
    ethtool::start(request, command, which);
    bool any = false;
    const auto take = [&](const message_view& message) {
      if (auto object = T::decode(message)) {
        any = true;
        visit(std::move(*object));
      }
    };
    if (!q.device) {
      const netlink::dump_end end = kernel_.dump(request, take);
      end.check(what);
      if (end.interrupted) {
        print_error_line(
            fmt::format("trivet: {}: changes came meanwhile: devices may be missing", what));
      }
      return any;
    }
    const netlink::outcome end = kernel_.request(request, take);
    // The driver has no such thing.
    if (end.error.value() == EOPNOTSUPP) return false;
    if (end.error.value() == ENODEV) {
      throw failure(*q.device, "there is no such device in this namespace",
                    "'trivet netlink link show' lists them");
    }
    end.check(fmt::format("{} {}", what, *q.device));
    return any;
  }

  ethtool_names names() {
    netlink::message_builder request(family_.id.value_or(0));
    ethtool::ask_for_strings(request, {ETH_SS_FEATURES, ETH_SS_LINK_MODES});
    ethtool_names found;
    const netlink::outcome end = kernel_.request(request, [&](const message_view& message) {
      const auto strings = ethtool::string_sets::decode(message);
      if (!strings || !strings->sets) return;
      for (const ethtool::string_set& set : *strings->sets) {
        (set.id == ETH_SS_FEATURES ? found.features : found.link_modes) = set.names();
      }
    });
    end.check("ETHTOOL_MSG_STRSET_GET");
    return found;
  }

 private:
  netlink::client kernel_;
  generic::family family_;
};

void require(bool any, const question& q) {
  if (any || !q.device) return;
  throw failure(*q.device, fmt::format("its driver tells nothing of its {}",
                                       q.section.empty() ? "link" : q.section));
}

// Three answers are one device's settings.
void show_all_settings(session& kernel, const question& q, show_writer& out) {
  const ethtool_names names = kernel.names();
  std::map<std::uint32_t, device_settings> devices;
  const auto at = [&](const auto& object) -> device_settings& {
    device_settings& found = devices[object.device ? object.device->index.value_or(0) : 0];
    found.name = device_name(object.device);
    return found;
  };
  bool any = false;
  if (q.section != "link") {
    any |= kernel.ask<ethtool::link_modes>("ETHTOOL_MSG_LINKMODES_GET", ETHTOOL_MSG_LINKMODES_GET,
                                           q, [&](auto m) { at(m).modes = std::move(m); });
  }
  if (q.section != "modes") {
    any |= kernel.ask<ethtool::link_info>("ETHTOOL_MSG_LINKINFO_GET", ETHTOOL_MSG_LINKINFO_GET, q,
                                          [&](auto i) { at(i).info = std::move(i); });
    kernel.ask<ethtool::link_state>("ETHTOOL_MSG_LINKSTATE_GET", ETHTOOL_MSG_LINKSTATE_GET, q,
                                    [&](auto s) {
                                      // Of some, as ifb, the kernel's answer holds nothing.
                                      if (!s.link && !s.quality) return;
                                      any = true;
                                      at(s).state = std::move(s);
                                    });
  }
  require(any, q);
  for (const auto& [index, settings] : devices) show_settings(out, settings, names);
}

void show(context& ctx, const question& q) {
  session kernel(ctx);
  show_writer out(ctx.out, ctx.paint, ctx.json ? show_form::json : show_form::text);
  out.begin();
  if (q.section == "features") {
    const ethtool_names names = kernel.names();
    require(kernel.ask<ethtool::features>("ETHTOOL_MSG_FEATURES_GET", ETHTOOL_MSG_FEATURES_GET, q,
                                          [&](const auto& f) { show_features(out, f, names); }),
            q);
  } else if (q.section == "rings") {
    require(kernel.ask<ethtool::rings>("ETHTOOL_MSG_RINGS_GET", ETHTOOL_MSG_RINGS_GET, q,
                                       [&](const auto& r) { show_rings(out, r); }),
            q);
  } else if (q.section == "channels") {
    require(kernel.ask<ethtool::channels>("ETHTOOL_MSG_CHANNELS_GET", ETHTOOL_MSG_CHANNELS_GET, q,
                                          [&](const auto& c) { show_channels(out, c); }),
            q);
  } else {
    show_all_settings(kernel, q, out);
  }
  out.end();
}

/// Prints notifications.
class printer {
 public:
  printer(context& ctx, question q, ethtool_names names)
      : ctx_(ctx), wanted_(std::move(q)), names_(std::move(names)) {}

  void take(const_bytes datagram) {
    netlink::message_reader in(datagram);
    for (message_view message; in.next(message);) {
      std::visit([this](const auto& object) { print(object); }, ethtool::decode_any(message));
    }
  }

  void overran(std::uint32_t lost) {
    const std::string words = losses_.add(lost);
    ctx_.out.line(ctx_.json ? overrun_json(lost, "")
                            : ctx_.paint(ink::warning, "overrun: " + words));
  }

  [[nodiscard]] std::string summary() const {
    return fmt::format("{} change{}{}", count_, count_ == 1 ? "" : "s", losses_.summary());
  }

 private:
  template <class T>
  void print(const T& object) {
    if constexpr (requires { object.device; }) {
      if (wanted_.device && device_name(object.device) != *wanted_.device) return;
    }
    show_writer out(ctx_.out, ctx_.paint, ctx_.json ? show_form::json : show_form::text);
    if (!wants(object)) return;
    ++count_;
    out.begin();
    show_one(out, object);
    out.end();
  }

  [[nodiscard]] bool wants(std::monostate /*none*/) const { return false; }
  [[nodiscard]] bool wants(const ethtool::string_sets& /*none*/) const { return false; }
  [[nodiscard]] bool wants(const ethtool::link_info& /*what*/) const { return is("link"); }
  [[nodiscard]] bool wants(const ethtool::link_state& /*what*/) const { return is("link"); }
  [[nodiscard]] bool wants(const ethtool::link_modes& /*what*/) const { return is("modes"); }
  [[nodiscard]] bool wants(const ethtool::features& /*what*/) const { return is("features"); }
  [[nodiscard]] bool wants(const ethtool::rings& /*what*/) const { return is("rings"); }
  [[nodiscard]] bool wants(const ethtool::channels& /*what*/) const { return is("channels"); }
  [[nodiscard]] bool is(std::string_view section) const {
    return wanted_.section.empty() || wanted_.section == section;
  }

  void show_one(show_writer& /*out*/, std::monostate /*none*/) {}
  void show_one(show_writer& /*out*/, const ethtool::string_sets& /*none*/) {}
  void show_one(show_writer& out, const ethtool::link_info& what) {
    show_settings(out, {device_name(what.device), {}, what, {}}, names_);
  }
  void show_one(show_writer& out, const ethtool::link_state& what) {
    show_settings(out, {device_name(what.device), {}, {}, what}, names_);
  }
  void show_one(show_writer& out, const ethtool::link_modes& what) {
    show_settings(out, {device_name(what.device), what, {}, {}}, names_);
  }
  void show_one(show_writer& out, const ethtool::features& what) {
    show_features(out, what, names_);
  }
  void show_one(show_writer& out, const ethtool::rings& what) { show_rings(out, what); }
  void show_one(show_writer& out, const ethtool::channels& what) { show_channels(out, what); }

  context& ctx_;
  question wanted_;
  ethtool_names names_;
  std::uint64_t count_ = 0;
  loss_count losses_;
};

netlink::socket open_group(std::uint32_t group) {
  netlink::socket socket(NETLINK_GENERIC);
  constexpr int memory = 1 << 20;
  std::error_code ec;
  socket.set(so::rcvbufforce{memory}, ec);
  if (ec) socket.set(so::rcvbuf{memory});
  socket.bind(netlink::address());
  socket.join(group);
  return socket;
}

void watch(context& ctx, const question& q) {
  const stop_signal stop(ctx);
  session kernel(ctx);
  const generic::multicast_group* const group =
      kernel.family().find_group(ETHTOOL_MCGRP_MONITOR_NAME);
  if (group == nullptr || !group->id) {
    throw failure("generic netlink family ethtool", "it has no group 'monitor'");
  }
  netlink::socket socket = ctx.open([&] { return open_group(*group->id); });
  printer out(ctx, q, kernel.names());
  hear(ctx, stop, socket,
       {.take =
            [&](const netlink::inbox::datagram& got) {
              if (got.from_kernel && !got.truncated) out.take(got.bytes);
            },
        .lose = [&](std::uint32_t lost) { out.overran(lost); }});
  end_stream(ctx, out.summary());
}

}  // namespace

void add_netlink_ethtool(CLI::App& noun, context& ctx) {
  auto arguments = std::make_shared<ethtool_arguments>();
  CLI::App& verb = add_verb(noun, ctx, "ethtool", help, [&ctx, arguments] {
    const question q = question_of(arguments->words);
    if (arguments->monitor) return watch(ctx, q);
    show(ctx, q);
  });
  add_option(verb, "WORD", arguments->words,
             "a device, then link, modes, features, rings, channels")
      .type_name("[DEV] [SECTION]")
      .expected(0, -1);
  add_flag(verb, "--monitor", arguments->monitor, "print what is changed until stopped");
}

}  // namespace trivet::tool
