#include "tools/trivet/netlink_conntrack.h"

#include <fmt/core.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <utility>

#include "tools/trivet/command.h"
#include "tools/trivet/conntrack_print.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/json.h"
#include "tools/trivet/netlink_hearing.h"
#include "tools/trivet/netlink_show.h"
#include "tools/trivet/options.h"
#include "tools/trivet/stream.h"
#include "tools/trivet/time_text.h"
#include "trivet/base/family.h"
#include "trivet/base/so.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/socket.h"

namespace trivet::tool {
namespace {

namespace netfilter = netlink::netfilter;
using netfilter::connection;
using netfilter::connection_event;

constexpr help_text help = {
    .summary = "print tracked connections as they come, change and go",
    .details =
        "Prints what the kernel's connection tracking tells until it is stopped, in the\n"
        "lines of 'conntrack -E'. With --dump the present table, as 'conntrack -L'. Events\n"
        "that were lost because nobody read them in time are said to be.\n"
        "\n"
        "A namespace tracks connections where a rule asks for them, as nft's 'ct state' does.\n"
        "Of a connection that was there before anybody listened the kernel may tell nothing.\n"
        "Counters and times come with sysctl net.netfilter.nf_conntrack_acct and\n"
        "nf_conntrack_timestamp. Needs CAP_NET_ADMIN.\n"
        "\n"
        "JSON: event (new, update, destroy, overrun with lost), timestamp, l3proto,\n"
        "l4proto, protonum, state, timeout, original and reply (src, dst, sport, dport,\n"
        "type, code, id, srckey, dstkey, zone, packets, bytes), master, status, mark,\n"
        "secctx, zone, helper, labels, start and stop (nanoseconds), use, id, portid (who\n"
        "changed the table).",
    .examples =
        "trivet netlink conntrack\n"
        "trivet netlink conntrack --dump -f v6\n"
        "trivet netlink conntrack -p tcp -e NEW,DESTROY --netns blue\n"
        "# who talks to whom\n"
        "trivet netlink conntrack --dump -j | jq -c '.[].original | [.src, .dst]'\n"};

struct conntrack_arguments {
  bool dump = false;
  bool timestamp = false;
  int family = AF_UNSPEC;
  std::optional<std::string> protocol;
  std::vector<std::string> events;
  int receive_buffer = 8 << 20;
};

struct event_word {
  connection_event event;
  std::uint32_t group;
};

constexpr event_word event_words[] = {
    {connection_event::added, NFNLGRP_CONNTRACK_NEW},
    {connection_event::updated, NFNLGRP_CONNTRACK_UPDATE},
    {connection_event::destroyed, NFNLGRP_CONNTRACK_DESTROY},
};

/// Which connections are shown.
struct selection {
  std::uint8_t family = AF_UNSPEC;
  std::optional<std::uint8_t> protocol;

