#include <fmt/format.h>
#include <grp.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>
#include <pwd.h>

#include <vector>

#include "tools/trivet/netlink_show_kind.h"
#include "trivet/netlink/route/link_stacked.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::ipvlan;
using netlink::rtnl::macvlan;
using netlink::rtnl::tun;
using netlink::rtnl::vlan;
using netlink::rtnl::vrf;
using netlink::rtnl::vrf_port;
using netlink::rtnl::xfrm_link;

constexpr std::string_view vlan_flags[] = {"REORDER_HDR", "GVRP", "LOOSE_BINDING", "MVRP",
                                           "BRIDGE_BINDING"};
// The order in which they are printed.
constexpr unsigned vlan_flag_order[] = {0, 1, 3, 2, 4};
constexpr std::string_view ipvlan_modes[] = {"l2", "l3", "l3s"};

void put_protocol(drawing& d, const vlan& v, const shown<vlan>& /*row*/) {
  d.out.string("protocol", "protocol ",
               v.protocol ? d.names.ethernet_protocol(*v.protocol) : "802.1q");
}

void put_flags(drawing& d, const vlan& v, const shown<vlan>& /*row*/) {
  if (!v.flags) return;
  std::uint32_t flags = v.flags->flags;
  std::vector<std::string> words;
  for (const unsigned bit : vlan_flag_order) {
    if ((flags >> bit & 1) != 0) words.emplace_back(vlan_flags[bit]);
    flags &= ~(1U << bit);
  }
  if (flags != 0) words.push_back(fmt::format("{:x}", flags));
  d.out.open_list("flags");
  for (const std::string& word : words) d.out.member("", word);
  d.out.close_list();
  d.out.text(fmt::format("<{}> ", fmt::join(words, ",")));
}

template <auto Member>
constexpr shown<vlan> quality_map(std::string_view key, std::string_view word) {
  return {key, word, [](drawing& d, const vlan& v, const shown<vlan>& row) {
            if (!(v.*Member)) return;
            d.out.open_list(row.key);
            d.out.line_break();
            d.out.text(fmt::format("      {} {{ ", row.word));
            for (const ::ifla_vlan_qos_mapping& entry : *(v.*Member)) {
              d.out.open();
              d.out.number("from", "", entry.from, ":");
              d.out.number("to", "", entry.to);
              d.out.close();
            }
            d.out.text("} ");
            d.out.close_list();
          }};
}

constexpr shown<vlan> vlan_rows[] = {
    special(put_protocol),
    number<&vlan::id>("id"),
    special(put_flags),
    quality_map<&vlan::ingress>("ingress_qos", "ingress-qos-map"),
    quality_map<&vlan::egress>("egress_qos", "egress-qos-map"),
};

void put_macvlan_mode(drawing& d, const macvlan& m, const shown<macvlan>& /*row*/) {
  const auto name = [](std::uint32_t mode) -> std::string_view {
    switch (mode) {
      case MACVLAN_MODE_PRIVATE:
        return "private";
      case MACVLAN_MODE_VEPA:
        return "vepa";
      case MACVLAN_MODE_BRIDGE:
        return "bridge";
      case MACVLAN_MODE_PASSTHRU:
        return "passthru";
      case MACVLAN_MODE_SOURCE:
        return "source";
      default:
        return "unknown";
    }
  };
  if (m.mode) d.out.string("mode", "mode ", name(*m.mode));
  const unsigned flags = m.flags.value_or(0);
  d.out.yes("nopromisc", "nopromisc ", (flags & MACVLAN_FLAG_NOPROMISC) != 0);
  d.out.yes("nodst", "nodst ", (flags & MACVLAN_FLAG_NODST) != 0);
}

void put_sources(drawing& d, const macvlan& m, const shown<macvlan>& /*row*/) {
  if (m.mode != std::uint32_t{MACVLAN_MODE_SOURCE} || !m.address_count) return;
  d.out.number("macaddr_count", "remotes (", *m.address_count, ") ");
  if (!m.addresses) return;
  d.out.open_list("macaddr_data");
  for (const auto& address : *m.addresses) d.out.string("", "", address.to_string(1));
  d.out.close_list();
}

constexpr shown<macvlan> macvlan_rows[] = {
    special(put_macvlan_mode),
    number<&macvlan::queue_length>("bcqueuelen"),
    number<&macvlan::queue_length_used>("usedbcqueuelen"),
    special(put_sources),
};

