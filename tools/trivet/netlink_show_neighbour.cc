#include <fmt/core.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_flush.h"
#include "tools/trivet/netlink_prefix.h"
#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/neighbour.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;
using netlink::rtnl::neighbour;

constexpr help_text neighbour_help = {
    .summary = "print the neighbours of ARP and IPv6",
    .details =
        "The words are those of 'ip neigh show':\n"
        "  [to] PREFIX            addresses inside it\n"
        "  dev NAME               on that link\n"
        "  master NAME, vrf NAME  on links that belong to it; nomaster: to none\n"
        "  nud STATE              in that state: permanent, noarp, stale, reachable,\n"
        "                         incomplete, delay, probe, failed, none, all, or a\n"
        "                         number; may be repeated\n"
        "  proxy                  addresses that are answered for\n"
        "  unused                 those that nothing uses\n"
        "  proto WORD             added by that protocol\n"
        "\n"
        "Without 'nud' those that need no resolution (noarp) are left out, as 'ip neigh' leaves\n"
        "them out. Text and JSON are as 'ip neigh' and 'ip -j neigh' print them. Needs no\n"
        "privilege.",
    .examples =
        "trivet netlink neigh\n"
        "trivet netlink neigh show dev eth0 nud failed\n"
        "trivet netlink neigh show -j | jq -r '.[].lladdr'\n"};

constexpr help_text flush_help = {
    .summary = "remove all neighbours that selectors match",
    .details =
        "The words are those of 'trivet netlink neigh show'; one at least has to be given.\n"
        "Permanent ones and those that need no resolution go only where 'nud' names their\n"
        "state, or where they were learned from elsewhere (extern_learn). With -s one line says "
        "how many there were. Needs CAP_NET_ADMIN.",
    .examples =
        "trivet netlink neigh flush dev eth0\n"
        "trivet netlink neigh flush nud permanent to 192.0.2.0/24\n"};

constexpr help_text get_help = {
    .summary = "ask the kernel for one neighbour",
    .details =
        "The words are those of 'ip neigh get':\n"
        "  [to] ADDRESS dev NAME  the neighbour of that address on that link\n"
        "  proxy ADDRESS          one that is answered for; the link may be left out\n"
        "\n"
        "Text is as 'ip neigh get' prints it, and JSON as 'ip -j neigh show'. Needs no privilege.",
    .examples =
        "trivet netlink neigh get 192.0.2.1 dev eth0\n"
        "trivet netlink neigh get 2001:db8::1 dev eth0 -j | jq -r '.[0].lladdr'\n"};

struct state_name {
  std::uint16_t state;
  std::string_view name;  ///< as it is printed
  std::string_view word;  ///< as it is typed
};

constexpr state_name state_names[] = {
    {NUD_INCOMPLETE, "INCOMPLETE", "incomplete"},
    {NUD_REACHABLE, "REACHABLE", "reachable"},
    {NUD_STALE, "STALE", "stale"},
    {NUD_DELAY, "DELAY", "delay"},
    {NUD_PROBE, "PROBE", "probe"},
    {NUD_FAILED, "FAILED", "failed"},
    {NUD_NOARP, "NOARP", "noarp"},
    {NUD_PERMANENT, "PERMANENT", "permanent"},
};

/// Which neighbours are shown.
struct neighbour_selection {
  int family = 0;
  std::optional<prefix> to;
  std::optional<std::string> device;
  std::optional<std::string> master;
  bool no_master = false;
  bool proxy = false;
  bool unused = false;
  std::optional<std::uint32_t> protocol;
  unsigned states = 0xff & ~NUD_NOARP;
  bool none = false;  ///< those without a state
  bool states_given = false;
  std::uint32_t device_index = 0;
  std::uint32_t master_index = 0;

  void take(selector_words& words, const show_session& session);
  void take_state(const std::string& word);
  [[nodiscard]] bool matches(const neighbour& n) const;
  void fill(message_builder& request) const;
};

void neighbour_selection::take_state(const std::string& word) {
  if (!states_given) {
    states = 0;
    none = false;
  }
  states_given = true;
  if (word == "all") {
    states = 0xffff;
    none = true;
    return;
  }
  if (word == "none") {
    none = true;
    return;
  }
  // One bit, as ip(8) has it.
  if (const auto number = line_number(word);
      number && *number <= 0xff && !(*number & (*number - 1))) {
    states |= static_cast<unsigned>(*number);
    none = none || *number == 0;
    return;
  }
  for (const auto& known : state_names) {
    if (known.word != word) continue;
    states |= known.state;
    return;
  }
  throw usage_error(
      fmt::format("nud: '{}' is no state, as stale is one, nor the bit of one, as 0x80", word));
}

