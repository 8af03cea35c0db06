// ip-neighbour(8): add, change, replace, delete.
#include <fmt/core.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_write.h"
#include "trivet/netlink/route/neighbour.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::neighbour;

constexpr line_verb verbs[] = {
    {"add", RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL},
    {"change", RTM_NEWNEIGH, NLM_F_REPLACE},
    {"chg", RTM_NEWNEIGH, NLM_F_REPLACE},
    {"replace", RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE},
    {"delete", RTM_DELNEIGH, 0},
};

std::uint16_t state_of(line_words& words) {
  struct row {
    std::string_view word;
    std::uint16_t state;
  };
  constexpr row rows[] = {
      {"permanent", NUD_PERMANENT}, {"noarp", NUD_NOARP},           {"reachable", NUD_REACHABLE},
      {"stale", NUD_STALE},         {"incomplete", NUD_INCOMPLETE}, {"delay", NUD_DELAY},
      {"probe", NUD_PROBE},         {"failed", NUD_FAILED},         {"none", NUD_NONE},
  };
  const std::string_view word = words.take("nud");
  for (const row& r : rows) {
    if (r.word == word) return r.state;
  }
  if (const auto number = line_number(word); number && *number <= 0xff) {
    return static_cast<std::uint16_t>(*number);
  }
  throw usage_error(fmt::format(
      "nud: '{}' is none of permanent, noarp, reachable, stale, incomplete, delay, probe, failed, "
      "none",
      word));
}

neighbour read_neighbour(line_words& words, line_resolver& resolver) {
  neighbour wanted;
  wanted.family = static_cast<std::uint8_t>(resolver.family);
  wanted.state = NUD_PERMANENT;
  std::string device;
  while (!words.empty()) {
    if (words.skip({"lladdr"})) {
      wanted.link_address = words.hardware("lladdr");
    } else if (words.skip({"nud", "state"})) {
      wanted.state = state_of(words);
    } else if (words.skip({"proxy"})) {
      if (wanted.destination) throw usage_error("proxy: there is an address already");
      wanted.flags |= NTF_PROXY;
      wanted.destination = words.address("proxy", resolver.family);
    } else if (words.skip({"router"})) {
      wanted.flags |= NTF_ROUTER;
    } else if (words.skip({"use"})) {
      wanted.flags |= NTF_USE;
      wanted.state = NUD_NONE;
    } else if (words.skip({"managed"})) {
      wanted.extended_flags = wanted.extended_flags.value_or(0) | NTF_EXT_MANAGED;
      wanted.state = NUD_NONE;
    } else if (words.skip({"extern_learn"})) {
      wanted.flags |= NTF_EXT_LEARNED;
    } else if (words.skip({"dev"})) {
      device = words.take("dev");
    } else if (words.skip({"protocol", "proto"})) {
      wanted.protocol =
          static_cast<std::uint8_t>(words.named("protocol", resolver.names.protocols, 255));
    } else {
      words.skip({"to"});
      if (wanted.destination) {
        throw usage_error(fmt::format("neigh: '{}' is no word of a neighbour", words.peek()));
      }
      wanted.destination = words.address("neigh", resolver.family);
    }
  }
  if (device.empty()) throw usage_error("neigh: dev and the name of a link are missing");
  if (!wanted.destination) throw usage_error("neigh: the address is missing");
  if (wanted.family == AF_UNSPEC) wanted.family = wanted.destination->family;
  wanted.index = static_cast<std::int32_t>(resolver.link(device));
  return wanted;
}

}  // namespace

line_request write_neighbour(line_words& words, line_resolver& resolver,
                             netlink::message_builder& out) {
  const line_verb& verb = take_verb(words, "neigh", verbs);
  const neighbour wanted = read_neighbour(words, resolver);
  out.restart(verb.type, verb.flags);
  wanted.encode(out);
  return {.request = verb.type == RTM_NEWNEIGH ? "RTM_NEWNEIGH" : "RTM_DELNEIGH",
          .subject = wanted.destination->to_string()};
}

}  // namespace trivet::tool
