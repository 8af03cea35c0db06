// The VLAN tag that the kernel takes out of a frame and reports beside it.
#ifndef TRIVET_PACKET_VLAN_H_
#define TRIVET_PACKET_VLAN_H_

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "trivet/base/bytes.h"

namespace trivet::packet {

/// A tag of IEEE 802.1Q, in host byte order.
struct vlan_tag {
  static constexpr std::size_t size = 4;     ///< bytes in the frame
  static constexpr std::size_t offset = 12;  ///< where an Ethernet frame has its outermost

  std::uint16_t tpid;  ///< ETH_P_8021Q, ETH_P_8021AD …
  std::uint16_t tci;   ///< priority, drop eligible, VLAN id

  /// 0 is a priority tag: it names no VLAN.
  [[nodiscard]] std::uint16_t id() const noexcept { return tci & 0x0fff; }
  /// PCP: 0 to 7.
  [[nodiscard]] std::uint8_t priority() const noexcept {
    return static_cast<std::uint8_t>(tci >> 13);
  }

  /// The tag as it stands on the wire.
  [[nodiscard]] std::array<std::byte, size> bytes() const noexcept {
    return {std::byte(tpid >> 8), std::byte(tpid & 0xff), std::byte(tci >> 8),
            std::byte(tci & 0xff)};
  }

  /// From the fields of a ring frame or of auxdata. The flags tell, and not the numbers: a priority
  /// tag may be all zeros. Kernels before 3.14 gave no protocol; it is ETH_P_8021Q then.
  [[nodiscard]] static std::optional<vlan_tag> of(std::uint32_t status, std::uint32_t tci,
                                                  std::uint16_t tpid) noexcept {
    if ((status & TP_STATUS_VLAN_VALID) == 0) return std::nullopt;
    const bool known = (status & TP_STATUS_VLAN_TPID_VALID) != 0;
    return vlan_tag{known ? tpid : static_cast<std::uint16_t>(ETH_P_8021Q),
                    static_cast<std::uint16_t>(tci)};
  }

  friend bool operator==(const vlan_tag&, const vlan_tag&) = default;
};

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_VLAN_H_
