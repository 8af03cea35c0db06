#include <linux/if_link.h>
#include <sys/socket.h>

#include <optional>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_kind_words.h"
#include "tools/trivet/netlink_link_data.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

constexpr std::string_view df_words[] = {"unset", "set", "inherit"};

constexpr kind_word vxlan_words[] = {
    {"dev", IFLA_VXLAN_LINK, form::link},
    {"ageing", IFLA_VXLAN_AGEING, form::u32},
    {"maxaddress", IFLA_VXLAN_LIMIT, form::u32},
    {"dstport", IFLA_VXLAN_PORT, form::big16},
    {"proxy", IFLA_VXLAN_PROXY, form::on},
    {"noproxy", IFLA_VXLAN_PROXY, form::off},
    {"rsc", IFLA_VXLAN_RSC, form::on},
    {"norsc", IFLA_VXLAN_RSC, form::off},
    {"l2miss", IFLA_VXLAN_L2MISS, form::on},
    {"nol2miss", IFLA_VXLAN_L2MISS, form::off},
    {"l3miss", IFLA_VXLAN_L3MISS, form::on},
    {"nol3miss", IFLA_VXLAN_L3MISS, form::off},
    {"udpcsum", IFLA_VXLAN_UDP_CSUM, form::on},
    {"noudpcsum", IFLA_VXLAN_UDP_CSUM, form::off},
    {"udp6zerocsumtx", IFLA_VXLAN_UDP_ZERO_CSUM6_TX, form::on},
    {"noudp6zerocsumtx", IFLA_VXLAN_UDP_ZERO_CSUM6_TX, form::off},
    {"udp6zerocsumrx", IFLA_VXLAN_UDP_ZERO_CSUM6_RX, form::on},
    {"noudp6zerocsumrx", IFLA_VXLAN_UDP_ZERO_CSUM6_RX, form::off},
    {"remcsumtx", IFLA_VXLAN_REMCSUM_TX, form::on},
    {"noremcsumtx", IFLA_VXLAN_REMCSUM_TX, form::off},
    {"remcsumrx", IFLA_VXLAN_REMCSUM_RX, form::on},
    {"noremcsumrx", IFLA_VXLAN_REMCSUM_RX, form::off},
    {"gbp", IFLA_VXLAN_GBP, form::present},
    {"gpe", IFLA_VXLAN_GPE, form::present},
};

constexpr kind_word geneve_words[] = {
    {"id", IFLA_GENEVE_ID, form::u32},
    {"vni", IFLA_GENEVE_ID, form::u32},
    {"dstport", IFLA_GENEVE_PORT, form::big16},
    {"udpcsum", IFLA_GENEVE_UDP_CSUM, form::on},
    {"noudpcsum", IFLA_GENEVE_UDP_CSUM, form::off},
    {"udp6zerocsumtx", IFLA_GENEVE_UDP_ZERO_CSUM6_TX, form::on},
    {"noudp6zerocsumtx", IFLA_GENEVE_UDP_ZERO_CSUM6_TX, form::off},
    {"udp6zerocsumrx", IFLA_GENEVE_UDP_ZERO_CSUM6_RX, form::on},
    {"noudp6zerocsumrx", IFLA_GENEVE_UDP_ZERO_CSUM6_RX, form::off},
    {"df", IFLA_GENEVE_DF, form::u8, df_words},
    {"external", IFLA_GENEVE_COLLECT_METADATA, form::present},
    {"innerprotoinherit", IFLA_GENEVE_INNER_PROTO_INHERIT, form::present},
};

// 0 is what the kernel chooses itself.
std::uint8_t take_ttl(line_words& words) {
  return words.skip({"auto"}) ? std::uint8_t{0} : words.number<std::uint8_t>("ttl");
}

// 1 is that of the packet inside.
std::uint8_t take_tos(line_words& words, const line_resolver& resolver) {
  return words.skip({"inherit"})
             ? std::uint8_t{1}
             : static_cast<std::uint8_t>(words.named("tos", resolver.names.tos, 255));
}

// What depends on one another: routes say where the packets of an external one go, so that it has
// no number, and learns only where a word behind says so.
class vxlan_identity {
 public:
  bool take(line_words& words) {
    if (words.skip({"id", "vni"})) {
      number_ = words.number("id", 0, 0xffffff);
    } else if (words.skip({"external"})) {
      external_ = true;
      learning_ = false;
    } else if (words.skip({"noexternal"})) {
      external_ = false;
    } else if (words.skip({"learning"})) {
      learning_ = learning_said_ = true;
    } else if (words.skip({"nolearning"})) {
      learning_ = false;
      learning_said_ = true;
    } else if (words.skip({"vnifilter"})) {
      filter_ = true;
    } else if (words.skip({"novnifilter"})) {
      filter_ = false;
    } else {
      return false;
    }
    return true;
  }

