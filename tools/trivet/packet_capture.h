// trivet packet capture: what it was asked for, and the run.
#ifndef TOOLS_TRIVET_PACKET_CAPTURE_H_
#define TOOLS_TRIVET_PACKET_CAPTURE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/trivet/context.h"

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

/// Captures until a signal, the count, or an error.
void run_packet_capture(context& ctx, const packet_capture_request& request);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PACKET_CAPTURE_H_
