// What the kernel tests of packet sockets share: a veth pair, and frames that can be told apart.
#ifndef TESTS_PACKET_VETH_H_
#define TESTS_PACKET_VETH_H_

#include <cstdint>
#include <optional>
#include <string>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/wait.h"
#include "trivet/base/deadline.h"
#include "trivet/packet/socket.h"

namespace trivet::packet {

/// An ethertype for experiments, which no kernel sends by itself. Source: IEEE 802, clause 9.2.4
inline constexpr std::uint16_t test_ethertype = 0x88b5;
inline constexpr const char* test_frames = "ether proto 0x88b5";

/// Long enough for what must come.
inline deadline soon() { return deadline::after(lab::patience); }

/// A broadcast frame of 64 bytes with a number in it.
inline std::string numbered_frame(std::uint32_t number) {
  std::string frame(64, '.');
  frame.replace(0, 12, std::string(6, '\xff') + std::string("\x02\x00\x00\x00\x00\x01", 6));
  frame.replace(12, 2, "\x88\xb5");
  for (std::size_t i = 0; i < 4; ++i) frame[14 + i] = static_cast<char>(number >> (24 - 8 * i));
  return frame;
}

/// Its number; nothing for any other frame.
inline std::optional<std::uint32_t> number_in(const_bytes frame) {
  byte_reader in(frame);
  (void)in.take(12);
  if (in.read_big_endian<std::uint16_t>() != test_ethertype) return std::nullopt;
  const auto number = in.read_big_endian<std::uint32_t>();
  return in.failed() ? std::nullopt : std::optional(number);
}

/// Each test has two namespaces, near with v0 and far with v1, joined.
class veth_test : public lab::namespace_test {
 protected:
  veth_test() { lab::join({near_, "v0"}, {far_, "v1"}); }

  /// An open socket that is in `near`.
  static socket open_in(const lab::net_namespace& where, int type = SOCK_RAW) {
    return where.in([&] { return socket(type); });
  }

  /// Sends numbered frames from `near`. Whoever taps v0 has seen each of them when send returns.
  void send_numbered(std::uint32_t first, std::uint32_t count) const {
    socket s = open_in(near_);
    s.bind(address("v0", 0));
    for (std::uint32_t i = 0; i < count; ++i) s.send(bytes_of(numbered_frame(first + i)));
  }

  const lab::net_namespace near_{"near"};
  const lab::net_namespace far_{"far"};
};

}  // namespace trivet::packet

#endif  // TESTS_PACKET_VETH_H_
