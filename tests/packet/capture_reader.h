// Capture files as others read them: packets through libpcap, blocks by their own lengths.
#ifndef TESTS_PACKET_CAPTURE_READER_H_
#define TESTS_PACKET_CAPTURE_READER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace trivet::packet {

/// A packet of a pcap or pcapng file.
struct stored_packet {
  std::uint32_t wire_size;
  std::string data;
  bool operator==(const stored_packet&) const = default;
};

/// Every packet that libpcap finds; throws std::runtime_error with its message for a broken file.
[[nodiscard]] std::vector<stored_packet> packets_in(const std::string& path);

/// A block of a pcapng file, with its options; a value that is there twice counts once.
struct stored_block {
  std::uint32_t type;
  std::map<std::uint16_t, std::string> options;

  /// An option of 8 bytes that is a number; 0 where it is missing.
  [[nodiscard]] std::uint64_t number(std::uint16_t option) const;
};

/// Every block; throws std::runtime_error unless the bytes are whole blocks to their end.
[[nodiscard]] std::vector<stored_block> blocks_in(const std::string& path);

inline constexpr std::uint32_t packet_block = 6, statistics_block = 5;
inline constexpr std::uint16_t opt_comment = 1, epb_flags = 2, epb_dropcount = 4;
inline constexpr std::uint16_t isb_ifrecv = 4, isb_filteraccept = 6, isb_osdrop = 7,
                               isb_usrdeliv = 8;

/// The bytes of a file.
[[nodiscard]] std::string content_of(const std::string& path);

}  // namespace trivet::packet

#endif  // TESTS_PACKET_CAPTURE_READER_H_
