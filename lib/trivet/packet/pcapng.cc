#include "trivet/packet/pcapng.h"

#include <fmt/core.h>
#include <linux/if_packet.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstring>

#include "trivet/base/version.h"

namespace trivet::packet::pcapng {
namespace {

enum block_type : std::uint32_t {
  section_block = 0x0a0d0d0a,
  interface_block = 1,
  statistics_block = 5,
  packet_block = 6,
};
enum option_code : std::uint16_t {
  end_of_options = 0,
  comment_text = 1,
  shb_hardware = 2,
  shb_os = 3,
  shb_userappl = 4,
  if_name = 2,
  if_mac_address = 6,
  if_speed = 8,
  if_tsresol = 9,
  if_filter = 11,
  if_os = 12,
  epb_flags = 2,
  epb_dropcount = 4,
  isb_starttime = 2,
  isb_endtime = 3,
  isb_ifrecv = 4,
  isb_ifdrop = 5,
  isb_filteraccept = 6,
  isb_osdrop = 7,
  isb_usrdeliv = 8,
};
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint8_t nanoseconds_resolution = 9;
constexpr std::size_t block_overhead = 12;  // type, length, and the length again at the end

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

// One block while it is written: the lengths are filled in at the end.
class block_writer {
 public:
  block_writer(std::vector<std::byte>& out, std::uint32_t type) : out_(out), start_(out.size()) {
    put(type);
    put(std::uint32_t{0});
  }
  block_writer(const block_writer&) = delete;
  block_writer& operator=(const block_writer&) = delete;

  template <class T>
  void put(const T& value) {
    put_bytes(std::as_bytes(std::span<const T, 1>(&value, 1)));
  }
  void put_time(timestamp time) {
    const auto count = static_cast<std::uint64_t>(time.time_since_epoch().count());
    put(static_cast<std::uint32_t>(count >> 32));
    put(static_cast<std::uint32_t>(count));
  }
  void put_padded(const_bytes bytes) {
    put_bytes(bytes);
    out_.resize(out_.size() + padded(bytes.size()) - bytes.size());
  }

  void put_option(option_code code, const_bytes value) {
    const auto size = std::min<std::size_t>(value.size(), 0xffff);
    put(static_cast<std::uint16_t>(code));
    put(static_cast<std::uint16_t>(size));
    put_padded(value.first(size));
    has_options_ = true;
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void put_option(option_code code, T value) {
    put_option(code, std::as_bytes(std::span<const T, 1>(&value, 1)));
  }
  template <class T>
  void put_option(option_code code, const std::optional<T>& value) {
    if (value) put_option(code, *value);
  }
  void put_option(option_code code, timestamp time) {
    const auto count = static_cast<std::uint64_t>(time.time_since_epoch().count());
    const std::array halves{static_cast<std::uint32_t>(count >> 32),
                            static_cast<std::uint32_t>(count)};
    put_option(code, std::as_bytes(std::span(halves)));
  }
  void put_text(option_code code, std::string_view text) {
    if (!text.empty()) put_option(code, bytes_of(text));
  }

  void end() {
    if (has_options_) put(std::uint32_t{end_of_options});
    const auto size = static_cast<std::uint32_t>(out_.size() - start_ + sizeof(std::uint32_t));
    put(size);
    std::memcpy(out_.data() + start_ + sizeof(std::uint32_t), &size, sizeof size);
  }

 private:
  void put_bytes(const_bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

  std::vector<std::byte>& out_;
  std::size_t start_;
  bool has_options_ = false;
};

}  // namespace

section section::of_this_machine() {
  ::utsname name{};
  section result;
  if (::uname(&name) == 0) {
    result.hardware = name.machine;
    result.os = fmt::format("{} {}", name.sysname, name.release);
  }
  result.application = fmt::format("trivet {}", version);
  return result;
}

std::uint32_t flags_of(std::uint8_t pkttype) noexcept {
  constexpr std::uint32_t inbound = 1, outbound = 2;
  constexpr std::uint32_t unicast = 1 << 2, multicast = 2 << 2, broadcast = 3 << 2,
                          promiscuous = 4 << 2;
  switch (pkttype) {
    case PACKET_HOST:
      return inbound | unicast;
    case PACKET_BROADCAST:
      return inbound | broadcast;
    case PACKET_MULTICAST:
      return inbound | multicast;
    case PACKET_OTHERHOST:
      return inbound | promiscuous;
    case PACKET_OUTGOING:
      return outbound;
    default:
      return 0;
  }
}

void append(std::vector<std::byte>& out, const section& block) {
  block_writer w(out, section_block);
  w.put(byte_order_magic);
  w.put(std::uint16_t{1});  // version 1.0
  w.put(std::uint16_t{0});
  w.put(~std::uint64_t{0});  // the section's length is not known
  w.put_text(shb_hardware, block.hardware);
  w.put_text(shb_os, block.os);
  w.put_text(shb_userappl, block.application);
  w.end();
}

void append(std::vector<std::byte>& out, const interface& block) {
  block_writer w(out, interface_block);
  w.put(block.linktype);
  w.put(std::uint16_t{0});
  w.put(block.snaplen);
  w.put_text(if_name, block.name);
  if (block.mac) w.put_option(if_mac_address, std::as_bytes(std::span(*block.mac)));
  w.put_option(if_speed, block.speed);
  w.put_option(if_tsresol, nanoseconds_resolution);
  // The first byte says what the rest is: 0, an expression of libpcap.
  if (!block.filter.empty()) w.put_text(if_filter, std::string(1, '\0') + block.filter);
  w.put_text(if_os, block.os);
  w.end();
}

void append(std::vector<std::byte>& out, const packet& block) {
  block_writer w(out, packet_block);
  w.put(block.interface);
  w.put_time(block.time);
  w.put(static_cast<std::uint32_t>(block.data.size()));
  w.put(block.wire_size);
  w.put_padded(block.data);
  w.put_option(epb_flags, block.flags);
  w.put_option(epb_dropcount, block.dropcount);
  w.put_text(comment_text, block.comment);
  w.end();
}

void append(std::vector<std::byte>& out, const statistics& block) {
  block_writer w(out, statistics_block);
  w.put(block.interface);
  w.put_time(block.time);
  w.put_option(isb_starttime, block.start);
  w.put_option(isb_endtime, block.end);
  w.put_option(isb_ifrecv, block.received);
  w.put_option(isb_ifdrop, block.if_dropped);
  w.put_option(isb_filteraccept, block.accepted);
  w.put_option(isb_osdrop, block.os_dropped);
  w.put_option(isb_usrdeliv, block.delivered);
  w.end();
}

whole_blocks count_whole(const_bytes bytes) noexcept {
  whole_blocks result;
  while (bytes.size() - result.size >= block_overhead) {
    byte_reader head(bytes.subspan(result.size));
    const auto type = head.read<std::uint32_t>();
    const auto size = head.read<std::uint32_t>();
    if (size < block_overhead || size > bytes.size() - result.size) break;
    result.size += size;
    if (type == packet_block) ++result.packets;
  }
  return result;
}

}  // namespace trivet::packet::pcapng
