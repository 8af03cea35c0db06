#include <fmt/core.h>
#include <sys/socket.h>

#include <charconv>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_flush.h"
#include "tools/trivet/netlink_prefix.h"
#include "tools/trivet/netlink_rule_removal.h"
#include "tools/trivet/netlink_show.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;
using netlink::rtnl::rule;

constexpr help_text rule_help = {
    .summary = "print the rules that choose a routing table",
    .details =
        "IPv4 without -6. The words are those of 'ip rule show':\n"
        "  from PREFIX, [to] PREFIX           inside it\n"
        "  lookup TABLE (or table TABLE)      rules that look there\n"
        "  priority, tos, fwmark MARK[/MASK], iif, oif, tun_id, uidrange A-B, ipproto,\n"
        "  sport A[-B], dport A[-B], proto, not, l3mdev\n"
        "\n"
        "Text and JSON are as 'ip rule' and 'ip -j rule' print them. Needs no privilege.",
    .examples =
        "trivet netlink rule\n"
        "trivet netlink rule show lookup main -6\n"
        "trivet netlink rule show -j | jq '.[] | select(.fwmark)'\n"};

constexpr help_text flush_help = {
    .summary = "remove all rules that selectors match",
    .details =
        "IPv4 without -6. The words are those of 'trivet netlink rule show'; without any, all\n"
        "rules go but those of priority 0, also the kernel's own that look up the tables main\n"
        "and default. Those of priority 0 go where 'priority 0' is said, but never the one that\n"
        "looks up the table local, without which nothing reaches this machine. With -s one line\n"
        "says how many there were. Needs CAP_NET_ADMIN.",
    .examples =
        "trivet netlink rule flush lookup 100\n"
        "trivet netlink -6 -s rule flush proto bird\n"};

using number_range = std::pair<std::uint32_t, std::uint32_t>;

number_range range_of(std::string_view what, const std::string& text) {
  number_range range;
  const char* end = text.data() + text.size();
  auto got = std::from_chars(text.data(), end, range.first);
  range.second = range.first;
  if (got.ec == std::errc() && got.ptr != end && *got.ptr == '-') {
    got = std::from_chars(got.ptr + 1, end, range.second);
  }
  if (got.ec == std::errc() && got.ptr == end) return range;
  throw usage_error(fmt::format("{}: '{}' is no range, as 100-200 is one", what, text));
}

/// Which rules are shown.
struct rule_selection {
  int family = AF_INET;
  std::optional<prefix> from;
  std::optional<prefix> to;
  std::optional<std::uint32_t> table;
  std::optional<std::uint32_t> priority;
  std::optional<std::uint32_t> tos;
  std::optional<std::uint32_t> mark;
  std::optional<std::uint32_t> mark_mask;
  std::optional<std::string> input;
  std::optional<std::string> output;
  std::optional<std::uint64_t> tunnel_id;
  std::optional<number_range> uids;
  std::optional<std::uint8_t> ip_protocol;
  std::optional<number_range> source_ports;
  std::optional<number_range> destination_ports;
  std::optional<std::uint32_t> protocol;
  bool inverted = false;
  bool l3mdev = false;

  void take(selector_words& words, const netlink::rtnl::names& names);
  void fill(message_builder& request) const;
  bool take_packet(selector_words& words);
  void take_mark(const std::string& word);
  [[nodiscard]] bool matches(const rule& r) const;
  [[nodiscard]] bool matches_packet(const rule& r) const;
};

void rule_selection::take_mark(const std::string& word) {
  const netlink::rtnl::name_table none;
  const std::size_t slash = word.find('/');
  mark = number_of("fwmark", none, word.substr(0, slash));
  if (slash != std::string::npos) mark_mask = number_of("fwmark", none, word.substr(slash + 1));
}

bool rule_selection::take_packet(selector_words& words) {
  if (words.skip("fwmark")) {
    take_mark(words.take("fwmark"));
  } else if (words.skip("iif") || words.skip("dev")) {
    input = words.take("iif");
  } else if (words.skip("oif")) {
    output = words.take("oif");
  } else if (words.skip("tun_id")) {
    const std::string word = words.take("tun_id");
    tunnel_id = line_number(word);
    if (!tunnel_id) throw usage_error(fmt::format("tun_id: '{}' is no number", word));
  } else if (words.skip("uidrange")) {
    uids = range_of("uidrange", words.take("uidrange"));
  } else if (words.skip("ipproto")) {
    ip_protocol = ip_protocol_number("ipproto", words.take("ipproto"));
  } else if (words.skip("sport")) {
    source_ports = range_of("sport", words.take("sport"));
  } else if (words.skip("dport")) {
    destination_ports = range_of("dport", words.take("dport"));
  } else {
    return false;
  }
  return true;
}

