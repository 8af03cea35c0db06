#include "tools/trivet/netlink_link_tunnels.h"

#include <fmt/core.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_kind_words.h"
#include "tools/trivet/netlink_tunnel_kinds.h"

namespace trivet::tool {
namespace {

using netlink::attribute;
using netlink::attribute_reader;
using netlink::attribute_writer;
using netlink::rtnl::network_address;

constexpr std::string_view erspan_directions[] = {"in", "egress"};
constexpr kind_word erspan_words[] = {
    {"erspan_ver", IFLA_GRE_ERSPAN_VER, form::u8},
    {"erspan", IFLA_GRE_ERSPAN_INDEX, form::u32},
    {"erspan_dir", IFLA_GRE_ERSPAN_DIR, form::u8, erspan_directions},
    {"erspan_hwid", IFLA_GRE_ERSPAN_HWID, form::u16},
};

struct mode_word {
  std::string_view word;
  std::uint8_t protocol;
};
constexpr mode_word ip_modes[] = {{"any", 0},
                                  {"ipip", IPPROTO_IPIP},
                                  {"ip4ip4", IPPROTO_IPIP},
                                  {"ip6ip", IPPROTO_IPV6},
                                  {"mplsip", IPPROTO_MPLS}};
constexpr mode_word ip6_modes[] = {{"any", 0},
                                   {"ipv6/ipv6", IPPROTO_IPV6},
                                   {"ip6ip6", IPPROTO_IPV6},
                                   {"ip/ipv6", IPPROTO_IPIP},
                                   {"ipv4/ipv6", IPPROTO_IPIP},
                                   {"ipip6", IPPROTO_IPIP},
                                   {"ip4ip6", IPPROTO_IPIP}};

// GRE's bits for keys, sequence numbers and checksums, in host byte order. Source: RFC 2784, 2890
constexpr std::uint16_t gre_key = 0x2000;
constexpr std::uint16_t gre_sequence = 0x1000;
constexpr std::uint16_t gre_checksum = 0x8000;

/// The words of one tunnel.
class tunnel_words {
 public:
  tunnel_words(const tunnel_kind& kind, line_words& words, line_resolver& resolver)
      : kind_(kind),
        to_(kind.attributes),
        words_(words),
        resolver_(resolver),
        v6_(kind.family == AF_INET6) {}

  /// @param present  the data of the tunnel that is changed; empty: it is made
  std::vector<std::byte> write(const_bytes present) {
    if (present.empty()) {
      begin();
    } else {
      begin_with(present);
    }
    while (!words_.empty()) {
      if (!place() && !key() && !hop() && !flow() && !encapsulation() && !own()) {
        fail_word(kind_.name, words_);
      }
    }
    finish();
    keep_the_rest();
    return std::move(bytes_);
  }

 private:
  void begin() {
    if (v6_ && to_.ttl != 0) begin_ipv6();
    if (&to_ == &ip_attributes) {
      protocol_ = 0;  // any, as ip(8) has it
      if (!v6_) ttl_ = 0;
    }
  }

  // The kernel takes what a change does not name as absent: a tunnel would lose its ends. What is
  // there is therefore the beginning, and words replace it.
  void begin_with(const_bytes present) {
    attribute_reader in(present);
    for (attribute a; in.next(a);) {
      if (!begin_with(a)) kept_.push_back(netlink::raw_attribute::of(a));
    }
  }

