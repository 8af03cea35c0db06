// Frames into a pcapng file, with the statistics that a trustworthy capture states.
#ifndef TOOLS_TRIVET_PACKET_RECORD_H_
#define TOOLS_TRIVET_PACKET_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "tools/trivet/context.h"
#include "trivet/packet/capture.h"
#include "trivet/packet/capture_file.h"
#include "trivet/packet/device_counters.h"

namespace trivet::tool {

/// What the interface itself counted when the capture began.
struct device_baseline {
  packet::device_counters counters;
  std::optional<packet::device_count> at_start;
};

/// A capture's file. One thread.
class packet_recorder {
 public:
  /// Creates the file and writes its head, so that a reader of a pipe has it at once.
  /// @param path    "-" for standard output
  /// @param stop    see capture_file::watch_stop
  /// @param filter  the expression, for the file's head
  packet_recorder(const std::string& path, int stop, const packet::capture& source,
                  const packet::capture_options& options, device_baseline baseline);

  /// @param loss  what the kernel lost before this frame
  void write(const packet::frame& frame, packet::ring_loss loss);

  /// Writes what is buffered, and once a second the statistics so far, since a writer that is
  /// killed never writes its last.
  void flush();

  /// The final statistics, then closes the file.
  void finish();

  /// Packets in the file.
  [[nodiscard]] std::uint64_t packets() const noexcept { return file_.packets(); }
  [[nodiscard]] const std::string& name() const noexcept { return file_.name(); }

 private:
  void add_statistics();

  const packet::capture& source_;
  packet::capture_file file_;
  device_baseline baseline_;
  packet::timestamp start_;
  packet::timestamp last_statistics_;
  std::uint64_t added_ = 0;
  bool is_new_ = false;  // a packet came since the last statistics
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PACKET_RECORD_H_