void rule_selection::take(selector_words& words, const netlink::rtnl::names& names) {
  if (take_packet(words)) return;
  if (words.skip("priority") || words.skip("preference") || words.skip("pref") ||
      words.skip("prio") || words.skip("order")) {
    priority = words.number("priority");
  } else if (words.skip("not")) {
    inverted = true;
  } else if (words.skip("l3mdev")) {
    l3mdev = true;
  } else if (words.skip("tos") || words.skip("dsfield")) {
    tos = number_of("tos", names.tos, words.take("tos"));
  } else if (words.skip("lookup") || words.skip("table")) {
    table = number_of("table", names.tables, words.take("table"));
  } else if (words.skip("proto") || words.skip("protocol")) {
    const std::string word = words.take("proto");
    if (word != "all") protocol = number_of("proto", names.protocols, word);
  } else if (words.skip("from") || words.skip("src")) {
    from = prefix::parse("from", words.take("from"), family);
  } else {
    if (!words.skip("to")) words.skip("dst");
    to = prefix::parse("to", words.take("to"), family);
  }
}

bool inside(const std::optional<prefix>& outer,
            const std::optional<netlink::rtnl::network_address>& address, int length) {
  if (!outer || outer->length == 0) return true;
  return address && outer->length <= length && outer->covers(address->bytes());
}

template <class Range>
bool same_range(const std::optional<number_range>& wanted, const std::optional<Range>& range) {
  return !wanted || (range && range->start == wanted->first && range->end == wanted->second);
}

bool rule_selection::matches_packet(const rule& r) const {
  if (mark && r.mark.value_or(0) != *mark) return false;
  if (mark_mask && r.mark_mask.value_or(0) != *mark_mask) return false;
  if (input && r.input != input) return false;
  if (output && r.output != output) return false;
  if (tunnel_id && r.tunnel_id != tunnel_id) return false;
  if (ip_protocol && r.ip_protocol.value_or(0) != *ip_protocol) return false;
  return same_range(uids, r.uid_range) && same_range(source_ports, r.source_ports) &&
         same_range(destination_ports, r.destination_ports);
}

bool rule_selection::matches(const rule& r) const {
  if (r.family != family) return false;
  if (!inside(from, r.source, r.source_length)) return false;
  if (!inside(to, r.destination, r.destination_length)) return false;
  if (table && r.table != *table) return false;
  if (priority && r.priority.value_or(0) != *priority) return false;
  if (tos && r.tos != *tos) return false;
  if (protocol && r.protocol.value_or(0) != *protocol) return false;
  if (inverted && (r.flags & FIB_RULE_INVERT) == 0) return false;
  if (l3mdev && r.l3mdev.value_or(0) == 0) return false;
  return matches_packet(r);
}

void rule_selection::fill(message_builder& request) const {
  ::fib_rule_hdr header{};
  header.family = static_cast<std::uint8_t>(family);
  request.structure(header);
}

void flag(show_writer& out, std::string_view key, std::string_view words) {
  out.null(key);
  out.text(words);
}

void show_prefix(show_writer& out, std::string_view key, std::string_view length_key,
                 std::string_view before, const rule& r,
                 const std::optional<netlink::rtnl::network_address>& address, int length) {
  if (!address && length == 0) return;
  out.painted(ink::address, key, before, address ? address->to_string() : "0", "");
  if (!address || length != netlink::rtnl::host_bits(r.family)) {
    out.number(length_key, "/", length, "");
  }
}

template <class Range>
void show_ports(show_writer& out, const std::string& key, const std::optional<Range>& ports) {
  if (!ports) return;
  const std::string before = " " + key + " ";
  if (ports->start == ports->end) {
    out.number(key, before, ports->start, "");
  } else {
    out.number(key + "_start", before, ports->start, "");
    out.number(key + "_end", "-", ports->end, "");
  }
}

void show_packet(drawing& d, const rule& r) {
  show_writer& out = d.out;
  if (r.tos != 0) out.string("tos", " tos ", d.names.system.tos_name(r.tos), "");
  if (r.mark || r.mark_mask) {
    out.hexadecimal("fwmark", " fwmark ", r.mark.value_or(0), "");
    if (r.mark_mask && *r.mark_mask != ~0U) out.hexadecimal("fwmask", "/", *r.mark_mask, "");
  }
  if (r.input) {
    out.painted(ink::name, "iif", " iif ", *r.input, "");
    if ((r.flags & FIB_RULE_IIF_DETACHED) != 0) flag(out, "iif_detached", " [detached]");
  }
  if (r.output) {
    out.painted(ink::name, "oif", " oif ", *r.output, "");
    if ((r.flags & FIB_RULE_OIF_DETACHED) != 0) flag(out, "oif_detached", " [detached]");
  }
  if (r.l3mdev.value_or(0) != 0) flag(out, "l3mdev", " lookup [l3mdev-table]");
  if (r.uid_range) {
    out.number("uid_start", " uidrange ", r.uid_range->start, "");
    out.number("uid_end", "-", r.uid_range->end, "");
  }
  if (r.ip_protocol) out.string("ipproto", " ipproto ", d.names.ip_protocol(*r.ip_protocol), "");
  show_ports(out, "sport", r.source_ports);
  show_ports(out, "dport", r.destination_ports);
  if (r.tunnel_id) out.number("tun_id", " tun_id ", *r.tunnel_id, "");
}

