#include "trivet/base/interface.h"

#include <net/if.h>
#include <sys/ioctl.h>

#include <cstring>

namespace trivet {

static_assert(interface_name_capacity == IFNAMSIZ);

std::optional<int> interface_index(int fd, std::string_view name) noexcept {
  ::ifreq request{};
  if (name.empty() || name.size() >= interface_name_capacity) return std::nullopt;
  if (name.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(request.ifr_name, name.data(), name.size());
  if (::ioctl(fd, SIOCGIFINDEX, &request) < 0) return std::nullopt;
  return request.ifr_ifindex;
}

std::optional<std::string> interface_name(int fd, int index) {
  ::ifreq request{};
  request.ifr_ifindex = index;
  if (index <= 0 || ::ioctl(fd, SIOCGIFNAME, &request) < 0) return std::nullopt;
  return std::string(request.ifr_name, ::strnlen(request.ifr_name, interface_name_capacity));
}

}  // namespace trivet
