#include "tools/trivet/netlink_show_route.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <vector>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_flush.h"
#include "tools/trivet/netlink_show_nexthop.h"
#include "trivet/base/descriptor.h"
#include "trivet/base/error.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;

constexpr help_text show_help = {
    .summary = "print the routes",
    .details =
        "IPv4 without -4, -6 or -M, and the main table without 'table'. The words are those\n"
        "of 'ip route show':\n"
        "  table NAME|NUMBER|all, vrf NAME    the routes of a table; of all of them\n"
        "  [to] PREFIX, exact PREFIX          that very destination\n"
        "  root PREFIX                        destinations inside it\n"
        "  match PREFIX                       destinations around it\n"
        "  from [root|match|exact] PREFIX     the same of the source\n"
        "  dev NAME, iif NAME                 by the link that packets take, or come from\n"
        "  via ADDRESS, src ADDRESS           by gateway, by preferred source\n"
        "  proto, scope, type, tos, metric, realms WORD\n"
        "  cache                              what was learnt of paths, as their MTUs\n"
        "\n"
        "What the words say of every route is not repeated. Text and JSON are as 'ip route' and\n"
        "'ip -j route' print them. Any number of routes is printed as it comes. Needs no\n"
        "privilege.",
    .examples =
        "trivet netlink route\n"
        "trivet netlink route show table all -6\n"
        "trivet netlink route show root 10.0.0.0/8 proto bird -j | jq length\n"};

constexpr help_text flush_help = {
    .summary = "remove all routes that selectors match",
    .details =
        "The words are those of 'trivet netlink route show'; one at least has to be given.\n"
        "Without 'table' those of the table main. It goes on until none is left; with -s\n"
        "one line says how many there were, but not of IPv4's with 'cache'. Needs\n"
        "CAP_NET_ADMIN.",
    .examples =
        "trivet netlink route flush proto bird\n"
        "trivet netlink -6 route flush table 100\n"};

/// Prefixes that an address of a route has to lie in, or around which it has to lie.
struct place {
  std::optional<prefix> root;   ///< the address is inside
  std::optional<prefix> match;  ///< the address is around

  void take(std::string_view what, selector_words& words, int family) {
    if (words.skip("root")) {
      root = one(what, words, family);
    } else if (words.skip("match")) {
      match = one(what, words, family);
    } else {
      words.skip("exact");
      root = match = one(what, words, family);
    }
  }

  static std::optional<prefix> one(std::string_view what, selector_words& words, int family) {
    const prefix given = prefix::parse(what, words.take(what), family);
    return given.every ? std::nullopt : std::optional(given);
  }

  [[nodiscard]] bool holds(int family, const_bytes bytes, int length) const {
    const auto of_family = [&](const prefix& p) {
      return p.address.family == AF_UNSPEC || p.address.family == family;
    };
    if (root) {
      if (!of_family(*root) || root->length > length) return false;
      if (root->length > 0 && !root->covers(bytes)) return false;
    }
    if (match) {
      if (!of_family(*match) || match->length < length) return false;
      if (length == 0) return true;
      prefix outer = *match;
      outer.length = length;
      if (!outer.covers(bytes)) return false;
    }
    return true;
  }

  [[nodiscard]] int family() const {
    const int from_root = root ? root->address.family : AF_UNSPEC;
    return from_root != AF_UNSPEC ? from_root : match ? match->address.family : AF_UNSPEC;
  }
};

struct realm_choice {
  std::uint32_t value = 0;
  std::uint32_t mask = 0;
};

/// Which routes are shown.
struct route_selection {
  int family = 0;
  std::uint32_t table = RT_TABLE_MAIN;  ///< 0: all
  bool cached = false;
  bool without_local = false;  ///< of a VRF: not its own addresses
  place destination;
  place source;
  std::optional<std::string> device;
  std::optional<std::string> input;
  std::optional<prefix> via;
  std::optional<prefix> preferred_source;
  std::optional<std::uint32_t> protocol;
  std::optional<std::uint32_t> scope;
  std::optional<std::uint32_t> type;
  std::optional<std::uint32_t> tos;
  std::optional<std::uint32_t> metric;
  std::optional<std::uint32_t> mark;
  realm_choice realms;
  std::uint32_t device_index = 0;
  std::uint32_t input_index = 0;

  void take(selector_words& words, const show_session& session);
  bool take_number(selector_words& words, const show_session& session);
  void take_table(const std::string& word, const netlink::rtnl::names& names);
  void take_realms(const std::string& word, const netlink::rtnl::names& names);
  [[nodiscard]] bool matches(const route_view& route) const;
  [[nodiscard]] bool matches_addresses(const route_view& route) const;
  [[nodiscard]] route_style style() const;
  void fill(message_builder& request) const;
};

void route_selection::take_table(const std::string& word, const netlink::rtnl::names& names) {
  if (word == "all") {
    table = 0;
  } else if (word == "cache") {
    cached = true;
  } else {
    table = number_of("table", names.tables, word);
  }
}

