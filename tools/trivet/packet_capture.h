// trivet packet capture: what it was asked for, and the run.
#ifndef TOOLS_TRIVET_PACKET_CAPTURE_H_
#define TOOLS_TRIVET_PACKET_CAPTURE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/trivet/context.h"
#include "trivet/packet/capture.h"

namespace trivet::tool {

/// The command line of `packet capture`.
struct packet_capture_request {
  std::string interface;
  std::optional<std::string> file;  ///< "-" for standard output
  std::optional<std::uint64_t> count;
  std::uint32_t snaplen = 0;  ///< 0: as long as frames get
  std::uint64_t buffer_kib = 1 << 15;
  bool stay_out_of_promiscuous = false;
  bool print_too = false;  ///< beside a file
  std::vector<std::string> filter;
};

/// Prints a frame. @param lost  frames that were lost before it
using frame_printer = std::function<void(const packet::frame& frame, std::uint64_t lost)>;

/// What else prints frames than lines of packets.
struct frame_printing {
  /// nullptr: a line for each packet.
  frame_printer print{};
  /// Frames that were lost behind the last one; nullptr: the summary alone says so.
  std::function<void(std::uint64_t lost)> print_last_loss{};
  /// What the summary says besides, a line of its own; nullptr: nothing.
  std::function<std::string()> summary{};
};

/// Captures until a signal, the count, or an error.
void run_packet_capture(context& ctx, const packet_capture_request& request,
                        const frame_printing& printing = {});

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PACKET_CAPTURE_H_
