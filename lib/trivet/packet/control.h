// The control messages of packet sockets.
#ifndef TRIVET_PACKET_CONTROL_H_
#define TRIVET_PACKET_CONTROL_H_

#include <optional>

#include "trivet/base/control.h"
#include "trivet/packet/option.h"
#include "trivet/packet/vlan.h"

namespace trivet::packet::control {

/// PACKET_AUXDATA: TP_STATUS_ flags, the frame's length on the wire and captured, where its headers
/// begin, and the VLAN tag that the kernel took out. Set option::auxdata to get it.
/// Source: linux/if_packet.h (struct tpacket_auxdata)
struct auxdata : trivet::control::plain<auxdata, SOL_PACKET, PACKET_AUXDATA, ::tpacket_auxdata> {
  /// The tag, or nothing.
  [[nodiscard]] std::optional<vlan_tag> vlan() const noexcept {
    return vlan_tag::of(value.tp_status, value.tp_vlan_tci, value.tp_vlan_tpid);
  }
};

}  // namespace trivet::packet::control

#endif  // TRIVET_PACKET_CONTROL_H_
