#include <fmt/core.h>
#include <fnmatch.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_flush.h"
#include "tools/trivet/netlink_show_link.h"
#include "tools/trivet/netlink_words.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;
using netlink::rtnl::address;
using netlink::rtnl::link;

constexpr help_text address_help = {
    .summary = "print the addresses, link by link",
    .details =
        "The words are those of 'ip addr show':\n"
        "  the words of 'trivet netlink link show', and\n"
        "  scope SCOPE            addresses of a scope: global, link, host, a number\n"
        "  to PREFIX              those inside a prefix\n"
        "  label PATTERN          those whose label is like it, as 'eth0:*'\n"
        "  permanent, dynamic, primary, secondary, temporary, tentative, deprecated,\n"
        "  dadfailed, home, nodad, mngtmpaddr, noprefixroute, autojoin, stable-privacy,\n"
        "  optimistic             those with that flag, 'no FLAG' those without it\n"
        "\n"
        "Text and JSON are as 'ip addr' and 'ip -j addr' print them. Needs no privilege.",
    .examples =
        "trivet netlink addr\n"
        "trivet netlink addr show dev eth0 -4\n"
        "trivet netlink addr show to 10.0.0.0/8 -j | jq -r '.[].addr_info[].local'\n"};

constexpr help_text flush_help = {
    .summary = "remove all addresses that selectors match",
    .details =
        "The words are those of 'trivet netlink addr show'; one at least has to be given. It\n"
        "goes on until none is left; with -s one line says how many there were. Needs\n"
        "CAP_NET_ADMIN.",
    .examples =
        "trivet netlink addr flush dev eth0\n"
        "trivet netlink -6 -s addr flush dev eth0 scope global dynamic\n"};

constexpr std::uint32_t forever = 0xffffffff;

struct flag_word {
  std::string_view word;
  std::uint32_t flag;
  bool set;
};

constexpr flag_word selector_flags[] = {
    {"permanent", IFA_F_PERMANENT, true},
    {"dynamic", IFA_F_PERMANENT, false},
    {"secondary", IFA_F_SECONDARY, true},
    {"temporary", IFA_F_SECONDARY, true},
    {"primary", IFA_F_SECONDARY, false},
    {"tentative", IFA_F_TENTATIVE, true},
    {"deprecated", IFA_F_DEPRECATED, true},
    {"dadfailed", IFA_F_DADFAILED, true},
    {"home", IFA_F_HOMEADDRESS, true},
    {"nodad", IFA_F_NODAD, true},
    {"optimistic", IFA_F_OPTIMISTIC, true},
    {"mngtmpaddr", IFA_F_MANAGETEMPADDR, true},
    {"noprefixroute", IFA_F_NOPREFIXROUTE, true},
    {"autojoin", IFA_F_MCAUTOJOIN, true},
    {"stable-privacy", IFA_F_STABLE_PRIVACY, true},
};

/// Which addresses are shown.
struct address_selection {
  int family = 0;
  std::optional<std::uint32_t> scope;
  std::optional<prefix> to;
  std::optional<std::string> label;
  std::uint32_t flags = 0;
  std::uint32_t flag_mask = 0;

  bool take(selector_words& words, const netlink::rtnl::names& names);
  bool take_flag(selector_words& words, bool wanted);
  [[nodiscard]] bool matches(const address& a, const show_session& session) const;
};

bool address_selection::take_flag(selector_words& words, bool wanted) {
  for (const auto& [word, flag, set] : selector_flags) {
    if (!words.skip(word)) continue;
    flag_mask |= flag;
    flags = set == wanted ? flags | flag : flags & ~flag;
    return true;
  }
  return false;
}

bool address_selection::take(selector_words& words, const netlink::rtnl::names& names) {
  if (words.skip("scope")) {
    const std::string word = words.take("scope");
    if (word != "all") scope = number_of("scope", names.scopes, word);
  } else if (words.skip("to")) {
    to = prefix::parse("to", words.take("to"), family);
    if (family == AF_UNSPEC) family = to->address.family;
  } else if (words.skip("label")) {
    label = words.take("label");
  } else if (words.skip("no")) {
    if (!take_flag(words, false)) throw usage_error("no: the name of a flag has to follow");
  } else {
    return take_flag(words, true);
  }
  return true;
}

