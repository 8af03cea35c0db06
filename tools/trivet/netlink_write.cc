#include "tools/trivet/netlink_write.h"

#include <fmt/core.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/options.h"

namespace trivet::tool {
namespace {

// One verb that writes: its words go to its noun's writer.
struct verb_row {
  std::string_view noun;
  std::string_view noun_summary;
  std::string_view verb;
  std::string_view alias;
  help_text help;
};

constexpr std::string_view words_details =
    "WORDS are those of ip(8). What the kernel refuses is told in its own words, with\n"
    "the attribute that it points at. Needs CAP_NET_ADMIN.";

constexpr verb_row rows[] = {
    {"link",
     "look at links and change them",
     "add",
     "",
     {"make a link", words_details,
      "trivet netlink link add veth0 type veth peer name veth1\n"
      "trivet netlink link add link eth0 name eth0.7 type vlan id 7\n"
      "trivet netlink link add vx1 type vxlan id 1 remote 192.0.2.1 dstport 4789\n"}},
    {"link",
     "",
     "set",
     "change",
     {"change a link", words_details,
      "trivet netlink link set eth0 mtu 1400 up\n"
      "trivet netlink link set veth1 master br0\n"
      "trivet netlink link set veth1 netns blue\n"}},
    {"link",
     "",
     "replace",
     "",
     {"make a link, or change it where it is there", words_details,
      "trivet netlink link replace br0 type bridge stp_state 1\n"}},
    {"link",
     "",
     "property",
     "",
     {"give a link other names, or take them from it",
      "'add' or 'del', the link, and 'altname NAME' as often as wanted, as behind 'ip link\n"
      "property'. Needs CAP_NET_ADMIN.",
      "trivet netlink link property add dev eth0 altname a-name-longer-than-fifteen\n"
      "trivet netlink link property del dev eth0 altname a-name-longer-than-fifteen\n"}},
    {"link",
     "",
     "del",
     "delete",
     {"remove a link", words_details, "trivet netlink link del veth0\n"}},
    {"addr",
     "look at addresses and change them",
     "add",
     "",
     {"give a link an address", words_details,
      "trivet netlink addr add 192.0.2.1/24 brd + dev eth0\n"
      "trivet netlink addr add 2001:db8::1/64 dev eth0 nodad\n"}},
    {"addr",
     "",
     "change",
     "chg",
     {"change an address", words_details,
      "trivet netlink addr change 192.0.2.1/24 dev eth0 valid_lft 60 preferred_lft 30\n"}},
    {"addr",
     "",
     "replace",
     "",
     {"give a link an address, or change it", words_details,
      "trivet netlink addr replace 192.0.2.1/24 dev eth0\n"}},
    {"addr",
     "",
     "del",
     "delete",
     {"take an address from a link", words_details,
      "trivet netlink addr del 192.0.2.1/24 dev eth0\n"}},
    {"route",
     "look at routes and change them",
     "add",
     "",
     {"add a route", words_details,
      "trivet netlink route add default via 192.0.2.1\n"
      "trivet netlink route add 198.51.100.0/24 metric 5 nexthop via 192.0.2.1 \\\n"
      "    nexthop via 192.0.2.2 weight 3\n"
      "trivet netlink route add blackhole 203.0.113.0/24 table 100\n"}},
    {"route",
     "",
     "change",
     "chg",
     {"change a route", words_details, "trivet netlink route change default via 192.0.2.2\n"}},
    {"route",
     "",
     "replace",
     "",
     {"add a route, or change it where it is there", words_details,
      "trivet netlink route replace default via 192.0.2.2 mtu 1400\n"}},
    {"route",
     "",
     "append",
     "",
     {"add a route behind those of its destination", words_details,
      "trivet netlink route append 198.51.100.0/24 via 192.0.2.2\n"}},
    {"route",
     "",
     "prepend",
     "",
     {"add a route before those of its destination", words_details,
      "trivet netlink route prepend 198.51.100.0/24 via 192.0.2.2\n"}},
    {"route",
     "",
     "test",
     "",
     {"ask by an error whether an IPv4 route is there", words_details,
      "trivet netlink route test 198.51.100.0/24 via 192.0.2.2\n"}},
    {"route",
     "",
     "del",
     "delete",
     {"remove a route", words_details, "trivet netlink route del default via 192.0.2.1\n"}},
    {"neigh",
     "look at neighbours and change them",
     "add",
     "",
     {"add a neighbour", words_details,
      "trivet netlink neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth0\n"}},
    {"neigh",
     "",
     "change",
     "chg",
     {"change a neighbour", words_details,
      "trivet netlink neigh change 192.0.2.9 nud reachable dev eth0\n"}},
    {"neigh",
     "",
     "replace",
     "",
     {"add a neighbour, or change it", words_details,
      "trivet netlink neigh replace 192.0.2.9 lladdr 02:00:00:00:00:08 dev eth0\n"}},
    {"neigh",
     "",
     "del",
     "delete",
     {"remove a neighbour", words_details, "trivet netlink neigh del 192.0.2.9 dev eth0\n"}},
    {"rule",
     "look at routing rules and change them",
     "add",
     "",
     {"add a rule", words_details,
      "trivet netlink rule add from 192.0.2.0/24 lookup 100 pref 1000\n"}},
    {"rule",
     "",
     "del",
     "delete",
     {"remove a rule", words_details, "trivet netlink rule del pref 1000\n"}},
    {"nexthop",
     "look at nexthop objects and change them",
     "add",
     "",
     {"add a nexthop object", words_details,
      "trivet netlink nexthop add id 1 via 192.0.2.1 dev eth0\n"
      "trivet netlink nexthop add id 10 group 1/2,3\n"}},
    {"nexthop",
     "",
     "replace",
     "",
     {"add a nexthop object, or change it", words_details,
      "trivet netlink nexthop replace id 1 via 192.0.2.2 dev eth0\n"}},
    {"nexthop",
     "",
     "del",
     "delete",
     {"remove a nexthop object", words_details, "trivet netlink nexthop del id 1\n"}},
};

void write_one(context& ctx, const verb_row& row, const family_option& family,
               const std::vector<std::string>& words) {
  std::vector<std::string_view> line = {row.verb};
  line.insert(line.end(), words.begin(), words.end());
  auto kernel = ctx.open([] { return netlink::client(NETLINK_ROUTE); });
  line_resolver resolver(kernel);
  resolver.family = family();
  netlink::message_builder message(0);
  line_words rest(line);
  const line_request what = line_writer_of(row.noun)(rest, resolver, message);
  const netlink::outcome end = kernel.request(message);
  check(what, end);
  if (!end.extended.message.empty()) {
    print_error_line(
        fmt::format("trivet: warning: {}: {}", what.operation(), end.extended.message));
  }
}

}  // namespace

const line_verb& take_verb(line_words& words, std::string_view noun,
                           std::span<const line_verb> verbs) {
  const std::string_view word = words.take(noun);
  const auto found = std::find_if(verbs.begin(), verbs.end(), [word](const line_verb& verb) {
    return is_beginning(word, verb.word);
  });
  if (found != verbs.end()) return *found;
  std::string known;
  for (const line_verb& verb : verbs) known += (known.empty() ? "" : ", ") + std::string(verb.word);
  throw usage_error(fmt::format("{}: '{}' is none of {}", noun, word, known));
}

void add_netlink_write(CLI::App& netlink, context& ctx, const family_option& family) {
  for (const verb_row& row : rows) {
    const help_text help{.summary = row.noun_summary, .examples = row.help.examples};
    add_noun(netlink, ctx, std::string(row.noun), help, [&ctx, &row, family](CLI::App& noun) {
      auto words = std::make_shared<std::vector<std::string>>();
      CLI::App& verb =
          add_verb(noun, ctx, std::string(row.verb), row.help,
                   [&ctx, &row, family, words] { write_one(ctx, row, family, *words); });
      if (!row.alias.empty()) add_alias(verb, std::string(row.alias));
      add_option(verb, "WORDS", *words,
                 "as behind 'ip " + std::string(row.noun) + " " + std::string(row.verb) + "'")
          .type_name("WORD")
          .expected(0, -1);
    });
  }
  add_netlink_batch(netlink, ctx, family);
}

}  // namespace trivet::tool
