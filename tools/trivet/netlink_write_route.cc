// ip-route(8): add, change, replace, prepend, append, test, delete.
#include <fmt/core.h>
#include <linux/icmpv6.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_line_encap.h"
#include "tools/trivet/netlink_write.h"
#include "trivet/netlink/route/route.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;
using netlink::raw_nest;
using netlink::rtnl::network_address;
using netlink::rtnl::next_hop;
using netlink::rtnl::route;

constexpr line_verb verbs[] = {
    {"add", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL},
    {"change", RTM_NEWROUTE, NLM_F_REPLACE},
    {"chg", RTM_NEWROUTE, NLM_F_REPLACE},
    {"replace", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE},
    {"prepend", RTM_NEWROUTE, NLM_F_CREATE},
    {"append", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND},
    {"test", RTM_NEWROUTE, NLM_F_EXCL},
    {"delete", RTM_DELROUTE, 0},
};

// The metrics that are plain numbers, by their word.
struct metric_word {
  std::string_view word;
  std::uint16_t type;
  bool lockable;
  std::uint32_t most = 0xffffffff;  // what the kernel would cut silently
};
constexpr metric_word metric_words[] = {
    {"mtu", RTAX_MTU, true},
    {"hoplimit", RTAX_HOPLIMIT, true, 255},
    {"advmss", RTAX_ADVMSS, true},
    {"reordering", RTAX_REORDERING, true},
    {"window", RTAX_WINDOW, true},
    {"cwnd", RTAX_CWND, true},
    {"initcwnd", RTAX_INITCWND, true},
    {"initrwnd", RTAX_INITRWND, true},
    {"ssthresh", RTAX_SSTHRESH, true},
    {"quickack", RTAX_QUICKACK, true},
    {"fastopen_no_cookie", RTAX_FASTOPEN_NO_COOKIE, true},
};