bool address_selection::matches(const address& a, const show_session& session) const {
  if (family != AF_UNSPEC && a.family != family) return false;
  if (scope && a.scope != *scope) return false;
  if (((a.flags ^ flags) & flag_mask) != 0) return false;
  if (to && (a.own() == nullptr || !to->covers(a.own()->bytes()))) return false;
  if (!label) return true;
  const std::string name = a.label ? *a.label : session.names.link(a.index);
  return ::fnmatch(label->c_str(), name.c_str(), 0) == 0;
}

std::string_view family_word(int family) {
  return family == AF_INET ? "inet" : family == AF_INET6 ? "inet6" : "";
}

void show_lifetime(show_writer& out, std::string_view key, std::string_view before,
                   std::uint32_t seconds) {
  if (out.json() || seconds != forever) {
    out.number(key, before, seconds, "sec");
  } else {
    out.text(before);
    out.text("forever");
  }
}

void show_own_address(show_writer& out, const address& a) {
  if (a.own() == nullptr) return;
  out.painted(ink::address, "local", "", a.own()->to_string(), "");
  if (a.local && a.peer && a.local != a.peer) {
    out.painted(ink::address, "address", " peer ", a.peer->to_string(), "");
  }
  out.number("prefixlen", "/", a.prefix_length);
  if (a.metric) out.number("metric", "metric ", *a.metric);
}

void show_flags(show_writer& out, const address& a) {
  for (const std::string& word : address_flag_words(a)) out.yes(word, word + " ");
  const std::uint32_t unknown = unknown_address_flags(a);
  if (unknown != 0) out.string("ifa_flags", "flags ", fmt::format("{:02x}", unknown));
}

std::vector<address> read_addresses(show_session& session, int family) {
  std::vector<address> list;
  message_builder request(RTM_GETADDR);
  ::ifaddrmsg header{};
  header.ifa_family = static_cast<std::uint8_t>(family);
  request.structure(header);
  session.read(
      "RTM_GETADDR", request,
      [&](const message_view& message) {
        if (auto a = address::decode(message)) list.push_back(std::move(*a));
      },
      [&] { list.clear(); });
  return list;
}

void show_link_addresses(show_session& session, const link& l, const std::vector<address>& all,
                         const address_selection& selection) {
  show_writer& out = session.out;
  out.open_list("addr_info");
  for (const address& a : all) {
    if (a.index != static_cast<std::uint32_t>(l.index)) continue;
    if (!selection.matches(a, session)) continue;
    out.open();
    show_address(session, a);
    if (!session.options.brief) out.text("\n");
    out.close();
  }
  out.close_list();
}

/// What the words of `addr show` and `addr flush` choose.
struct selectors {
  link_selection links;
  address_selection addresses;
};

selectors take_selectors(selector_words& words, const show_session& session) {
  selectors result;
  auto& [links, addresses] = result;
  addresses.family = session.options.family;
  while (!words.empty()) {
    if (links.take(words, session.names.system)) continue;
    if (addresses.take(words, session.names.system)) continue;
    words.skip("dev");
    if (links.device) throw usage_error("SELECTOR: one link only");
    links.device = words.take("dev");
  }
  return result;
}

void flush_addresses(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const selectors which = take_selectors(words, session);
  const std::vector<link> links = read_links(session, which.links, false);
  const auto doomed = [&](const address& a) {
    return which.addresses.matches(a, session) &&
           std::any_of(links.begin(), links.end(), [&](const link& l) {
             return a.index == static_cast<std::uint32_t>(l.index);
           });
  };
  flush_objects(session, ctx.out, {"RTM_DELADDR", RTM_DELADDR, "addresses"},
                [&](int round, const auto& found, const auto& again) {
                  // Secondary addresses take the place of primary ones that went.
                  const bool only_primary = (which.addresses.flag_mask & IFA_F_SECONDARY) != 0 &&
                                            (which.addresses.flags & IFA_F_SECONDARY) == 0;
                  if (only_primary && round > 0) return;
                  message_builder request(RTM_GETADDR);
                  ::ifaddrmsg header{};
                  header.ifa_family = static_cast<std::uint8_t>(which.addresses.family);
                  request.structure(header);
                  const auto visit = [&](const message_view& message) {
                    const auto a = address::decode(message);
                    if (a && doomed(*a)) found(message.payload);
                  };
                  session.read("RTM_GETADDR", request, visit, again);
                });
}

