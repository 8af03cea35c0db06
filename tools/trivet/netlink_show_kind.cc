#include "tools/trivet/netlink_show_kind.h"

#include "tools/trivet/netlink_show_link.h"

namespace trivet::tool {

void show_link_kind(drawing& d, const netlink::rtnl::link_info& info) {
  show_writer& out = d.out;
  out.open("linkinfo");
  if (info.kind) {
    out.line_break();
    out.string("info_kind", "    ", *info.kind);
    constexpr bool (*known[])(drawing&, const netlink::rtnl::link_info&) = {
        show_stacked_kind, show_bridge_kind, show_bond_kind, show_overlay_kind, show_tunnel_kind};
    for (const auto show : known) {
      if (show(d, info)) break;
    }
  }
  if (info.slave_kind) {
    out.line_break();
    out.string("info_slave_kind", "    ", *info.slave_kind, "_slave ");
    constexpr bool (*known[])(drawing&, const netlink::rtnl::link_info&) = {
        show_bridge_port, show_bond_port, show_vrf_port};
    for (const auto show : known) {
      if (show(d, info)) break;
    }
  }
  out.close();
}

}  // namespace trivet::tool
