#include "trivet/packet/link_layer.h"

#include <linux/if_arp.h>

namespace trivet::packet {

link_layer link_layer_of(std::uint16_t hatype) noexcept {
  constexpr link_layer ethernet{1, 1, false};
  constexpr link_layer raw_ip{12, 101, false};
  constexpr link_layer wifi{105, 105, false};
  constexpr link_layer radiotap{127, 127, false};
  switch (hatype) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
      return ethernet;
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case ARPHRD_RAWIP:
    case ARPHRD_NONE:
      return raw_ip;
    case ARPHRD_IEEE80211:
      return wifi;
    case ARPHRD_IEEE80211_RADIOTAP:
      return radiotap;
    case ARPHRD_NETLINK:
      return netlink_link_layer;
    default:
      return cooked_link_layer;
  }
}

}  // namespace trivet::packet