  // What is written once all words are known.
  bool begin_with(const attribute& a) {
    const auto is = [&](std::uint16_t type) { return type != 0 && a.type == type; };
    if (is(to_.ttl)) {
      ttl_ = a.number<std::uint8_t>();
    } else if (is(to_.encap_limit) && v6_) {
      encap_limit_ = a.number<std::uint8_t>();
    } else if (is(to_.flow_info)) {
      flow_info_ = big_endian(a.number<std::uint32_t>().value_or(0));
    } else if (is(to_.encap_flags)) {
      encap_flags_ = a.number<std::uint16_t>();
    } else if (is(to_.flags)) {
      flags_ = a.number<std::uint32_t>().value_or(a.number<std::uint16_t>().value_or(0));
    } else if (&to_ == &ip_attributes && is(IFLA_IPTUN_PROTO)) {
      protocol_ = a.number<std::uint8_t>();
    } else if (is_gre() && is(IFLA_GRE_IFLAGS)) {
      input_flags_ = big_endian(a.number<std::uint16_t>().value_or(0));
    } else if (is_gre() && is(IFLA_GRE_OFLAGS)) {
      output_flags_ = big_endian(a.number<std::uint16_t>().value_or(0));
    } else {
      external_ = external_ || is(to_.external);
      return false;
    }
    return true;
  }

  void keep_the_rest() {
    std::erase_if(kept_, [&](const netlink::raw_attribute& kept) {
      attribute_reader in(bytes_);
      for (attribute a; in.next(a);) {
        if (a.type == (kept.type & NLA_TYPE_MASK)) return true;
      }
      return false;
    });
    for (const netlink::raw_attribute& kept : kept_) out_.raw(kept);
  }

  void forget(std::uint16_t type) {
    std::erase_if(kept_, [&](const auto& kept) { return (kept.type & NLA_TYPE_MASK) == type; });
  }

  // What ip(8) says of a tunnel over IPv6 where nobody says otherwise.
  void begin_ipv6() {
    ttl_ = 64;
    encap_limit_ = 4;
    flow_info_ = 0;
  }

  void end(std::string_view what, std::uint16_t type) {
    if (words_.skip({"any"})) return forget(type);
    out_.bytes(type, words_.address(what, kind_.family).bytes());
  }

  bool place() {
    if (words_.skip({"remote"})) {
      end("remote", to_.remote);
    } else if (words_.skip({"local"})) {
      end("local", to_.local);
    } else if (words_.skip({"dev"})) {
      out_.value(to_.link, resolver_.link(words_.take("dev")));
    } else if (words_.skip({"fwmark"})) {
      out_.value(to_.mark, words_.number("fwmark"));
    } else if (to_.external != 0 && words_.skip({"external"})) {
      out_.flag(to_.external);
      external_ = true;
    } else {
      return false;
    }
    return true;
  }

  // A number, or four of them with dots between.
  std::uint32_t take_key(std::string_view what) {
    if (words_.peek().find('.') == std::string_view::npos) {
      return big_endian(words_.number(what));
    }
    return load_padded<std::uint32_t>(words_.address(what, AF_INET).bytes());
  }

  void put_key(std::string_view what, bool in, bool out) {
    const std::uint32_t value = take_key(what);
    if (in) out_.value(to_.input_key, value);
    if (out) out_.value(to_.output_key, value);
    mark(gre_key, in, out);
  }

  void mark(std::uint16_t bit, bool in, bool out) {
    if (in) input_flags_ |= bit;
    if (out) output_flags_ |= bit;
  }

  void unmark(std::uint16_t bit, bool in, bool out) {
    if (in) input_flags_ = static_cast<std::uint16_t>(input_flags_ & ~bit);
    if (out) output_flags_ = static_cast<std::uint16_t>(output_flags_ & ~bit);
    if (bit == gre_key && in) forget(to_.input_key);
    if (bit == gre_key && out) forget(to_.output_key);
  }

  bool key() {
    if (to_.input_key == 0) return false;
    if (words_.skip({"key"})) {
      put_key("key", true, true);
    } else if (words_.skip({"ikey"})) {
      put_key("ikey", true, false);
    } else if (words_.skip({"okey"})) {
      put_key("okey", false, true);
    } else if (is_gre()) {
      return gre_bits();
    } else {
      return false;
    }
    return true;
  }