void route_selection::take_realms(const std::string& word, const netlink::rtnl::names& names) {
  const std::size_t slash = word.find('/');
  const auto part = [&](const std::string& text) {
    return text.empty() ? 0 : number_of("realms", names.realms, text);
  };
  if (slash == std::string::npos) {
    realms = {part(word), 0xffff};
    return;
  }
  const std::string from = word.substr(0, slash);
  const std::string to = word.substr(slash + 1);
  realms = {part(from) << 16 | part(to),
            (from.empty() ? 0 : 0xffff0000) | (to.empty() ? 0 : 0xffff)};
}

bool route_selection::take_number(selector_words& words, const show_session& session) {
  const netlink::rtnl::names& names = session.names.system;
  const auto named = [&](std::string_view what, const netlink::rtnl::name_table& known,
                         std::optional<std::uint32_t>& into) {
    const std::string word = words.take(what);
    into = word == "all" ? std::nullopt : std::optional(number_of(what, known, word));
  };
  if (words.skip("proto") || words.skip("protocol")) {
    named("proto", names.protocols, protocol);
  } else if (words.skip("scope")) {
    named("scope", names.scopes, scope);
  } else if (words.skip("type")) {
    const std::string word = words.take("type");
    type = netlink::rtnl::route_type_number(word);
    if (!type) throw usage_error(fmt::format("type: '{}' is no type of route", word));
  } else if (words.skip("tos") || words.skip("dsfield")) {
    named("tos", names.tos, tos);
  } else if (words.skip("metric") || words.skip("preference") || words.skip("priority")) {
    metric = words.number("metric");
  } else if (words.skip("mark")) {
    mark = words.number("mark");
  } else if (words.skip("realms") || words.skip("realm")) {
    take_realms(words.take("realms"), names);
  } else {
    return false;
  }
  return true;
}

void route_selection::take(selector_words& words, const show_session& session) {
  if (take_number(words, session)) return;
  if (words.skip("table")) {
    take_table(words.take("table"), session.names.system);
  } else if (words.skip("vrf")) {
    table = session.vrf_table(words.take("vrf"));
    without_local = true;
  } else if (words.skip("cache") || words.skip("cached") || words.skip("cloned")) {
    cached = true;
  } else if (words.skip("dev") || words.skip("oif")) {
    device = words.take("dev");
  } else if (words.skip("iif")) {
    input = words.take("iif");
  } else if (words.skip("via")) {
    const bool other = words.skip("inet") || words.skip("inet6");
    via = prefix::parse("via", words.take("via"), other ? AF_UNSPEC : family);
  } else if (words.skip("src")) {
    preferred_source = prefix::parse("src", words.take("src"), family);
  } else if (words.skip("from")) {
    source.take("from", words, family);
  } else {
    words.skip("to");
    destination.take("to", words, family);
  }
}

bool route_selection::matches_addresses(const route_view& route) const {
  const ::rtmsg& header = route.header();
  if (!destination.holds(header.rtm_family, route.bytes(RTA_DST), header.rtm_dst_len)) return false;
  if (!source.holds(header.rtm_family, route.bytes(RTA_SRC), header.rtm_src_len)) return false;
  if (via) {
    const_bytes gateway = route.bytes(RTA_GATEWAY);
    if (route.has(RTA_VIA)) {
      const const_bytes bytes = route.bytes(RTA_VIA);
      gateway = bytes.subspan(std::min(sizeof(::sa_family_t), bytes.size()));
    }
    if (!via->covers(gateway)) return false;
  }
  return !preferred_source || preferred_source->covers(route.bytes(RTA_PREFSRC));
}

bool route_selection::matches(const route_view& route) const {
  const ::rtmsg& header = route.header();
  if (family != AF_UNSPEC && header.rtm_family != family) return false;
  if (((header.rtm_flags & RTM_F_CLONED) != 0) != cached) return false;
  if (table != 0 && route.table() != table) return false;
  if (without_local && (header.rtm_type == RTN_LOCAL || header.rtm_type == RTN_BROADCAST)) {
    return false;
  }
  if (protocol && header.rtm_protocol != *protocol) return false;
  if (scope && header.rtm_scope != *scope) return false;
  if (type && header.rtm_type != *type) return false;
  if (tos && header.rtm_tos != *tos) return false;
  if (metric && route.number(RTA_PRIORITY) != *metric) return false;
  if (mark && route.number(RTA_MARK) != *mark) return false;
  if (((route.number(RTA_FLOW) ^ realms.value) & realms.mask) != 0) return false;
  if (device_index != 0 && route.number(RTA_OIF) != device_index) return false;
  if (input_index != 0 && route.number(RTA_IIF) != input_index) return false;
  return matches_addresses(route);
}

route_style route_selection::style() const {
  const auto whole = [](const std::optional<prefix>& p) {
    return p && p->length == netlink::rtnl::host_bits(p->address.family);
  };
  return {.table = table == 0,
          .device = !device,
          .input = !input,
          .protocol = !protocol,
          .scope = !scope,
          .metric = !metric,
          .tos = !tos,
          .gateway = !whole(via),
          .source = !whole(preferred_source),
          .realm = realms.mask != ~0U};
}