void neighbour_selection::take(selector_words& words, const show_session& session) {
  if (words.skip("dev")) {
    device = words.take("dev");
  } else if (words.skip("master")) {
    master = words.take("master");
  } else if (words.skip("vrf")) {
    master = words.take("vrf");
    (void)session.vrf_table(*master);  // throws where it is none
  } else if (words.skip("nomaster")) {
    no_master = true;
  } else if (words.skip("unused")) {
    unused = true;
  } else if (words.skip("nud")) {
    take_state(words.take("nud"));
  } else if (words.skip("proxy")) {
    proxy = true;
  } else if (words.skip("proto") || words.skip("protocol")) {
    const std::string word = words.take("proto");
    if (word != "all") protocol = number_of("proto", session.names.system.protocols, word);
  } else {
    words.skip("to");
    to = prefix::parse("to", words.take("to"), family);
    if (family == AF_UNSPEC) family = to->address.family;
  }
}

bool neighbour_selection::matches(const neighbour& n) const {
  if (family != AF_UNSPEC && n.family != family) return false;
  if (device_index != 0 && static_cast<std::uint32_t>(n.index) != device_index) return false;
  const bool stateless = n.state == 0 && none;
  const bool always = (n.flags & (NTF_PROXY | NTF_EXT_LEARNED)) != 0;
  if ((n.state & states) == 0 && !always && !stateless) return false;
  if (to && (!n.destination || !to->covers(n.destination->bytes()))) return false;
  if (protocol && n.protocol.value_or(0) != *protocol) return false;
  return !unused || !n.cache || n.cache->ndm_refcnt == 0;
}

void neighbour_selection::fill(message_builder& request) const {
  ::ndmsg header{};
  header.ndm_family = static_cast<std::uint8_t>(family);
  if (proxy) header.ndm_flags = NTF_PROXY;
  request.structure(header);
  if (device_index != 0) request.attributes().value(NDA_IFINDEX, device_index);
  if (master_index != 0) request.attributes().value(NDA_MASTER, master_index);
  if (no_master) request.attributes().value(NDA_MASTER, ~std::uint32_t{0});
}

void show_flags(show_writer& out, const neighbour& n) {
  const auto put = [&](bool is, std::string_view key) {
    if (!is) return;
    out.null(key);
    out.text(fmt::format("{} ", key));
  };
  put((n.flags & NTF_ROUTER) != 0, "router");
  put((n.flags & NTF_PROXY) != 0, "proxy");
  put((n.extended_flags.value_or(0) & NTF_EXT_MANAGED) != 0, "managed");
  put((n.flags & NTF_EXT_LEARNED) != 0, "extern_learn");
  put((n.flags & NTF_OFFLOADED) != 0, "offload");
}

void show_counters(show_writer& out, const neighbour& n) {
  static const auto ticks = static_cast<std::uint32_t>(::sysconf(_SC_CLK_TCK));
  if (n.cache) {
    if (n.cache->ndm_refcnt != 0) out.number("refcnt", " ref ", n.cache->ndm_refcnt, "");
    out.number("used", " used ", n.cache->ndm_used / ticks, "");
    out.number("confirmed", "/", n.cache->ndm_confirmed / ticks, "");
    out.number("updated", "/", n.cache->ndm_updated / ticks, "");
  }
  if (n.probes) out.number("probes", "probes ", *n.probes);
}

void show_state(show_writer& out, std::uint16_t state) {
  if (state == 0) return;
  out.open_list("state");
  for (const auto& known : state_names) {
    if ((state & known.state) != 0) out.string("", "", known.name);
  }
  out.close_list();
}

/// @param states, none  of neighbours that are chosen where nobody names a state
neighbour_selection take_selectors(selector_words& words, show_session& session, unsigned states,
                                   bool none) {
  session.learn_links();
  neighbour_selection selection;
  selection.states = states;
  selection.none = none;
  selection.family = session.options.family;
  while (!words.empty()) selection.take(words, session);
  if (selection.device) selection.device_index = session.link_index(*selection.device);
  if (selection.master) selection.master_index = session.link_index(*selection.master);
  return selection;
}

