// ip-link(8): add, set, delete.
#include <fmt/core.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <unistd.h>

#include <optional>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_link_functions.h"
#include "tools/trivet/netlink_link_kinds.h"
#include "tools/trivet/netlink_write.h"
#include "trivet/base/netns.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

constexpr line_verb verbs[] = {
    {"add", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL},
    {"set", RTM_NEWLINK, 0},
    {"change", RTM_NEWLINK, 0},
    {"replace", RTM_NEWLINK, NLM_F_CREATE | NLM_F_REPLACE},
    {"delete", RTM_DELLINK, 0},
    {"property", 0, 0},
};
constexpr line_verb property_verbs[] = {
    {"add", RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND},
    {"delete", RTM_DELLINKPROP, 0},
};

// Flags that are set by "on" and cleared by "off"; arp is the other way round.
struct flag_word {
  std::string_view word;
  std::uint32_t flag;
  bool inverted;
};
constexpr flag_word flag_words[] = {
    {"multicast", IFF_MULTICAST, false}, {"allmulticast", IFF_ALLMULTI, false},
    {"promisc", IFF_PROMISC, false},     {"trailers", IFF_NOTRAILERS, true},
    {"dynamic", IFF_DYNAMIC, false},     {"arp", IFF_NOARP, true},
};

struct number_word {
  std::string_view word;
  std::uint16_t type;
};
constexpr number_word number_words[] = {
    {"mtu", IFLA_MTU},
    {"txqueuelen", IFLA_TXQLEN},
    {"txqlen", IFLA_TXQLEN},
    {"qlen", IFLA_TXQLEN},
    {"numtxqueues", IFLA_NUM_TX_QUEUES},
    {"numrxqueues", IFLA_NUM_RX_QUEUES},
    {"gso_max_size", IFLA_GSO_MAX_SIZE},
    {"gso_max_segs", IFLA_GSO_MAX_SEGS},
    {"gro_max_size", IFLA_GRO_MAX_SIZE},
};

// The words of a link, or of a veth's peer.
class link_words {
 public:
  link_words(line_words& words, line_resolver& resolver, const line_verb& verb)
      : words_(words),
        resolver_(resolver),
        verb_(verb),
        adding_((verb.flags & NLM_F_CREATE) != 0) {}

  /// @param peer  the name may be missing, and the words end with those of a peer
  void read(bool peer) {
    while (!words_.empty()) {
      if (words_.skip({"type"})) {
        if (peer) throw usage_error("peer: it has no type of its own");
        type();
        break;
      }
      if (!identity_word() && !flag() && !number() && !place_word() && !other_word()) bare_name();
    }
    if (!words_.empty()) {
      throw usage_error(fmt::format("link: '{}' is no word of a link", words_.peek()));
    }
    finish(peer);
  }

  ::ifinfomsg header{};
  byte_buffer attributes;
  std::string name;
  std::string kind;
  std::vector<descriptor> held;

 private:
  bool identity_word() {
    if (words_.skip({"dev"})) {
      device_ = words_.take("dev");
    } else if (words_.skip({"name"})) {
      new_name_ = words_.take("name");
    } else if (words_.skip({"index"})) {
      header.ifi_index = static_cast<int>(words_.number("index", 1, 0x7fffffff));
    } else if (words_.skip({"group"})) {
      group_ = words_.named("group", resolver_.names.groups);
    } else if (words_.skip({"alias"})) {
      out_.bytes(IFLA_IFALIAS, bytes_of(words_.take_any("alias")));
    } else if (words_.skip({"address", "addr"})) {
      out_.bytes(IFLA_ADDRESS, words_.hardware("address").value.bytes());
    } else if (words_.skip({"broadcast", "brd"})) {
      out_.bytes(IFLA_BROADCAST, words_.hardware("broadcast").value.bytes());
    } else {
      return false;
    }
    return true;
  }

  bool flag() {
    if (words_.skip({"up"})) return change_flag(IFF_UP, true);
    if (words_.skip({"down"})) return change_flag(IFF_UP, false);
    for (const flag_word& f : flag_words) {
      if (words_.skip({f.word})) return change_flag(f.flag, words_.on_off(f.word) != f.inverted);
    }
    return false;
  }

  bool change_flag(std::uint32_t flag, bool on) {
    header.ifi_change |= flag;
    header.ifi_flags = on ? header.ifi_flags | flag : header.ifi_flags & ~flag;
    return true;
  }

  bool number() {
    for (const number_word& n : number_words) {
      if (!words_.skip({n.word})) continue;
      out_.value(n.type, words_.number(n.word));
      return true;
    }
    return false;
  }

