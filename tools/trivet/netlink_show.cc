#include "tools/trivet/netlink_show.h"

#include <fmt/core.h>
#include <linux/if_link.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_prefix.h"
#include "tools/trivet/options.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;

constexpr unsigned attempts = 4;
constexpr std::uint32_t skip_statistics = RTEXT_FILTER_SKIP_STATS;

int family_of(const std::string& name) {
  if (name == "inet") return AF_INET;
  if (name == "inet6") return AF_INET6;
  if (name == "mpls") return AF_MPLS;
  if (name == "link") return AF_PACKET;
  if (name == "bridge") return AF_BRIDGE;
  throw usage_error(fmt::format("--family: '{}' is none of inet, inet6, mpls, link, bridge", name));
}

/// As with ip(8), the last of several counts.
std::function<void()> chooses(const shared_options& options, int family) {
  return [options, family] { options->family = family; };
}

show_form form_of(const context& ctx, const netlink_options& options) {
  if (ctx.json) return options.pretty ? show_form::pretty_json : show_form::json;
  return options.one_line ? show_form::one_line : show_form::text;
}

}  // namespace

void add_netlink_options(CLI::App& noun, const shared_options& options) {
  add_flag(noun, "-4,--ipv4", chooses(options, AF_INET), "IPv4 only; the last of several counts");
  add_flag(noun, "-6,--ipv6", chooses(options, AF_INET6), "IPv6 only");
  add_flag(noun, "-M,--mpls", chooses(options, AF_MPLS), "MPLS only");
  add_flag(noun, "-0", chooses(options, AF_PACKET), "links: of 'addr' without their addresses");
  add_flag(noun, "-B", chooses(options, AF_BRIDGE), "of 'neigh': forwarding entries of bridges");
  add_option(
      noun, "-f,--family",
      [options](const std::string& name) { options->family = family_of(name); }, "the same by name")
      .type_name("{inet,inet6,mpls,link,bridge}");
  add_flag(noun, "-d,--details", options->details, "show everything that is known of an object");
  add_flag(noun, "-s,--statistics", options->statistics,
           "show counters; twice: those of errors too");
  add_flag(noun, "-o,--oneline", options->one_line, "one line for each object");
  add_flag(noun, "--brief", options->brief, "links, addresses, neighbours in columns: -br, -brief");
  add_flag(noun, "-N,--numeric", options->numeric,
           "numbers in place of names, but of links: -Numeric");
  add_flag(noun, "-t,--timestamp", options->timestamp,
           "of 'monitor', 'conntrack': say in each line when it was printed; -ts");
  add_flag(noun, "-p,--pretty", options->pretty, "JSON of what is shown is indented");
}

void repeat_family_flags(CLI::App& noun, context& ctx, const shared_options& options) {
  constexpr const char* nouns[] = {"addr",  "batch",   "conntrack", "link", "monitor", "neigh",
                                   "netns", "nexthop", "route",     "rule", "sockets"};
  const std::vector<acting_flag> flags = {{"-0", chooses(options, AF_PACKET)},
                                          {"-4", chooses(options, AF_INET)},
                                          {"-6", chooses(options, AF_INET6)}};
  for (const char* below : nouns) repeat_flags(noun, ctx, below, flags);
}

std::string selector_words::take(std::string_view what) {
  if (words_.empty()) throw usage_error(fmt::format("{}: a value is missing", what));
  if (words_.front().empty()) throw usage_error(fmt::format("{}: {}", what, empty_word));
  std::string word = std::move(words_.front());
  words_.pop_front();
  return word;
}

bool selector_words::skip(std::string_view word) {
  if (words_.empty() || words_.front() != word) return false;
  words_.pop_front();
  return true;
}

std::uint32_t selector_words::number(std::string_view what) {
  const std::string word = take(what);
  std::uint32_t value = 0;
  const bool hexadecimal = word.starts_with("0x");
  const char* end = word.data() + word.size();
  const auto got =
      std::from_chars(word.data() + (hexadecimal ? 2 : 0), end, value, hexadecimal ? 16 : 10);
  if (got.ec != std::errc() || got.ptr != end) {
    throw usage_error(fmt::format("{}: '{}' is no number", what, word));
  }
  return value;
}

prefix prefix::parse(std::string_view what, std::string_view text, int family) {
  const line_prefix given = line_prefix::parse(what, text, family);
  if (!given.has_address && given.length > 0) {
    throw usage_error(fmt::format("{}: '{}' has a length, but no address", what, text));
  }
  return {
      .address = given.address, .length = given.length, .every = text == "all" || text == "any"};
}

bool prefix::covers(const_bytes other) const {
  if (length == 0) return true;
  const const_bytes own = address.bytes();
  if (own.size() != other.size()) return false;
  const auto whole = static_cast<std::size_t>(length / 8);
  if (whole > 0 && std::memcmp(own.data(), other.data(), whole) != 0) return false;
  const int rest = length % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::byte>(0xff << (8 - rest));
  return ((own[whole] ^ other[whole]) & mask) == std::byte{0};
}

std::uint32_t number_of(std::string_view what, const netlink::rtnl::name_table& table,
                        const std::string& word) {
  if (const auto number = table.number(word)) return *number;
  throw usage_error(
      fmt::format("{}: '{}' is neither a name of /etc/iproute2 nor a number", what, word));
}

