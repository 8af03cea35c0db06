// The blocks of a pcapng capture file, as bytes. Pure: capture_file.h writes them.
//
//   std::vector<std::byte> out;
//   pcapng::append(out, pcapng::section{.application = "mine 1.0"});
//   pcapng::append(out, pcapng::interface{.linktype = 1, .name = "eth0"});
//   pcapng::append(out, pcapng::packet{.time = f.time, .data = f.data, .wire_size = f.wire_size});
//
// Host byte order, times in nanoseconds (if_tsresol 9).
// Source: draft-ietf-opsawg-pcapng
#ifndef TRIVET_PACKET_PCAPNG_H_
#define TRIVET_PACKET_PCAPNG_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trivet/packet/block.h"

namespace trivet::packet::pcapng {

/// Section Header Block: who wrote the file, and on what.
struct section {
  std::string hardware{};     ///< shb_hardware
  std::string os{};           ///< shb_os
  std::string application{};  ///< shb_userappl

  /// Of this machine, by uname(2), and this version of Trivet.
  [[nodiscard]] static section of_this_machine();
};

/// Interface Description Block. Interfaces count from 0 in the order of their blocks.
struct interface {
  std::uint16_t linktype = 1;                        ///< LINKTYPE_; 1: Ethernet
  std::uint32_t snaplen = 0;                         ///< 0: no limit
  std::string name{};                                ///< if_name
  std::optional<std::array<std::uint8_t, 6>> mac{};  ///< if_MACaddr
  std::optional<std::uint64_t> speed{};              ///< if_speed, bits per second
  std::string filter{};  ///< if_filter, in libpcap's words; may be empty
  std::string os{};      ///< if_os
};

/// Enhanced Packet Block.
struct packet {
  std::uint32_t interface = 0;           ///< number of its interface's block in the section
  timestamp time{};                      ///< when it came
  const_bytes data{};                    ///< what was captured of it
  std::uint32_t wire_size = 0;           ///< bytes it had
  std::optional<std::uint32_t> flags{};  ///< epb_flags; flags_of()
  /// epb_dropcount: lost between the packet before and this one.
  std::optional<std::uint64_t> dropcount{};
  std::string_view comment{};  ///< opt_comment
};

/// Interface Statistics Block; all counted since the capture began.
struct statistics {
  std::uint32_t interface = 0;                ///< number of its block in the section
  timestamp time{};                           ///< when it was counted
  std::optional<timestamp> start{};           ///< isb_starttime
  std::optional<timestamp> end{};             ///< isb_endtime
  std::optional<std::uint64_t> received{};    ///< isb_ifrecv: by the interface
  std::optional<std::uint64_t> if_dropped{};  ///< isb_ifdrop: by the interface, for want of room
  std::optional<std::uint64_t> accepted{};    ///< isb_filteraccept: passed the filter
  std::optional<std::uint64_t> os_dropped{};  ///< isb_osdrop: of those, lost in the kernel
  std::optional<std::uint64_t> delivered{};   ///< isb_usrdeliv: of those, handed to the program
};

/// Direction and way of reception of a PACKET_ type: into epb_flags.
[[nodiscard]] std::uint32_t flags_of(std::uint8_t pkttype) noexcept;

/// Appends one block. Texts are cut to 65535 bytes.
void append(std::vector<std::byte>& out, const section& block);
void append(std::vector<std::byte>& out, const interface& block);
void append(std::vector<std::byte>& out, const packet& block);
void append(std::vector<std::byte>& out, const statistics& block);

/// What a number of bytes holds of blocks that are whole.
struct whole_blocks {
  std::size_t size = 0;       ///< bytes, from the front
  std::uint64_t packets = 0;  ///< packet blocks in them
};

/// Counts the whole blocks at the front of bytes that append() made and a write cut anywhere.
[[nodiscard]] whole_blocks count_whole(const_bytes bytes) noexcept;

}  // namespace trivet::packet::pcapng

#endif  // TRIVET_PACKET_PCAPNG_H_
