// ip-address(8): add, change, replace, delete.
#include <fmt/core.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_write.h"
#include "trivet/netlink/route/address.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::address;
using netlink::rtnl::network_address;

constexpr line_verb verbs[] = {
    {"add", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL},
    {"change", RTM_NEWADDR, NLM_F_REPLACE},
    {"chg", RTM_NEWADDR, NLM_F_REPLACE},
    {"replace", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE},
    {"delete", RTM_DELADDR, 0},
};

struct flag_word {
  std::string_view word;
  std::uint32_t flag;
};
constexpr flag_word flag_words[] = {
    {"home", IFA_F_HOMEADDRESS},
    {"nodad", IFA_F_NODAD},
    {"optimistic", IFA_F_OPTIMISTIC},
    {"mngtmpaddr", IFA_F_MANAGETEMPADDR},
    {"noprefixroute", IFA_F_NOPREFIXROUTE},
    {"autojoin", IFA_F_MCAUTOJOIN},
};

class address_words {
 public:
  address_words(line_words& words, line_resolver& resolver, bool deleting)
      : words_(words), resolver_(resolver), deleting_(deleting) {
    address_.family = static_cast<std::uint8_t>(resolver.family);
  }

  address read() {
    while (!words_.empty()) {
      if (!word() && !flag() && !lifetime()) local();
    }
    finish();
    return address_;
  }

 private:
  bool word() {
    if (words_.skip({"peer", "remote"})) {
      peer_ = line_prefix::parse("peer", words_.take("peer"), address_.family);
      take_family(peer_->address);
      address_.peer = peer_->address;
      address_.prefix_length = static_cast<std::uint8_t>(peer_->length);
    } else if (words_.skip({"broadcast", "brd"})) {
      if (words_.skip({"+"})) {
        computed_broadcast_ = true;
        host_bits_set_ = true;
      } else if (words_.skip({"-"})) {
        computed_broadcast_ = true;
        host_bits_set_ = false;
      } else {
        address_.broadcast = words_.address("broadcast", address_.family);
        take_family(*address_.broadcast);
      }
    } else if (words_.skip({"anycast"})) {
      address_.anycast = words_.address("anycast", address_.family);
      take_family(*address_.anycast);
    } else if (words_.skip({"scope"})) {
      address_.scope =
          static_cast<std::uint8_t>(words_.named("scope", resolver_.names.scopes, 255));
      scope_given_ = true;
    } else if (words_.skip({"dev"})) {
      device_ = words_.take("dev");
    } else if (words_.skip({"label"})) {
      address_.label = words_.take("label");
    } else if (words_.skip({"metric", "priority", "preference"})) {
      address_.metric = words_.number("metric");
    } else {
      return false;
    }
    return true;
  }

  bool flag() {
    for (const flag_word& f : flag_words) {
      if (!words_.skip({f.word})) continue;
      address_.flags |= f.flag;
      return true;
    }
    return false;
  }

  bool lifetime() {
    const bool valid = words_.skip({"valid_lft"});
    if (!valid && !words_.skip({"preferred_lft"})) return false;
    if (!address_.cache) {
      address_.cache.emplace();
      address_.cache->ifa_valid = address_.cache->ifa_prefered = forever;
    }
    const std::string_view what = valid ? "valid_lft" : "preferred_lft";
    std::uint32_t seconds = forever;
    if (!words_.skip({"forever"})) seconds = words_.number(what, valid ? 1 : 0);
    (valid ? address_.cache->ifa_valid : address_.cache->ifa_prefered) = seconds;
    return true;
  }

  void local() {
    words_.skip({"local"});
    const std::string_view word = words_.take("local");
    if (local_) throw usage_error(fmt::format("addr: '{}' is no word of an address", word));
    local_ = line_prefix::parse("addr", word, address_.family);
    take_family(local_->address);
    if (local_->has_address) address_.local = local_->address;
  }

  void take_family(const network_address& from) {
    if (address_.family == AF_UNSPEC) address_.family = from.family;
  }

  void finish() {
    if (device_.empty()) throw usage_error("addr: dev and the name of a link are missing");
    if (local_ && !peer_) without_peer();
    if (address_.prefix_length == 0 && local_) {
      address_.prefix_length = static_cast<std::uint8_t>(local_->length);
    }
    if (computed_broadcast_ && !deleting_) compute_broadcast();
    if (!scope_given_ && !deleting_) address_.scope = default_scope();
    if (address_.cache && address_.cache->ifa_prefered > address_.cache->ifa_valid) {
      throw usage_error("preferred_lft: longer than valid_lft");
    }
    address_.index = resolver_.link(device_);
  }

  // One end alone is both ends. An IPv4 address that is deleted without a length is meant with
  // whatever length it has.
  void without_peer() {
    if (deleting_ && address_.family == AF_INET && !local_->length_given) return;
    if (local_->has_address) address_.peer = local_->address;
  }

  void compute_broadcast() {
    const line_prefix& network = peer_ ? *peer_ : *local_;
    if (address_.family != AF_INET) {
      throw usage_error("broadcast: only IPv4 addresses have one");
    }
    if (network.length > 30) return;
    const std::uint32_t hosts = 0xffffffffU >> network.length;
    const std::uint32_t value = big_endian(load_padded<std::uint32_t>(network.address.bytes()));
    const std::uint32_t wire = big_endian(host_bits_set_ ? value | hosts : value & ~hosts);
    address_.broadcast = {AF_INET, netlink::rtnl::short_bytes(std::as_bytes(std::span(&wire, 1)))};
  }

  [[nodiscard]] std::uint8_t default_scope() const {
    constexpr std::byte loopback{127};
    const bool host =
        address_.local && address_.family == AF_INET && address_.local->bytes().front() == loopback;
    return host ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
  }

  static constexpr std::uint32_t forever = 0xffffffff;

  line_words& words_;
  line_resolver& resolver_;
  bool deleting_;
  address address_;
  std::optional<line_prefix> local_;
  std::optional<line_prefix> peer_;
  std::string device_;
  bool scope_given_ = false;
  bool computed_broadcast_ = false;
  bool host_bits_set_ = false;
};

}  // namespace

line_request write_address(line_words& words, line_resolver& resolver,
                           netlink::message_builder& out) {
  const line_verb& verb = take_verb(words, "addr", verbs);
  const address wanted = address_words(words, resolver, verb.type == RTM_DELADDR).read();
  out.restart(verb.type, verb.flags);
  wanted.encode(out);
  line_prefix network;
  network.has_address = wanted.own() != nullptr;
  if (wanted.own() != nullptr) network.address = *wanted.own();
  network.length = wanted.prefix_length;
  return {.request = verb.type == RTM_NEWADDR ? "RTM_NEWADDR" : "RTM_DELADDR", .network = network};
}

}  // namespace trivet::tool