  bool gre_bits() {
    struct bit_word {
      std::string_view word;
      std::uint16_t bit;
      bool in, out;
    };
    constexpr bit_word bits[] = {
        {"seq", gre_sequence, true, true},    {"iseq", gre_sequence, true, false},
        {"oseq", gre_sequence, false, true},  {"csum", gre_checksum, true, true},
        {"icsum", gre_checksum, true, false}, {"ocsum", gre_checksum, false, true}};
    for (const bit_word& row : bits) {
      if (!words_.skip({row.word})) continue;
      mark(row.bit, row.in, row.out);
      return true;
    }
    constexpr bit_word none[] = {
        {"nokey", gre_key, true, true},        {"noikey", gre_key, true, false},
        {"nookey", gre_key, false, true},      {"noseq", gre_sequence, true, true},
        {"noiseq", gre_sequence, true, false}, {"nooseq", gre_sequence, false, true},
        {"nocsum", gre_checksum, true, true},  {"noicsum", gre_checksum, true, false},
        {"noocsum", gre_checksum, false, true}};
    for (const bit_word& row : none) {
      if (!words_.skip({row.word})) continue;
      unmark(row.bit, row.in, row.out);
      return true;
    }
    return false;
  }

  bool hop() {
    if (to_.ttl == 0) return false;
    if (words_.skip({"ttl", "hoplimit", "hlim"})) {
      ttl_ = words_.skip({"inherit"}) ? std::uint8_t{0} : words_.number<std::uint8_t>("ttl");
    } else if (words_.skip({"tos", "tclass", "tc", "dsfield"})) {
      take_class();
    } else if (!v6_ && words_.skip({"pmtudisc"})) {
      out_.value(to_.pmtu, std::uint8_t{1});
    } else if (!v6_ && words_.skip({"nopmtudisc"})) {
      out_.value(to_.pmtu, std::uint8_t{0});
    } else if (is_gre() && !v6_ && words_.skip({"ignore-df"})) {
      out_.value(IFLA_GRE_IGNORE_DF, std::uint8_t{1});
    } else if (is_gre() && !v6_ && words_.skip({"noignore-df"})) {
      out_.value(IFLA_GRE_IGNORE_DF, std::uint8_t{0});
    } else {
      return false;
    }
    return true;
  }

  void take_class() {
    const bool inherit = words_.skip({"inherit"});
    if (!v6_) {
      out_.value(to_.tos, inherit ? std::uint8_t{1} : take_tos());
    } else if (inherit) {
      flags_ |= IP6_TNL_F_USE_ORIG_TCLASS;
    } else {
      flow_info_ = (flow_info_.value_or(0) & 0xfffff) | std::uint32_t{take_tos()} << 20;
      flags_ &= ~std::uint32_t{IP6_TNL_F_USE_ORIG_TCLASS};
    }
  }

  std::uint8_t take_tos() {
    return static_cast<std::uint8_t>(words_.named("tos", resolver_.names.tos, 255));
  }

  bool flow() {
    if (!v6_ || to_.flow_info == 0) return false;
    if (words_.skip({"flowlabel", "flowinfo"})) {
      if (words_.skip({"inherit"})) {
        flags_ |= IP6_TNL_F_USE_ORIG_FLOWLABEL;
      } else {
        flow_info_ = (flow_info_.value_or(0) & ~0xfffffU) | words_.number("flowlabel", 0, 0xfffff);
        flags_ &= ~std::uint32_t{IP6_TNL_F_USE_ORIG_FLOWLABEL};
      }
    } else if (words_.skip({"encaplimit"})) {
      if (words_.skip({"none"})) {
        flags_ |= IP6_TNL_F_IGN_ENCAP_LIMIT;
      } else {
        encap_limit_ = words_.number<std::uint8_t>("encaplimit");
        flags_ &= ~std::uint32_t{IP6_TNL_F_IGN_ENCAP_LIMIT};
      }
    } else if (words_.skip({"dscp"})) {
      if (!words_.skip({"inherit"})) throw usage_error("dscp: only 'inherit' may follow");
      flags_ |= IP6_TNL_F_RCV_DSCP_COPY;
    } else if (words_.skip({"allow-localremote"})) {
      flags_ |= IP6_TNL_F_ALLOW_LOCAL_REMOTE;
    } else if (words_.skip({"noallow-localremote"})) {
      flags_ &= ~std::uint32_t{IP6_TNL_F_ALLOW_LOCAL_REMOTE};
    } else {
      return false;
    }
    return true;
  }

