#include "tools/trivet/netlink_show_link.h"

#include <fmt/format.h>
#include <linux/if.h>
#include <sys/socket.h>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_words.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;
using netlink::rtnl::link;

constexpr help_text link_help = {
    .summary = "print the links",
    .details =
        "The words are those of 'ip link show':\n"
        "  [dev] NAME             that link, by its name or another name of it\n"
        "  up                     links that are up\n"
        "  master NAME, vrf NAME  those that belong to a bridge, bond, VRF ...\n"
        "  nomaster               those that belong to none\n"
        "  group GROUP            those of a group\n"
        "  type KIND              those of a kind, as veth; KIND_slave: ports of a kind\n"
        "\n"
        "-d adds what is known of each kind, -s counters, -s -s those of errors too. Text and\n"
        "JSON are as 'ip link' and 'ip -j link' print them. Needs no privilege.",
    .examples =
        "trivet netlink link\n"
        "trivet netlink link show dev eth0 -s\n"
        "trivet netlink link show type vxlan -d -j | jq '.[].linkinfo.info_data.id'\n"};

constexpr std::string_view oper_states[] = {"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN",
                                            "TESTING", "DORMANT",    "UP"};
constexpr std::string_view link_modes[] = {"DEFAULT", "DORMANT"};
constexpr std::string_view address_modes[] = {"eui64", "none", "stable_secret", "random"};

// The name and, in text, behind '@' what it stands on: in JSON that has a key, which is written.
std::string name_on_lower(drawing& d, const link& l) {
  std::string name = l.name ? *l.name : d.names.link(l.index);
  if (l.link_index) {
    const bool elsewhere = l.link_netns.has_value();
    if (*l.link_index == 0) {
      d.out.null("link");
    } else if (elsewhere) {
      d.out.member("link_index", *l.link_index);
    } else {
      d.out.member("link", d.names.link(*l.link_index));
    }
    if (!d.out.json()) {
      name += '@';
      name += *l.link_index == 0 ? "NONE"
              : elsewhere        ? fmt::format("if{}", *l.link_index)
                                 : d.names.link(*l.link_index);
    }
  }
  return name;
}

void show_flags(drawing& d, const link& l) {
  const std::vector<std::string> words = link_flag_words(l, d.names);
  d.out.open_list("flags");
  for (const std::string& word : words) d.out.member("", word);
  d.out.close_list();
  d.out.text(fmt::format("<{}> ", fmt::join(words, ",")));
}

void show_operstate(show_writer& out, std::uint8_t state) {
  if (state < std::size(oper_states)) {
    out.string("operstate", "state ", oper_states[state]);
  } else {
    out.member("operstate_index", state);
    out.text(fmt::format("state {:#x}", state));
  }
}

void show_brief_operstate(show_writer& out, std::uint8_t state) {
  if (state < std::size(oper_states)) {
    out.string("operstate", "", oper_states[state], column_end(oper_states[state], 14));
  } else {
    show_operstate(out, state);
  }
}

void show_hardware(drawing& d, const link& l) {
  show_writer& out = d.out;
  out.line_break();
  out.string("link_type", "    link/", d.names.hardware(l.type));
  if (l.address) out.painted(ink::address, "address", "", l.address->to_string(l.type), "");
  if (l.broadcast) {
    const bool peer = (l.flags & IFF_POINTOPOINT) != 0;
    if (peer) out.member("link_pointtopoint", true);
    out.painted(ink::address, "broadcast", peer ? " peer " : " brd ",
                l.broadcast->to_string(l.type), "");
  }
  if (l.permanent_address && l.permanent_address != l.address) {
    out.painted(ink::address, "permaddr", " permaddr ", l.permanent_address->to_string(l.type), "");
  }
}

void show_namespace(drawing& d, const link& l, const namespace_names& namespaces) {
  if (l.link_netns) {
    d.out.member("link_netnsid", *l.link_netns);
    const auto known = namespaces.find(*l.link_netns);
    d.out.text(known != namespaces.end() ? fmt::format(" link-netns {}", printable(known->second))
               : *l.link_netns < 0       ? std::string(" link-netnsid unknown")
                                         : fmt::format(" link-netnsid {}", *l.link_netns));
  }
}

