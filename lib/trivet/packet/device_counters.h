// What an interface itself counted: received, and lost before any socket could see it.
#ifndef TRIVET_PACKET_DEVICE_COUNTERS_H_
#define TRIVET_PACKET_DEVICE_COUNTERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trivet/base/descriptor.h"

namespace trivet::packet {

/// Totals since the interface exists.
struct device_count {
  std::uint64_t received = 0;  ///< frames
  std::uint64_t dropped = 0;   ///< frames that the driver or the kernel had no room for
};

/// Reads one line of a text in the format of /proc/net/dev; nullopt where the interface is not in
/// it. Source: proc(5), the kernel's net/core/net-procfs.c
[[nodiscard]] std::optional<device_count> parse_device_counters(std::string_view text,
                                                                std::string_view name) noexcept;

/// open(2) of /proc/thread-self/net/dev: it shows the network namespace that the thread was in when
/// it was opened, for as long as it is open. Move-only; one thread.
class device_counters {
 public:
  /// Never throws for want of /proc: then read() has nothing.
  explicit device_counters(std::string name);

  /// The counters now; nullopt where the interface is gone or /proc is not there.
  [[nodiscard]] std::optional<device_count> read() const;

 private:
  descriptor file_;
  std::string name_;
};

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_DEVICE_COUNTERS_H_