  bool encapsulation() {
    if (to_.encap_type == 0) return false;
    struct flag_word {
      std::string_view on, off;
      std::uint16_t flag;
    };
    constexpr flag_word flags[] = {
        {"encap-csum", "noencap-csum", TUNNEL_ENCAP_FLAG_CSUM},
        {"encap-udp6-csum", "noencap-udp6-csum", TUNNEL_ENCAP_FLAG_CSUM6},
        {"encap-remcsum", "noencap-remcsum", TUNNEL_ENCAP_FLAG_REMCSUM}};
    constexpr std::string_view types[] = {"none", "fou", "gue"};
    if (words_.skip({"noencap"})) {
      out_.value(to_.encap_type, std::uint16_t{TUNNEL_ENCAP_NONE});
    } else if (words_.skip({"encap"})) {
      write_word({"encap", to_.encap_type, form::u16, types}, words_, resolver_, out_);
    } else if (words_.skip({"encap-sport"})) {
      out_.value_big_endian(to_.encap_source, words_.skip({"auto"})
                                                  ? std::uint16_t{0}
                                                  : words_.number<std::uint16_t>("encap-sport"));
    } else if (words_.skip({"encap-dport"})) {
      out_.value_big_endian(to_.encap_destination, words_.number<std::uint16_t>("encap-dport"));
    } else {
      for (const flag_word& row : flags) {
        const bool on = words_.skip({row.on});
        if (!on && !words_.skip({row.off})) continue;
        encap_flags_ = static_cast<std::uint16_t>(on ? encap_flags_.value_or(0) | row.flag
                                                     : encap_flags_.value_or(0) & ~row.flag);
        return true;
      }
      return false;
    }
    return true;
  }

  // What one kind alone has.
  bool own() {
    if (kind_.name.ends_with("erspan")) return write_row(erspan_words, words_, resolver_, out_);
    if (&to_ != &ip_attributes) return false;
    if (words_.skip({"mode"})) {
      take_mode();
    } else if (kind_.name == "sit" && words_.skip({"isatap"})) {
      flags_ |= sit_isatap;
    } else if (kind_.name == "sit" && words_.skip({"6rd-prefix"})) {
      rapid_deployment("6rd-prefix", AF_INET6, IFLA_IPTUN_6RD_PREFIX, IFLA_IPTUN_6RD_PREFIXLEN);
    } else if (kind_.name == "sit" && words_.skip({"6rd-relay_prefix"})) {
      rapid_deployment("6rd-relay_prefix", AF_INET, IFLA_IPTUN_6RD_RELAY_PREFIX,
                       IFLA_IPTUN_6RD_RELAY_PREFIXLEN);
    } else if (kind_.name == "sit" && words_.skip({"6rd-reset"})) {
      no_rapid_deployment();
    } else {
      return false;
    }
    return true;
  }

  void take_mode() {
    const std::string_view word = words_.take("mode");
    const auto modes = v6_ ? std::span<const mode_word>(ip6_modes) : std::span(ip_modes);
    const auto found = std::find_if(modes.begin(), modes.end(),
                                    [&](const mode_word& m) { return m.word == word; });
    if (found == modes.end()) {
      throw usage_error(fmt::format("mode: '{}' is no mode of {}", word, kind_.name));
    }
    protocol_ = found->protocol;
  }

