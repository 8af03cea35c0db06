// ip-rule(8): add, delete.
#include <fmt/core.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netdb.h>
#include <sys/socket.h>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_write.h"
#include "trivet/netlink/route/rule.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::rule;

constexpr line_verb verbs[] = {
    {"add", RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL},
    {"delete", RTM_DELRULE, 0},
};

class rule_words {
 public:
  rule_words(line_words& words, line_resolver& resolver, bool deleting)
      : words_(words), resolver_(resolver), deleting_(deleting) {
    rule_.family = static_cast<std::uint8_t>(resolver.family);
    rule_.action = deleting ? FR_ACT_UNSPEC : FR_ACT_TO_TBL;
  }

  rule read() {
    while (!words_.empty()) {
      if (!prefix_word() && !packet_word() && !place_word() && !port_word() && !result_word()) {
        action_word();
      }
    }
    if (rule_.family == AF_UNSPEC) rule_.family = AF_INET;
    const bool l3mdev = rule_.l3mdev.value_or(0) != 0;
    if (l3mdev && table_given_) throw usage_error("l3mdev: its table is that of the VRF");
    if (!table_given_ && !acts_ && !deleting_ && !l3mdev) rule_.table = RT_TABLE_MAIN;
    return rule_;
  }

 private:
  bool prefix_word() {
    if (words_.skip({"not"})) {
      rule_.flags |= FIB_RULE_INVERT;
    } else if (words_.skip({"from"})) {
      prefix("from", rule_.source, rule_.source_length);
    } else if (words_.skip({"to"})) {
      prefix("to", rule_.destination, rule_.destination_length);
    } else {
      return false;
    }
    return true;
  }

  template <class Address>
  void prefix(std::string_view what, Address& address, std::uint8_t& length) {
    const auto given = line_prefix::parse(what, words_.take(what), rule_.family);
    length = static_cast<std::uint8_t>(given.length);
    if (!given.has_address) return;
    if (rule_.family == AF_UNSPEC) rule_.family = given.address.family;
    address = given.address;
  }

  bool packet_word() {
    if (words_.skip({"preference", "order", "priority", "pref", "prio"})) {
      rule_.priority = words_.number("priority");
    } else if (words_.skip({"tos", "dsfield"})) {
      rule_.tos = static_cast<std::uint8_t>(words_.named("tos", resolver_.names.tos, 255));
    } else if (words_.skip({"fwmark"})) {
      mark();
    } else if (words_.skip({"tun_id"})) {
      rule_.tunnel_id = words_.number<std::uint64_t>("tun_id");
    } else if (words_.skip({"uidrange"})) {
      const auto [start, end] = range("uidrange", 0xffffffff);
      rule_.uid_range = ::fib_rule_uid_range{start, end};
    } else {
      return false;
    }
    return true;
  }

  // "0x10" or "0x10/0xf0".
  void mark() {
    const std::string_view word = words_.take("fwmark");
    const std::size_t slash = std::min(word.find('/'), word.size());
    const auto value = line_number(std::string_view(word).substr(0, slash));
    const auto mask = slash == word.size() ? std::optional<std::uint64_t>(0)
                                           : line_number(std::string_view(word).substr(slash + 1));
    if (!value || !mask || *value > 0xffffffff || *mask > 0xffffffff) {
      throw usage_error(fmt::format("fwmark: '{}' is no mark, as 0x10 or 0x10/0xf0", word));
    }
    rule_.mark = static_cast<std::uint32_t>(*value);
    if (slash != word.size()) rule_.mark_mask = static_cast<std::uint32_t>(*mask);
  }

  // "1-5", or "1" for both.
  std::pair<std::uint32_t, std::uint32_t> range(std::string_view what, std::uint64_t most) {
    const std::string_view word = words_.take(what);
    const std::size_t dash = std::min(word.find('-'), word.size());
    const auto low = line_number(std::string_view(word).substr(0, dash));
    const auto high =
        dash == word.size() ? low : line_number(std::string_view(word).substr(dash + 1));
    if (!low || !high || *low > most || *high > most) {
      throw usage_error(fmt::format("{}: '{}' is no range, as 1000-2000", what, word));
    }
    return {static_cast<std::uint32_t>(*low), static_cast<std::uint32_t>(*high)};
  }