void show_action(drawing& d, const rule& r) {
  show_writer& out = d.out;
  switch (r.action) {
    case FR_ACT_TO_TBL:
      return;
    case FR_ACT_GOTO:
      if (r.target) {
        out.number("goto", " goto ", *r.target, "");
      } else {
        out.string("goto", " goto ", "none", "");
      }
      if ((r.flags & FIB_RULE_UNRESOLVED) != 0) flag(out, "unresolved", " [unresolved]");
      return;
    case FR_ACT_NOP:
      return flag(out, "nop", " nop");
    case RTN_NAT:
      return flag(out, "masquerade", " masquerade");
    default:
      out.string("action", " ", d.names.route_type(r.action), "");
  }
}

void show_target(drawing& d, const rule& r) {
  show_writer& out = d.out;
  if (r.table != 0) {
    out.string("table", " lookup ", d.names.system.tables(r.table), "");
    if (r.suppress_length.value_or(-1) != -1) {
      out.number("suppress_prefixlen", " suppress_prefixlength ", *r.suppress_length, "");
    }
    if (r.suppress_group.value_or(-1) != -1) {
      out.string("suppress_ifgroup", " suppress_ifgroup ",
                 d.names.system.groups(static_cast<std::uint32_t>(*r.suppress_group)), "");
    }
  }
  if (r.flow) {
    const std::uint32_t from = *r.flow >> 16;
    out.text(" realms ");
    if (from != 0) out.string("flow_from", "", d.names.system.realms(from), "/");
    out.string("flow_to", "", d.names.system.realms(*r.flow & 0xffff), "");
  }
  show_action(d, r);
  const std::uint8_t protocol = r.protocol.value_or(0);
  const bool worth = protocol != 0 && protocol != RTPROT_KERNEL;
  if (r.protocol && (worth || d.options.details)) {
    out.string("protocol", " proto ", d.names.system.protocols(protocol), "");
  }
}

rule_selection take_selectors(selector_words& words, const show_session& session) {
  rule_selection selection;
  if (session.options.family != AF_UNSPEC) selection.family = session.options.family;
  while (!words.empty()) selection.take(words, session.names.system);
  return selection;
}

/// What may go of the rules that are chosen.
bool is_spared(const rule_selection& selection, const rule& r) {
  if (r.priority.value_or(0) != 0) return false;
  return selection.priority != 0U || (r.action == FR_ACT_TO_TBL && r.table == RT_TABLE_LOCAL);
}

void flush_rules(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const rule_selection selection = take_selectors(words, session);
  rule_removal removal;
  flush_objects(session, ctx.out, {"RTM_DELRULE", RTM_DELRULE, "rules"},
                [&](int /*round*/, const auto& found, const auto& again) {
                  again();
                  removal.begin();
                  message_builder request(RTM_GETRULE);
                  selection.fill(request);
                  session.stream("RTM_GETRULE", request, [&](const message_view& message) {
                    const auto r = rule::decode(message);
                    if (!r) return;
                    const std::uint32_t priority = r->priority.value_or(0);
                    if (!selection.matches(*r) || is_spared(selection, *r)) {
                      removal.keep(priority, message.payload);
                    } else {
                      found(removal.remove(priority, message.payload));
                    }
                  });
                });
}

void show_rules(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const rule_selection selection = take_selectors(words, session);
  message_builder request(RTM_GETRULE);
  selection.fill(request);
  session.out.begin();
  session.stream("RTM_GETRULE", request, [&](const message_view& message) {
    const auto r = rule::decode(message);
    if (!r || !selection.matches(*r)) return;
    session.out.open();
    show_rule(session, *r);
    session.out.close_line();
  });
  session.out.end();
}

}  // namespace

void show_rule(drawing& d, const rule& r) {
  show_writer& out = d.out;
  out.number("priority", "", r.priority.value_or(0), ":\t");
  if ((r.flags & FIB_RULE_INVERT) != 0) flag(out, "not", "not ");
  if (!r.source && r.source_length == 0) {
    out.string("src", "from ", "all", "");
  } else {
    show_prefix(out, "src", "srclen", "from ", r, r.source, r.source_length);
  }
  show_prefix(out, "dst", "dstlen", " to ", r, r.destination, r.destination_length);
  show_packet(d, r);
  show_target(d, r);
}

void add_rule_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_show_verb(netlink, ctx, options, "rule", "look at routing rules and change them", rule_help,
                show_rules);
  add_question_verb(netlink, ctx, options, "rule", "flush", flush_help, flush_rules, 0);
}

}  // namespace trivet::tool