void show_protocol_down(drawing& d, const link& l) {
  if (!l.protocol_down) return;
  d.out.yes("proto_down", " protodown on ", *l.protocol_down != 0);
  const std::uint32_t reason =
      l.protocol_down_reason ? l.protocol_down_reason->value.value_or(0) : 0;
  if (reason == 0) return;
  d.out.open_list("proto_down_reason");
  std::string words;
  for (unsigned bit = 0; bit < 32; ++bit) {
    if ((reason >> bit & 1) == 0) continue;
    const std::string word = d.names.system.down_reasons(bit);
    d.out.member("", word);
    words += (words.empty() ? "" : ",") + word;
  }
  d.out.close_list();
  d.out.text(fmt::format("protodown_reason <{}>", printable(words)));
}

void show_address_mode(drawing& d, const link& l) {
  const auto families = netlink::read_nest<netlink::rtnl::link_families>(*l.families);
  if (!families || !families->inet6 || !families->inet6->address_mode) return;
  const std::uint8_t mode = *families->inet6->address_mode;
  d.out.string("inet6_addr_gen_mode", "addrgenmode ",
               mode < std::size(address_modes) ? std::string(address_modes[mode])
                                               : fmt::format("{:#04x}", mode));
}

void put(show_writer& out, std::string_view key, std::string_view before,
         const std::optional<std::uint32_t>& value) {
  if (value) out.number(key, before, *value);
}

void show_details(drawing& d, const link& l, const link_style& style) {
  show_writer& out = d.out;
  put(out, "promiscuity", " promiscuity ", l.promiscuity);
  put(out, "allmulti", " allmulti ", l.allmulti);
  put(out, "min_mtu", "minmtu ", l.minimum_mtu);
  put(out, "max_mtu", "maxmtu ", l.maximum_mtu);
  if (l.info) show_link_kind(d, *l.info);
  if (!style.for_addresses && l.families) show_address_mode(d, l);
  put(out, "num_tx_queues", "numtxqueues ", l.tx_queues);
  put(out, "num_rx_queues", "numrxqueues ", l.rx_queues);
  put(out, "gso_max_size", "gso_max_size ", l.gso_maximum_size);
  put(out, "gso_max_segs", "gso_max_segs ", l.gso_maximum_segments);
  put(out, "tso_max_size", "tso_max_size ", l.tso_maximum_size);
  put(out, "tso_max_segs", "tso_max_segs ", l.tso_maximum_segments);
  put(out, "gro_max_size", "gro_max_size ", l.gro_maximum_size);
  if (l.port_name) out.string("phys_port_name", "portname ", *l.port_name);
  if (l.port_id) out.string("phys_port_id", "portid ", hex(text_of(*l.port_id)));
  if (l.switch_id) out.string("phys_switch_id", "switchid ", hex(text_of(*l.switch_id)));
  if (l.parent_bus) out.string("parentbus", "parentbus ", *l.parent_bus);
  if (l.parent_device) out.string("parentdev", "parentdev ", *l.parent_device);
}

void show_alternative_names(drawing& d, const link& l) {
  if (!l.properties) return;
  d.out.open_list("altnames");
  for (const std::string& name : l.properties->alternative_names) {
    d.out.line_break();
    d.out.string("", "    altname ", name, "");
  }
  d.out.close_list();
}

// The name, the state and, unless they stand before addresses, the hardware address and flags.
void show_brief_link(drawing& d, const link& l, const link_style& style) {
  show_writer& out = d.out;
  const std::string name = name_on_lower(d, l);
  out.painted(ink::name, "ifname", "", name, column_end(name, 16));
  if (l.operstate) show_brief_operstate(out, *l.operstate);
  if (style.for_addresses) return;
  if (l.address) out.painted(ink::address, "address", "", l.address->to_string(l.type));
  show_flags(d, l);
}

void show_links(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  link_selection selection;
  while (!words.empty()) {
    if (selection.take(words, session.names.system)) continue;
    words.skip("dev");
    if (selection.device) throw usage_error("SELECTOR: one link only");
    selection.device = words.take("dev");
  }
  const std::vector<link> links = read_links(session, selection, options.statistics > 0);
  const namespace_names namespaces =
      ctx.json || options.brief ? namespace_names() : names_of_namespaces(session);
  session.out.begin();
  for (const link& l : links) {
    session.out.open();
    show_link(session, l, {}, namespaces);
    session.out.close_line();
  }
  session.out.end();
}

}  // namespace

