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
#include "tools/trivet/netlink_link_data.h"
#include "tools/trivet/netlink_tunnel_data.h"
#include "tools/trivet/netlink_tunnel_kinds.h"

namespace trivet::tool {
namespace {

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

/// The words of one tunnel.
class tunnel_words {
 public:
  tunnel_words(const tunnel_kind& kind, const_bytes present, line_words& words,
               line_resolver& resolver)
      : kind_(kind), data_(kind, present), words_(words), resolver_(resolver) {}

  std::vector<std::byte> write() {
    while (!words_.empty()) {
      if (!place() && !key() && !hop() && !flow() && !encapsulation() && !own()) {
        fail_word(kind_.name, words_);
      }
    }
    return data_.finish();
  }

 private:
  void end(std::string_view what, std::uint16_t type) {
    if (words_.skip({"any"})) return data_.forget(type);
    data_.out.bytes(type, words_.address(what, kind_.family).bytes());
  }

  bool place() {
    if (words_.skip({"remote"})) {
      end("remote", data_.to.remote);
    } else if (words_.skip({"local"})) {
      end("local", data_.to.local);
    } else if (words_.skip({"dev"})) {
      data_.out.value(data_.to.link, resolver_.link(words_.take("dev")));
    } else if (words_.skip({"fwmark"})) {
      data_.out.value(data_.to.mark, words_.number("fwmark"));
    } else if (data_.to.external != 0 && words_.skip({"external"})) {
      data_.out.flag(data_.to.external);
      data_.external = true;
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
    if (in) data_.out.value(data_.to.input_key, value);
    if (out) data_.out.value(data_.to.output_key, value);
    data_.mark(gre_key, in, out);
  }

  bool key() {
    if (data_.to.input_key == 0) return false;
    if (words_.skip({"key"})) {
      put_key("key", true, true);
    } else if (words_.skip({"ikey"})) {
      put_key("ikey", true, false);
    } else if (words_.skip({"okey"})) {
      put_key("okey", false, true);
    } else if (data_.is_gre()) {
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
      data_.mark(row.bit, row.in, row.out);
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
      data_.unmark(row.bit, row.in, row.out);
      return true;
    }
    return false;
  }

  bool hop() {
    if (data_.to.ttl == 0) return false;
    if (words_.skip({"ttl", "hoplimit", "hlim"})) {
      data_.ttl = words_.skip({"inherit"}) ? std::uint8_t{0} : words_.number<std::uint8_t>("ttl");
    } else if (words_.skip({"tos", "tclass", "tc", "dsfield"})) {
      take_class();
    } else if (!data_.v6 && words_.skip({"pmtudisc"})) {
      data_.out.value(data_.to.pmtu, std::uint8_t{1});
    } else if (!data_.v6 && words_.skip({"nopmtudisc"})) {
      data_.out.value(data_.to.pmtu, std::uint8_t{0});
    } else if (data_.is_gre() && !data_.v6 && words_.skip({"ignore-df"})) {
      data_.out.value(IFLA_GRE_IGNORE_DF, std::uint8_t{1});
    } else if (data_.is_gre() && !data_.v6 && words_.skip({"noignore-df"})) {
      data_.out.value(IFLA_GRE_IGNORE_DF, std::uint8_t{0});
    } else {
      return false;
    }
    return true;
  }

  void take_class() {
    const bool inherit = words_.skip({"inherit"});
    if (!data_.v6) {
      data_.out.value(data_.to.tos, inherit ? std::uint8_t{1} : take_tos());
    } else if (inherit) {
      data_.flags |= IP6_TNL_F_USE_ORIG_TCLASS;
    } else {
      data_.flow_info = (data_.flow_info.value_or(0) & 0xfffff) | std::uint32_t{take_tos()} << 20;
      data_.flags &= ~std::uint32_t{IP6_TNL_F_USE_ORIG_TCLASS};
    }
  }

  std::uint8_t take_tos() {
    return static_cast<std::uint8_t>(words_.named("tos", resolver_.names.tos, 255));
  }

  bool flow() {
    if (!data_.v6 || data_.to.flow_info == 0) return false;
    if (words_.skip({"flowlabel", "flowinfo"})) {
      if (words_.skip({"inherit"})) {
        data_.flags |= IP6_TNL_F_USE_ORIG_FLOWLABEL;
      } else {
        data_.flow_info =
            (data_.flow_info.value_or(0) & ~0xfffffU) | words_.number("flowlabel", 0, 0xfffff);
        data_.flags &= ~std::uint32_t{IP6_TNL_F_USE_ORIG_FLOWLABEL};
      }
    } else if (words_.skip({"encaplimit"})) {
      if (words_.skip({"none"})) {
        data_.flags |= IP6_TNL_F_IGN_ENCAP_LIMIT;
      } else {
        data_.encap_limit = words_.number<std::uint8_t>("encaplimit");
        data_.flags &= ~std::uint32_t{IP6_TNL_F_IGN_ENCAP_LIMIT};
      }
    } else if (words_.skip({"dscp"})) {
      if (!words_.skip({"inherit"})) throw usage_error("dscp: only 'inherit' may follow");
      data_.flags |= IP6_TNL_F_RCV_DSCP_COPY;
    } else if (words_.skip({"allow-localremote"})) {
      data_.flags |= IP6_TNL_F_ALLOW_LOCAL_REMOTE;
    } else if (words_.skip({"noallow-localremote"})) {
      data_.flags &= ~std::uint32_t{IP6_TNL_F_ALLOW_LOCAL_REMOTE};
    } else {
      return false;
    }
    return true;
  }

  bool encapsulation() {
    if (data_.to.encap_type == 0) return false;
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
      data_.out.value(data_.to.encap_type, std::uint16_t{TUNNEL_ENCAP_NONE});
    } else if (words_.skip({"encap"})) {
      write_word({"encap", data_.to.encap_type, form::u16, types}, words_, resolver_, data_.out);
    } else if (words_.skip({"encap-sport"})) {
      data_.out.value_big_endian(
          data_.to.encap_source,
          words_.skip({"auto"}) ? std::uint16_t{0} : words_.number<std::uint16_t>("encap-sport"));
    } else if (words_.skip({"encap-dport"})) {
      data_.out.value_big_endian(data_.to.encap_destination,
                                 words_.number<std::uint16_t>("encap-dport"));
    } else {
      for (const flag_word& row : flags) {
        const bool on = words_.skip({row.on});
        if (!on && !words_.skip({row.off})) continue;
        data_.encap_flags =
            static_cast<std::uint16_t>(on ? data_.encap_flags.value_or(0) | row.flag
                                          : data_.encap_flags.value_or(0) & ~row.flag);
        return true;
      }
      return false;
    }
    return true;
  }