// What the kernel filters itself costs nothing.
void route_selection::fill(message_builder& request) const {
  ::rtmsg header{};
  header.rtm_family = static_cast<unsigned char>(family);
  header.rtm_protocol = static_cast<unsigned char>(protocol.value_or(0));
  // A route over a nexthop object is told as what that is, and kept as another.
  if (type != RTN_BLACKHOLE) header.rtm_type = static_cast<unsigned char>(type.value_or(0));
  if (cached) header.rtm_flags = RTM_F_CLONED;
  request.structure(header);
  if (table != 0) request.attributes().value(RTA_TABLE, table);
  if (device_index != 0) request.attributes().value(RTA_OIF, device_index);
}

route_selection take_selectors(selector_words& words, show_session& session) {
  session.learn_links();
  route_selection selection;
  selection.family = session.options.family;
  while (!words.empty()) selection.take(words, session);
  if (selection.family == AF_UNSPEC) selection.family = selection.destination.family();
  if (selection.family == AF_UNSPEC && selection.table != 0) selection.family = AF_INET;
  if (selection.device) selection.device_index = session.link_index(*selection.device);
  if (selection.input) selection.input_index = session.link_index(*selection.input);
  return selection;
}

/// The kernel's own unreachable default of IPv6, which cannot be removed.
bool is_last_resort(const route_view& route) {
  const ::rtmsg& header = route.header();
  return header.rtm_family == AF_INET6 && header.rtm_dst_len == 0 &&
         header.rtm_type == RTN_UNREACHABLE && route.number(RTA_PRIORITY) == 0xffffffff;
}

/// The kernel tells where a nexthop object leads, and refuses to be told so.
const_bytes without_hops(const_bytes payload, byte_buffer& into) {
  constexpr std::uint16_t hops[] = {RTA_OIF,       RTA_GATEWAY, RTA_VIA,
                                    RTA_MULTIPATH, RTA_ENCAP,   RTA_ENCAP_TYPE};
  auto header = load_padded<::rtmsg>(payload.first(sizeof(::rtmsg)));
  // What a nexthop object is decides the type that is told, and not the one that is compared.
  header.rtm_type = RTN_UNSPEC;
  into.shrink(0);
  netlink::attribute_writer out(into);
  out.plain(std::as_bytes(std::span<const ::rtmsg, 1>(&header, 1)));
  netlink::attribute_reader in(payload.subspan(sizeof(::rtmsg)));
  for (netlink::attribute a; in.next(a);) {
    if (std::find(std::begin(hops), std::end(hops), a.type) != std::end(hops)) continue;
    out.raw(netlink::raw_attribute::of(a));
  }
  return into;
}

/// What IPv4 has learnt of paths, as their MTUs, is not removed route by route.
/// Source: ip-sysctl: net/ipv4/route/flush
void forget_ipv4_cache(const context& ctx) {
  constexpr auto path = "/proc/sys/net/ipv4/route/flush";
  const int error = ctx.open([&] {
    const descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
    return file && ::write(file.get(), "-1", 2) == 2 ? 0 : errno;
  });
  if (error == 0) return;
  throw_socket_error(errno_code(error), fmt::format("write {}", path),
                     error == EACCES ? "run as root, or with CAP_NET_ADMIN" : "");
}

void flush_routes(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const route_selection selection = take_selectors(words, session);
  if (selection.cached && selection.family != AF_INET6) {
    forget_ipv4_cache(ctx);
    if (selection.family == AF_INET) return;
  }
  flush_objects(
      session, ctx.out, {"RTM_DELROUTE", RTM_DELROUTE, "routes"},
      [&](int /*round*/, const auto& found, const auto& again) {
        again();
        message_builder request(RTM_GETROUTE);
        selection.fill(request);
        route_view route;
        byte_buffer bytes;
        session.stream("RTM_GETROUTE", request, [&](const message_view& message) {
          if (message.type() != RTM_NEWROUTE || !route.parse(message)) return;
          if (!selection.matches(route) || is_last_resort(route)) return;
          found(route.has(RTA_NH_ID) ? without_hops(message.payload, bytes) : message.payload);
        });
      });
}

void show_routes(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  const route_selection selection = take_selectors(words, session);
  message_builder request(RTM_GETROUTE);
  selection.fill(request);
  route_printer printer(session, selection.style());
  std::map<std::uint32_t, netlink::rtnl::nexthop> nexthops;
  if (options.details) {
    nexthops = read_nexthops(session);
    printer.describe_nexthop = [&](std::uint32_t id) { show_nexthop_of(session, nexthops, id); };
  }
  route_view route;
  session.out.begin();
  session.stream("RTM_GETROUTE", request, [&](const message_view& message) {
    if (message.type() != RTM_NEWROUTE || !route.parse(message)) return;
    if (selection.matches(route)) printer.print(route);
  });
  session.out.end();
}

}  // namespace

void add_route_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_show_verb(netlink, ctx, options, "route", "look at routes and change them", show_help,
                show_routes);
  add_route_get(netlink, ctx, options);
  add_question_verb(netlink, ctx, options, "route", "flush", flush_help, flush_routes);
}

}  // namespace trivet::tool
