#include <fmt/core.h>
#include <sys/socket.h>

#include <utility>
#include <vector>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_show_nexthop.h"
#include "tools/trivet/netlink_show_route.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;

constexpr help_text get_help = {
    .summary = "ask the kernel which route an address takes",
    .details =
        "The words are those of 'ip route get':\n"
        "  [to] ADDRESS           where to\n"
        "  from ADDRESS, iif NAME, oif NAME, vrf NAME, mark NUMBER, tos TOS, uid NUMBER,\n"
        "  ipproto NUMBER, sport NUMBER, dport NUMBER    what else is known of the packet\n"
        "  fibmatch               print the route that was found, and not what came of it\n"
        "  connected              ask again with the source address that the first answer\n"
        "                         prefers, unless 'from' says one; both are printed\n"
        "  notify                 RTM_F_NOTIFY, of which kernels since 3.6 make nothing",
    .examples =
        "trivet netlink route get 192.0.2.1\n"
        "trivet netlink route get 192.0.2.1 from 10.0.0.1 iif eth1\n"
        "trivet netlink route get 2001:db8::1 fibmatch -j | jq '.[0].dst'\n"};

/// What is asked of the kernel by `route get`.
struct route_question {
  ::rtmsg header{};
  std::optional<prefix> destination;
  std::optional<prefix> source;
  std::vector<std::pair<std::uint16_t, std::uint32_t>> numbers;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> ports;  ///< in network byte order
  std::optional<std::uint8_t> ip_protocol;

  bool connected = false;  ///< asked again, from the source address that the answer prefers

  void take(selector_words& words, const show_session& session);
  void fill(message_builder& out) const;
  /// "default" is the address of zeros: of IPv4 where nothing else is said.
  void name_destination();
  [[nodiscard]] int family() const {
    return destination ? destination->address.family : source->address.family;
  }
};

std::uint16_t port(std::string_view what, selector_words& words) {
  const std::uint32_t number = words.number(what);
  if (number > 0xffff) throw usage_error(fmt::format("{}: {} is more than 65535", what, number));
  return big_endian(static_cast<std::uint16_t>(number));
}

void route_question::take(selector_words& words, const show_session& session) {
  const int wanted = header.rtm_family;
  if (words.skip("from")) {
    source = prefix::parse("from", words.take("from"), wanted);
  } else if (words.skip("iif")) {
    numbers.emplace_back(RTA_IIF, session.link_index(words.take("iif")));
  } else if (words.skip("oif") || words.skip("dev") || words.skip("vrf")) {
    numbers.emplace_back(RTA_OIF, session.link_index(words.take("oif")));
  } else if (words.skip("mark")) {
    numbers.emplace_back(RTA_MARK, words.number("mark"));
  } else if (words.skip("uid")) {
    numbers.emplace_back(RTA_UID, words.number("uid"));
  } else if (words.skip("tos") || words.skip("dsfield")) {
    header.rtm_tos =
        static_cast<unsigned char>(number_of("tos", session.names.system.tos, words.take("tos")));
  } else if (words.skip("ipproto")) {
    ip_protocol = ip_protocol_number("ipproto", words.take("ipproto"));
  } else if (words.skip("sport")) {
    ports.emplace_back(RTA_SPORT, port("sport", words));
  } else if (words.skip("dport")) {
    ports.emplace_back(RTA_DPORT, port("dport", words));
  } else if (words.skip("fibmatch")) {
    header.rtm_flags |= RTM_F_FIB_MATCH;
  } else if (words.skip("notify")) {
    header.rtm_flags |= RTM_F_NOTIFY;
  } else if (words.skip("connected")) {
    connected = true;
  } else {
    words.skip("to");
    destination = prefix::parse("to", words.take("to"), wanted);
  }
}

void route_question::name_destination() {
  netlink::rtnl::network_address& to = destination->address;
  if (!to.bytes().empty()) return;
  const int known = to.family != AF_UNSPEC ? to.family
                    : source               ? source->address.family
                                           : AF_UNSPEC;
  to = netlink::rtnl::network_address::parse(known == AF_INET6 ? "::" : "0.0.0.0");
}

void route_question::fill(message_builder& out) const {
  ::rtmsg asked = header;
  asked.rtm_family = static_cast<unsigned char>(family());
  const auto bits = static_cast<unsigned char>(
      asked.rtm_family == AF_MPLS ? 20 : netlink::rtnl::host_bits(asked.rtm_family));
  asked.rtm_dst_len = bits;
  if (source) asked.rtm_src_len = bits;
  // The others look into one table only.
  if (asked.rtm_family == AF_INET) asked.rtm_flags |= RTM_F_LOOKUP_TABLE;
  netlink::attribute_writer& attributes = out.structure(asked).attributes();
  attributes.bytes(RTA_DST, destination->address.bytes());
  if (source) attributes.bytes(RTA_SRC, source->address.bytes());
  for (const auto& [type, value] : numbers) attributes.value(type, value);
  for (const auto& [type, value] : ports) attributes.value(type, value);
  if (ip_protocol) attributes.value(RTA_IP_PROTO, *ip_protocol);
}

/// Asks once and prints the answer. @return the source address that the answer prefers
std::optional<prefix> ask(show_session& session, route_printer& printer,
                          const route_question& question) {
  std::optional<prefix> preferred;
  message_builder request(RTM_GETROUTE);
  question.fill(request);
  const netlink::outcome outcome = session.kernel.request(request, [&](const message_view& answer) {
    route_view route;
    if (answer.type() != RTM_NEWROUTE || !route.parse(answer)) return;
    printer.print(route);
    if (!route.has(RTA_PREFSRC)) return;
    preferred.emplace();
    preferred->address = {route.header().rtm_family,
                          netlink::rtnl::short_bytes(route.bytes(RTA_PREFSRC))};
  });
  outcome.check(fmt::format("route to {}", question.destination->address.to_string()));
  return preferred;
}

void get_route(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  session.learn_links();
  route_question question;
  question.header.rtm_family = static_cast<unsigned char>(options.family);
  while (!words.empty()) question.take(words, session);
  if (!question.destination) throw usage_error("SELECTOR: an address to ask for is missing");
  question.name_destination();
  route_printer printer(session, {});
  nexthop_list nexthops;
  if (options.details) {
    nexthops = read_nexthops(session);
    printer.describe_nexthop = [&](std::uint32_t id) { show_nexthop_of(session, nexthops, id); };
  }
  session.out.begin();
  const auto preferred = ask(session, printer, question);
  const bool again = question.connected && !question.source;
  if (again && preferred) {
    question.source = preferred;
    ask(session, printer, question);
  }
  session.out.end();
  if (again && !preferred) {
    throw failure(fmt::format("route to {}", question.destination->address.to_string()),
                  "the answer prefers no source address", "ask without 'connected'");
  }
}

}  // namespace

void add_route_get(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_question_verb(netlink, ctx, options, "route", "get", get_help, get_route);
}

}  // namespace trivet::tool