  // Source: RFC 5969
  void rapid_deployment(std::string_view what, int family, std::uint16_t prefix_type,
                        std::uint16_t length_type) {
    put_prefix(line_prefix::parse(what, words_.take(what), family), prefix_type, length_type);
  }

  // 6to4, with which a tunnel begins. Source: RFC 3056
  void no_rapid_deployment() {
    put_prefix(line_prefix::parse("6rd-reset", "2002::/16", AF_INET6), IFLA_IPTUN_6RD_PREFIX,
               IFLA_IPTUN_6RD_PREFIXLEN);
    put_prefix(line_prefix::parse("6rd-reset", "0.0.0.0/0", AF_INET), IFLA_IPTUN_6RD_RELAY_PREFIX,
               IFLA_IPTUN_6RD_RELAY_PREFIXLEN);
  }

  void put_prefix(const line_prefix& prefix, std::uint16_t prefix_type, std::uint16_t length_type) {
    out_.bytes(prefix_type, prefix.address.bytes());
    out_.value(length_type, static_cast<std::uint16_t>(prefix.length));
  }

  void finish() {
    if (external_) return;  // routes say everything
    if (ttl_) out_.value(to_.ttl, *ttl_);
    if (encap_limit_ && v6_) out_.value(to_.encap_limit, *encap_limit_);
    if (flow_info_) out_.value_big_endian(to_.flow_info, *flow_info_);
    if (protocol_) out_.value(IFLA_IPTUN_PROTO, *protocol_);
    if (encap_flags_) out_.value(to_.encap_flags, *encap_flags_);
    if (v6_ && to_.flags != 0) {
      out_.value(to_.flags, flags_);
    } else if (flags_ != 0) {
      out_.value(to_.flags, static_cast<std::uint16_t>(flags_));
    }
    if (!is_gre()) return;
    if (input_flags_ != 0) out_.value_big_endian(IFLA_GRE_IFLAGS, input_flags_);
    if (output_flags_ != 0) out_.value_big_endian(IFLA_GRE_OFLAGS, output_flags_);
  }

  [[nodiscard]] bool is_gre() const { return &to_ == &gre_attributes; }

  static constexpr std::uint32_t sit_isatap = 1;  // SIT_ISATAP of linux/if_tunnel.h

  const tunnel_kind& kind_;
  const tunnel_attributes& to_;
  line_words& words_;
  line_resolver& resolver_;
  std::vector<std::byte> bytes_;
  attribute_writer out_{bytes_};
  std::vector<netlink::raw_attribute> kept_;  // of the tunnel that is changed
  bool v6_;
  bool external_ = false;
  std::optional<std::uint8_t> ttl_;
  std::optional<std::uint8_t> encap_limit_;
  std::optional<std::uint32_t> flow_info_;
  std::optional<std::uint8_t> protocol_;
  std::optional<std::uint16_t> encap_flags_;
  std::uint32_t flags_ = 0;
  std::uint16_t input_flags_ = 0;
  std::uint16_t output_flags_ = 0;
};

constexpr kind_word xfrm_words[] = {
    {"dev", IFLA_XFRM_LINK, form::link},
    {"if_id", IFLA_XFRM_IF_ID, form::u32},
    {"external", IFLA_XFRM_COLLECT_METADATA, form::present},
};

}  // namespace

bool write_tunnel(std::string_view kind, line_words& words, line_resolver& resolver,
                  const std::string& changed, attribute_writer& out) {
  if (kind == "xfrm") {
    write_rows(kind, xfrm_words, words, resolver, out);
    return true;
  }
  const auto* const found = std::find_if(std::begin(tunnel_kinds), std::end(tunnel_kinds),
                                         [&](const tunnel_kind& k) { return k.name == kind; });
  if (found == std::end(tunnel_kinds)) return false;
  std::vector<std::byte> present;
  if (!changed.empty()) present = resolver.kind_data(changed, kind);
  out.plain(tunnel_words(*found, words, resolver).write(present));
  return true;
}

}  // namespace trivet::tool