  [[nodiscard]] bool matches(const connection& c) const {
    if (family != AF_UNSPEC && c.family != family) return false;
    if (!protocol) return true;
    return c.original && c.original->protocol && c.original->protocol->number == *protocol;
  }
};

int family_named(const std::string& word) {
  if (word == "v4" || word == "ipv4") return AF_INET;
  if (word == "v6" || word == "ipv6") return AF_INET6;
  throw usage_error(fmt::format("--family: '{}' is none of v4, v6", word));
}

selection selection_of(const conntrack_arguments& arguments) {
  if (arguments.family != AF_UNSPEC && arguments.family != AF_INET &&
      arguments.family != AF_INET6) {
    throw usage_error("-M, -0, -B, -f: connections are of IPv4 or of IPv6");
  }
  selection chosen;
  chosen.family = static_cast<std::uint8_t>(arguments.family);
  if (arguments.protocol) {
    chosen.protocol = connection_protocol(*arguments.protocol);
    if (!chosen.protocol) {
      chosen.protocol = ip_protocol_number("--proto", *arguments.protocol);
    }
  }
  return chosen;
}

std::vector<std::uint32_t> groups_of(const conntrack_arguments& arguments) {
  std::vector<std::uint32_t> groups;
  for (const std::string& word : arguments.events) {
    const auto* const found = std::find_if(std::begin(event_words), std::end(event_words),
                                           [&](const auto& e) { return name_of(e.event) == word; });
    if (found == std::end(event_words)) {
      throw usage_error(fmt::format("--events: '{}' is none of NEW, UPDATE, DESTROY", word));
    }
    groups.push_back(found->group);
  }
  if (groups.empty()) {
    for (const auto& [event, group] : event_words) groups.push_back(group);
  }
  return groups;
}

std::uint64_t now() { return static_cast<std::uint64_t>(time_now().count()); }

std::uint16_t request_type(std::uint8_t message) {
  return netfilter::type_of(NFNL_SUBSYS_CTNETLINK, message);
}

// Says what is missing where the kernel does not answer as it should.
void check(const std::error_code& error) {
  if (!error) return;
  if (error.value() == EPERM) {
    throw failure("conntrack", "needs CAP_NET_ADMIN in the network namespace", "run as root");
  }
  // nfnetlink's answer for a subsystem that nobody has registered.
  if (error.value() == EINVAL || error.value() == EOPNOTSUPP) {
    throw failure("conntrack", "this kernel does not tell of tracked connections",
                  "modprobe nf_conntrack_netlink, which is CONFIG_NF_CT_NETLINK");
  }
}

netlink::client connect() {
  try {
    return netlink::client(NETLINK_NETFILTER);
  } catch (const family_unavailable& error) {
    if (error.code().value() != EPROTONOSUPPORT) throw;
    throw failure("conntrack", "this kernel has no nfnetlink",
                  "modprobe nfnetlink, which is CONFIG_NETFILTER_NETLINK");
  }
}

/// Opens a socket for requests and has the kernel say that it tracks connections.
netlink::client open_client() {
  netlink::client kernel = connect();
  netlink::message_builder request(request_type(IPCTNL_MSG_CT_GET_STATS));
  request.structure(netfilter::header(AF_UNSPEC));
  const netlink::outcome end = kernel.request(request);
  check(end.error);
  end.check("IPCTNL_MSG_CT_GET_STATS");
  return kernel;
}

netlink::socket open_events(const std::vector<std::uint32_t>& groups, int memory) {
  open_client();
  netlink::socket socket(NETLINK_NETFILTER);
  std::error_code ec;
  socket.set(so::rcvbufforce{memory}, ec);
  if (ec) socket.set(so::rcvbuf{memory});
  socket.bind(netlink::address());
  for (const std::uint32_t group : groups) socket.join(group);
  // In the namespace that this thread is in.
  int events = 1;
  std::ifstream("/proc/sys/net/netfilter/nf_conntrack_events") >> events;
  if (events == 0) {
    print_error_line(
        "trivet: this namespace tells of no events: sysctl net.netfilter.nf_conntrack_events=1");
  }
  return socket;
}

class printer {
 public:
  printer(context& ctx, const conntrack_arguments& arguments)
      : ctx_(ctx), timestamp_(arguments.timestamp), chosen_(selection_of(arguments)) {}

  void take(const netlink::inbox::datagram& got) {
    if (!got.from_kernel || got.truncated) {
      ++passed_over_;
      return;
    }
    netlink::message_reader in(got.bytes);
    for (netlink::message_view message; in.next(message);) take(message);
    if (in.failed()) ++passed_over_;
  }

  void overran(std::uint32_t lost) {
    const std::string words = losses_.add(lost);
    if (ctx_.json) return ctx_.out.line(overrun_json(lost, json_stamp()));
    ctx_.out.line((timestamp_ ? stamp() : "") + ctx_.paint(ink::warning, "[OVERRUN] " + words));
  }

  [[nodiscard]] std::string summary() const {
    std::string text =
        fmt::format("{} new, {} updated, {} destroyed", counts_[0], counts_[1], counts_[2]);
    text += losses_.summary();
    if (passed_over_ > 0) text += fmt::format(", {} messages that are none", passed_over_);
    return text;
  }

 private:
  void take(const netlink::message_view& message) {
    const auto event = netfilter::event_of(message);
    const auto c = event ? connection::decode(message) : std::nullopt;
    if (!c) {
      ++passed_over_;
      return;
    }
    if (!chosen_.matches(*c)) return;
    ++counts_[static_cast<std::size_t>(*event)];
    const std::uint32_t port = message.header.nlmsg_pid;
    if (ctx_.json) return ctx_.out.line(connection_json(*c, event, port, json_stamp()));
    std::string line = timestamp_ ? stamp() : "";
    line += paint(*event);
    line += connection_text(*c, now());
    if (port != 0) line += fmt::format(" [USERSPACE] portid={}", port);
    ctx_.out.line(line);
  }