  // Where it is: above, below, in another namespace.
  bool place_word() {
    if (words_.skip({"link"})) {
      lower_ = words_.take("link");
    } else if (words_.skip({"master", "vrf"})) {
      out_.value(IFLA_MASTER, resolver_.link(words_.take("master")));
    } else if (words_.skip({"nomaster"})) {
      out_.value(IFLA_MASTER, std::uint32_t{0});
    } else if (words_.skip({"netns"})) {
      netns();
    } else if (words_.skip({"link-netnsid"})) {
      out_.value(IFLA_LINK_NETNSID, words_.number<std::int32_t>("link-netnsid", 0, 0x7fffffff));
    } else {
      return false;
    }
    return true;
  }

  bool other_word() {
    if (!adding_ && words_.skip({"vf"})) {
      attribute_writer list(functions_);
      write_link_function(words_, resolver_, device_, list);
    } else if (write_link_xdp(words_, out_)) {
      return true;
    } else if (words_.skip({"carrier"})) {
      out_.value(IFLA_CARRIER, static_cast<std::uint8_t>(words_.on_off("carrier")));
    } else if (words_.skip({"protodown"})) {
      out_.value(IFLA_PROTO_DOWN, static_cast<std::uint8_t>(words_.on_off("protodown")));
    } else if (!adding_ && words_.skip({"protodown_reason"})) {
      protocol_down_reason();
    } else if (words_.skip({"mode"})) {
      out_.value(IFLA_LINKMODE, one_of("mode", {"default", "dormant"}));
    } else if (words_.skip({"state"})) {
      out_.value(IFLA_OPERSTATE, one_of("state", {"unknown", "notpresent", "down", "lowerlayerdown",
                                                  "testing", "dormant", "up"}));
    } else if (words_.skip({"addrgenmode"})) {
      const std::uint8_t mode = one_of("addrgenmode", {"eui64", "none", "stable_secret", "random"});
      out_.nested_unmarked(IFLA_AF_SPEC, [&](attribute_writer& spec) {
        spec.nested_unmarked(AF_INET6, [&](attribute_writer& inet6) {
          inet6.value(IFLA_INET6_ADDR_GEN_MODE, mode);
        });
      });
    } else {
      return false;
    }
    return true;
  }

  // One bit of those that keep a link down, by its name or number.
  void protocol_down_reason() {
    constexpr std::string_view what = "protodown_reason";
    const std::uint32_t number = words_.named(what, resolver_.names.down_reasons, 31);
    const std::uint32_t bit = std::uint32_t{1} << number;
    const std::uint32_t value = words_.on_off(what) ? bit : 0;
    out_.nested(IFLA_PROTO_DOWN_REASON, [&](attribute_writer& reason) {
      reason.value(IFLA_PROTO_DOWN_REASON_MASK, bit);
      reason.value(IFLA_PROTO_DOWN_REASON_VALUE, value);
    });
  }

  std::uint8_t one_of(std::string_view what, std::initializer_list<std::string_view> allowed) {
    const std::string_view word = words_.take(what);
    std::uint8_t place = 0;
    std::string list;
    for (const std::string_view choice : allowed) {
      if (choice == word) return place;
      ++place;
      list += fmt::format("{}{}", list.empty() ? "" : ", ", choice);
    }
    throw usage_error(fmt::format("{}: '{}' is none of {}", what, word, list));
  }

  // A name as `ip netns` has it, or a process.
  void netns() {
    const std::string_view where = words_.take("netns");
    if (const auto pid = line_number(where)) {
      out_.value(IFLA_NET_NS_PID, static_cast<std::uint32_t>(*pid));
      return;
    }
    network_namespace space = network_namespace::parse(where);
    const int fd = ::dup(space.native_handle());
    held.emplace_back(fd);
    out_.value(IFLA_NET_NS_FD, fd);
  }

  void bare_name() {
    const std::string_view word = words_.take("name");
    if (!device_.empty()) throw usage_error(fmt::format("link: '{}' is no word of a link", word));
    device_ = word;
  }

  void type() {
    kind = words_.take("type");
    if (kind == "veth") {
      veth();
      return;
    }
    const std::string& present = device_.empty() ? new_name_ : device_;
    write_link_kind(kind, words_, resolver_, adding_ ? std::string() : present, out_);
  }

