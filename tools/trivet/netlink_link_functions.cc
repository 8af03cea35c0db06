#include "tools/trivet/netlink_link_functions.h"

#include <fmt/core.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_kind_words.h"
#include "trivet/base/bytes.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

struct mode_word {
  std::string_view word;
  std::uint32_t flag;
};
constexpr mode_word xdp_words[] = {
    {"xdp", 0},
    {"xdpgeneric", XDP_FLAGS_SKB_MODE},
    {"xdpdrv", XDP_FLAGS_DRV_MODE},
    {"xdpoffload", XDP_FLAGS_HW_MODE},
};

/// What one function is to be.
class function_words {
 public:
  function_words(line_words& words, attribute_writer& out) : words_(words), out_(out) {
    number_ = words_.number("vf", 0, 0x7fffffff);
  }

  /// @return whether the next word was about the function
  bool take_one() {
    if (words_.skip({"mac"})) {
      address();
    } else if (words_.skip({"vlan"})) {
      vlan();
    } else if (words_.skip({"state"})) {
      state();
    } else if (words_.skip({"spoofchk"})) {
      out_.value(IFLA_VF_SPOOFCHK, ::ifla_vf_spoofchk{number_, words_.on_off("spoofchk")});
    } else if (words_.skip({"query_rss"})) {
      out_.value(IFLA_VF_RSS_QUERY_EN, ::ifla_vf_rss_query_en{number_, words_.on_off("query_rss")});
    } else if (words_.skip({"trust"})) {
      out_.value(IFLA_VF_TRUST, ::ifla_vf_trust{number_, words_.on_off("trust")});
    } else if (words_.skip({"node_guid"})) {
      guid(IFLA_VF_IB_NODE_GUID, "node_guid");
    } else if (words_.skip({"port_guid"})) {
      guid(IFLA_VF_IB_PORT_GUID, "port_guid");
    } else {
      return rate_word();
    }
    return true;
  }

  void finish(line_resolver& resolver, std::string_view link) {
    const bool limits = least_ || most_;
    if (rate_ && limits) throw usage_error("rate: not together with min_tx_rate and max_tx_rate");
    if (rate_) out_.value(IFLA_VF_TX_RATE, ::ifla_vf_tx_rate{number_, *rate_});
    if (!limits) return;
    ::ifla_vf_rate rates{number_, 0, 0};
    if (!least_ || !most_) rates = resolver.function_rates(link, number_);
    rates.min_tx_rate = least_.value_or(rates.min_tx_rate);
    rates.max_tx_rate = most_.value_or(rates.max_tx_rate);
    out_.value(IFLA_VF_RATE, rates);
  }

 private:
  bool rate_word() {
    if (words_.skip({"rate"})) {
      rate_ = words_.number("rate");
    } else if (words_.skip({"min_tx_rate"})) {
      least_ = words_.number("min_tx_rate");
    } else if (words_.skip({"max_tx_rate"})) {
      most_ = words_.number("max_tx_rate");
    } else {
      return false;
    }
    return true;
  }

  void address() {
    constexpr std::size_t infiniband = 20;
    const const_bytes given = take_bytes("mac");
    if (given.size() != ETH_ALEN && given.size() != infiniband) {
      throw usage_error(
          fmt::format("mac: {} bytes are not the 6 of Ethernet, nor the 20 of "
                      "InfiniBand",
                      given.size()));
    }
    ::ifla_vf_mac mac{};
    mac.vf = number_;
    std::memcpy(mac.mac, given.data(), given.size());
    out_.value(IFLA_VF_MAC, mac);
  }

  void vlan() {
    constexpr std::uint64_t greatest = 4095;
    ::ifla_vf_vlan_info info{};
    info.vf = number_;
    info.vlan = words_.number("vlan", 0, greatest);
    if (words_.skip({"qos"})) info.qos = words_.number("qos");
    const bool tagged = words_.skip({"proto"});
    const std::uint16_t protocol = tagged ? vlan_protocol(words_, "proto") : ETH_P_8021Q;
    if (protocol == ETH_P_8021Q) {  // also for kernels before 4.9
      out_.value(IFLA_VF_VLAN, ::ifla_vf_vlan{number_, info.vlan, info.qos});
      return;
    }
    info.vlan_proto = big_endian(protocol);
    out_.nested_unmarked(IFLA_VF_VLAN_LIST,
                         [&](attribute_writer& list) { list.value(IFLA_VF_VLAN_INFO, info); });
  }

  void state() {
    constexpr std::string_view states[] = {"auto", "enable", "disable"};  // from 0
    const std::string_view word = words_.take("state");
    const auto* const found = std::find(std::begin(states), std::end(states), word);
    if (found == std::end(states)) {
      throw usage_error(fmt::format("state: '{}' is none of auto, enable, disable", word));
    }
    const auto place = static_cast<std::uint32_t>(found - std::begin(states));
    out_.value(IFLA_VF_LINK_STATE, ::ifla_vf_link_state{number_, place});
  }

  void guid(std::uint16_t type, std::string_view what) {
    const const_bytes given = take_bytes(what);
    if (given.size() != sizeof(std::uint64_t)) {
      throw usage_error(
          fmt::format("{}: {} bytes are not the 8 of 00:11:22:33:44:55:66:77", what, given.size()));
    }
    ::ifla_vf_guid wanted{};
    wanted.vf = number_;
    wanted.guid = big_endian(load_padded<std::uint64_t>(given));
    out_.value(type, wanted);
  }

  const_bytes take_bytes(std::string_view what) {
    bytes_ = words_.hardware(what);
    return bytes_.value.bytes();
  }

  line_words& words_;
  attribute_writer& out_;
  std::uint32_t number_ = 0;
  std::optional<std::uint32_t> rate_;
  std::optional<std::uint32_t> least_;
  std::optional<std::uint32_t> most_;
  netlink::rtnl::hardware_address bytes_;
};

}  // namespace

void write_link_function(line_words& words, line_resolver& resolver, std::string_view link,
                         attribute_writer& list) {
  if (link.empty()) throw usage_error("vf: the name of the link has to stand before it");
  list.nested_unmarked(IFLA_VF_INFO, [&](attribute_writer& info) {
    function_words function(words, info);
    bool any = false;
    while (function.take_one()) any = true;
    if (!any) {
      throw usage_error(
          "vf: none of mac, vlan, rate, min_tx_rate, max_tx_rate, spoofchk, query_rss, state, "
          "trust, node_guid, port_guid follows");
    }
    function.finish(resolver, link);
  });
}

bool write_link_xdp(line_words& words, attribute_writer& out) {
  for (const mode_word& mode : xdp_words) {
    if (!words.skip({mode.word})) continue;
    const std::string_view what = words.take(mode.word);
    if (what != "off" && what != "none") {
      throw usage_error(fmt::format(
          "{}: '{}' is not 'off': 'ip link set' and bpftool load programs", mode.word, what));
    }
    out.nested_unmarked(IFLA_XDP, [&](attribute_writer& xdp) {
      xdp.value(IFLA_XDP_FD, std::int32_t{-1});
      xdp.value(IFLA_XDP_FLAGS, std::uint32_t{XDP_FLAGS_UPDATE_IF_NOEXIST} | mode.flag);
    });
    return true;
  }
  return false;
}

}  // namespace trivet::tool
