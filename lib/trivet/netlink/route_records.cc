#include "trivet/netlink/route_records.h"

#include <array>
#include <bit>
#include <span>

namespace trivet::netlink {

record_handle route_records::add(route_shapes::number shape, const_bytes to) {
  try {
    // In registers: bytes that are written one by one and then read at once have the CPU wait.
    if (to.size() == sizeof(std::uint32_t)) {
      const std::array<std::uint32_t, 2> bytes{shape, load_padded<std::uint32_t>(to)};
      const auto word = std::bit_cast<std::uint64_t>(bytes);
      return record_arena::add(std::as_bytes(std::span(&word, 1)), true);
    }
    std::array<std::byte, destination + 16> bytes;
    std::memcpy(bytes.data(), &shape, destination);
    std::memcpy(bytes.data() + destination, to.data(), 16);
    return record_arena::add(bytes, true);
  } catch (...) {
    shapes_.give_back(shape);
    throw;
  }
}

void route_records::remove(record_handle h) noexcept {
  if (marked(h)) shapes_.give_back(shape_in(record_arena::at(h)));
  record_arena::remove(h);
}

}  // namespace trivet::netlink
