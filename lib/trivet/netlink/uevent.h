// Device events of the kernel and of udev (NETLINK_KOBJECT_UEVENT). No socket is known here.
//
//   netlink::socket events(NETLINK_KOBJECT_UEVENT);
//   events.bind(address());
//   events.join(uevent_group::kernel);
//   const auto got = events.receive_message();
//   if (auto event = uevent::decode(got.data)) … event->action, event->find("INTERFACE")
#ifndef TRIVET_NETLINK_UEVENT_H_
#define TRIVET_NETLINK_UEVENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trivet/base/bytes.h"

namespace trivet::netlink {

/// The multicast groups of NETLINK_KOBJECT_UEVENT.
namespace uevent_group {
inline constexpr std::uint32_t kernel = 1;  ///< what the kernel sends, as it comes
inline constexpr std::uint32_t udev = 2;    ///< what udev sends on, once its rules have run
}  // namespace uevent_group

/// One event of a device. A value. Source: the kernel's lib/kobject_uevent.c,
/// Documentation/ABI/testing/sysfs-uevent; systemd's libudev for its own form
struct uevent {
  bool from_udev = false;   ///< in the form of udev; the kernel's otherwise
  std::string action;       ///< ACTION: "add", "remove", "change", "move", "bind" …
  std::string device_path;  ///< DEVPATH: below /sys
  /// All properties in the order in which they came, those two included. Each once: of one that
  /// came several times, as synthetic events may have them, the last value.
  std::vector<std::pair<std::string, std::string>> properties;

  /// The value of a property, or nullptr.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;

  /// A datagram: "add@/devices/…" or udev's header, then NAME=value, each with a zero byte behind
  /// it. nullopt where it is neither, or lacks ACTION or DEVPATH. What is no property is passed
  /// over.
  [[nodiscard]] static std::optional<uevent> decode(const_bytes datagram);

  friend bool operator==(const uevent&, const uevent&) = default;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_UEVENT_H_
