#include "trivet/packet/device.h"

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/interface.h"

namespace trivet::packet {
namespace {

::ifreq request_for(std::string_view name) noexcept {
  ::ifreq request{};
  std::memcpy(request.ifr_name, name.data(), std::min<std::size_t>(name.size(), IFNAMSIZ - 1));
  return request;
}

// ETHTOOL_GLINKSETTINGS wants to be told how many words of link modes the caller expects, and says
// so by a negative number the first time.
std::optional<std::uint64_t> speed_of(int fd, std::string_view name) noexcept {
  ::ethtool_link_settings settings{};
  constexpr std::size_t most_mode_words = 381;  // three sets of 127
  alignas(::ethtool_link_settings) std::array<std::byte, sizeof settings + most_mode_words * 4>
      buffer{};
  ::ifreq request = request_for(name);
  request.ifr_data = buffer.data();
  for (int round = 0; round < 2; ++round) {
    settings.cmd = ETHTOOL_GLINKSETTINGS;
    settings.link_mode_masks_nwords = static_cast<signed char>(-settings.link_mode_masks_nwords);
    std::memcpy(buffer.data(), &settings, sizeof settings);
    if (::ioctl(fd, SIOCETHTOOL, &request) < 0) return std::nullopt;
    std::memcpy(&settings, buffer.data(), sizeof settings);
  }
  if (settings.speed == 0 || settings.speed == static_cast<std::uint32_t>(SPEED_UNKNOWN)) {
    return std::nullopt;
  }
  return std::uint64_t{settings.speed} * 1'000'000;
}

std::optional<bool> is_up(int fd, std::string_view name) noexcept {
  ::ifreq request = request_for(name);
  if (::ioctl(fd, SIOCGIFFLAGS, &request) < 0) return std::nullopt;
  return (request.ifr_flags & IFF_UP) != 0;
}

}  // namespace

std::optional<bool> is_up(int fd, int index) {
  const auto name = interface_name(fd, index);
  return name ? is_up(fd, *name) : std::nullopt;
}

device query_device(int fd, std::string_view name) {
  const auto index = interface_index(fd, name);
  ::ifreq request = request_for(name);
  if (!index || ::ioctl(fd, SIOCGIFHWADDR, &request) < 0) {
    throw device_error(errno_code(ENODEV), "interface " + std::string(name),
                       "none of that name in this network namespace: `ip link` there shows those "
                       "that exist");
  }
  device result;
  result.name = name;
  result.index = *index;
  result.hatype = request.ifr_hwaddr.sa_family;
  if (result.hatype == ARPHRD_ETHER || result.hatype == ARPHRD_LOOPBACK) {
    result.mac.emplace();
    std::memcpy(result.mac->data(), request.ifr_hwaddr.sa_data, result.mac->size());
  }
  result.up = is_up(fd, name).value_or(false);
  request = request_for(name);
  if (::ioctl(fd, SIOCGIFNETMASK, &request) == 0) {
    ::sockaddr_in mask;
    std::memcpy(&mask, &request.ifr_netmask, sizeof mask);
    result.netmask = mask.sin_addr.s_addr;
  }
  result.speed = speed_of(fd, name);
  return result;
}

}  // namespace trivet::packet
