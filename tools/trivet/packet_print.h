// Frames on standard output: a line or a JSON document for each.
#ifndef TOOLS_TRIVET_PACKET_PRINT_H_
#define TOOLS_TRIVET_PACKET_PRINT_H_

#include <cstdint>
#include <map>
#include <string>

#include "tools/trivet/context.h"
#include "trivet/packet/capture.h"

namespace trivet::tool {

/// Prints the frames of one capture. One thread.
class packet_printer {
 public:
  /// @param source  asked for the names of interfaces; outlives this
  packet_printer(context& ctx, packet::capture& source);

  /// @param lost  frames that the kernel lost before this one
  void print(const packet::frame& frame, std::uint64_t lost);

 private:
  void print_json(const packet::frame& frame, std::uint64_t lost);
  void print_line(const packet::frame& frame, std::uint64_t lost);
  const std::string& interface_of(const packet::frame& frame);

  context& ctx_;
  packet::capture& source_;
  std::map<int, std::string> names_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PACKET_PRINT_H_