void flush_neighbours(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const neighbour_selection selection =
      take_selectors(words, session, 0xff & ~(NUD_NOARP | NUD_PERMANENT), true);
  flush_objects(session, ctx.out, {"RTM_DELNEIGH", RTM_DELNEIGH, "neighbours"},
                [&](int round, const auto& found, const auto& again) {
                  again();
                  message_builder request(RTM_GETNEIGH);
                  selection.fill(request);
                  session.stream("RTM_GETNEIGH", request, [&](const message_view& message) {
                    const auto n = neighbour::decode(message);
                    if (!n || !selection.matches(*n)) return;
                    // One that is used stays for a while, failed.
                    if (round == 0 || n->state != NUD_FAILED) found(message.payload);
                  });
                });
}

void show_neighbours(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const neighbour_selection selection = take_selectors(words, session, 0xff & ~NUD_NOARP, false);
  message_builder request(RTM_GETNEIGH);
  selection.fill(request);
  session.out.begin();
  session.stream("RTM_GETNEIGH", request, [&](const message_view& message) {
    const auto n = neighbour::decode(message);
    if (!n || !selection.matches(*n)) return;
    session.out.open();
    show_neighbour(session, *n, !selection.device);
    session.out.close_line();
  });
  session.out.end();
}

void get_neighbour(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  session.learn_links();
  ::ndmsg header{};
  std::optional<prefix> wanted;
  while (!words.empty()) {
    if (words.skip("dev")) {
      header.ndm_ifindex = static_cast<int>(session.link_index(words.take("dev")));
      continue;
    }
    if (words.skip("proxy")) {
      header.ndm_flags = NTF_PROXY;
    } else {
      words.skip("to");
    }
    if (wanted) throw usage_error("SELECTOR: one address only");
    wanted = prefix::parse("to", words.take("to"), options.family);
  }
  const bool whole = wanted && wanted->length > 0 &&
                     wanted->length == netlink::rtnl::host_bits(wanted->address.family);
  if (!whole) throw usage_error("SELECTOR: an address to ask for is missing");
  if (header.ndm_ifindex == 0 && header.ndm_flags == 0) {
    throw usage_error("SELECTOR: the link is missing: dev NAME");
  }
  header.ndm_family = wanted->address.family;
  message_builder request(RTM_GETNEIGH);
  request.structure(header).attributes().bytes(NDA_DST, wanted->address.bytes());
  session.out.begin();
  const netlink::outcome end = session.kernel.request(request, [&](const message_view& answer) {
    const auto n = neighbour::decode(answer);
    if (!n || answer.type() != RTM_NEWNEIGH) return;
    session.out.open();
    show_neighbour(session, *n, true);
    session.out.close_line();
  });
  end.check(fmt::format("neighbour {}", wanted->address.to_string()));
  session.out.end();
}

}  // namespace

void show_neighbour(drawing& d, const neighbour& n, bool with_link) {
  show_writer& out = d.out;
  const bool brief = d.options.brief;
  if (n.destination) {
    const std::string address = n.destination->to_string();
    out.painted(ink::address, "dst", "", address, column_end(address, brief ? 39 : 0));
  }
  if (with_link && n.index != 0) {
    const std::string name = d.names.link(n.index);
    out.painted(ink::name, "dev", brief ? "" : "dev ", name, column_end(name, brief ? 16 : 0));
  }
  if (n.link_address) {
    out.painted(ink::address, "lladdr", brief ? "" : "lladdr ",
                n.link_address->to_string(d.names.link_type(n.index)), brief ? "" : " ");
  }
  if (brief) return;
  show_flags(out, n);
  if (d.options.statistics > 0) show_counters(out, n);
  show_state(out, n.state);
  if (n.protocol.value_or(0) != 0) {
    out.string("protocol", "proto ", d.names.system.protocols(*n.protocol));
  }
}

void add_neighbour_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_show_verb(netlink, ctx, options, "neigh", "look at neighbours and change them",
                neighbour_help, show_neighbours);
  add_question_verb(netlink, ctx, options, "neigh", "get", get_help, get_neighbour);
  add_question_verb(netlink, ctx, options, "neigh", "flush", flush_help, flush_neighbours);
}

}  // namespace trivet::tool