  [[nodiscard]] std::string json_stamp() const {
    return timestamp_ ? local_date_time(time_now()) : "";
  }

  // conntrack(8) prints seconds since 1970, and a tabulator.
  static std::string stamp() {
    constexpr std::uint64_t second = 1'000'000'000;
    const std::uint64_t time = now();
    return fmt::format("[{}.{:06}]\t", time / second, time % second / 1000);
  }

  [[nodiscard]] std::string paint(connection_event event) const {
    constexpr ink colors[] = {ink::added, ink::changed, ink::removed};
    const std::string word = fmt::format("[{}]", name_of(event));
    constexpr std::size_t width = std::string_view("[DESTROY]").size();
    return std::string(width - word.size(), ' ') +
           ctx_.paint(colors[static_cast<std::size_t>(event)], word) + " ";
  }

  context& ctx_;
  bool timestamp_;
  selection chosen_;
  std::array<std::uint64_t, std::size(event_words)> counts_{};
  loss_count losses_;
  std::uint64_t passed_over_ = 0;
};

void watch(context& ctx, const conntrack_arguments& arguments) {
  const std::vector<std::uint32_t> groups = groups_of(arguments);
  printer out(ctx, arguments);
  const stop_signal stop(ctx);
  netlink::socket socket = ctx.open([&] { return open_events(groups, arguments.receive_buffer); });
  hear(ctx, stop, socket,
       {.take = [&](const netlink::inbox::datagram& got) { out.take(got); },
        .lose = [&](std::uint32_t lost) { out.overran(lost); }});
  end_stream(ctx, out.summary());
}

void dump(context& ctx, const conntrack_arguments& arguments) {
  const selection chosen = selection_of(arguments);
  auto kernel = ctx.open(open_client);
  netlink::message_builder request(request_type(IPCTNL_MSG_CT_GET));
  request.structure(netfilter::header(chosen.family));
  bool first = true;
  std::uint64_t unread = 0;
  if (ctx.json) ctx.out.write("[");
  const netlink::dump_end end = kernel.dump(request, [&](const netlink::message_view& message) {
    const auto c = connection::decode(message);
    if (!c) ++unread;
    if (!c || !chosen.matches(*c)) return;
    if (!ctx.json) return ctx.out.line(connection_text(*c, now()));
    if (!std::exchange(first, false)) ctx.out.write(",\n");
    ctx.out.write(connection_json(*c, {}, 0, ""));
  });
  if (ctx.json) ctx.out.line("]");
  check(end.error);
  end.check("IPCTNL_MSG_CT_GET");
  if (end.interrupted || unread > 0) {
    print_error_line("trivet: conntrack: the table changed meanwhile: some may be missing");
  }
}

}  // namespace

void add_netlink_conntrack(CLI::App& noun, context& ctx, const shared_options& options) {
  auto arguments = std::make_shared<conntrack_arguments>();
  CLI::App& verb = add_verb(noun, ctx, "conntrack", help, [&ctx, options, arguments] {
    if (options->timestamp) arguments->timestamp = true;
    if (arguments->family == AF_UNSPEC) arguments->family = options->family;
    if (arguments->dump) {
      if (arguments->timestamp) throw usage_error("--timestamp: of events, not with --dump");
      return dump(ctx, *arguments);
    }
    watch(ctx, *arguments);
  });
  const option dump_option =
      add_flag(verb, "--dump", arguments->dump, "print the present table and end");
  add_option(
      verb, "-f,--family",
      [arguments](const std::string& word) { arguments->family = family_named(word); },
      "of IPv4 or IPv6 only")
      .type_name("{v4,v6}");
  add_option(verb, "-p,--proto", arguments->protocol, "of that protocol only: tcp, udp, 47 …")
      .type_name("PROTO");
  add_option(verb, "-e,--events", arguments->events, "only these events")
      .type_name("{NEW,UPDATE,DESTROY}")
      .delimiter(',')
      .expected(1, 3)
      .excludes(dump_option);
  add_option(verb, "--receive-buffer", arguments->receive_buffer,
             "memory for events that wait, beyond net.core.rmem_max")
      .type_name("BYTES")
      .range(1, 1 << 30)
      .excludes(dump_option);
  add_flag(verb, "--timestamp", arguments->timestamp, "say in each line when it was printed");
}

}  // namespace trivet::tool
