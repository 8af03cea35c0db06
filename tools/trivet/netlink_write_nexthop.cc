// ip-nexthop(8): add, replace, delete.
#include <fmt/core.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_line_encap.h"
#include "tools/trivet/netlink_write.h"
#include "trivet/netlink/route/nexthop.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::nexthop;
using netlink::rtnl::nexthop_group;

constexpr line_verb verbs[] = {
    {"add", RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL},
    {"replace", RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_REPLACE},
    {"delete", RTM_DELNEXTHOP, 0},
};

// "1/2,5/3": ids, each with its weight.
nexthop_group read_group(line_words& words) {
  const std::string_view word = words.take("group");
  nexthop_group group;
  std::string_view rest = word;
  while (true) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view member = rest.substr(0, slash);
    const std::size_t comma = std::min(member.find(','), member.size());
    const auto id = line_number(member.substr(0, comma));
    const auto weight = comma == member.size() ? std::optional<std::uint64_t>(1)
                                               : line_number(member.substr(comma + 1));
    if (!id || *id > 0xffffffff || !weight || *weight < 1 || *weight > 0x10000) {
      throw usage_error(fmt::format("group: '{}' is no group, as 1/2 or 1,10/2,20", word));
    }
    netlink::rtnl::nexthop_member entry;
    entry.id = static_cast<std::uint32_t>(*id);
    entry.weight = static_cast<std::uint16_t>(*weight);
    group.members.push_back(entry);
    if (slash == rest.size()) return group;
    rest.remove_prefix(slash + 1);
  }
}

class nexthop_words {
 public:
  nexthop_words(line_words& words, line_resolver& resolver) : words_(words), resolver_(resolver) {
    nexthop_.family = static_cast<std::uint8_t>(resolver.family);
  }

  nexthop read() {
    while (!words_.empty()) {
      if (!hop_word() && !group_word()) {
        throw usage_error(fmt::format("nexthop: '{}' is no word of a nexthop", words_.peek()));
      }
    }
    return nexthop_;
  }

 private:
  bool hop_word() {
    if (words_.skip({"via"})) {
      const int family = words_.skip({"inet"})    ? AF_INET
                         : words_.skip({"inet6"}) ? AF_INET6
                                                  : resolver_.family;
      nexthop_.gateway = words_.address("via", family);
      if (nexthop_.family == AF_UNSPEC || family_by_link_)
        nexthop_.family = nexthop_.gateway->family;
    } else if (words_.skip({"dev"})) {
      nexthop_.output = resolver_.link(words_.take("dev"));
      take_family();
    } else if (words_.skip({"encap"})) {
      encap();
    } else if (words_.skip({"blackhole"})) {
      nexthop_.blackhole = true;
      take_family();
    } else if (words_.skip({"onlink"})) {
      nexthop_.flags |= RTNH_F_ONLINK;
    } else if (words_.skip({"fdb"})) {
      nexthop_.forwarding = true;
    } else {
      return false;
    }
    return true;
  }

  bool group_word() {
    if (words_.skip({"id"})) {
      nexthop_.id = words_.number("id");
    } else if (words_.skip({"group"})) {
      nexthop_.group = read_group(words_);
    } else if (words_.skip({"type"})) {
      const std::string_view type = words_.take("type");
      if (type != "mpath" && type != "resilient") {
        throw usage_error(fmt::format("type: '{}' is neither mpath nor resilient", type));
      }
      nexthop_.group_type = static_cast<std::uint16_t>(type == "mpath" ? NEXTHOP_GRP_TYPE_MPATH
                                                                       : NEXTHOP_GRP_TYPE_RES);
    } else if (words_.skip({"buckets"})) {
      resilient().buckets = words_.number<std::uint16_t>("buckets");
    } else if (words_.skip({"idle_timer"})) {
      resilient().idle_timer = words_.number("idle_timer", 0, 0xffffffff / 100) * 100;
    } else if (words_.skip({"unbalanced_timer"})) {
      resilient().unbalanced_timer = words_.number("unbalanced_timer", 0, 0xffffffff / 100) * 100;
    } else if (words_.skip({"protocol", "proto"})) {
      nexthop_.protocol =
          static_cast<std::uint8_t>(words_.named("protocol", resolver_.names.protocols, 255));
    } else {
      return false;
    }
    return true;
  }

  // A link or a blackhole alone are of IPv4.
  void take_family() {
    if (nexthop_.family != AF_UNSPEC) return;
    nexthop_.family = AF_INET;
    family_by_link_ = true;
  }

  void encap() {
    line_encap wanted = read_encap(words_, resolver_);
    nexthop_.encap_type = wanted.type;
    nexthop_.encap = std::move(wanted.nest);
  }

  netlink::rtnl::resilient_group& resilient() {
    if (!nexthop_.resilient) nexthop_.resilient.emplace();
    return *nexthop_.resilient;
  }

  line_words& words_;
  line_resolver& resolver_;
  nexthop nexthop_;
  bool family_by_link_ = false;
};

}  // namespace

line_request write_nexthop(line_words& words, line_resolver& resolver,
                           netlink::message_builder& out) {
  const line_verb& verb = take_verb(words, "nexthop", verbs);
  nexthop wanted = nexthop_words(words, resolver).read();
  if (verb.type == RTM_DELNEXTHOP) {
    if (!wanted.id) throw usage_error("nexthop: id is missing");
    wanted.family = AF_UNSPEC;
  }
  out.restart(verb.type, verb.flags);
  wanted.encode(out);
  return {.request = verb.type == RTM_NEWNEXTHOP ? "RTM_NEWNEXTHOP" : "RTM_DELNEXTHOP",
          .subject = wanted.id ? fmt::format("id {}", *wanted.id) : ""};
}

}  // namespace trivet::tool