void put_ipvlan_flags(drawing& d, const ipvlan& i, const shown<ipvlan>& /*row*/) {
  if (!i.flags) return;
  const std::string_view word = (*i.flags & IPVLAN_F_PRIVATE) != 0 ? "private"
                                : (*i.flags & IPVLAN_F_VEPA) != 0  ? "vepa"
                                                                   : "bridge";
  d.out.yes(word, fmt::format("{} ", word));
}

constexpr shown<ipvlan> ipvlan_rows[] = {
    word_of<&ipvlan::mode, ipvlan_modes>("mode", " mode"),
    special(put_ipvlan_flags),
};

constexpr shown<vrf> vrf_rows[] = {number<&vrf::table>("table")};
constexpr shown<vrf_port> vrf_port_rows[] = {number<&vrf_port::table>("table")};

void put_type(drawing& d, const tun& t, const shown<tun>& /*row*/) {
  if (!t.type) return;
  d.out.string("type", "type ",
               *t.type == IFF_TUN   ? "tun"
               : *t.type == IFF_TAP ? "tap"
                                    : fmt::format("UNKNOWN:{}", *t.type));
}

void put_queues(drawing& d, const tun& t, const shown<tun>& /*row*/) {
  const bool multiple = t.multi_queue.value_or(0) != 0;
  d.out.member("multi_queue", multiple);
  if (!multiple) return;
  d.out.text("multi_queue ");
  if (t.queues) d.out.number("numqueues", "numqueues ", *t.queues);
  if (t.disabled_queues) d.out.number("numdisabled", "numdisabled ", *t.disabled_queues);
}

void put_owner(drawing& d, const tun& t, const shown<tun>& /*row*/) {
  if (t.owner) {
    const ::passwd* user = ::getpwuid(*t.owner);  // NOLINT(concurrency-mt-unsafe): one thread
    if (user != nullptr) {
      d.out.string("user", "user ", user->pw_name);
    } else {
      d.out.number("user", "user ", *t.owner);
    }
  }
  if (t.group) {
    const ::group* group = ::getgrgid(*t.group);  // NOLINT(concurrency-mt-unsafe): one thread
    if (group != nullptr) {
      d.out.string("group", "group ", group->gr_name);
    } else {
      d.out.number("group", "group ", *t.group);
    }
  }
}

constexpr shown<tun> tun_rows[] = {
    special(put_type),
    on_off<&tun::packet_information>("pi"),
    on_off<&tun::virtual_header>("vnet_hdr"),
    special(put_queues),
    on_off<&tun::persistent>("persist"),
    special(put_owner),
};

void put_xfrm_id(drawing& d, const xfrm_link& x, const shown<xfrm_link>& /*row*/) {
  if (!x.external && x.id) d.out.hexadecimal("if_id", "if_id ", *x.id);
}

constexpr shown<xfrm_link> xfrm_rows[] = {
    yes<&xfrm_link::external>("external"),
    special(put_xfrm_id),
};

template <class S, std::size_t N>
bool show(drawing& d, const netlink::rtnl::link_info& info, const shown<S> (&rows)[N]) {
  d.out.open("info_data");
  if (const auto data = info.data_as<S>()) show_rows(d, *data, rows);
  d.out.close();
  return true;
}

}  // namespace

bool show_stacked_kind(drawing& d, const netlink::rtnl::link_info& info) {
  if (info.kind == "vlan") return show(d, info, vlan_rows);
  if (info.kind == "macvlan" || info.kind == "macvtap") return show(d, info, macvlan_rows);
  if (info.kind == "ipvlan" || info.kind == "ipvtap") return show(d, info, ipvlan_rows);
  if (info.kind == "vrf") return show(d, info, vrf_rows);
  if (info.kind == "tun") return show(d, info, tun_rows);
  if (info.kind == "xfrm") return show(d, info, xfrm_rows);
  return false;
}

bool show_vrf_port(drawing& d, const netlink::rtnl::link_info& info) {
  if (info.slave_kind != "vrf") return false;
  d.out.open("info_slave_data");
  if (const auto p = info.slave_data_as<vrf_port>()) show_rows(d, *p, vrf_port_rows);
  d.out.close();
  return true;
}

}  // namespace trivet::tool
