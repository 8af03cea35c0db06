#include "tools/trivet/netlink_show_nexthop.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_flush.h"
#include "tools/trivet/netlink_show_route.h"
#include "tools/trivet/netlink_words.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;
using netlink::rtnl::nexthop;

constexpr help_text nexthop_help = {
    .summary = "print the nexthop objects",
    .details =
        "The words are those of 'ip nexthop show':\n"
        "  id NUMBER              that one\n"
        "  dev NAME               on that link\n"
        "  master NAME, vrf NAME  on links that belong to it\n"
        "  groups                 groups only\n"
        "  fdb                    those for forwarding tables only\n"
        "  proto WORD             added by that protocol\n"
        "\n"
        "Text and JSON are as 'ip nexthop' and 'ip -j nexthop' print them. Needs no\n"
        "privilege.",
    .examples =
        "trivet netlink nexthop\n"
        "trivet netlink nexthop show groups\n"
        "trivet netlink nexthop show id 7 -j\n"};

constexpr help_text flush_help = {
    .summary = "remove all nexthop objects that selectors match",
    .details =
        "The words are those of 'trivet netlink nexthop show'; without any, all of them go. An\n"
        "object takes with it the routes that use it, and groups of which it was the last\n"
        "member. With -s one line says how many there were. Needs CAP_NET_ADMIN.",
    .examples =
        "trivet netlink nexthop flush\n"
        "trivet netlink -s nexthop flush proto bird\n"};

constexpr help_text get_help = {
    .summary = "ask the kernel for one nexthop object",
    .details =
        "'id NUMBER', as behind 'ip nexthop get'. Prints what 'trivet netlink nexthop show id\n"
        "NUMBER' prints. Needs no privilege.",
    .examples = "trivet netlink nexthop get id 7\n"};

constexpr std::string_view group_types[] = {"mpath", "resilient"};

/// Which nexthops are shown; the kernel chooses but by id and protocol.
struct nexthop_selection {
  std::optional<std::uint32_t> id;
  nexthop_place place;
  bool groups = false;
  bool forwarding = false;
  std::optional<std::uint32_t> protocol;

  void take(selector_words& words, const show_session& session);
  void fill(message_builder& request, int family) const;
  [[nodiscard]] bool matches(const nexthop& n) const {
    return (!id || n.id == id) && (!protocol || n.protocol == *protocol);
  }
};

void nexthop_selection::take(selector_words& words, const show_session& session) {
  if (words.skip("id")) {
    id = words.number("id");
  } else if (place.take(words, session)) {
    return;
  } else if (words.skip("groups") || words.skip("group")) {
    groups = true;
  } else if (words.skip("fdb")) {
    forwarding = true;
  } else if (words.skip("proto") || words.skip("protocol")) {
    protocol = number_of("proto", session.names.system.protocols, words.take("proto"));
  } else {
    throw usage_error(fmt::format(
        "SELECTOR: '{}' is none of id, dev, master, vrf, groups, fdb, proto", words.take("")));
  }
}

void nexthop_selection::fill(message_builder& request, int family) const {
  ::nhmsg header{};
  header.nh_family = static_cast<unsigned char>(family);
  netlink::attribute_writer& out = request.structure(header).attributes();
  place.fill(out);
  if (groups) out.flag(NHA_GROUPS);
  if (forwarding) out.flag(NHA_FDB);
}

void put_group(show_writer& out, const netlink::rtnl::nexthop_group& group) {
  out.open_list("group");
  out.text("group ");
  bool first = true;
  for (const auto& member : group.members) {
    out.open();
    out.number("id", first ? "" : "/", member.id, "");
    if (member.weight != 1) out.number("weight", ",", member.weight, "");
    out.close();
    first = false;
  }
  out.text(" ");
  out.close_list();
}

void put_resilient(show_writer& out, const netlink::rtnl::resilient_group& group) {
  out.open("resilient_args");
  out.number("buckets", "buckets ", group.buckets.value_or(0));
  put_ticks(out, "idle_timer", "idle_timer ", group.idle_timer.value_or(0));
  put_ticks(out, "unbalanced_timer", "unbalanced_timer ", group.unbalanced_timer.value_or(0));
  put_ticks(out, "unbalanced_time", "unbalanced_time ", group.unbalanced_time.value_or(0));
  out.close();
}

void ask_for_one(show_session& session, std::uint32_t id) {
  message_builder request(RTM_GETNEXTHOP);
  request.structure(::nhmsg{}).attributes().value(NHA_ID, id);
  const auto outcome = session.kernel.request(request, [&](const message_view& message) {
    const auto n = nexthop::decode(message);
    if (!n || message.type() != RTM_NEWNEXTHOP) return;
    session.out.open();
    show_nexthop(session, *n);
    session.out.close_line();
  });
  outcome.check(fmt::format("nexthop {}", id));
}

nexthop_selection take_selectors(selector_words& words, show_session& session) {
  session.learn_links();
  nexthop_selection selection;
  while (!words.empty()) selection.take(words, session);
  return selection;
}