  // What one kind alone has.
  bool own() {
    if (kind_.name.ends_with("erspan")) {
      return write_row(erspan_words, words_, resolver_, data_.out);
    }
    if (!data_.is_ip()) return false;
    if (words_.skip({"mode"})) {
      take_mode();
    } else if (kind_.name == "sit" && words_.skip({"isatap"})) {
      data_.flags |= sit_isatap;
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
    const auto modes = data_.v6 ? std::span<const mode_word>(ip6_modes) : std::span(ip_modes);
    const auto found = std::find_if(modes.begin(), modes.end(),
                                    [&](const mode_word& m) { return m.word == word; });
    if (found == modes.end()) {
      throw usage_error(fmt::format("mode: '{}' is no mode of {}", word, kind_.name));
    }
    data_.protocol = found->protocol;
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
    data_.out.bytes(prefix_type, prefix.address.bytes());
    data_.out.value(length_type, static_cast<std::uint16_t>(prefix.length));
  }

  static constexpr std::uint32_t sit_isatap = 1;  // SIT_ISATAP of linux/if_tunnel.h

  const tunnel_kind& kind_;
  tunnel_data data_;
  line_words& words_;
  line_resolver& resolver_;
};

constexpr kind_word xfrm_words[] = {
    {"dev", IFLA_XFRM_LINK, form::link},
    {"if_id", IFLA_XFRM_IF_ID, form::u32},
    {"external", IFLA_XFRM_COLLECT_METADATA, form::present},
};

}  // namespace

bool write_tunnel_data(std::string_view kind, line_words& words, line_resolver& resolver,
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
  out.plain(tunnel_words(*found, present, words, resolver).write());
  return true;
}

}  // namespace trivet::tool