  // The peer is a link of its own, with its own words.
  void veth() {
    std::optional<link_words> other;
    if (words_.skip({"peer"})) {
      words_.skip({"name"});
      other.emplace(words_, resolver_, verb_);
      other->read(true);
      for (descriptor& fd : other->held) held.push_back(std::move(fd));
    }
    out_.nested_unmarked(IFLA_LINKINFO, [&](attribute_writer& info) {
      info.text(IFLA_INFO_KIND, "veth");
      if (!other) return;
      info.nested_unmarked(IFLA_INFO_DATA, [&](attribute_writer& data) {
        data.nested_unmarked(VETH_INFO_PEER, [&](attribute_writer& peer) {
          peer.plain(std::as_bytes(std::span(&other->header, 1))).plain(other->attributes);
        });
      });
    });
  }

  void finish(bool peer) {
    if (peer || adding_) {
      name = new_name_.empty() ? device_ : new_name_;
      if (!new_name_.empty() && !device_.empty()) {
        throw usage_error(fmt::format("name: '{}' and '{}' are two names", new_name_, device_));
      }
      if (group_) out_.value(IFLA_GROUP, *group_);
    } else {
      name = device_.empty() ? new_name_ : device_;
      existing();
    }
    // The kernel finds a name for a link of a kind, and a group may be meant instead of one link.
    const bool nameless = adding_ ? !kind.empty() : group_.has_value();
    if (name.empty() && !peer && !nameless) throw usage_error("link: the name is missing");
    check_name(peer || adding_ ? name : new_name_);
    if (peer || adding_) {
      if (!name.empty()) out_.text(IFLA_IFNAME, name);
    } else if (!new_name_.empty() && new_name_ != device_ && !device_.empty()) {
      out_.text(IFLA_IFNAME, new_name_);
    }
    if (!lower_.empty()) out_.value(IFLA_LINK, resolver_.link(lower_));
    if (functions_.empty()) return;
    out_.nested_unmarked(IFLA_VFINFO_LIST, [&](attribute_writer& list) { list.plain(functions_); });
  }

  // A link that is there, or, without a name, all of a group.
  void existing() {
    if (!name.empty()) {
      header.ifi_index = static_cast<int>(resolver_.link(name));
      if (group_) out_.value(IFLA_GROUP, *group_);
    } else if (group_) {
      out_.value(IFLA_GROUP, *group_);
    }
  }

  static void check_name(const std::string& text) {
    const bool wrong = text.size() >= IFNAMSIZ || text == "." || text == ".." ||
                       text.find_first_of("/ \t\n:") != std::string::npos;
    if (wrong) {
      throw usage_error(fmt::format(
          "name: '{}' is no name of a link: at most 15 bytes, no '/', ':' or space", text));
    }
  }

  line_words& words_;
  line_resolver& resolver_;
  const line_verb& verb_;
  bool adding_;
  attribute_writer out_{attributes};
  byte_buffer functions_;  // IFLA_VF_INFO, one behind the other
  std::string device_;
  std::string new_name_;
  std::string lower_;
  std::optional<std::uint32_t> group_;
};

// "add dev eth0 altname NAME altname NAME": the other names of a link; none changes nothing, as
// with ip(8).
line_request write_property(line_words& words, line_resolver& resolver,
                            netlink::message_builder& out) {
  const line_verb& verb = take_verb(words, "property", property_verbs);
  std::string device;
  std::vector<std::string> names;
  while (!words.empty()) {
    if (words.skip({"altname"})) {
      names.emplace_back(words.take("altname"));
      continue;
    }
    words.skip({"dev"});
    if (!device.empty()) throw usage_error(fmt::format("'{}': one link only", words.peek()));
    device = words.take("dev");
  }
  if (device.empty()) throw usage_error("link: the name is missing");
  ::ifinfomsg header{};
  header.ifi_index = static_cast<int>(resolver.link(device));
  out.restart(verb.type, verb.flags);
  out.structure(header).attributes().nested(IFLA_PROP_LIST, [&](attribute_writer& list) {
    for (const std::string& name : names) list.text(IFLA_ALT_IFNAME, name);
  });
  const bool adding = verb.type == RTM_NEWLINKPROP;
  return {.request = adding ? "RTM_NEWLINKPROP" : "RTM_DELLINKPROP",
          .subject = device,
          .changes_links = true};
}

}  // namespace

line_request write_link(line_words& words, line_resolver& resolver, netlink::message_builder& out) {
  const line_verb& verb = take_verb(words, "link", verbs);
  if (verb.type == 0) return write_property(words, resolver, out);
  link_words wanted(words, resolver, verb);
  wanted.read(false);
  out.restart(verb.type, verb.flags);
  out.structure(wanted.header).attributes().plain(wanted.attributes);
  return {.request = verb.type == RTM_NEWLINK ? "RTM_NEWLINK" : "RTM_DELLINK",
          .subject = wanted.name,
          .changes_links = true,
          .kind = wanted.kind,
          .held = std::move(wanted.held)};
}

}  // namespace trivet::tool