// -0: the lines of `addr show` without addresses.
void show_links_alone(const context& ctx, show_session& session, const std::vector<link>& links) {
  const bool brief = session.options.brief;
  const namespace_names namespaces =
      ctx.json || brief ? namespace_names() : names_of_namespaces(session);
  session.out.begin();
  for (const link& l : links) {
    session.out.open();
    show_link(session, l, {.for_addresses = !brief}, namespaces);
    if (!brief && session.options.statistics > 0) {
      session.out.text("\n");
      show_link_statistics(session, l);
    }
    session.out.close_line();
  }
  session.out.end();
}

void show_addresses(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const selectors which = take_selectors(words, session);
  const address_selection& addresses = which.addresses;
  const std::vector<link> chosen = read_links(session, which.links, options.statistics > 0);
  if (options.family == AF_PACKET) return show_links_alone(ctx, session, chosen);
  const std::vector<address> all = read_addresses(session, addresses.family);
  const bool only_addresses = options.one_line && !options.brief;
  const namespace_names namespaces = ctx.json || only_addresses || options.brief
                                         ? namespace_names()
                                         : names_of_namespaces(session);
  session.out.begin();
  for (const link& l : chosen) {
    const auto belongs = [&](const address& a) {
      return a.index == static_cast<std::uint32_t>(l.index);
    };
    const bool has_any = std::any_of(all.begin(), all.end(), belongs);
    const bool has_chosen = std::any_of(all.begin(), all.end(), [&](const address& a) {
      return belongs(a) && addresses.matches(a, session);
    });
    // Without an address there is none that could be wrong, but no label that could be right.
    const bool needs_one = has_any || addresses.family != AF_UNSPEC || addresses.label;
    if (!has_chosen && needs_one) continue;
    session.out.open();
    if (!only_addresses) {
      show_link(session, l, {.for_addresses = true, .family = addresses.family}, namespaces);
      if (!options.brief) session.out.text("\n");
    }
    show_link_addresses(session, l, all, addresses);
    if (options.brief) {
      session.out.text("\n");
    } else if (!only_addresses && options.statistics > 0) {
      show_link_statistics(session, l);
      session.out.text("\n");
    }
    session.out.close_object();
  }
  session.out.end();
}

}  // namespace

void show_address(drawing& d, const address& a) {
  show_writer& out = d.out;
  if (d.options.brief) return show_own_address(out, a);
  if (d.options.one_line) {
    out.number("index", "", a.index, ": ");
    out.string("dev", "", d.names.link(a.index), "");
  }
  if (family_word(a.family).empty()) {
    out.number("family_index", "    family ", a.family);
  } else {
    out.string("family", "    ", family_word(a.family));
  }
  show_own_address(out, a);
  if (a.broadcast) out.painted(ink::address, "broadcast", "brd ", a.broadcast->to_string());
  if (a.anycast) out.painted(ink::address, "anycast", "any ", a.anycast->to_string());
  out.string("scope", "scope ", d.names.system.scopes(a.scope));
  show_flags(out, a);
  if (d.options.details && a.protocol.value_or(0) != 0) {
    out.string("protocol", "proto ", address_protocol_name(*a.protocol));
  }
  if (a.label) out.string("label", "", *a.label, "");
  if (!a.cache) return;
  out.line_break();
  show_lifetime(out, "valid_life_time", "       valid_lft ", a.cache->ifa_valid);
  show_lifetime(out, "preferred_life_time", " preferred_lft ", a.cache->ifa_prefered);
}

void add_address_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_show_verb(netlink, ctx, options, "addr", "look at addresses and change them", address_help,
                show_addresses);
  add_question_verb(netlink, ctx, options, "addr", "flush", flush_help, flush_addresses);
}

}  // namespace trivet::tool
