#include "tools/trivet/netlink_decode_input.h"

#include <fmt/core.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>

#include <array>
#include <cstdio>
#include <memory>

#include "third_party/libpcap/load.h"
#include "tools/trivet/failure.h"

namespace trivet::tool {
namespace {

// Bytes of the headers before a message.
constexpr std::size_t sll_header = 16;
constexpr std::size_t sll2_header = 20;

constexpr int linktype_sll = 113;
constexpr int linktype_netlink = 253;
constexpr int linktype_sll2 = 276;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_between(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == ',' || c == ':' || c == '"' || c == '\'';
}

class hex_reader {
 public:
  explicit hex_reader(const std::string& name) : name_(name) {}

  void line(std::string_view text) {
    ++line_;
    text = text.substr(0, text.find('#'));
    if (line_ == 1 && begins_with_offset(text)) {
      throw usage_error(fmt::format("{}: it begins with an offset; {}", name_, cure));
    }
    bool has_any = false;
    for (std::size_t i = 0; i < text.size();) {
      if (is_between(text[i])) {
        ++i;
        continue;
      }
      if (is_prefix(text.substr(i))) {
        i += 2;
        continue;
      }
      const int high = digit_of(text[i]);
      const int low = i + 1 < text.size() ? digit_of(text[i + 1]) : -1;
      if (high < 0 || low < 0) fail(text, i, high);
      current_.push_back(static_cast<std::byte>(high << 4 | low));
      has_any = true;
      i += 2;
    }
    if (!has_any && text.find_first_not_of(" \t\r") == std::string_view::npos) end();
  }

  [[nodiscard]] std::vector<std::vector<std::byte>> take() {
    end();
    return std::move(list_);
  }

 private:
  static bool is_prefix(std::string_view rest) {
    return rest.starts_with("\\x") || rest.starts_with("0x") || rest.starts_with("0X");
  }

  // od(1) and hexdump(1) print an offset first. No message begins with as many zeros: its length
  // does.
  static bool begins_with_offset(std::string_view text) {
    const std::size_t size = std::min(text.find_first_not_of('0'), text.size());
    if (size < 6 || size == text.size() || (text[size] != ' ' && text[size] != ':')) return false;
    return text.find_first_not_of(" :", size) != std::string_view::npos;
  }

  static constexpr std::string_view cure = "`xxd -p` prints digits alone";

  void end() {
    if (!current_.empty()) list_.push_back(std::move(current_));
    current_.clear();
  }

  [[noreturn]] void fail(std::string_view text, std::size_t at, int high) const {
    const std::string what = high < 0
                                 ? fmt::format("'{}' is no hexadecimal digit", text.substr(at, 1))
                                 : std::string("a byte has two hexadecimal digits");
    throw usage_error(
        fmt::format("{}: line {}, column {}: {} ({})", name_, line_, at + 1, what, cure));
  }

  const std::string& name_;
  std::size_t line_ = 0;
  std::vector<std::byte> current_;
  std::vector<std::vector<std::byte>> list_;
};

struct close_file {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

}  // namespace

netlink::direction way_of_packet(std::uint16_t pkttype) noexcept {
  if (pkttype == PACKET_KERNEL) return netlink::direction::to_kernel;
  if (pkttype == PACKET_USER) return netlink::direction::to_user;
  return netlink::direction::unknown;
}

std::optional<netlink_datagram> datagram_of_packet(int linktype, const_bytes packet) {
  byte_reader in(packet);
  std::uint16_t pkttype = 0;
  std::uint16_t hatype = 0;
  std::uint16_t protocol = 0;
  if (linktype == linktype_netlink || linktype == linktype_sll) {
    pkttype = in.read_big_endian<std::uint16_t>();
    hatype = in.read_big_endian<std::uint16_t>();
    (void)in.take(10);  // an address and its length: nlmon has none
    protocol = in.read_big_endian<std::uint16_t>();
  } else if (linktype == linktype_sll2) {
    protocol = in.read_big_endian<std::uint16_t>();
    (void)in.take(6);  // reserved, and the interface
    hatype = in.read_big_endian<std::uint16_t>();
    pkttype = in.read<std::uint8_t>();
    (void)in.take(9);
  } else {
    return std::nullopt;
  }
  if (in.failed() || hatype != ARPHRD_NETLINK) return std::nullopt;
  netlink_datagram result;
  result.protocol = protocol;
  result.way = way_of_packet(pkttype);
  result.bytes = in.rest();
  return result;
}

bool is_capture(const_bytes bytes) noexcept {
  if (bytes.size() < 4) return false;
  const auto magic = load_padded<std::uint32_t>(bytes);
  constexpr std::uint32_t magics[] = {0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1,
                                      0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a};
  for (const std::uint32_t one : magics) {
    if (magic == one) return true;
  }
  return false;
}

capture_ending each_datagram(const std::string& name, std::string_view file,
                             const std::function<void(const netlink_datagram&)>& take) {
  // fmemopen(3) only reads: the constness is kept.
  std::unique_ptr<std::FILE, close_file> stream(
      ::fmemopen(const_cast<char*>(file.data()), file.size(), "rb"));
  if (!stream) throw std::bad_alloc();
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  const libpcap& pcap = load_libpcap();
  const auto capture = pcap.own(pcap.fopen_offline_with_tstamp_precision(
      stream.get(), PCAP_TSTAMP_PRECISION_NANO, reason.data()));
  if (!capture) throw failure(name, reason.data());
  (void)stream.release();  // pcap_close() closes it
  const int linktype = pcap.datalink(capture.get());
  capture_ending ending;
  while (true) {
    ::pcap_pkthdr* header = nullptr;
    const unsigned char* data = nullptr;
    const int got = pcap.next_ex(capture.get(), &header, &data);
    if (got == -1) ending.error = pcap.geterr(capture.get());
    if (got != 1) return ending;
    const const_bytes packet = std::as_bytes(std::span(data, header->caplen));
    const std::size_t header_size = linktype == linktype_sll2 ? sll2_header : sll_header;
    if (packet.size() <= header_size) {
      ++ending.short_packets;
      continue;
    }
    auto datagram = datagram_of_packet(linktype, packet);
    if (!datagram) {
      ++ending.others;
      continue;
    }
    datagram->time =
        std::chrono::seconds(header->ts.tv_sec) + std::chrono::nanoseconds(header->ts.tv_usec);
    datagram->cut = header->len > header->caplen ? header->len - header->caplen : 0;
    take(*datagram);
  }
}

std::vector<std::vector<std::byte>> datagrams_of_hex(const std::string& name,
                                                     std::string_view text) {
  hex_reader reader(name);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    reader.line(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return reader.take();
}

}  // namespace trivet::tool