bool link_selection::take(selector_words& words, const netlink::rtnl::names& names) {
  if (words.skip("up")) {
    up = true;
  } else if (words.skip("master")) {
    master = words.take("master");
  } else if (words.skip("vrf")) {
    master = words.take("vrf");
    master_is_vrf = true;
  } else if (words.skip("nomaster")) {
    no_master = true;
  } else if (words.skip("group")) {
    group = number_of("group", names.groups, words.take("group"));
  } else if (words.skip("type")) {
    kind = words.take("type");
    constexpr std::string_view slave = "_slave";
    if (kind.ends_with(slave)) {
      slave_kind = kind.substr(0, kind.size() - slave.size());
      kind.clear();
    }
  } else {
    return false;
  }
  return true;
}

bool link_selection::matches(const link& l, const show_session& session,
                             std::uint32_t master_index) const {
  if (device && static_cast<std::uint32_t>(l.index) != session.link_index(*device)) return false;
  if (master && l.master != master_index) return false;
  if (no_master && l.master) return false;
  if (up && (l.flags & IFF_UP) == 0) return false;
  if (group && l.group != group) return false;
  if (!kind.empty() && (!l.info || l.info->kind != kind)) return false;
  return slave_kind.empty() || (l.info && l.info->slave_kind == slave_kind);
}

std::vector<link> read_links(show_session& session, const link_selection& selection,
                             bool statistics) {
  std::vector<link> links;
  message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{});
  const std::uint32_t mask = RTEXT_FILTER_VF | (statistics ? 0U : RTEXT_FILTER_SKIP_STATS);
  request.attributes().value(IFLA_EXT_MASK, mask);
  session.read(
      "RTM_GETLINK", request,
      [&](const message_view& message) {
        auto l = link::decode(message);
        if (!l) return;
        session.learn(*l);
        links.push_back(std::move(*l));
      },
      [&] {
        session.forget_links();
        links.clear();
      });
  if (selection.device) (void)session.link_index(*selection.device);
  if (selection.master_is_vrf) (void)session.vrf_table(*selection.master);
  const std::uint32_t master = selection.master ? session.link_index(*selection.master) : 0;
  std::erase_if(links, [&](const link& l) { return !selection.matches(l, session, master); });
  return links;
}

void show_link(drawing& d, const link& l, const link_style& style,
               const namespace_names& namespaces) {
  if (d.options.brief) return show_brief_link(d, l, style);
  show_writer& out = d.out;
  const bool details = d.options.details;
  out.number("ifindex", "", l.index, ": ");
  out.painted(ink::name, "ifname", "", name_on_lower(d, l), ": ");
  show_flags(d, l);
  if (l.mtu) out.number("mtu", "mtu ", *l.mtu);
  if (l.qdisc) out.string("qdisc", "qdisc ", *l.qdisc);
  if (l.master) out.string("master", "master ", d.names.link(*l.master));
  if (l.operstate) show_operstate(out, *l.operstate);
  if (!style.for_addresses && l.link_mode) {
    if (*l.link_mode < std::size(link_modes)) {
      out.string("linkmode", "mode ", link_modes[*l.link_mode]);
    } else {
      out.number("linkmode_index", "mode ", *l.link_mode);
    }
  }
  if (l.group) out.string("group", "group ", d.names.system.groups(*l.group));
  if (l.queue_length.value_or(0) != 0) out.number("txqlen", "qlen ", *l.queue_length, "");
  if (style.family == AF_UNSPEC || details) show_hardware(d, l);
  show_namespace(d, l, namespaces);
  show_protocol_down(d, l);
  if (details) show_details(d, l, style);
  if ((!style.for_addresses || details) && l.alias) {
    out.line_break();
    out.string("ifalias", "    alias ", *l.alias, "");
  }
  if (!style.for_addresses && d.options.statistics > 0 && l.statistics) {
    out.line_break();
    show_link_statistics(d, l);
  }
  if ((!style.for_addresses || details) && l.functions && l.function_count) {
    show_link_functions(d, l);
  }
  show_alternative_names(d, l);
}

void add_link_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_show_verb(netlink, ctx, options, "link", "look at links and change them", link_help,
                show_links);
}

}  // namespace trivet::tool