std::uint8_t ip_protocol_number(std::string_view what, const std::string& word) {
  ::protoent entry{};
  ::protoent* found = nullptr;
  std::array<char, 1024> buffer;
  if (::getprotobyname_r(word.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return static_cast<std::uint8_t>(found->p_proto);
  }
  const auto number = netlink::rtnl::name_table().number(word);
  if (number && *number <= 0xff) return static_cast<std::uint8_t>(*number);
  if (word.empty()) throw usage_error(fmt::format("{}: {}", what, empty_word));
  throw usage_error(fmt::format(
      "{}: '{}' is no IP protocol: a name of /etc/protocols or a number up to 255", what, word));
}

show_session::show_session(context& ctx, const netlink_options& wanted)
    : drawing{show_writer(ctx.out, ctx.paint, form_of(ctx, wanted)),
              {.system = netlink::rtnl::names::system()},
              wanted},
      kernel(ctx.open([] { return netlink::client(NETLINK_ROUTE); })) {
  if (wanted.numeric) names.prefer_numbers();
}

void show_session::learn_links() {
  message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{}).attributes().value(IFLA_EXT_MASK, skip_statistics);
  read(
      "RTM_GETLINK", request,
      [&](const message_view& message) {
        if (const auto link = netlink::rtnl::link::decode(message)) learn(*link);
      },
      [&] { forget_links(); });
}

void show_session::learn(const netlink::rtnl::link& link) {
  names.learn(link);
  if (link.info && link.info->kind == "vrf" && link.info->data) {
    netlink::attribute_reader in(link.info->data->data);
    for (netlink::attribute a; in.next(a);) {
      if (a.type == IFLA_VRF_TABLE) vrf_tables_[link.index] = a.number<std::uint32_t>().value_or(0);
    }
  }
  if (!link.properties) return;
  for (const std::string& name : link.properties->alternative_names) {
    alternative_names_.emplace_back(name, link.index);
  }
}

void show_session::forget_links() {
  names.links.clear();
  names.link_flags.clear();
  alternative_names_.clear();
  vrf_tables_.clear();
}

std::uint32_t show_session::vrf_table(const std::string& name) const {
  const auto found = vrf_tables_.find(link_index(name));
  if (found != vrf_tables_.end()) return found->second;
  throw failure(name, "this link is no VRF", "'trivet netlink link show type vrf' lists them");
}

std::uint32_t show_session::link_index(const std::string& name) const {
  for (const auto& [index, known] : names.links) {
    if (known == name) return static_cast<std::uint32_t>(index);
  }
  for (const auto& [known, index] : alternative_names_) {
    if (known == name) return static_cast<std::uint32_t>(index);
  }
  for (const auto& [index, known] : names.links) {
    if (name == fmt::format("if{}", index)) return static_cast<std::uint32_t>(index);
  }
  throw failure(name, "there is no such link in this namespace",
                "'trivet netlink link show' lists them");
}

void show_session::read(std::string_view what, message_builder& request,
                        const netlink::message_visitor& visit, const std::function<void()>& begin) {
  begin();
  netlink::dump_options dump;
  dump.attempts = attempts;
  dump.restart = begin;
  const netlink::dump_end end = kernel.dump(request, visit, dump);
  end.check(what);
  if (end.interrupted) {
    print_error_line(fmt::format(
        "trivet: {}: changes came during each of {} attempts: some objects may be missing", what,
        end.attempts));
  }
}

void show_session::stream(std::string_view what, message_builder& request,
                          const netlink::message_visitor& visit) {
  const netlink::dump_end end = kernel.dump(request, visit);
  end.check(what);
  if (end.interrupted) {
    print_error_line(
        fmt::format("trivet: {}: changes came meanwhile: some objects may be missing", what));
  }
}

void add_show_verb(CLI::App& netlink, context& ctx, const shared_options& options,
                   const std::string& noun_name, std::string_view noun_summary,
                   const help_text& help, show_function show) {
  const help_text noun_help{.summary = noun_summary, .examples = help.examples};
  add_noun(netlink, ctx, noun_name, noun_help,
           [&ctx, options, help, show = std::move(show)](CLI::App& noun) {
             auto words = std::make_shared<std::vector<std::string>>();
             const auto run = [&ctx, options, words, show] {
               show(ctx, *options, selector_words(*words));
             };
             CLI::App& verb = add_verb(noun, ctx, "show", help, run);
             add_alias(verb, "list");
             add_alias(verb, "ls");
             add_alias(verb, "lst");
             add_option(verb, "SELECTOR", *words, "which of them: words of ip(8); all without it")
                 .expected(0, -1);
             run_without_verb(noun, ctx, run);
           });
}

void add_question_verb(CLI::App& netlink, context& ctx, const shared_options& options,
                       const std::string& noun_name, const std::string& name, const help_text& help,
                       show_function run, int least_words) {
  add_noun(netlink, ctx, noun_name, {},
           [&ctx, options, name, help, run = std::move(run), least_words](CLI::App& noun) {
             auto words = std::make_shared<std::vector<std::string>>();
             CLI::App& verb = add_verb(noun, ctx, name, help, [&ctx, options, words, run] {
               run(ctx, *options, selector_words(*words));
             });
             add_option(verb, "SELECTOR", *words, "words of ip(8)")
                 .expected(least_words, -1)
                 .required(least_words > 0);
           });
}

void add_netlink_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_link_show(netlink, ctx, options);
  add_address_show(netlink, ctx, options);
  add_route_show(netlink, ctx, options);
  add_neighbour_show(netlink, ctx, options);
  add_rule_show(netlink, ctx, options);
  add_nexthop_show(netlink, ctx, options);
  add_qdisc_show(netlink, ctx, options);
  add_netns_list(netlink, ctx, options);
}

}  // namespace trivet::tool