  void write(bool making, attribute_writer& out) const {
    const bool external = external_.value_or(false);
    if (external && number_) throw usage_error("type vxlan: either 'external' or 'id', not both");
    if (filter_.value_or(false) && !external) {
      throw usage_error("type vxlan: vnifilter: only with 'external'");
    }
    if (making && !external && !number_) throw usage_error("type vxlan: id: its number is missing");
    if (number_) out.value(IFLA_VXLAN_ID, *number_);
    if (external_) {
      out.value(IFLA_VXLAN_COLLECT_METADATA, static_cast<std::uint8_t>(*external_));
    }
    if (filter_) out.value(IFLA_VXLAN_VNIFILTER, static_cast<std::uint8_t>(*filter_));
    if (making || learning_said_) {
      out.value(IFLA_VXLAN_LEARNING, static_cast<std::uint8_t>(learning_));
    }
  }

 private:
  std::optional<std::uint32_t> number_;
  std::optional<bool> external_;
  std::optional<bool> filter_;  // of numbers, which are then said elsewhere
  bool learning_ = true;
  bool learning_said_ = false;
};

void write_vxlan(line_words& words, line_resolver& resolver, bool making, attribute_writer& out) {
  vxlan_identity identity;
  while (!words.empty()) {
    if (identity.take(words) || write_row(vxlan_words, words, resolver, out)) continue;
    if (words.skip({"group", "remote"})) {
      write_either(words, "remote", IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6, out);
    } else if (words.skip({"local"})) {
      write_either(words, "local", IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6, out);
    } else if (words.skip({"ttl", "hoplimit"})) {
      if (words.skip({"inherit"})) {
        out.flag(IFLA_VXLAN_TTL_INHERIT);
      } else {
        out.value(IFLA_VXLAN_TTL, take_ttl(words));
      }
    } else if (words.skip({"tos", "dsfield"})) {
      out.value(IFLA_VXLAN_TOS, take_tos(words, resolver));
    } else if (words.skip({"df"})) {
      write_word({"df", IFLA_VXLAN_DF, form::u8, df_words}, words, resolver, out);
    } else if (words.skip({"flowlabel", "label"})) {
      out.value_big_endian(IFLA_VXLAN_LABEL, words.number("flowlabel", 0, 0xfffff));
    } else if (words.skip({"port", "srcport"})) {
      ::ifla_vxlan_port_range range{};
      range.low = big_endian(words.number<std::uint16_t>("srcport"));
      range.high = big_endian(words.number<std::uint16_t>("srcport"));
      out.value(IFLA_VXLAN_PORT_RANGE, range);
    } else {
      fail_word("vxlan", words);
    }
  }
  identity.write(making, out);
}

void write_geneve(line_words& words, line_resolver& resolver, attribute_writer& out) {
  while (!words.empty()) {
    if (write_row(geneve_words, words, resolver, out) || words.skip({"noexternal"})) continue;
    if (words.skip({"remote"})) {
      write_either(words, "remote", IFLA_GENEVE_REMOTE, IFLA_GENEVE_REMOTE6, out);
    } else if (words.skip({"ttl", "hoplimit"})) {
      if (words.skip({"inherit"})) {
        out.value(IFLA_GENEVE_TTL_INHERIT, std::uint8_t{1});
      } else {
        out.value(IFLA_GENEVE_TTL, take_ttl(words));
      }
    } else if (words.skip({"tos", "dsfield"})) {
      out.value(IFLA_GENEVE_TOS, take_tos(words, resolver));
    } else if (words.skip({"flowlabel", "label"})) {
      out.value_big_endian(IFLA_GENEVE_LABEL, words.number("flowlabel", 0, 0xfffff));
    } else {
      fail_word("geneve", words);
    }
  }
}

}  // namespace

bool write_overlay_data(std::string_view kind, line_words& words, line_resolver& resolver,
                        const std::string& changed, attribute_writer& out) {
  if (kind == "vxlan") {
    write_vxlan(words, resolver, changed.empty(), out);
  } else if (kind == "geneve") {
    write_geneve(words, resolver, out);
  } else {
    return false;
  }
  return true;
}

}  // namespace trivet::tool
