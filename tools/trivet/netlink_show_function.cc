#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>

#include "tools/trivet/netlink_show_kind.h"
#include "tools/trivet/netlink_show_link.h"
#include "trivet/netlink/route/link_function.h"

namespace trivet::tool {
namespace {

using netlink::rtnl::hardware_address;
using netlink::rtnl::link;
using netlink::rtnl::short_bytes;
using netlink::rtnl::virtual_function;

constexpr std::size_t infiniband_length = 20;
constexpr std::uint32_t unknown = ~0U;

std::string address_of(const link& l, const_bytes bytes) {
  const std::size_t length = l.type == ARPHRD_ETHER ? ETH_ALEN : infiniband_length;
  return hardware_address{short_bytes(bytes.first(length))}.to_string(l.type);
}

void show_vlan(show_writer& out, std::uint32_t vlan, std::uint32_t quality) {
  if (vlan != 0) out.number("vlan", ", vlan ", vlan, "");
  if (quality != 0) out.number("qos", ", qos ", quality, "");
}

void show_vlans(drawing& d, const virtual_function& f) {
  show_writer& out = d.out;
  if (!f.vlans) {
    if (f.vlan) show_vlan(out, f.vlan->vlan, f.vlan->qos);
    return;
  }
  out.open_list("vlan_list");
  netlink::attribute_reader in(f.vlans->data);
  for (netlink::attribute a; in.next(a);) {
    const auto info = a.structure<::ifla_vf_vlan_info>();
    const std::uint16_t protocol = ntohs(info.vlan_proto);
    out.open();
    show_vlan(out, info.vlan, info.qos);
    if (protocol != 0 && protocol != ETH_P_8021Q) {
      out.string("protocol", ", vlan protocol ", d.names.ethernet_protocol(protocol), "");
    }
    out.close();
  }
  out.close_list();
}

void show_rates(show_writer& out, const virtual_function& f) {
  if (f.tx_rate && f.tx_rate->rate != 0) {
    out.number("tx_rate", ", tx rate ", f.tx_rate->rate, " (Mbps)");
  }
  if (!f.rate) return;
  out.open("rate");
  out.member("max_tx", f.rate->max_tx_rate);
  out.member("min_tx", f.rate->min_tx_rate);
  out.close();
  if (f.rate->max_tx_rate != 0) out.text(fmt::format(", max_tx_rate {}Mbps", f.rate->max_tx_rate));
  if (f.rate->min_tx_rate != 0) out.text(fmt::format(", min_tx_rate {}Mbps", f.rate->min_tx_rate));
}

void show_switch(show_writer& out, std::string_view key, std::string_view words,
                 std::uint32_t setting) {
  if (setting == unknown) return;
  out.member(key, setting != 0);
  out.text(fmt::format(", {} {}", words, setting != 0 ? "on" : "off"));
}

void show_switches(show_writer& out, const virtual_function& f) {
  if (f.spoof_check) show_switch(out, "spoofchk", "spoof checking", f.spoof_check->setting);
  if (f.link_state) {
    const std::uint32_t state = f.link_state->link_state;
    out.string("link_state", ", link-state ",
               state == IFLA_VF_LINK_STATE_AUTO     ? "auto"
               : state == IFLA_VF_LINK_STATE_ENABLE ? "enable"
                                                    : "disable",
               "");
  }
  if (f.trust) show_switch(out, "trust", "trust", f.trust->setting);
  if (f.rss_query) show_switch(out, "query_rss_en", "query_rss", f.rss_query->setting);
}

void show_counters(show_writer& out, const netlink::rtnl::function_statistics& c) {
  out.open("stats");
  out.open("rx");
  out.member("bytes", c.rx_bytes.value_or(0));
  out.member("packets", c.rx_packets.value_or(0));
  out.member("multicast", c.multicast.value_or(0));
  out.member("broadcast", c.broadcast.value_or(0));
  if (c.rx_dropped) out.member("dropped", *c.rx_dropped);
  out.close();
  out.open("tx");
  out.member("tx_bytes", c.tx_bytes.value_or(0));
  out.member("tx_packets", c.tx_packets.value_or(0));
  if (c.tx_dropped) out.member("dropped", *c.tx_dropped);
  out.close();
  out.close();
  out.line_break();
  out.text("    RX: bytes  packets  mcast   bcast ");
  if (c.rx_dropped) out.text("  dropped ");
  out.line_break();
  out.text("    ");
  out.column(c.rx_bytes.value_or(0), 10);
  out.column(c.rx_packets.value_or(0), 8);
  out.column(c.multicast.value_or(0), 7);
  out.column(c.broadcast.value_or(0), 7);
  if (c.rx_dropped) out.column(*c.rx_dropped, 8);
  out.line_break();
  out.text("    TX: bytes  packets ");
  if (c.tx_dropped) out.text("  dropped ");
  out.line_break();
  out.text("    ");
  out.column(c.tx_bytes.value_or(0), 10);
  out.column(c.tx_packets.value_or(0), 8);
  if (c.tx_dropped) out.column(*c.tx_dropped, 8);
}

void show_one(drawing& d, const link& l, const virtual_function& f) {
  show_writer& out = d.out;
  out.line_break();
  if (f.address) {
    out.number("vf", "    vf ", f.address->vf);
    out.string("link_type", "    link/", d.names.hardware(l.type));
    out.painted(ink::address, "address", "",
                address_of(l, std::as_bytes(std::span(f.address->mac))), "");
  }
  if (f.broadcast) {
    out.painted(ink::address, "broadcast", " brd ",
                address_of(l, std::as_bytes(std::span(f.broadcast->broadcast))), "");
  }
  show_vlans(d, f);
  show_rates(out, f);
  show_switches(out, f);
  if (f.statistics && d.options.statistics > 0) show_counters(out, *f.statistics);
}

}  // namespace

void show_link_functions(drawing& d, const link& l) {
  d.out.open_list("vfinfo_list");
  for (const virtual_function& f : netlink::rtnl::read_functions(*l.functions)) {
    d.out.open();
    show_one(d, l, f);
    d.out.close();
  }
  d.out.close_list();
}

}  // namespace trivet::tool