void flush_nexthops(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const nexthop_selection selection = take_selectors(words, session);
  byte_buffer removal;
  flush_objects(session, ctx.out, {"RTM_DELNEXTHOP", RTM_DELNEXTHOP, "nexthops"},
                [&](int /*round*/, const auto& found, const auto& /*again*/) {
                  // Groups go first: without members they would go by themselves, and not be
                  // counted.
                  std::vector<std::uint32_t> groups;
                  std::vector<std::uint32_t> others;
                  message_builder request(RTM_GETNEXTHOP);
                  selection.fill(request, options.family);
                  session.stream("RTM_GETNEXTHOP", request, [&](const message_view& message) {
                    const auto n = nexthop::decode(message);
                    if (n && n->id && selection.matches(*n))
                      (n->group ? groups : others).push_back(*n->id);
                  });
                  for (const auto* ids : {&groups, &others}) {
                    for (const std::uint32_t id : *ids) {
                      constexpr ::nhmsg header{};
                      removal.shrink(0);
                      netlink::attribute_writer(removal)
                          .plain(std::as_bytes(std::span(&header, 1)))
                          .value(NHA_ID, id);
                      found(removal);
                    }
                  }
                });
}

void show_nexthops(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const nexthop_selection selection = take_selectors(words, session);
  session.out.begin();
  if (selection.id) {
    ask_for_one(session, *selection.id);
    return session.out.end();
  }
  message_builder request(RTM_GETNEXTHOP);
  selection.fill(request, options.family);
  session.stream("RTM_GETNEXTHOP", request, [&](const message_view& message) {
    const auto n = nexthop::decode(message);
    if (!n || !selection.matches(*n)) return;
    session.out.open();
    show_nexthop(session, *n);
    session.out.close_line();
  });
  session.out.end();
}

void get_nexthop(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  if (!words.skip("id")) throw usage_error("SELECTOR: 'id NUMBER' has to be given");
  const std::uint32_t id = words.number("id");
  if (!words.empty()) throw usage_error("SELECTOR: 'id NUMBER' alone");
  session.learn_links();
  session.out.begin();
  ask_for_one(session, id);
  session.out.end();
}

}  // namespace

bool nexthop_place::take(selector_words& words, const show_session& session) {
  if (words.skip("dev")) {
    device = session.link_index(words.take("dev"));
  } else if (words.skip("master")) {
    master = session.link_index(words.take("master"));
  } else if (words.skip("vrf")) {
    const std::string name = words.take("vrf");
    (void)session.vrf_table(name);  // throws where it is none
    master = session.link_index(name);
  } else {
    return false;
  }
  return true;
}

void nexthop_place::fill(netlink::attribute_writer& request) const {
  if (device != 0) request.value(NHA_OIF, device);
  if (master != 0) request.value(NHA_MASTER, master);
}

void put_ticks(show_writer& out, std::string_view key, std::string_view before,
               std::uint64_t ticks) {
  static const auto per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const std::string seconds = fmt::format("{:g}", static_cast<double>(ticks) / per_second);
  out.literal(key, seconds);
  out.text(fmt::format("{}{} ", before, seconds));
}

void show_nexthop_of(drawing& d, const nexthop_list& list, std::uint32_t id) {
  const auto found = list.find(id);
  if (found == list.end()) return;
  d.out.text("\n\tnh_info ");
  d.out.open("nh_info");
  show_nexthop(d, found->second);
  d.out.close();
}

void show_nexthop(drawing& d, const nexthop& n) {
  show_writer& out = d.out;
  const bool details = d.options.details;
  out.number("id", "id ", n.id.value_or(0));
  if (n.group) put_group(out, *n.group);
  if (const auto type = n.group_type.value_or(0); type != NEXTHOP_GRP_TYPE_MPATH) {
    out.string("type", "type ",
               type < std::size(group_types) ? group_types[type] : "<unknown type>");
  }
  if (n.resilient) put_resilient(out, *n.resilient);
  if (n.encap)
    show_encapsulation(d, encapsulation_of::nexthop, n.encap_type.value_or(0), n.encap->data);
  if (n.gateway) out.painted(ink::address, "gateway", "via ", n.gateway->to_string());
  if (n.output) out.painted(ink::name, "dev", "dev ", d.names.link(*n.output));
  if (n.scope != RT_SCOPE_UNIVERSE || details) {
    out.string("scope", "scope ", d.names.system.scopes(n.scope));
  }
  if (n.blackhole) {
    out.null("blackhole");
    out.text("blackhole ");
  }
  if (n.protocol != RTPROT_UNSPEC || details) {
    out.string("protocol", "proto ", d.names.system.protocols(n.protocol));
  }
  out.open_list("flags");
  for (const std::string_view word : route_flag_words(n.flags)) out.string("", "", word);
  out.close_list();
  if (n.forwarding) {
    out.null("fdb");
    out.text("fdb");
  }
}

nexthop_list read_nexthops(show_session& session) {
  nexthop_list all;
  message_builder request(RTM_GETNEXTHOP);
  request.structure(::nhmsg{});
  session.read(
      "RTM_GETNEXTHOP", request,
      [&](const message_view& message) {
        if (auto n = nexthop::decode(message)) all[n->id.value_or(0)] = std::move(*n);
      },
      [&] { all.clear(); });
  return all;
}

void add_nexthop_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_show_verb(netlink, ctx, options, "nexthop", "look at nexthop objects and change them",
                nexthop_help, show_nexthops);
  add_noun(netlink, ctx, "nexthop", {},
           [&ctx, options](CLI::App& nexthop) { add_bucket_show(nexthop, ctx, options); });
  add_question_verb(netlink, ctx, options, "nexthop", "get", get_help, get_nexthop);
  add_question_verb(netlink, ctx, options, "nexthop", "flush", flush_help, flush_nexthops, 0);
}

}  // namespace trivet::tool