  bool place_word() {
    if (words_.skip({"dev", "iif"})) {
      rule_.input = words_.take("iif");
    } else if (words_.skip({"oif"})) {
      rule_.output = words_.take("oif");
    } else if (words_.skip({"l3mdev"})) {
      rule_.l3mdev = std::uint8_t{1};
    } else {
      return false;
    }
    return true;
  }

  bool port_word() {
    if (words_.skip({"ipproto"})) {
      rule_.ip_protocol = ip_protocol();
    } else if (words_.skip({"sport"})) {
      rule_.source_ports = ports("sport");
    } else if (words_.skip({"dport"})) {
      rule_.destination_ports = ports("dport");
    } else {
      return false;
    }
    return true;
  }

  ::fib_rule_port_range ports(std::string_view what) {
    const auto [start, end] = range(what, 0xffff);
    return {static_cast<std::uint16_t>(start), static_cast<std::uint16_t>(end)};
  }

  std::uint8_t ip_protocol() {
    const std::string_view word = words_.take("ipproto");
    if (const auto number = line_number(word); number && *number <= 255) {
      return static_cast<std::uint8_t>(*number);
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    const ::protoent* const known = ::getprotobyname(std::string(word).c_str());
    if (known == nullptr) {
      throw usage_error(fmt::format("ipproto: '{}' is no protocol of /etc/protocols", word));
    }
    return static_cast<std::uint8_t>(known->p_proto);
  }

  bool result_word() {
    if (words_.skip({"table", "lookup"})) {
      rule_.table = words_.named("table", resolver_.names.tables);
      table_given_ = true;
    } else if (words_.skip({"realms", "realm"})) {
      rule_.flow = words_.realms(resolver_.names.realms);
    } else if (words_.skip({"protocol", "proto"})) {
      rule_.protocol =
          static_cast<std::uint8_t>(words_.named("protocol", resolver_.names.protocols, 255));
    } else if (words_.skip({"suppress_prefixlength", "sup_pl"})) {
      rule_.suppress_length = words_.number<std::int32_t>("suppress_prefixlength", 0, 0x7fffffff);
    } else if (words_.skip({"suppress_ifgroup", "sup_group"})) {
      rule_.suppress_group =
          static_cast<std::int32_t>(words_.named("suppress_ifgroup", resolver_.names.groups));
    } else {
      return false;
    }
    return true;
  }

  // A rule that does something else needs no table.
  void action_word() {
    words_.skip({"type"});
    if (words_.skip({"goto"})) {
      rule_.action = FR_ACT_GOTO;
      rule_.target = words_.number("goto");
    } else if (words_.skip({"nop"})) {
      rule_.action = FR_ACT_NOP;
    } else if (words_.skip({"blackhole"})) {
      rule_.action = FR_ACT_BLACKHOLE;
    } else if (words_.skip({"unreachable"})) {
      rule_.action = FR_ACT_UNREACHABLE;
    } else if (words_.skip({"prohibit"})) {
      rule_.action = FR_ACT_PROHIBIT;
    } else if (!words_.skip({"unicast"})) {
      throw usage_error(fmt::format("rule: '{}' is no word of a rule", words_.peek()));
    }
    acts_ = true;
  }

  line_words& words_;
  line_resolver& resolver_;
  bool deleting_;
  rule rule_;
  bool table_given_ = false;
  bool acts_ = false;
};

}  // namespace

line_request write_rule(line_words& words, line_resolver& resolver, netlink::message_builder& out) {
  const line_verb& verb = take_verb(words, "rule", verbs);
  // Without words the kernel would take the first rule of all, which leads to this machine itself.
  if (words.empty()) {
    throw usage_error(
        fmt::format("rule {}: words of the rule are missing, as 'pref 1000'", verb.word));
  }
  const rule wanted = rule_words(words, resolver, verb.type == RTM_DELRULE).read();
  out.restart(verb.type, verb.flags);
  wanted.encode(out);
  return {.request = verb.type == RTM_NEWRULE ? "RTM_NEWRULE" : "RTM_DELRULE",
          .subject = wanted.priority ? std::to_string(*wanted.priority) : ""};
}

}  // namespace trivet::tool