// "inet6" before an address. @return AF_UNSPEC where there is none
int take_family(line_words& words) {
  if (words.skip({"inet"})) return AF_INET;
  if (words.skip({"inet6"})) return AF_INET6;
  if (words.skip({"mpls"})) return AF_MPLS;
  return AF_UNSPEC;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "0.5s", "3sec", "100ms": milliseconds, rounded up, times the scale. Without a unit it is what the
// kernel counts in. Nothing where it is no time or too long a one.
std::optional<std::uint32_t> line_time(std::string_view word, double scale) {
  const std::size_t end = std::min(word.find_first_of("sSmM"), word.size());
  std::string unit(word.substr(end));
  for (char& c : unit) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::string_view digits = word.substr(0, end);
  double value = 0;
  if (digits.find('.') == std::string_view::npos) {
    const auto number = line_number(digits);
    if (!number) return std::nullopt;
    value = static_cast<double>(*number);
  } else {
    const char* const last = digits.data() + digits.size();
    const auto got = std::from_chars(digits.data(), last, value, std::chars_format::fixed);
    if (got.ec != std::errc() || got.ptr != last || value < 0) return std::nullopt;
  }
  if (unit == "s" || unit == "sec" || unit == "secs") {
    value *= 1000;
  } else if (unit.empty()) {
    scale = 1;
  } else if (unit != "ms" && unit != "msec" && unit != "msecs") {
    return std::nullopt;
  }
  value = std::ceil(value) * scale;
  if (value > 0xffffffffU) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

class route_words {
 public:
  route_words(line_words& words, line_resolver& resolver, bool deleting)
      : words_(words), resolver_(resolver), deleting_(deleting) {
    route_.family = static_cast<std::uint8_t>(resolver.family);
    route_.table = RT_TABLE_MAIN;
    if (!deleting) {
      route_.protocol = RTPROT_BOOT;
      route_.type = RTN_UNICAST;
    }
  }

  /// Valid as long as this.
  const route& read() {
    while (!words_.empty()) {
      // No keyword begins with a digit.
      const bool number = !words_.peek().empty() && is_digit(words_.peek().front());
      if (number || (!gateway_word() && !other_word() && !metric_word_here())) destination_word();
    }
    if (!destination_given_) throw usage_error("route: the destination is missing");
    finish();
    return route_;
  }

 private:
  bool gateway_word() {
    if (words_.skip({"via"})) {
      via(route_, "via");
    } else if (words_.skip({"dev", "oif"})) {
      route_.output = resolver_.link(words_.take("dev"));
    } else if (words_.skip({"onlink"})) {
      route_.flags |= RTNH_F_ONLINK;
    } else if (words_.skip({"pervasive"})) {
      route_.flags |= RTNH_F_PERVASIVE;
    } else if (words_.skip({"nexthop"})) {
      hop();
    } else if (words_.skip({"nhid"})) {
      route_.next_hop_id = words_.number("nhid");
    } else if (words_.skip({"encap"})) {
      encap(route_);
    } else if (words_.skip({"as"})) {
      words_.skip({"to"});
      route_.new_destination = words_.labels("as");
    } else {
      return false;
    }
    return true;
  }

  // A gateway of the route's own family, or of another.
  template <class Hop>
  void via(Hop& hop, std::string_view what) {
    const int given = take_family(words_);
    const int wanted = given != AF_UNSPEC ? given : resolver_.family;
    const network_address gateway = words_.address(what, wanted);
    if (route_.family == AF_UNSPEC) route_.family = gateway.family;
    if (gateway.family == route_.family) {
      hop.gateway = gateway;
    } else {
      hop.via = gateway;
    }
  }

  void hop() {
    if (!route_.next_hops) route_.next_hops.emplace();
    next_hop hop;
    while (!words_.empty() && words_.peek() != "nexthop") {
      if (words_.skip({"via"})) {
        via(hop, "nexthop via");
      } else if (words_.skip({"dev"})) {
        hop.index = static_cast<std::int32_t>(resolver_.link(words_.take("nexthop dev")));
      } else if (words_.skip({"weight"})) {
        hop.hops = static_cast<std::uint8_t>(words_.number("nexthop weight", 1, 256) - 1);
      } else if (words_.skip({"onlink"})) {
        hop.flags |= RTNH_F_ONLINK;
      } else if (words_.skip({"realms", "realm"})) {
        hop.flow = words_.realms(resolver_.names.realms);
      } else if (words_.skip({"encap"})) {
        encap(hop);
      } else if (words_.skip({"as"})) {
        words_.skip({"to"});
        hop.new_destination = words_.labels("nexthop as");
      } else {
        break;  // a word of the route
      }
    }
    route_.next_hops->hops.push_back(std::move(hop));
  }

  template <class Hop>
  void encap(Hop& hop) {
    line_encap wanted = read_encap(words_, resolver_);
    hop.encap_type = wanted.type;
    hop.encap = std::move(wanted.nest);
  }

  bool metric_word_here() {
    for (const metric_word& m : metric_words) {
      if (!words_.skip({m.word})) continue;
      if (m.lockable && words_.skip({"lock"})) locked_ |= 1U << m.type;
      metrics_.value(m.type, words_.number(m.word, 0, m.most));
      return true;
    }
    // Times: the kernel counts in eighths and quarters of milliseconds.
    if (words_.skip({"rtt"})) return time_metric(RTAX_RTT, 8);
    if (words_.skip({"rttvar"})) return time_metric(RTAX_RTTVAR, 4);
    if (words_.skip({"rto_min"})) {
      locked_ |= 1U << RTAX_RTO_MIN;
      return time_metric(RTAX_RTO_MIN, 1);
    }
    if (words_.skip({"features"})) {
      std::uint32_t features = 0;
      while (words_.skip({"ecn"})) features |= RTAX_FEATURE_ECN;
      if (features == 0) throw usage_error("features: only ecn is one");
      metrics_.value(RTAX_FEATURES, features);
      return true;
    }
    if (words_.skip({"congctl"})) {
      if (words_.skip({"lock"})) locked_ |= 1U << RTAX_CC_ALGO;
      metrics_.text(RTAX_CC_ALGO, words_.take("congctl"));
      return true;
    }
    return false;
  }

  bool time_metric(std::uint16_t type, std::uint32_t scale) {
    if (words_.skip({"lock"})) locked_ |= 1U << type;
    const std::string_view word = words_.take("time");
    const auto value = line_time(word, scale);
    if (!value) throw usage_error(fmt::format("'{}' is no time, as 100ms or 0.5s", word));
    metrics_.value(type, *value);
    return true;
  }

  bool other_word() {
    if (words_.skip({"src"})) {
      route_.preferred_source = words_.address("src", route_.family);
      if (route_.family == AF_UNSPEC) route_.family = route_.preferred_source->family;
    } else if (words_.skip({"from"})) {
      const auto from = line_prefix::parse("from", words_.take("from"), route_.family);
      if (route_.family == AF_UNSPEC) route_.family = from.address.family;
      if (from.has_address) route_.source = from.address;
      route_.source_length = static_cast<std::uint8_t>(from.length);
    } else if (words_.skip({"tos", "dsfield"})) {
      route_.tos = static_cast<std::uint8_t>(words_.named("tos", resolver_.names.tos, 255));
    } else if (words_.skip({"expires"})) {
      route_.expires = words_.number("expires");
    } else if (words_.skip({"metric", "priority", "preference"})) {
      route_.metric = words_.number("metric");
    } else if (words_.skip({"scope"})) {
      route_.scope = static_cast<std::uint8_t>(words_.named("scope", resolver_.names.scopes, 255));
      scope_given_ = true;
    } else if (words_.skip({"proto", "protocol"})) {
      route_.protocol =
          static_cast<std::uint8_t>(words_.named("proto", resolver_.names.protocols, 255));
    } else if (words_.skip({"table"})) {
      route_.table = words_.named("table", resolver_.names.tables);
      table_given_ = true;
    } else if (words_.skip({"vrf"})) {
      route_.table = resolver_.vrf_table(words_.take("vrf"));
      table_given_ = true;
    } else if (words_.skip({"realms", "realm"})) {
      route_.flow = words_.realms(resolver_.names.realms);
    } else if (words_.skip({"pref"})) {
      route_.preference = preference();
    } else if (words_.skip({"ttl-propagate"})) {
      const std::string_view word = words_.take("ttl-propagate");
      if (word != "enabled" && word != "disabled") {
        throw usage_error(fmt::format("ttl-propagate: '{}' is neither enabled nor disabled", word));
      }
      route_.ttl_propagate = static_cast<std::uint8_t>(word == "enabled");
    } else {
      return false;
    }
    return true;
  }

  std::uint8_t preference() {
    const std::string_view word = words_.take("pref");
    if (word == "low") return ICMPV6_ROUTER_PREF_LOW;
    if (word == "medium") return ICMPV6_ROUTER_PREF_MEDIUM;
    if (word == "high") return ICMPV6_ROUTER_PREF_HIGH;
    throw usage_error(fmt::format("pref: '{}' is none of low, medium, high", word));
  }

  // A number would be an address.
  static std::optional<std::uint8_t> type_of(std::string_view word) {
    if (word.empty() || is_digit(word.front())) return std::nullopt;
    return netlink::rtnl::route_type_number(word);
  }

  void destination_word() {
    words_.skip({"to"});
    std::string_view word = words_.take("to");
    if (const auto type = type_of(word)) {
      route_.type = *type;
      type_given_ = true;
      word = words_.take(word);
    }
    if (destination_given_) {
      throw usage_error(fmt::format("route: '{}' is no word of a route", word));
    }
    const auto to = line_prefix::parse("route", word, route_.family);
    destination_given_ = true;
    if (route_.family == AF_UNSPEC) route_.family = to.address.family;
    route_.destination_length = static_cast<std::uint8_t>(to.length);
    if (to.has_address) route_.destination = to.address;
  }

  void finish() {
    if (locked_ != 0) metrics_.value(RTAX_LOCK, locked_);
    if (!metric_bytes_.empty()) route_.metrics = raw_nest{true, metric_bytes_.to_vector()};
    if (route_.family == AF_UNSPEC) route_.family = AF_INET;
    if (route_.next_hops) {
      for (next_hop& hop : route_.next_hops->hops) hop.family = route_.family;
    }
    if (!table_given_ && (route_.type == RTN_LOCAL || route_.type == RTN_BROADCAST ||
                          route_.type == RTN_NAT || route_.type == RTN_ANYCAST)) {
      route_.table = RT_TABLE_LOCAL;
    }
    if (!scope_given_) route_.scope = default_scope();
    if (!type_given_ && route_.family == AF_MPLS) route_.type = RTN_UNICAST;
  }

  [[nodiscard]] std::uint8_t default_scope() const {
    if (route_.family == AF_INET6 || route_.family == AF_MPLS) return RT_SCOPE_UNIVERSE;
    switch (route_.type) {
      case RTN_LOCAL:
      case RTN_NAT:
        return RT_SCOPE_HOST;
      case RTN_BROADCAST:
      case RTN_MULTICAST:
      case RTN_ANYCAST:
        return RT_SCOPE_LINK;
      case RTN_UNICAST:
      case RTN_UNSPEC: {
        if (deleting_) return RT_SCOPE_NOWHERE;
        const bool leads = route_.gateway || route_.via || route_.next_hops || route_.next_hop_id;
        return leads ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
      }
      default:
        return deleting_ ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE;
    }
  }

  line_words& words_;
  line_resolver& resolver_;
  bool deleting_;
  route route_;
  byte_buffer metric_bytes_;
  attribute_writer metrics_{metric_bytes_};
  std::uint32_t locked_ = 0;
  bool destination_given_ = false;
  bool scope_given_ = false;
  bool table_given_ = false;
  bool type_given_ = false;
};

}  // namespace

line_request write_route(line_words& words, line_resolver& resolver,
                         netlink::message_builder& out) {
  const auto all = words.rest();
  last_route& last = resolver.last;
  if (!last.repeat(all, resolver.family)) {
    const line_verb& verb = take_verb(words, "route", verbs);
    route_words reader(words, resolver, verb.type == RTM_DELROUTE);
    last.keep(all, verb, reader.read());
    // The kernel asks for NLM_F_CREATE of IPv4 alone.
    if (verb.word == "test" && last.route().family == AF_INET6) {
      last.forget();
      throw usage_error("route test: a route of IPv6 would be added: 'route show' tells of it");
    }
  }
  out.restart(last.verb().type, last.verb().flags);
  last.route().encode(out);
  line_prefix network;
  network.has_address = last.route().destination.has_value();
  if (network.has_address) network.address = *last.route().destination;
  network.length = last.route().destination_length;
  return {.request = last.verb().type == RTM_NEWROUTE ? "RTM_NEWROUTE" : "RTM_DELROUTE",
          .network = network};
}

}  // namespace trivet::tool
