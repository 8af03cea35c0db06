// A frame of any bytes, told in a line: there is always one, it is fit for a terminal, and what it
// says of tags lies in the frame. The first byte is the link type, the second how much is missing.
#include "tools/trivet/packet_describe.h"

#include <span>
#include <string>

#include "tests/fuzz/require.h"
#include "trivet/base/bytes.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using trivet::test::require;
  if (size < 2) return 0;
  constexpr std::uint16_t link_types[] = {1, 101, 276, 147};
  const trivet::const_bytes frame = std::as_bytes(std::span(data, size)).subspan(2);
  const auto wire_size = static_cast<std::uint32_t>(frame.size() + data[1] * std::size_t{300});
  const auto what = trivet::tool::describe_packet(link_types[data[0] % 4], frame, wire_size);
  require(!what.text.empty(), "there is a line");
  for (const char c : what.text) require(c >= ' ' && c <= '~', "no frame moves the cursor");
  require(what.vlans.size() * 4 <= frame.size(), "tags are in the frame");
  require(what.source_port.has_value() == what.destination_port.has_value(), "ports are two");
  return 0;
}
